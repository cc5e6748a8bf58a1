"""A period → Numbers: a value of what /stats and /compare tell, and draw.

What lives here: which stretch of time is counted, and gathering. What does not: SQL (monitors/store), words (figures.py),
pictures (charts/).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bulletin import LENGTHS, Period
from bot.calendar import Clock
from monitors.store import rhythm, statistics
from monitors.store.statistics import Counts, Scope

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a scope holds, and what the stretch before it held. `hours` are keyed by their starts (UTC), silent ones missing."""

    scope: Scope
    counts: Counts
    before: Counts
    reach: int
    reach_before: int
    kinds: Mapping[str, Counts]
    hours: Mapping[datetime, Counts]


def whole_days(period: Period, clock: Clock) -> Period:
    """The period as charts count it: of several days up to now, the first begins at its midnight; today is the last."""
    length = LENGTHS.get(period.name, timedelta())
    if length <= DAY:
        return period
    first = clock.today(period.until) - length + DAY
    return replace(period, since=clock.bounds(first)[0], shift=length)


def hourly(scope: Scope) -> bool:
    """Whether a period is so short that its hours say more than its days."""
    return scope.until - scope.since <= DAY + timedelta(hours=1)


def unfinished_day(scope: Scope) -> date | None:
    """The day in whose midst a scope ends: today, mostly; None where it ends with a day."""
    last = scope.until.astimezone(scope.zone)
    return last.date() if last.time() != time() else None


async def gather(connection: AsyncConnection, tracker_ids: tuple[int, ...], period: Period, clock: Clock) -> Numbers:
    """Reads the numbers of a period, as it is given."""
    scope = Scope(tracker_ids, period.since, period.until, clock.zone)
    since, until = period.before
    earlier = replace(scope, since=since, until=until)
    hours = await rhythm.by_hour(connection, scope)
    return Numbers(
        scope=scope,
        counts=statistics.total(hours.values()),
        before=statistics.total((await statistics.counts(connection, tracker_ids, since, until)).values()),
        reach=await statistics.reach(connection, scope),
        reach_before=await statistics.reach(connection, earlier),
        kinds=await statistics.kinds(connection, scope),
        hours=hours,
    )
