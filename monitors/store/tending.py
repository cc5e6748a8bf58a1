"""What an admin changes of one source: asked again now, paused, renamed, moved.

What lives here: those updates of `sources`. What does not: adding, removing and polling (sources.py).
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.model import PollState
from monitors.store.sources import NewSource
from monitors.store.tables import sources


async def retry(connection: AsyncConnection, source_id: int, now: datetime) -> None:
    """Due at once, as if its wait were over; also one that was gone for good."""
    await _change(connection, source_id, active=True, next_poll_at=now)


async def pause(connection: AsyncConnection, source_id: int, now: datetime) -> None:
    """Not asked until `resume`."""
    await _change(connection, source_id, paused_at=now)


async def resume(connection: AsyncConnection, source_id: int, now: datetime) -> None:
    """Asked again, from now on."""
    await _change(connection, source_id, paused_at=None, next_poll_at=now)


async def rename(connection: AsyncConnection, source_id: int, title: str) -> None:
    """Its name for people."""
    await _change(connection, source_id, title=title)


async def move(connection: AsyncConnection, source_id: int, to: NewSource, state: PollState) -> bool:
    """It goes on at another address with a state of its own: its articles stay, its name too, and what the new place
    holds already is a backlog. False where that address is, or was, a source itself."""
    taken = select(sources.c.id).where(sources.c.kind == to.kind, sources.c.address == to.address)
    if await connection.scalar(taken) is not None:
        return False
    anew: dict[str, Any] = asdict(state) | {"active": True, "paused_at": None}
    await _change(connection, source_id, kind=to.kind, address=to.address, language=to.language, **anew)
    return True


async def _change(connection: AsyncConnection, source_id: int, **values: Any) -> None:
    await connection.execute(update(sources).where(sources.c.id == source_id).values(values))
