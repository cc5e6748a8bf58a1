"""Subscriptions at WebSub hubs: which there should be, what was asked of hubs, how long their leases last.

What lives here: the table `websubs`, a row a source, and `sources.pushed_until`. What does not: asking hubs and taking what
they bring (monitors/websub.py).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, delete, insert, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.store.tables import sources, websubs

type Mode = Literal["subscribe", "unsubscribe"]


@dataclass(frozen=True, slots=True)
class Announced:
    """A source whose feed names a hub."""

    source_id: int
    hub: str
    topic: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """What we have at a hub. `pending` is what was asked and is not verified yet; `lease_until` is None before the first
    verification; `failures` counts unanswered and refused requests in a row."""

    source_id: int
    hub: str
    topic: str
    callback: str
    secret: str
    pending: Mode | None = None
    lease_until: datetime | None = None
    failures: int = 0


async def wanted(connection: AsyncConnection, kinds: Collection[str]) -> tuple[Announced, ...]:
    """Sources of these kinds that name a hub and have no row yet."""
    statement = (
        select(sources.c.id, sources.c.hub, sources.c.topic, sources.c.address)
        .join(websubs, websubs.c.source_id == sources.c.id, isouter=True)
        .where(_listening(kinds), websubs.c.source_id.is_(None))
    )
    return tuple(Announced(row.id, row.hub, row.topic or row.address) for row in await connection.execute(statement))


async def begin(connection: AsyncConnection, new: Subscription, now: datetime) -> None:
    """A subscription that is to be asked for."""
    values = {name: getattr(new, name) for name in ("source_id", "hub", "topic", "callback", "secret")}
    await connection.execute(insert(websubs).values(values | {"due_at": now, "failures": 0}))


async def leave_unwanted(connection: AsyncConnection, kinds: Collection[str], base: str, now: datetime) -> None:
    """Those of sources that are removed, paused, or name another hub are to be given up; those whose callback does not begin
    with `base` are forgotten, since nobody can reach that any more."""
    elsewhere = not_(websubs.c.callback.startswith(base, autoescape=True))
    await _end_pushing(connection, elsewhere)
    await connection.execute(delete(websubs).where(elsewhere))
    same = and_(sources.c.hub == websubs.c.hub, or_(sources.c.topic.is_(None), sources.c.topic == websubs.c.topic))
    still = (
        select(websubs.c.source_id).join(sources, sources.c.id == websubs.c.source_id).where(_listening(kinds), same)
    )
    unwanted = and_(websubs.c.source_id.not_in(still), websubs.c.pending.is_distinct_from("unsubscribe"))
    await _end_pushing(connection, unwanted)
    leaving = {"pending": "unsubscribe", "due_at": now, "failures": 0}
    await connection.execute(update(websubs).where(unwanted).values(leaving))


async def due(connection: AsyncConnection, now: datetime, limit: int) -> tuple[Subscription, ...]:
    """Those at whose hubs something is to be asked now."""
    waiting = select(websubs).where(websubs.c.due_at <= now).order_by(websubs.c.due_at).limit(limit)
    return tuple(_subscription(row) for row in await connection.execute(waiting))


async def by_callback(connection: AsyncConnection, callback: str) -> Subscription | None:
    """The one whose callback this is."""
    row = (await connection.execute(select(websubs).where(websubs.c.callback == callback))).first()
    return None if row is None else _subscription(row)


async def asked(connection: AsyncConnection, one: Subscription, mode: Mode, again_at: datetime) -> None:
    """This is being asked of the hub; where it never answers, it is asked again then."""
    change = {"pending": mode, "due_at": again_at, "failures": one.failures + 1}
    await _change(connection, one, **change)


async def refused(connection: AsyncConnection, one: Subscription, again_at: datetime, error: str) -> None:
    """The hub did not take the request. What it has verified meanwhile stays."""
    pending = and_(websubs.c.source_id == one.source_id, websubs.c.pending.is_not(None))
    await connection.execute(update(websubs).where(pending).values(due_at=again_at, error=error))


async def denied(connection: AsyncConnection, one: Subscription, again_at: datetime, why: str) -> None:
    """The hub will not push, or no longer; it is asked again then."""
    await _change(connection, one, pending=None, lease_until=None, due_at=again_at, error=why)
    await _end_pushing(connection, websubs.c.source_id == one.source_id)


async def verified(connection: AsyncConnection, one: Subscription, lease_until: datetime, renew_at: datetime) -> None:
    """The hub has asked whether we mean it, and we do: it pushes from now on."""
    await _change(connection, one, pending=None, lease_until=lease_until, due_at=renew_at, failures=0, error=None)
    pushed = update(sources).where(sources.c.id == one.source_id)
    await connection.execute(pushed.values(pushed_until=lease_until))


async def left(connection: AsyncConnection, one: Subscription) -> None:
    """It is over."""
    same = websubs.c.source_id == one.source_id
    await _end_pushing(connection, same)
    await connection.execute(delete(websubs).where(same))


def _listening(kinds: Collection[str]) -> ColumnElement[bool]:
    return and_(sources.c.active, sources.c.paused_at.is_(None), sources.c.kind.in_(kinds), sources.c.hub.is_not(None))


async def _change(connection: AsyncConnection, one: Subscription, **values: Any) -> None:
    await connection.execute(update(websubs).where(websubs.c.source_id == one.source_id).values(values))


async def _end_pushing(connection: AsyncConnection, which: ColumnElement[bool]) -> None:
    """Their sources are polled at their own pace again."""
    ids = select(websubs.c.source_id).where(which)
    await connection.execute(update(sources).where(sources.c.id.in_(ids)).values(pushed_until=None))


def _subscription(row: Any) -> Subscription:
    return Subscription(
        row.source_id, row.hub, row.topic, row.callback, row.secret, row.pending, row.lease_until, row.failures
    )
