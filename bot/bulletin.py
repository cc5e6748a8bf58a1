"""A period → Bulletin: a value of numbers and stories that render.py turns into messages (and documents into files).

What lives here: which periods there are, and gathering a bulletin. What does not: SQL (monitors/store/statistics.py), words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from persiantools import digits
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calendar import Clock, parse_day
from monitors.model import MentionedArticle, Tracker
from monitors.store import statistics
from monitors.store.statistics import Counts, OutletCount, Scope

STORIES = 5  # a tracker; the rest is counted
OUTLETS = 5

LENGTHS = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
}
SPELLINGS = {"24": "24h", "7": "7d", "week": "7d", "هفته": "7d", "30": "30d", "month": "30d", "ماه": "30d", "90": "90d"}
LONGEST_RANGE = timedelta(days=366)
_LENGTH = re.compile(r"\d+[hdwm]")
_TO = re.compile(r"\s*\.\.\s*|\s+(?:تا|to|-|–)\s+")
_WORDS_OF_A_PERIOD = 7  # at most: «۱ آبان ۱۴۰۵ تا ۱۰ آبان ۱۴۰۵»


class UnknownPeriod(ValueError):
    """Words that stand for no period that there is; its message is those words."""


@dataclass(frozen=True, slots=True)
class Period:
    """since ≤ t < until, UTC. `name` is "today", "yesterday", "day", "range" or one of LENGTHS; `day` is set for one whole day.

    What came before is as long: the comparison of a bulletin is with it. It lies `shift` back where that is given.
    """

    name: str
    since: datetime
    until: datetime
    day: date | None = None
    shift: timedelta | None = None
    words: str = ""  # how it is asked for again, where its name is not enough

    @property
    def call(self) -> str:
        """How a button asks for it."""
        return self.words or (self.day.isoformat() if self.day and self.name == "day" else self.name)

    @property
    def before(self) -> tuple[datetime, datetime]:
        """The stretch of the same length before this one. Today is held against yesterday up to the same hour."""
        length = self.shift or (timedelta(days=1) if self.day else self.until - self.since)
        return self.since - length, self.until - length


@dataclass(frozen=True, slots=True)
class Section:
    """What the period brought for one tracker."""

    tracker: Tracker
    counts: Counts
    before: Counts
    reach: int
    stories: tuple[MentionedArticle, ...]
    outlets: tuple[OutletCount, ...]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A period and its sections, the trackers with the most mentions first; the reach (docs/reach.md) of all together."""

    period: Period
    sections: tuple[Section, ...]
    reach: int

    @property
    def counts(self) -> Counts:
        """Over all trackers."""
        return statistics.total(section.counts for section in self.sections)

    @property
    def before(self) -> Counts:
        """Over all trackers, of the period before."""
        return statistics.total(section.before for section in self.sections)


def period(words: str, now: datetime, clock: Clock) -> Period | None:
    """The period that a user means: today (also for nothing), yesterday, one of LENGTHS, a date, or two; else None."""
    name = str(digits.fa_to_en(words.strip().lower())) or "today"
    today = clock.today(now)
    if name in ("today", "امروز"):
        return Period("today", clock.bounds(today)[0], now, today)
    if name in ("yesterday", "دیروز"):
        return Period("yesterday", *clock.bounds(today - timedelta(days=1)), today - timedelta(days=1))
    name = SPELLINGS.get(name, name)
    if name in LENGTHS:
        return latest(name, now)
    if day := parse_day(name, today):
        since, until = clock.bounds(day)
        return Period("day", since, min(until, max(now, since)), day)
    return _range(name, now, clock)


def latest(name: str, now: datetime) -> Period:
    """One of LENGTHS, up to now."""
    return Period(name, now - LENGTHS[name], now)


def _range(words: str, now: datetime, clock: Clock) -> Period | None:
    """From one day to another, both included: "2026-11-01..2026-11-10", «۱ آبان تا ۱۰ آبان»."""
    days = [parse_day(end, clock.today(now)) for end in _TO.split(words)]
    if len(days) != 2 or days[0] is None or days[1] is None or not timedelta() <= days[1] - days[0] <= LONGEST_RANGE:
        return None
    first, last = days[0], days[1]
    since, until = clock.bounds(first)[0], clock.bounds(last)[1]
    shift = timedelta(days=(last - first).days + 1)
    return Period("range", since, min(until, max(now, since)), shift=shift, words=f"{first}..{last}")


def closing(words: str, now: datetime, clock: Clock) -> tuple[str, Period | None]:
    """A user's words without the period that closes them, and that period: «ایران خودرو 7d», "Snapp 1 آذر 1405".

    Bare words and numbers (SPELLINGS) belong to what they follow: «بیمه ماه», «آیفون 7». Raises UnknownPeriod for what can
    only be meant as a period, such as "5w".
    """
    last = ""
    for length in range(_WORDS_OF_A_PERIOD, 0, -1):
        pieces = words.rsplit(maxsplit=length)
        last = str(digits.fa_to_en(" ".join(pieces[-length:]).lower()))
        found = period(last, now, clock) if len(pieces) >= length and last not in SPELLINGS else None
        if found:
            return (pieces[0] if len(pieces) > length else ""), found
    if _LENGTH.fullmatch(last):
        raise UnknownPeriod(last)
    return words, None


async def gather(connection: AsyncConnection, trackers: Sequence[Tracker], asked: Period, zone: ZoneInfo) -> Bulletin:
    """Reads the numbers and stories of a period; days are the zone's."""
    every = Scope(tuple(tracker.id for tracker in trackers), asked.since, asked.until, zone)
    counted = await statistics.counts(connection, every.tracker_ids, asked.since, asked.until)
    before = await statistics.counts(connection, every.tracker_ids, *asked.before)
    sections = [
        await _section(connection, one, counted.get(one.id, Counts()), before.get(one.id, Counts()), every)
        for one in trackers
    ]
    ranked = sorted(sections, key=lambda section: -section.counts.total)
    return Bulletin(asked, tuple(ranked), await statistics.reach(connection, every))


async def _section(
    connection: AsyncConnection, tracker: Tracker, counts: Counts, before: Counts, every: Scope
) -> Section:
    if not counts.total:
        return Section(tracker, counts, before, 0, (), ())
    within = (every.since, every.until)
    return Section(
        tracker,
        counts,
        before,
        await statistics.reach(connection, replace(every, tracker_ids=(tracker.id,))),
        await statistics.worth_reading(connection, tracker.id, *within, STORIES),
        await statistics.top_outlets(connection, [tracker.id], *within, OUTLETS),
    )
