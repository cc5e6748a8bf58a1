"""A period → Bulletin: a value of numbers and stories that render.py turns into messages (and documents into files).

What lives here: which periods there are, and gathering a bulletin. What does not: SQL (monitors/store/statistics.py), words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calendar import Clock, parse_day
from monitors.model import MentionedArticle, Tracker
from monitors.store import statistics
from monitors.store.statistics import Counts, OutletCount

STORIES = 5  # a tracker; the rest is counted
OUTLETS = 5


@dataclass(frozen=True, slots=True)
class Period:
    """since ≤ t < until, UTC. `name` is "today", "yesterday", "24h", "7d" or "day"; `day` is set for whole days.

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
    """The period that a user means: today (also for nothing), yesterday, 24h, 7d, or a date; None for anything else."""
    name = words.strip().lower() or "today"
    today = clock.today(now)
    if name in ("today", "امروز"):
        return Period("today", clock.bounds(today)[0], now, today)
    if name in ("yesterday", "دیروز"):
        return Period("yesterday", *clock.bounds(today - timedelta(days=1)), today - timedelta(days=1))
    if name in ("24h", "24", "۲۴"):
        return Period("24h", now - timedelta(hours=24), now)
    if name in ("7d", "7", "۷", "week", "هفته"):
        return Period("7d", now - timedelta(days=7), now)
    day = parse_day(name, today)
    if day is None:
        return None
    since, until = clock.bounds(day)
    return Period("day", since, min(until, max(now, since)), day)


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
