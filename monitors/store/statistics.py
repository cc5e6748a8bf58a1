"""Numbers from the store, each one bounded query: counts, sentiment, reach, kinds of source, outlets, what is worth reading.

What lives here: figures of mentions over a period since ≤ t < until. What does not: when they
came (rhythm.py), who and what stands out (rankings.py), how numbers are worded or drawn (bot/).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, case, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.model import MentionedArticle
from monitors.reach import outlet_name
from monitors.store import articles as article_store
from monitors.store.tables import articles, mentions
from monitors.store.times import MILLISECOND, milliseconds

# These read one index alone (tables.py, NUMBERED), and are written so that SQLite needs nothing else.
BY_LABEL = ", ".join(f"count(*) FILTER (WHERE label = '{label}') AS {label}" for label in ("pos", "neu", "neg"))
WITHIN = "tracker_id IN :trackers AND dated_at >= :since AND dated_at < :until"
REACH = text(
    f"SELECT sum(reach) FROM (SELECT max(reach) AS reach FROM mentions WHERE {WITHIN} "  # noqa: S608
    "GROUP BY publisher, story_id, (dated_at + :offset) / 86400000) AS reports"
).bindparams(bindparam("trackers", expanding=True))
KINDS = text(
    "SELECT kind, sum(pos) AS pos, sum(neu) AS neu, sum(neg) AS neg FROM "  # noqa: S608
    f"(SELECT source_id, {BY_LABEL} FROM mentions WHERE {WITHIN} GROUP BY source_id) AS counted "
    "JOIN sources ON sources.id = source_id GROUP BY kind ORDER BY sum(pos + neu + neg) DESC"
).bindparams(bindparam("trackers", expanding=True))


@dataclass(frozen=True, slots=True)
class Counts:
    """Mentions by sentiment."""

    pos: int = 0
    neu: int = 0
    neg: int = 0

    @property
    def total(self) -> int:
        """All mentions."""
        return self.pos + self.neu + self.neg


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted together: mentions of these trackers, since ≤ t < until, by the days of a time zone."""

    tracker_ids: tuple[int, ...]
    since: datetime
    until: datetime
    zone: ZoneInfo

    @property
    def offset(self) -> timedelta:
        """How far the zone's clocks are before UTC's when the period begins: 3:30 in Tehran."""
        return self.since.astimezone(self.zone).utcoffset() or timedelta()


@dataclass(frozen=True, slots=True)
class OutletCount:
    """How many mentions an outlet published."""

    outlet: str
    count: int


async def counts(
    connection: AsyncConnection, tracker_ids: Sequence[int], since: datetime, until: datetime
) -> Mapping[int, Counts]:
    """Mentions by sentiment, by tracker; a tracker without mentions is missing."""
    by_label = {
        label: func.count(case((mentions.c.label == label, 1))).label(label) for label in Counts.__dataclass_fields__
    }
    statement = select(mentions.c.tracker_id, *by_label.values()).where(_within(tracker_ids, since, until))
    rows = await connection.execute(statement.group_by(mentions.c.tracker_id))
    return {row.tracker_id: Counts(row.pos, row.neu, row.neg) for row in rows}


def total(some: Iterable[Counts]) -> Counts:
    """Added up."""
    pos = neu = neg = 0
    for counts in some:
        pos, neu, neg = pos + counts.pos, neu + counts.neu, neg + counts.neg
    return Counts(pos, neu, neg)


async def reach(connection: AsyncConnection, scope: Scope) -> int:
    """How many readings the mentions have had together, about (docs/reach.md): a publisher counts once a day for a story."""
    return await connection.scalar(REACH, bounds(scope)) or 0


async def kinds(connection: AsyncConnection, scope: Scope) -> Mapping[str, Counts]:
    """Mentions by the kind of source that brought them, most first."""
    rows = await connection.execute(KINDS, bounds(scope))
    return {row.kind: Counts(row.pos, row.neu, row.neg) for row in rows}


def bounds(scope: Scope) -> dict[str, Any]:
    """What the statements over the index of numbers are bound to."""
    within = {"since": milliseconds(scope.since), "until": milliseconds(scope.until)}
    return {"trackers": list(scope.tracker_ids), "offset": scope.offset // MILLISECOND, **within}


async def top_outlets(
    connection: AsyncConnection, tracker_ids: Sequence[int], since: datetime, until: datetime, limit: int
) -> tuple[OutletCount, ...]:
    """The outlets with the most mentions, most first; an outlet's feeds and sections are one."""
    times = func.count().label("times")
    statement = (
        select(func.max(mentions.c.article_id).label("newest"), times)
        .where(_within(tracker_ids, since, until))
        .group_by(mentions.c.publisher)
        .order_by(times.desc(), mentions.c.publisher)
        .limit(limit)
    )
    rows = (await connection.execute(statement)).all()
    found = await article_store.by_ids(connection, [row.newest for row in rows])
    return tuple(OutletCount(outlet_name(found[row.newest].item, found[row.newest].outlet), row.times) for row in rows)


async def worth_reading(
    connection: AsyncConnection, tracker_id: int, since: datetime, until: datetime, limit: int
) -> tuple[MentionedArticle, ...]:
    """What a PR officer reads first: what hurts, then what helps, each by reach and then newest."""
    urgency = case((mentions.c.label == "neg", 2), (mentions.c.label == "pos", 1), else_=0)
    statement = (
        select(mentions.c.article_id)
        .where(_within([tracker_id], since, until))
        .order_by(urgency.desc(), mentions.c.reach.desc(), mentions.c.dated_at.desc())
        .limit(limit)
    )
    ids = list(await connection.scalars(statement))
    found, told = await article_store.by_ids(connection, ids), await article_store.of(connection, ids)
    return tuple(
        MentionedArticle(found[i], tuple(some for some in told[i] if some.tracker_id == tracker_id)) for i in ids
    )


async def articles_stored(connection: AsyncConnection, since: datetime) -> int:
    """How many articles were first seen since then."""
    return await connection.scalar(select(func.count()).select_from(articles).where(articles.c.seen_at >= since)) or 0


def _within(tracker_ids: Sequence[int], since: datetime, until: datetime) -> Any:
    of_trackers = mentions.c.tracker_id.in_(tracker_ids)
    return of_trackers & (mentions.c.dated_at >= since) & (mentions.c.dated_at < until)
