"""When mentions came: by hour, by day and by hour of the week, as a time zone counts them.

What lives here: one bounded query, and adding up what it brings. What does not: how that is drawn (bot/charts).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.store.statistics import BY_LABEL, WITHIN, Counts, Scope, bounds, total
from monitors.store.times import EPOCH, MILLISECOND

HOUR = timedelta(hours=1)
WEEK = (5, 6, 0, 1, 2, 3, 4)  # Saturday first, by date.weekday()

# Hours begin where those of the zone do: 30 minutes off UTC's in Tehran.
HOURS = text(
    f"SELECT (dated_at + :shift) / 3600000 AS hour, {BY_LABEL} FROM mentions WHERE {WITHIN} GROUP BY hour ORDER BY hour"  # noqa: S608
).bindparams(bindparam("trackers", expanding=True))


async def by_hour(connection: AsyncConnection, scope: Scope) -> Mapping[datetime, Counts]:
    """Mentions by the hour of the zone in which they came (its start, UTC), in order; silent hours are missing."""
    shift = scope.offset % HOUR
    rows = await connection.execute(HOURS, bounds(scope) | {"shift": shift // MILLISECOND})
    return {EPOCH + row.hour * HOUR - shift: Counts(row.pos, row.neu, row.neg) for row in rows}


def every_hour(hours: Mapping[datetime, Counts], scope: Scope) -> dict[datetime, Counts]:
    """The same with the silent ones: every hour that begins before the end, from the one in which the scope begins."""
    first = scope.since.astimezone(scope.zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    count = max(0, -((first - scope.until) // HOUR))
    return {at: hours.get(at, Counts()) for at in (first + HOUR * place for place in range(count))}


def by_day(hours: Mapping[datetime, Counts], scope: Scope) -> dict[date, Counts]:
    """Added up by the zone's days, every one that the scope touches."""
    first, last = (at.astimezone(scope.zone).date() for at in (scope.since, scope.until - MILLISECOND))
    found: dict[date, list[Counts]] = {first + timedelta(days=place): [] for place in range((last - first).days + 1)}
    for at, counts in hours.items():
        found[at.astimezone(scope.zone).date()].append(counts)
    return {day: total(some) for day, some in found.items()}


def by_week_hour(hours: Mapping[datetime, Counts], scope: Scope) -> list[list[int]]:
    """Mentions by weekday (seven rows, Saturday first) and hour of the day, in the zone."""
    found = [[0] * 24 for _ in WEEK]
    for at, counts in hours.items():
        local = at.astimezone(scope.zone)
        found[WEEK.index(local.weekday())][local.hour] += counts.total
    return found
