"""Sources and the state of their polls: who is due, what a poll left behind, adding and removing, health.

What lives here: the `sources` and `searches` tables. What does not: deciding when a source is due next (schedule.py).
Sources are never deleted, since articles belong to them: a removed one is no longer active.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors import following
from monitors.errors import Gone, NeedsCredentials
from monitors.model import Decision, Language, PollState, Source
from monitors.schedule import start_offset
from monitors.sources.entries import shortened
from monitors.store.tables import articles, mentions, searches, sources

STATE = tuple(PollState.__dataclass_fields__)
GONE = Gone.reason
AT_ONCE = 500  # rows a statement
SEARCH_TITLE = 80  # characters: an address of many terms is longer than people read

SAVE_STATE = (
    update(sources)
    .where(sources.c.id == bindparam("source"), sources.c.address == bindparam("asked"))
    .values({name: bindparam(f"new_{name}") for name in STATE})
)
SAVE_CHANGE = (  # OR IGNORE: the address it moved to may be watched already; then this one goes on under the old
    "UPDATE OR IGNORE sources SET address = coalesce(?, address), title = coalesce(?, title), active = coalesce(?, active) "
    "WHERE id = ? AND address = ?"
)


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source that is to be watched; `title` is the outlet's name for people."""

    kind: str
    address: str
    title: str
    language: Language | None = None


async def due(
    connection: AsyncConnection, now: datetime, but: Collection[int], kinds: Collection[str], limit: int
) -> tuple[Source, ...]:
    """Active sources of these kinds whose time has come, but for these ids, longest waiting first."""
    waiting = select(sources).where(sources.c.next_poll_at <= now, _others(but, kinds))
    rows = await connection.execute(waiting.order_by(sources.c.next_poll_at).limit(limit))
    return tuple(source(row) for row in rows)


async def next_due(connection: AsyncConnection, but: Collection[int], kinds: Collection[str]) -> datetime | None:
    """When the next active source of these kinds is due, but for these ids; None where there is none."""
    soonest: datetime | None = await connection.scalar(
        select(func.min(sources.c.next_poll_at)).where(_others(but, kinds))
    )
    return soonest


def _others(but: Collection[int], kinds: Collection[str]) -> ColumnElement[bool]:
    return and_(_watched(kinds), sources.c.id.not_in(but))


def _watched(kinds: Collection[str]) -> ColumnElement[bool]:
    return and_(sources.c.active, sources.c.paused_at.is_(None), sources.c.kind.in_(kinds))


async def active_of(connection: AsyncConnection, kinds: Collection[str]) -> tuple[Source, ...]:
    """All sources of these kinds that are watched and not paused."""
    return tuple(source(row) for row in await connection.execute(select(sources).where(_watched(kinds))))


async def last_polls(connection: AsyncConnection) -> dict[str, datetime]:
    """When a source of each kind was read last."""
    newest = select(sources.c.kind, func.max(sources.c.last_success_at)).where(sources.c.active)
    rows = await connection.execute(newest.where(sources.c.last_success_at.is_not(None)).group_by(sources.c.kind))
    return {row[0]: row[1] for row in rows}


async def put_off(connection: AsyncConnection, kind: str, until: datetime) -> None:
    """No source of the kind is due before then, also after a restart."""
    early = and_(sources.c.kind == kind, sources.c.active, sources.c.next_poll_at < until)
    await connection.execute(update(sources).where(early).values(next_poll_at=until))


async def save_states(connection: AsyncConnection, decisions: Sequence[Decision]) -> None:
    """Writes what polls left behind. A source that was removed during its poll stays removed; a search that took other
    terms meanwhile stays as it was left then, and is read again."""
    rows = [
        {"source": one.source_id, "asked": one.asked}
        | {f"new_{name}": value for name, value in _state(one.state).items()}
        for one in decisions
        if one.state
    ]
    if rows:
        await connection.execute(SAVE_STATE, rows)
    changes = [
        (one.address, one.title or None, None if one.active else False, one.source_id, one.asked)
        for one in decisions
        if one.address or one.title or not one.active
    ]
    if changes:
        await connection.exec_driver_sql(SAVE_CHANGE, changes)


async def add(
    connection: AsyncConnection, new: Sequence[NewSource], state: PollState, now: datetime
) -> tuple[int, ...]:
    """Watches these from now on and returns the ids of those that were not watched already.

    One that was removed before is taken up again where it was left, its first sight behind it.
    """
    known = await _known(connection, new)
    columns = _state(state) | {"active": True, "created_at": now}
    unknown = {
        (some.kind, some.address): asdict(some) | columns for some in new if (some.kind, some.address) not in known
    }
    added: list[int] = []
    for rows in batched(unknown.values(), AT_ONCE):
        added += await connection.scalars(sources.insert().returning(sources.c.id), rows)
    removed = [row.id for row in known.values() if not row.active]
    if removed:
        again = {
            "active": True,
            "paused_at": None,
            "next_poll_at": state.next_poll_at,
            "failures": 0,
            "failing_since": None,
            "error": None,
        }
        await connection.execute(update(sources).where(sources.c.id.in_(removed)).values(again))
    return (*added, *removed)


async def _known(connection: AsyncConnection, new: Sequence[NewSource]) -> dict[tuple[str, str], Any]:
    """The rows of those that were ever watched, by kind and address."""
    wanted = {(some.kind, some.address) for some in new}
    found: dict[tuple[str, str], Any] = {}
    for some in batched(wanted, AT_ONCE):
        rows = select(sources.c.id, sources.c.kind, sources.c.address, sources.c.active)
        for row in await connection.execute(rows.where(sources.c.address.in_([address for _, address in some]))):
            if (row.kind, row.address) in wanted:
                found[row.kind, row.address] = row
    return found


async def is_empty(connection: AsyncConnection) -> bool:
    """Whether nothing was ever watched."""
    return await connection.scalar(select(func.count()).select_from(sources)) == 0


async def replace_samples(
    connection: AsyncConnection, samples: Sequence[NewSource], state: PollState, now: datetime
) -> None:
    """Watches the preview's samples; those of an earlier run that were served elsewhere are let go."""
    addresses = [sample.address for sample in samples]
    elsewhere = update(sources).where(sources.c.address.contains("/newsroom/"), sources.c.address.not_in(addresses))
    await connection.execute(elsewhere.values(active=False))
    await add(connection, samples, state, now)


async def poll_at(connection: AsyncConnection, source_id: int, at: datetime) -> None:
    """The next poll of the source comes then."""
    await connection.execute(update(sources).where(sources.c.id == source_id).values(next_poll_at=at))


async def read_pages(connection: AsyncConnection, source_id: int, *, on: bool | None) -> None:
    """Whether the pages of its articles are read; None follows the settings again."""
    await connection.execute(update(sources).where(sources.c.id == source_id).values(fulltext=on))


async def remove(connection: AsyncConnection, source_id: int) -> None:
    """Stops watching; articles and mentions stay."""
    await connection.execute(update(sources).where(sources.c.id == source_id).values(active=False, error=None))


async def watched(connection: AsyncConnection) -> tuple[Source, ...]:
    """All that is watched, and what stopped because it is gone for good; by title."""
    shown = or_(sources.c.active, sources.c.error.startswith(GONE))
    rows = await connection.execute(select(sources).where(shown).order_by(sources.c.title, sources.c.id))
    return tuple(source(row) for row in rows)


async def by_id(connection: AsyncConnection, source_id: int) -> Source | None:
    """One source, watched or not."""
    row = (await connection.execute(select(sources).where(sources.c.id == source_id))).first()
    return None if row is None else source(row)


async def by_address(connection: AsyncConnection, kind: str, address: str) -> Source | None:
    """One source, watched or not."""
    same = and_(sources.c.kind == kind, sources.c.address == address)
    row = (await connection.execute(select(sources).where(same))).first()
    return None if row is None else source(row)


async def fed(connection: AsyncConnection, source_ids: Collection[int], since: datetime) -> dict[int, int]:
    """How many trackers each of these sources brought a mention since then, by source id."""
    counted = (
        select(articles.c.source_id, func.count(mentions.c.tracker_id.distinct()))
        .join(mentions, mentions.c.article_id == articles.c.id)
        .where(articles.c.source_id.in_(source_ids), articles.c.dated_at >= since)
        .group_by(articles.c.source_id)
    )
    return {row[0]: row[1] for row in await connection.execute(counted)}


# ── searches, which follow the trackers ──────────────────────────────────────────────────────────────────────────────


async def enabled_searches(connection: AsyncConnection) -> frozenset[str]:
    """The kinds of search that are on."""
    return frozenset(await connection.scalars(select(searches.c.kind).where(searches.c.enabled)))


async def decided_searches(connection: AsyncConnection) -> frozenset[str]:
    """The kinds of search that were ever turned on or off."""
    return frozenset(await connection.scalars(select(searches.c.kind)))


async def enable_search(connection: AsyncConnection, kind: str, *, on: bool) -> None:
    """Turns a kind of search on or off; `follow` then adds or stops its sources."""
    decision = upsert(searches).values(kind=kind, enabled=on)
    await connection.execute(decision.on_conflict_do_update(index_elements=["kind"], set_={"enabled": on}))


async def follow(connection: AsyncConnection, kind: str, wanted: Sequence[str], now: datetime) -> None:
    """Makes the searches of a kind those that the trackers want now; following.py tells what becomes of the others."""
    columns = select(sources.c.id, sources.c.address, sources.c.active).where(sources.c.kind == kind)
    every = (await connection.execute(columns)).all()
    wanted_now, watched_now = set(wanted), {row.address for row in every if row.active}
    concerned = await _by_ids(connection, [row.id for row in every if row.active != (row.address in wanted_now)])
    changes = following.follow(
        leaving=[one for one in concerned if one.active],
        resting=[one for one in concerned if not one.active],
        wanted=[address for address in dict.fromkeys(wanted) if address not in watched_now],
        now=now,
    )
    for some in batched(changes.stopped, AT_ONCE):
        await connection.execute(update(sources).where(sources.c.id.in_(some)).values(active=False))
    for changed in changes.changed:
        values = {**_search(kind, changed.address), **_state(changed.state)}
        await connection.execute(update(sources).where(sources.c.id == changed.source_id).values(values))
    rows = [{**_search(kind, address), **_state(state), "created_at": now} for address, state in changes.added]
    if rows:
        await connection.execute(sources.insert(), rows)


def _search(kind: str, address: str) -> dict[str, Any]:
    return {"kind": kind, "address": address, "title": shortened(address, SEARCH_TITLE), "active": True}


async def _by_ids(connection: AsyncConnection, ids: Sequence[int]) -> list[Source]:
    found: list[Source] = []
    for some in batched(ids, AT_ONCE):
        found += [source(row) for row in await connection.execute(select(sources).where(sources.c.id.in_(some)))]
    return found


async def spread(connection: AsyncConnection, now: datetime) -> None:
    """At the start: divides what is overdue over a while, so that it does not all begin in one second. What waited for
    credentials is tried again, as they may stand in the settings now."""
    needing = sources.c.error.startswith(NeedsCredentials.reason)
    overdue = select(sources.c.id, sources.c.interval).where(
        sources.c.active, or_(sources.c.next_poll_at <= now, needing)
    )
    rows = (await connection.execute(overdue)).all()
    later = [
        {"source": row.id, "at": now + timedelta(seconds=start_offset(row.id, len(rows), row.interval))} for row in rows
    ]
    if later:
        statement = update(sources).where(sources.c.id == bindparam("source")).values(next_poll_at=bindparam("at"))
        await connection.execute(statement, later)


def _state(state: PollState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in STATE}


def source(row: Row[Any]) -> Source:
    """A row of `sources` as a value."""
    state = PollState(**{name: getattr(row, name) for name in STATE})
    return Source(
        row.id,
        row.kind,
        row.address,
        row.title,
        state,
        row.language,
        active=row.active,
        paused=row.paused_at is not None,
        fulltext=row.fulltext,
        pushed_until=row.pushed_until,
    )
