"""Deliveries: which alert or notice goes to which chat, who holds it, and how it ended. Their table and SQL.

What lives here: claim, settle, what is due to be edited, and notices (messages that are written already: a report, a warning). What does not: which deliveries there are (fanout.py), pacing
and sending (deliver.py), what an alert says (render.py).

    alert ─fan_out→ due ─claim→ claimed ─settle→ sent | failed        sent ─fan_out→ to be edited ─edited→ sent
                     ↑            └─ put_off (flood wait, no network) ─┘
A claim ends by itself (a lease), so a delivery whose process was killed is due again: nothing is lost, and only what was
in flight at that instant can arrive twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Row,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chats import chats
from bot.messenger import Button, ChatKey, File, Message
from monitors.store.tables import Id, alerts, metadata
from monitors.store.times import UtcTime

LEASE = timedelta(minutes=2)
EDITS_APART = timedelta(seconds=10)
WAITING = text("sent_at IS NULL AND failure IS NULL")

# An alert is rendered when it is sent. A notice has none: `html`, `rows` (of buttons) and perhaps a `picture` (PNG) hold it as
# it was written.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("alert_id", Id, ForeignKey("alerts.id", ondelete="CASCADE")),
    Column("kind", Text, nullable=False, server_default="mention"),
    Column("due_at", UtcTime, nullable=False),
    Column("claimed_until", UtcTime),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", UtcTime),
    Column("message_id", BigInteger),
    Column("failure", Text),
    Column("edit_due_at", UtcTime),
    Column("edited_at", UtcTime),
    Column("html", Text),
    Column("rows", JSON),
    Column("picture", LargeBinary),
    UniqueConstraint("alert_id", "platform", "chat_id"),
    ForeignKeyConstraint(
        ["platform", "chat_id"], ["chats.platform", "chats.chat_id"], ondelete="CASCADE", onupdate="CASCADE"
    ),
    Index("ix_deliveries_waiting", "due_at", sqlite_where=WAITING),
    Index(None, "platform", "chat_id", "message_id"),
    Index(None, "sent_at"),
    Index("ix_deliveries_editing", "edit_due_at", sqlite_where=text("edit_due_at IS NOT NULL")),
)

type DeliveryKind = Literal["mention", "turned", "spread"]


async def claim(
    connection: AsyncConnection, platform: str, now: datetime, limit: int, busy: Sequence[ChatKey]
) -> list[int]:
    """Takes the oldest due delivery of each of at most `limit` chats, for the length of the lease.

    `busy` chats, which may not be written to yet, and disabled ones are passed over.
    """
    oldest = (
        select(func.min(deliveries.c.id))
        .join(chats, same_chat(chats))
        .where(
            WAITING,
            deliveries.c.platform == platform,
            deliveries.c.due_at <= now,
            deliveries.c.claimed_until.is_(None) | (deliveries.c.claimed_until <= now),
            deliveries.c.chat_id.not_in([chat.id for chat in busy]),
            chats.c.disabled_at.is_(None),
        )
        .group_by(deliveries.c.chat_id)
        .order_by(func.min(deliveries.c.id))
        .limit(limit)
    )
    ids = list(await connection.scalars(oldest))
    taken = update(deliveries).where(deliveries.c.id.in_(ids))
    await connection.execute(taken.values(claimed_until=now + LEASE, attempts=deliveries.c.attempts + 1))
    return ids


async def next_due(connection: AsyncConnection, platform: str) -> datetime | None:
    """When the next delivery of an open chat is due or its lease ends; None where nothing waits."""
    when = func.max(deliveries.c.due_at, func.coalesce(deliveries.c.claimed_until, 0), type_=UtcTime)
    waiting = select(func.min(when, type_=UtcTime)).join(chats, same_chat(chats))
    waiting = waiting.where(WAITING, deliveries.c.platform == platform, chats.c.disabled_at.is_(None))
    soonest: datetime | None = await connection.scalar(waiting)
    return soonest


async def settle(connection: AsyncConnection, delivery_id: int, message_id: int, now: datetime) -> None:
    """The platform has accepted it."""
    await _end(connection, delivery_id, sent_at=now, message_id=message_id, claimed_until=None)


async def give_up(connection: AsyncConnection, delivery_id: int, failure: str) -> None:
    """The platform will never accept it."""
    await _end(connection, delivery_id, failure=failure, claimed_until=None)


async def put_off(connection: AsyncConnection, delivery_id: int, due_at: datetime) -> None:
    """Not now: due again at `due_at`."""
    await _end(connection, delivery_id, due_at=due_at, claimed_until=None)


async def release_all(connection: AsyncConnection) -> None:
    """At the start of the only process: whoever held a claim is no more."""
    await connection.execute(
        update(deliveries).where(deliveries.c.claimed_until.is_not(None)).values(claimed_until=None)
    )


# ── notices ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Notice:
    """A claimed delivery of a message that was written when it became due."""

    id: int
    chat: ChatKey
    attempts: int
    message: Message


async def notify(connection: AsyncConnection, chat: ChatKey, messages: Sequence[Message], now: datetime) -> None:
    """The messages (without files but pictures) are due in the chat, in this order, as surely as alerts are; wake the courier afterwards."""
    rows = [
        {
            "platform": chat.platform,
            "chat_id": chat.id,
            "kind": "notice",
            "due_at": now,
            "attempts": 0,
            "html": message.html,
            "rows": [[(button.label, button.call, button.url) for button in row] for row in message.rows],
            "picture": message.file.content if message.file else None,
        }
        for message in messages
    ]
    if rows:
        await connection.execute(insert(deliveries), rows)


async def notices(connection: AsyncConnection, ids: Sequence[int]) -> tuple[Notice, ...]:
    """Those of these deliveries that are notices."""
    statement = select(deliveries).where(deliveries.c.id.in_(ids), deliveries.c.html.is_not(None))
    return tuple(
        Notice(row.id, ChatKey(row.platform, row.chat_id), row.attempts, _written(row))
        for row in await connection.execute(statement.order_by(deliveries.c.id))
    )


def _written(row: Row[Any]) -> Message:
    picture = File("rasad.png", row.picture, picture=True) if row.picture else None
    return Message(row.html, _rows(row.rows), picture)


def _rows(stored: Sequence[Sequence[tuple[str, str | None, str | None]]]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(Button(*button) for button in row) for row in stored)


# ── edits ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def to_edit(
    connection: AsyncConnection, platform: str, now: datetime, limit: int, busy: Sequence[ChatKey]
) -> list[int]:
    """Told messages whose story went on, one of each of at most `limit` chats; a chat's are edited ten seconds apart."""
    last = deliveries.alias("last")
    edited_lately = (
        select(last.c.id)
        .where(
            last.c.platform == deliveries.c.platform,
            last.c.chat_id == deliveries.c.chat_id,
            last.c.edited_at > now - EDITS_APART,
        )
        .exists()
    )
    oldest = (
        select(func.min(deliveries.c.id))
        .join(chats, same_chat(chats))
        .where(
            deliveries.c.platform == platform,
            deliveries.c.edit_due_at <= now,
            deliveries.c.message_id.is_not(None),
            deliveries.c.chat_id.not_in([chat.id for chat in busy]),
            chats.c.disabled_at.is_(None),
            ~edited_lately,
        )
        .group_by(deliveries.c.chat_id)
        .limit(limit)
    )
    return list(await connection.scalars(oldest))


async def freshen(connection: AsyncConnection, article_id: int, now: datetime) -> None:
    """What is known of an article changed: the messages that tell of it, or are being sent right now, are to be edited."""
    of_article = deliveries.c.alert_id.in_(select(alerts.c.id).where(alerts.c.article_id == article_id))
    told = deliveries.c.message_id.is_not(None) | deliveries.c.claimed_until.is_not(None)
    await connection.execute(update(deliveries).where(of_article, told).values(edit_due_at=now))


async def edited(connection: AsyncConnection, delivery_id: int, due_at: datetime | None, now: datetime) -> None:
    """The message says what was known when it was due, at `due_at`; what came since asks for another edit."""
    await _end(connection, delivery_id, edited_at=now)
    done = update(deliveries).where(deliveries.c.id == delivery_id, deliveries.c.edit_due_at == due_at)
    await connection.execute(done.values(edit_due_at=None))


async def edit_later(connection: AsyncConnection, delivery_id: int, due_at: datetime) -> None:
    """Not now."""
    await _end(connection, delivery_id, edit_due_at=due_at)


async def waiting(connection: AsyncConnection) -> int:
    """How many deliveries have not ended."""
    return await connection.scalar(select(func.count()).select_from(deliveries).where(WAITING)) or 0


async def _end(connection: AsyncConnection, delivery_id: int, **values: Any) -> None:
    await connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(values))


def same_chat(table: Table) -> Any:
    """The row's chat is the delivery's."""
    return (table.c.platform == deliveries.c.platform) & (table.c.chat_id == deliveries.c.chat_id)
