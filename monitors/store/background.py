"""Texts to compare: mentions of a period as their topics are told by, and what stands beside them in the archive.

What lives here: reading samples, bounded. What does not: what sets the one apart from the other (monitors/language/topics.py).
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import batched
from random import Random

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.language.topic_text import PASSAGE, Said
from monitors.model import Span
from monitors.store.tables import articles, mentions

AT_ONCE = 500
SPREAD = (
    2654435761  # Knuth's multiplicative hash: numbers in its order are as good as drawn by lot, and always the same
)
TRIES = 3  # numbers drawn for each article wanted: some are gone, some mention the trackers


async def said(
    connection: AsyncConnection, tracker_ids: Sequence[int], since: datetime, until: datetime, limit: int
) -> tuple[int, tuple[Said, ...]]:
    """How many articles of since ≤ t < until mention any of the trackers; and those, or `limit` of them from all over the
    period, oldest first."""
    within = (mentions.c.tracker_id.in_(tracker_ids), mentions.c.dated_at >= since, mentions.c.dated_at < until)
    total = await connection.scalar(select(func.count(mentions.c.article_id.distinct())).where(*within)) or 0
    lot = func.min(mentions.c.id) * SPREAD % 2**32
    drawn = (
        select(func.min(mentions.c.id).label("id"))
        .where(*within)
        .group_by(mentions.c.article_id)
        .order_by(lot)
        .limit(limit)
    )
    chosen = drawn.subquery()
    statement = (
        select(mentions, articles.c.title, articles.c.text)
        .join(chosen, chosen.c.id == mentions.c.id)
        .join(articles, articles.c.id == mentions.c.article_id)
        .order_by(mentions.c.dated_at, mentions.c.id)
    )
    found = tuple(
        Said(
            row.article_id,
            row.title,
            row.text,
            tuple(Span(*span) for span in row.spans),
            row.label,
            row.story_id,
            row.publisher,
        )
        for row in await connection.execute(statement)
    )
    return total, found


async def elsewhere(
    connection: AsyncConnection,
    tracker_ids: Sequence[int],
    since: datetime,
    until: datetime,
    period: datetime,
    limit: int,
    chance: Random,
) -> tuple[str, ...]:
    """How about `limit` other articles of since ≤ t < until begin: those that do not mention the trackers, or did so before
    `period` began."""
    seen = (articles.c.seen_at >= since, articles.c.dated_at < until)
    first = await connection.scalar(select(articles.c.id).where(seen[0]).order_by(articles.c.seen_at).limit(1))
    last = await connection.scalar(select(func.max(articles.c.id)))
    if first is None or last is None:
        return ()
    numbers = range(min(first, last), last + 1)
    drawn = chance.sample(numbers, min(len(numbers), limit * TRIES))
    now = (
        (mentions.c.article_id == articles.c.id)
        & mentions.c.tracker_id.in_(tracker_ids)
        & (mentions.c.dated_at >= period)
    )
    beginning = articles.c.title + "\n" + func.substr(articles.c.text, 1, PASSAGE)
    statement = select(beginning).where(seen[1], ~select(mentions.c.id).where(now).exists())
    found: list[str] = []
    for some in batched(drawn, AT_ONCE):
        found += await connection.scalars(statement.where(articles.c.id.in_(some)))
        if len(found) >= limit:
            break
    return tuple(found[:limit])
