"""Articles whose pages are to be read: which come next, what has been asked for lately, how each ended.

What lives here: the table `page_reads`. What does not: reading (monitors/fulltext.py), writing what was read (articles.py).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.model import Fresh
from monitors.store.tables import articles, page_reads

READ, TOO_MANY = "read", "too_many"
MOST_ATTEMPTS = 4  # for one article, its edits included


@dataclass(frozen=True, slots=True)
class Due:
    """An article whose page is to be read now."""

    article_id: int
    source_id: int
    url: str
    host: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How pages fared: read, given up, and still waiting."""

    read: int
    given_up: int
    waiting: int


async def want(connection: AsyncConnection, wanted: Sequence[tuple[int, Fresh]]) -> None:
    """The pages of these articles are to be read; of one that was edited, again."""
    rows = [
        {
            "article_id": article_id,
            "host": urlsplit(new.item.url or "").hostname or "",
            "matched": bool(new.mentions),
            "due_at": new.seen_at,
            "attempts": 0,
        }
        for article_id, new in wanted
    ]
    if rows:
        again = upsert(page_reads)
        few = page_reads.c.attempts < MOST_ATTEMPTS
        await connection.execute(
            again.on_conflict_do_update(("article_id",), set_={"due_at": again.excluded.due_at}, where=few), rows
        )


async def due(connection: AsyncConnection, now: datetime, but_hosts: Collection[str], limit: int) -> tuple[Due, ...]:
    """Those that come next, one a host: what mentions nobody yet before what does, the newest first."""
    waiting = page_reads.c.due_at.is_not(None) & (page_reads.c.due_at <= now)
    waiting &= page_reads.c.attempts < MOST_ATTEMPTS  # of one that breaks here each time
    free = page_reads.c.host.not_in(but_hosts)
    statement = (
        select(page_reads.c.article_id, articles.c.source_id, articles.c.url, page_reads.c.host, page_reads.c.attempts)
        .join(articles, articles.c.id == page_reads.c.article_id)
        .where(waiting, free)
        .order_by(page_reads.c.matched, page_reads.c.article_id.desc())
        .limit(limit)
    )
    found: dict[str, Due] = {}
    for row in await connection.execute(statement):
        found.setdefault(row.host, Due(*row))
    return tuple(found.values())


async def asked_since(connection: AsyncConnection, since: datetime) -> Mapping[str, int]:
    """How many pages were asked for since then, by host."""
    counted = select(page_reads.c.host, func.count()).where(page_reads.c.read_at >= since).group_by(page_reads.c.host)
    return {row[0]: row[1] for row in await connection.execute(counted)}


async def asked(connection: AsyncConnection, article_id: int, now: datetime) -> None:
    """The page of this article is asked for now."""
    change = update(page_reads).where(page_reads.c.article_id == article_id)
    await connection.execute(change.values(read_at=now, attempts=page_reads.c.attempts + 1))


async def settle(connection: AsyncConnection, article_ids: Sequence[int], outcome: str) -> None:
    """These are read, or given up."""
    if article_ids:
        change = update(page_reads).where(page_reads.c.article_id.in_(article_ids))
        await connection.execute(change.values(due_at=None, outcome=outcome))


async def postpone(connection: AsyncConnection, article_id: int, until: datetime, outcome: str) -> None:
    """This one is tried again then."""
    change = update(page_reads).where(page_reads.c.article_id == article_id, page_reads.c.due_at.is_not(None))
    await connection.execute(change.values(due_at=until, outcome=outcome))


async def let_go(connection: AsyncConnection, before: datetime, room: int) -> None:
    """Gives up what was first seen before then, and what comes after the first `room`."""
    waiting = select(page_reads.c.article_id).where(page_reads.c.due_at.is_not(None))
    late = waiting.join(articles, articles.c.id == page_reads.c.article_id).where(articles.c.seen_at < before)
    crowded = waiting.order_by(page_reads.c.matched, page_reads.c.article_id.desc()).offset(room).limit(room)
    ids = [*await connection.scalars(late), *await connection.scalars(crowded)]
    await settle(connection, ids, TOO_MANY)


async def tally(connection: AsyncConnection, since: datetime) -> Tally:
    """How those fared that were asked for since then, and how many wait."""
    counted = (
        select(page_reads.c.outcome == READ, func.count())
        .where(page_reads.c.read_at >= since, page_reads.c.due_at.is_(None))
        .group_by(page_reads.c.outcome == READ)
    )
    by_success = {bool(row[0]): row[1] for row in await connection.execute(counted)}
    waiting = await connection.scalar(select(func.count()).where(page_reads.c.due_at.is_not(None)))
    return Tally(by_success.get(True, 0), by_success.get(False, 0), waiting or 0)
