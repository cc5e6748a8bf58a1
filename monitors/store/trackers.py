"""Trackers: what is tracked and for whom. What is found for them stands in articles.py."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.model import OwnWords, Tracker, TrackerKind
from monitors.store.tables import trackers


async def every(connection: AsyncConnection) -> tuple[Tracker, ...]:
    """All trackers of all owners."""
    return tuple(_tracker(row) for row in await connection.execute(select(trackers).order_by(trackers.c.id)))


async def by_id(connection: AsyncConnection, tracker_id: int) -> Tracker:
    """One tracker, which there is."""
    return _tracker((await connection.execute(select(trackers).where(trackers.c.id == tracker_id))).one())


async def owned(connection: AsyncConnection, owner: str) -> tuple[Tracker, ...]:
    """An owner's trackers, oldest first."""
    mine = select(trackers).where(trackers.c.owner == owner).order_by(trackers.c.id)
    return tuple(_tracker(row) for row in await connection.execute(mine))


async def add(
    connection: AsyncConnection, owner: str, label: str, query: str, kind: TrackerKind, now: datetime
) -> Tracker:
    """A new tracker, as stored."""
    values = {"owner": owner, "label": label, "query": query, "kind": kind, "created_at": now}
    row = await connection.execute(insert(trackers).values(values).returning(trackers))
    return _tracker(row.one())


async def change(connection: AsyncConnection, tracker_id: int, label: str, query: str, kind: TrackerKind) -> Tracker:
    """The tracker with other words, as stored."""
    changed = update(trackers).where(trackers.c.id == tracker_id).values(label=label, query=query, kind=kind)
    return _tracker((await connection.execute(changed.returning(trackers))).one())


async def say(connection: AsyncConnection, tracker_id: int, words: OwnWords) -> Tracker:
    """The tracker with its chat's own words, as stored."""
    changed = update(trackers).where(trackers.c.id == tracker_id).values(words=asdict(words))
    return _tracker((await connection.execute(changed.returning(trackers))).one())


async def remove(connection: AsyncConnection, owner: str, tracker_ids: Sequence[int]) -> None:
    """Removes an owner's trackers with their mentions; the articles stay for their retention."""
    mine = (trackers.c.owner == owner) & trackers.c.id.in_(tracker_ids)
    await connection.execute(delete(trackers).where(mine))


def _tracker(row: Row[Any]) -> Tracker:
    words = OwnWords(**{label: tuple(some) for label, some in (row.words or {}).items()})
    return Tracker(row.id, row.owner, row.label, row.query, row.kind, words)
