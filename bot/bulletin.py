"""A period → Bulletin: a value of numbers and stories that render.py turns into messages (and documents into files).

What lives here: which periods there are, and gathering a bulletin. What does not: SQL (monitors/store/statistics.py), words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from persiantools import digits
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calendar import Clock, parse_day
from monitors.model import MentionedArticle, Tracker
from monitors.store import statistics
from monitors.store.statistics import Counts, OutletCount

STORIES = 5  # a tracker; the rest is counted
OUTLETS = 5

LENGTHS = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
}
SPELLINGS = {"24": "24h", "7": "7d", "week": "7d", "هفته": "7d", "30": "30d", "month": "30d", "ماه": "30d", "90": "90d"}
_LENGTH = re.compile(r"\d+[hdwm]")


class UnknownPeriod(ValueError):
    """Words that stand for no period that there is; its message is those words."""


@dataclass(frozen=True, slots=True)
class Period:
    """since ≤ t < until, UTC. `name` is "today", "yesterday", "day" or one of LENGTHS; `day` is set for whole days.

    What came before is as long: the comparison of a bulletin is with it.
    """

    name: str
    since: datetime
    until: datetime
    day: date | None = None

    @property
    def before(self) -> tuple[datetime, datetime]:
        """The stretch of the same length before this one. Today is held against yesterday up to the same hour."""
        length = timedelta(days=1) if self.day else self.until - self.since
        return self.since - length, self.until - length


@dataclass(frozen=True, slots=True)
class Section:
    """What the period brought for one tracker."""

    tracker: Tracker
    counts: Counts
    before: Counts
    stories: tuple[MentionedArticle, ...]
    outlets: tuple[OutletCount, ...]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A period and its sections, the trackers with the most mentions first."""

    period: Period
    sections: tuple[Section, ...]

    @property
    def counts(self) -> Counts:
        """Over all trackers."""
        return _sum([section.counts for section in self.sections])

    @property
    def before(self) -> Counts:
        """Over all trackers, of the period before."""
        return _sum([section.before for section in self.sections])


def period(words: str, now: datetime, clock: Clock) -> Period | None:
    """The period that a user means: today (also for nothing), yesterday, one of LENGTHS, or a date; None for anything else."""
    name = str(digits.fa_to_en(words.strip().lower())) or "today"
    today = clock.today(now)
    if name in ("today", "امروز"):
        return Period("today", clock.bounds(today)[0], now, today)
    if name in ("yesterday", "دیروز"):
        return Period("yesterday", *clock.bounds(today - timedelta(days=1)), today - timedelta(days=1))
    name = SPELLINGS.get(name, name)
    if name in LENGTHS:
        return Period(name, now - LENGTHS[name], now)
    day = parse_day(name, today)
    if day is None:
        return None
    since, until = clock.bounds(day)
    return Period("day", since, min(until, max(now, since)), day)


def closing(words: str, now: datetime, clock: Clock) -> tuple[str, Period | None]:
    """A user's words without the period that closes them, and that period: «ایران خودرو 7d», "Snapp 1 آذر 1405".

    Bare words and numbers (SPELLINGS) belong to what they follow: «بیمه ماه», «آیفون 7». Raises UnknownPeriod for what can
    only be meant as a period, such as "5w".
    """
    last = ""
    for length in (3, 2, 1):
        pieces = words.rsplit(maxsplit=length)
        last = str(digits.fa_to_en(" ".join(pieces[-length:]).lower()))
        found = period(last, now, clock) if len(pieces) >= length and last not in SPELLINGS else None
        if found:
            return (pieces[0] if len(pieces) > length else ""), found
    if _LENGTH.fullmatch(last):
        raise UnknownPeriod(last)
    return words, None


async def gather(connection: AsyncConnection, trackers: Sequence[Tracker], asked: Period) -> Bulletin:
    """Reads the numbers and stories of a period."""
    ids = [tracker.id for tracker in trackers]
    counted = await statistics.counts(connection, ids, asked.since, asked.until)
    before = await statistics.counts(connection, ids, *asked.before)
    sections = []
    for tracker in trackers:
        now_counts = counted.get(tracker.id, Counts())
        within = (asked.since, asked.until)
        sections.append(
            Section(
                tracker,
                now_counts,
                before.get(tracker.id, Counts()),
                await statistics.worth_reading(connection, tracker.id, *within, STORIES) if now_counts.total else (),
                await statistics.top_outlets(connection, [tracker.id], *within, OUTLETS) if now_counts.total else (),
            )
        )
    return Bulletin(asked, tuple(sorted(sections, key=lambda section: -section.counts.total)))


def _sum(counts: Sequence[Counts]) -> Counts:
    return Counts(sum(c.pos for c in counts), sum(c.neu for c in counts), sum(c.neg for c in counts))
