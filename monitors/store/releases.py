"""Press releases and their reprints: their rows. What a reprint is stands in monitors/language/release.py."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.store.tables import releases, reprints


@dataclass(frozen=True, slots=True)
class Release:
    """A press release of an owner, followed from `created_at` until it is reported at `closes_at`.

    Articles up to `seen_article_id` have been looked at. `url` is where it was read, where it was given as a link.
    """

    id: int
    owner: str
    title: str
    text: str
    url: str | None
    created_at: datetime
    closes_at: datetime
    reported_at: datetime | None
    seen_article_id: int


@dataclass(frozen=True, slots=True)
class Reprint:
    """An article that reprints a release; `kept` is the share of the release's text that it keeps, 0–1."""

    article_id: int
    outlet: str
    title: str
    url: str | None
    dated_at: datetime
    kept: float
    same_headline: bool


async def add(
    connection: AsyncConnection, owner: str, title: str, text: str, url: str | None, now: datetime, closes_at: datetime
) -> Release:
    """A new release, as stored; no article has been looked at."""
    values = {"owner": owner, "title": title, "text": text, "url": url, "created_at": now, "closes_at": closes_at}
    row = await connection.execute(insert(releases).values(**values, seen_article_id=0).returning(releases))
    return _release(row.one())


async def owned(connection: AsyncConnection, owner: str) -> tuple[Release, ...]:
    """An owner's releases, newest first."""
    mine = select(releases).where(releases.c.owner == owner).order_by(releases.c.id.desc())
    return tuple(_release(row) for row in await connection.execute(mine))


async def running(connection: AsyncConnection) -> tuple[Release, ...]:
    """The releases of all owners that have not been reported, the first to close first."""
    statement = select(releases).where(releases.c.reported_at.is_(None)).order_by(releases.c.closes_at)
    return tuple(_release(row) for row in await connection.execute(statement))


async def reprints_of(connection: AsyncConnection, release_id: int) -> tuple[Reprint, ...]:
    """A release's reprints, in the order in which they came out."""
    statement = select(reprints).where(reprints.c.release_id == release_id)
    rows = await connection.execute(statement.order_by(reprints.c.dated_at, reprints.c.article_id))
    names = Reprint.__dataclass_fields__
    return tuple(Reprint(*(getattr(row, name) for name in names)) for row in rows)


async def counts(connection: AsyncConnection, release_ids: Sequence[int]) -> Mapping[int, int]:
    """How many reprints there are, by release; one without any is missing."""
    statement = select(reprints.c.release_id, func.count().label("times")).where(reprints.c.release_id.in_(release_ids))
    rows = await connection.execute(statement.group_by(reprints.c.release_id))
    return {row.release_id: row.times for row in rows}


async def record(connection: AsyncConnection, release_id: int, found: Sequence[Reprint], seen_article_id: int) -> bool:
    """Keeps what was found among the articles up to that id. Returns whether the release has its first reprints with it."""
    first = bool(found) and not await counts(connection, [release_id])
    seen = update(releases).where(releases.c.id == release_id, releases.c.seen_article_id < seen_article_id)
    await connection.execute(seen.values(seen_article_id=seen_article_id))
    if found:
        rows = [asdict(one) | {"release_id": release_id} for one in found]
        await connection.execute(upsert(reprints).on_conflict_do_nothing(), rows)
    return first


async def close(connection: AsyncConnection, release_id: int, now: datetime) -> None:
    """The release has been reported, and is not followed any more."""
    await connection.execute(update(releases).where(releases.c.id == release_id).values(reported_at=now))


async def remove(connection: AsyncConnection, owner: str, release_id: int) -> None:
    """Removes an owner's release with what was found of it."""
    await connection.execute(delete(releases).where(releases.c.owner == owner, releases.c.id == release_id))


def _release(row: Row[Any]) -> Release:
    return Release(*(getattr(row, name) for name in Release.__dataclass_fields__))
