"""What the admins know of failing sources and of our own network: tables `ailments` and `outages`.

What lives here: reading how all sources are, and keeping what was told. What does not: the rules (monitors/ailing.py).
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import case, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.ailing import FAILURES, UNREACHED, Back, Condition, Down, NetworkBack, NetworkDown, News, Outage, Told
from monitors.store.sources import GONE, source
from monitors.store.tables import ailments, outages, sources

MOST = 1000  # ailing sources that are looked at


async def condition(connection: AsyncConnection, kinds: Collection[str]) -> Condition:
    """How all sources of these kinds are now."""
    told = await _told(connection, kinds)
    ours = sources.c.kind.in_(kinds)
    polled = ours & sources.c.active & sources.c.paused_at.is_(None)
    failing = polled & (sources.c.failures >= FAILURES)
    ill = select(sources).where(or_(failing, ours & ~sources.c.active & sources.c.error.startswith(GONE)))
    rows = await connection.execute(ill.order_by(sources.c.failing_since, sources.c.id).limit(MOST))
    unreached = func.sum(case((failing & sources.c.error.in_(UNREACHED), 1), else_=0))
    numbers = select(func.count(), func.coalesce(unreached, 0), func.max(sources.c.last_success_at)).where(polled)
    count, out_of_reach, last = (await connection.execute(numbers)).one()
    return Condition(tuple(map(source, rows)), told, count, out_of_reach, last, await _outage(connection))


async def _told(connection: AsyncConnection, kinds: Collection[str]) -> dict[int, Told]:
    known = select(sources, ailments.c.since, ailments.c.told_at, ailments.c.grouped).join(ailments)
    rows = await connection.execute(known.where(sources.c.kind.in_(kinds)))
    return {row.id: Told(source(row), row.since, row.told_at, row.grouped) for row in rows}


async def _outage(connection: AsyncConnection) -> Outage | None:
    last = (await connection.execute(select(outages).order_by(outages.c.id.desc()).limit(1))).first()
    return Outage(last.began_at, last.told_at, last.ended_at) if last else None


async def keep(connection: AsyncConnection, news: Sequence[News], now: datetime) -> None:
    """The admins are told this, in the same transaction."""
    for one in news:
        match one:
            case Down():
                await _fell(connection, one, now)
            case Back():
                await connection.execute(delete(ailments).where(ailments.c.source_id == one.told.source.id))
            case NetworkDown():
                await connection.execute(insert(outages).values(began_at=one.since, told_at=now))
            case NetworkBack():
                await connection.execute(update(outages).where(outages.c.ended_at.is_(None)).values(ended_at=now))


async def _fell(connection: AsyncConnection, down: Down, now: datetime) -> None:
    rows = [
        {"source_id": one.id, "since": one.state.failing_since or now, "told_at": now, "grouped": bool(down.many)}
        for one in (down.source, *down.many)
    ]
    await connection.execute(upsert(ailments).on_conflict_do_nothing(), rows)


async def forget_removed(connection: AsyncConnection) -> None:
    """Nobody waits to hear of sources that were removed; one that is gone for good stays known."""
    removed = select(sources.c.id).where(
        ~sources.c.active, or_(sources.c.error.is_(None), ~sources.c.error.startswith(GONE))
    )
    await connection.execute(delete(ailments).where(ailments.c.source_id.in_(removed)))
