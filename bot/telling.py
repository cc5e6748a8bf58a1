"""What a delivery tells: the article, the mentions of the chat's own trackers in it, and who else tells the story.

What lives here: reading that together. What does not: the state of deliveries (outbox.py), how it looks (render.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chats import ChatLanguage, chats, subscriptions
from bot.messenger import ChatKey, MessageRef
from bot.outbox import DeliveryKind, deliveries, same_chat
from monitors.model import Article, Mention, MentionedArticle, Tracker
from monitors.store import articles as article_store
from monitors.store.tables import alerts, articles, trackers


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who else tells the story, of what the chat tracks: other outlets in the order in which they told it."""

    story_id: int
    outlets: tuple[str, ...]
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """An alert × a chat, claimed: what is to be told, in whose language, under which of the chat's trackers.

    `kind` says why: a new story, one that turned negative, one that spread. `message` is where it was told already.
    """

    id: int
    chat: ChatKey
    language: ChatLanguage
    kind: DeliveryKind
    attempts: int
    mentioned: MentionedArticle
    trackers: tuple[Tracker, ...]
    coverage: Coverage | None = None
    message: MessageRef | None = None
    edit_due_at: datetime | None = None


async def load(connection: AsyncConnection, ids: Sequence[int]) -> tuple[Delivery, ...]:
    """Deliveries by id, with what they tell: the mentions of the chat's own trackers in the alert's article, and who else tells it."""
    if not ids:
        return ()
    statement = (
        select(deliveries, alerts.c.article_id, chats.c.language)
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .join(chats, same_chat(chats))
        .where(deliveries.c.id.in_(ids))
        .order_by(deliveries.c.id)
    )
    rows = (await connection.execute(statement)).all()
    found = await article_store.by_ids(connection, {row.article_id for row in rows})
    told = await article_store.of(connection, {row.article_id for row in rows})
    return tuple(
        [await _delivery(connection, row, found[row.article_id], told.get(row.article_id, ())) for row in rows]
    )


async def _delivery(connection: AsyncConnection, row: Any, article: Article, told: Sequence[Mention]) -> Delivery:
    chat = ChatKey(row.platform, row.chat_id)
    heard = await _heard(connection, chat)
    here = tuple(some for some in told if some.tracker_id in heard)
    return Delivery(
        id=row.id,
        chat=chat,
        language=row.language,
        kind=row.kind,
        attempts=row.attempts,
        mentioned=MentionedArticle(article, here),
        trackers=tuple(heard[some.tracker_id] for some in here),
        coverage=await coverage(connection, article, list(heard)),
        message=MessageRef(chat, row.message_id) if row.message_id else None,
        edit_due_at=row.edit_due_at,
    )


async def coverage(connection: AsyncConnection, article: Article, tracker_ids: Sequence[int]) -> Coverage | None:
    """Who else tells the article's story, of what these trackers found; None where nobody does."""
    if article.story_id is None:
        return None
    telling = await article_store.telling(connection, article.story_id, tracker_ids)
    outlets = tuple(dict.fromkeys(one.outlet for one in telling if one.outlet != article.outlet))
    moments = [one.dated_at for one in telling]
    return Coverage(article.story_id, outlets, min(moments), max(moments)) if outlets else None


async def _heard(connection: AsyncConnection, chat: ChatKey) -> dict[int, Tracker]:
    subscribed = (
        select(trackers)
        .join(subscriptions, subscriptions.c.tracker_id == trackers.c.id)
        .where(subscriptions.c.platform == chat.platform, subscriptions.c.chat_id == chat.id)
    )
    rows = await connection.execute(subscribed)
    return {row.id: Tracker(row.id, row.owner, row.label, row.query, row.kind) for row in rows}


async def delivered(connection: AsyncConnection, chat: ChatKey, message_id: int) -> Delivery | None:
    """What a message in a chat tells of, as it is known now; None for a message that is no alert."""
    found = await connection.scalar(
        select(deliveries.c.id).where(
            deliveries.c.platform == chat.platform,
            deliveries.c.chat_id == chat.id,
            deliveries.c.message_id == message_id,
            deliveries.c.alert_id.is_not(None),
        )
    )
    return (await load(connection, [found]))[0] if found else None


async def told_by(connection: AsyncConnection, chat: ChatKey, message_id: int) -> MentionedArticle | None:
    """The article that a message in a chat told of; None for a message that is no alert."""
    found = await delivered(connection, chat, message_id)
    return found.mentioned if found else None


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
