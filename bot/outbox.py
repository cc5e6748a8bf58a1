"""Deliveries: which alert goes to which chat, who holds it, and how it ended. Their table and SQL.

What lives here: fan-out, claim, settle. What does not: pacing and sending (deliver.py), what an alert says (render.py).

    alert ─fan_out→ due ─claim→ claimed ─settle→ sent | failed
                     ↑            └─ put_off (flood wait, no network) ─┘
A claim ends by itself (a lease), so a delivery whose process was killed is due again: nothing is lost, and only what was
in flight at that instant can arrive twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chats import ChatLanguage, chats, subscriptions
from bot.messenger import ChatKey
from monitors.model import Mention, MentionedArticle, Tracker
from monitors.store import articles as article_store
from monitors.store.tables import Id, UtcTime, alerts, articles, mentions, metadata, trackers

LEASE = timedelta(minutes=2)
WAITING = text("sent_at IS NULL AND failure IS NULL")

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("alert_id", Id, ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("claimed_until", UtcTime),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", UtcTime),
    Column("message_id", BigInteger),
    Column("failure", Text),
    UniqueConstraint("alert_id", "platform", "chat_id"),
    ForeignKeyConstraint(
        ["platform", "chat_id"], ["chats.platform", "chats.chat_id"], ondelete="CASCADE", onupdate="CASCADE"
    ),
    Index("ix_deliveries_waiting", "due_at", sqlite_where=WAITING),
    Index(None, "platform", "chat_id", "message_id"),
    Index(None, "sent_at"),
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """An alert × a chat, claimed: what is to be told, in whose language, under which of the chat's trackers."""

    id: int
    chat: ChatKey
    language: ChatLanguage
    attempts: int
    mentioned: MentionedArticle
    trackers: tuple[Tracker, ...]


async def fan_out(connection: AsyncConnection, now: datetime) -> int:
    """Makes a delivery of every waiting alert for every chat that subscribed to one of its trackers; returns how many.

    One article makes one delivery a chat, however many of its trackers it mentions.
    """
    pairs = (
        select(
            subscriptions.c.platform,
            subscriptions.c.chat_id,
            alerts.c.id,
            func.max(alerts.c.created_at),
            literal(0),
        )
        .select_from(alerts)
        .join(mentions, mentions.c.alert_id == alerts.c.id)
        .join(subscriptions, subscriptions.c.tracker_id == mentions.c.tracker_id)
        .where(alerts.c.fanned_out_at.is_(None))
        .group_by(alerts.c.id, subscriptions.c.platform, subscriptions.c.chat_id)
    )
    columns = ["platform", "chat_id", "alert_id", "due_at", "attempts"]
    made = await connection.execute(upsert(deliveries).from_select(columns, pairs).on_conflict_do_nothing())
    await connection.execute(update(alerts).where(alerts.c.fanned_out_at.is_(None)).values(fanned_out_at=now))
    return made.rowcount


async def claim(
    connection: AsyncConnection, platform: str, now: datetime, limit: int, busy: Sequence[ChatKey]
) -> tuple[Delivery, ...]:
    """Takes the oldest due delivery of each of at most `limit` chats, for the length of the lease.

    `busy` chats, which may not be written to yet, and disabled ones are passed over.
    """
    oldest = (
        select(func.min(deliveries.c.id))
        .join(chats, _same_chat(chats))
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
    if not ids:
        return ()
    taken = update(deliveries).where(deliveries.c.id.in_(ids))
    await connection.execute(taken.values(claimed_until=now + LEASE, attempts=deliveries.c.attempts + 1))
    return await _load(connection, ids)


async def next_due(connection: AsyncConnection, platform: str) -> datetime | None:
    """When the next delivery of an open chat is due or its lease ends; None where nothing waits."""
    when = func.max(deliveries.c.due_at, func.coalesce(deliveries.c.claimed_until, 0), type_=UtcTime)
    waiting = select(func.min(when, type_=UtcTime)).join(chats, _same_chat(chats))
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


async def waiting(connection: AsyncConnection) -> int:
    """How many deliveries have not ended."""
    return await connection.scalar(select(func.count()).select_from(deliveries).where(WAITING)) or 0


@dataclass(frozen=True, slots=True)
class Latency:
    """How long one alert took: published → seen (None where the publisher gave no date), seen → sent."""

    to_seen: timedelta | None
    to_sent: timedelta


async def latencies(connection: AsyncConnection, since: datetime, limit: int = 5000) -> tuple[Latency, ...]:
    """Of the alerts sent since then, the newest first."""
    statement = (
        select(articles.c.published_at, alerts.c.created_at, deliveries.c.sent_at)
        .select_from(deliveries.join(alerts).join(articles))
        .where(deliveries.c.sent_at >= since)
        .order_by(deliveries.c.sent_at.desc())
        .limit(limit)
    )
    return tuple(
        Latency(
            max(row.created_at - row.published_at, timedelta()) if row.published_at else None,
            row.sent_at - row.created_at,
        )
        for row in await connection.execute(statement)
    )


async def told_by(connection: AsyncConnection, chat: ChatKey, message_id: int) -> MentionedArticle | None:
    """What a message in a chat told of; None for a message that is no alert."""
    found = await connection.scalar(
        select(deliveries.c.id).where(
            deliveries.c.platform == chat.platform,
            deliveries.c.chat_id == chat.id,
            deliveries.c.message_id == message_id,
        )
    )
    return (await _load(connection, [found]))[0].mentioned if found else None


async def _load(connection: AsyncConnection, ids: Sequence[int]) -> tuple[Delivery, ...]:
    """Claimed rows with what they tell: the mentions of the chat's own trackers in the alert's article."""
    statement = (
        select(deliveries, alerts.c.article_id, chats.c.language)
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .join(chats, _same_chat(chats))
        .where(deliveries.c.id.in_(ids))
        .order_by(deliveries.c.id)
    )
    rows = (await connection.execute(statement)).all()
    found = await article_store.by_ids(connection, {row.article_id for row in rows})
    told = await article_store.of(connection, {row.article_id for row in rows})
    loaded = []
    for row in rows:
        chat = ChatKey(row.platform, row.chat_id)
        heard = await _heard(connection, chat)
        here: tuple[Mention, ...] = tuple(some for some in told.get(row.article_id, ()) if some.tracker_id in heard)
        trackers_here = tuple(heard[some.tracker_id] for some in here)
        mentioned = MentionedArticle(found[row.article_id], here)
        loaded.append(Delivery(row.id, chat, row.language, row.attempts, mentioned, trackers_here))
    return tuple(loaded)


async def _heard(connection: AsyncConnection, chat: ChatKey) -> dict[int, Tracker]:
    subscribed = (
        select(trackers)
        .join(subscriptions, subscriptions.c.tracker_id == trackers.c.id)
        .where(subscriptions.c.platform == chat.platform, subscriptions.c.chat_id == chat.id)
    )
    rows = await connection.execute(subscribed)
    return {row.id: Tracker(row.id, row.owner, row.label, row.query, row.kind) for row in rows}


async def _end(connection: AsyncConnection, delivery_id: int, **values: Any) -> None:
    await connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(values))


def _same_chat(table: Table) -> Any:
    return (table.c.platform == deliveries.c.platform) & (table.c.chat_id == deliveries.c.chat_id)
