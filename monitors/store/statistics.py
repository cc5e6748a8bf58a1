"""Numbers from the store, each one bounded query: counts, sentiment, outlets, what is worth reading.

What lives here: figures of mentions over a period since ≤ t < until. What does not: how they are worded or drawn (bot/).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.model import MentionedArticle
from monitors.store import articles as article_store
from monitors.store.tables import articles, mentions, sources


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


async def top_outlets(
    connection: AsyncConnection, tracker_ids: Sequence[int], since: datetime, until: datetime, limit: int
) -> tuple[OutletCount, ...]:
    """The outlets with the most mentions, most first."""
    outlet = func.coalesce(articles.c.outlet, sources.c.title)
    statement = (
        select(outlet.label("outlet"), func.count().label("times"))
        .select_from(mentions.join(articles).join(sources))
        .where(_within(tracker_ids, since, until))
        .group_by(outlet)
        .order_by(func.count().desc(), outlet)
        .limit(limit)
    )
    return tuple(OutletCount(row.outlet, row.times) for row in await connection.execute(statement))


async def worth_reading(
    connection: AsyncConnection, tracker_id: int, since: datetime, until: datetime, limit: int
) -> tuple[MentionedArticle, ...]:
    """What a PR officer reads first: what hurts, then what helps, each by views and then newest."""
    urgency = case((mentions.c.label == "neg", 2), (mentions.c.label == "pos", 1), else_=0)
    statement = (
        select(mentions.c.article_id)
        .select_from(mentions.join(articles))
        .where(_within([tracker_id], since, until))
        .order_by(urgency.desc(), func.coalesce(articles.c.views, 0).desc(), mentions.c.dated_at.desc())
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
