"""Alert → deliveries: which chats hear of it, and whether as a message of its own or in one that they have already.

    for each chat that subscribed to one of the alert's trackers:
        its story is new there                              → a delivery
        its story is known, and it turned negative          → a delivery, once
        its story is known, and it has spread               → a delivery, once
        else                                                → the chat's message of the story is to be edited

What lives here: that choice. What does not: how deliveries travel (outbox.py, deliver.py), which articles tell one story
(monitors/language/story.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chats import subscriptions
from bot.messenger import ChatKey
from bot.outbox import DeliveryKind, deliveries
from monitors.store.tables import alerts, articles, mentions

type AnyRow = Row[*tuple[Any, ...]]

AT_ONCE = 300  # alerts a transaction
SPREAD = 10  # outlets of a story, from which on it is everywhere


@dataclass(frozen=True, slots=True)
class Heard:
    """An alert that a chat would hear of. `negative` is whether it is certainly negative for one of the chat's trackers."""

    alert_id: int
    chat: ChatKey
    story_id: int
    outlet: str
    negative: bool


@dataclass(slots=True)
class Known:
    """What a chat knows of a story so far."""

    delivery_id: int | None  # None: made in this very transaction
    kinds: set[str]
    outlets: set[str]
    negative: bool


async def fan_out(connection: AsyncConnection, now: datetime) -> int:
    """Makes deliveries of waiting alerts, some hundred at a time; returns how many alerts it took up."""
    oldest = select(alerts.c.id).where(alerts.c.fanned_out_at.is_(None)).order_by(alerts.c.id).limit(AT_ONCE)
    ids = list(await connection.scalars(oldest))
    if not ids:
        return 0
    heard = await _heard(connection, ids)
    known = await _known(connection, heard)
    rows, edits = [], set()
    for one in heard:
        story = known.get((one.chat, one.story_id))
        kind = _kind(story, one)
        if kind:
            rows.append(_row(one, kind, now))
        elif story and story.delivery_id:
            edits.add(story.delivery_id)
        known[one.chat, one.story_id] = _after(story, one, kind)
    if rows:
        await connection.execute(insert(deliveries), rows)
    if edits:
        await connection.execute(update(deliveries).where(deliveries.c.id.in_(edits)).values(edit_due_at=now))
    await connection.execute(update(alerts).where(alerts.c.id.in_(ids)).values(fanned_out_at=now))
    return len(ids)


def _kind(story: Known | None, one: Heard) -> DeliveryKind | None:
    """Why the chat is told in a message of its own; None where an edit is enough."""
    if story is None:
        return "mention"
    if one.negative and not story.negative and "turned" not in story.kinds:
        return "turned"
    if len(story.outlets | {one.outlet}) >= SPREAD and "spread" not in story.kinds:
        return "spread"
    return None


def _after(story: Known | None, one: Heard, kind: str | None) -> Known:
    if story is None:
        return Known(None, {"mention"}, {one.outlet}, one.negative)
    kinds = story.kinds | {kind} if kind else story.kinds
    return Known(story.delivery_id, kinds, story.outlets | {one.outlet}, story.negative or one.negative)


def _row(one: Heard, kind: DeliveryKind, now: datetime) -> dict[str, Any]:
    return {
        "platform": one.chat.platform,
        "chat_id": one.chat.id,
        "alert_id": one.alert_id,
        "kind": kind,
        "due_at": now,
        "attempts": 0,
    }


async def _heard(connection: AsyncConnection, alert_ids: Sequence[int]) -> list[Heard]:
    """By alert: the chats that subscribed to one of the trackers whose mentions it tells."""
    statement = (
        select(
            alerts.c.id,
            subscriptions.c.platform,
            subscriptions.c.chat_id,
            articles.c.id.label("article_id"),
            articles.c.story_id,
            articles.c.source_id,
            articles.c.outlet,
            mentions.c.label,
        )
        .select_from(alerts)
        .join(articles, articles.c.id == alerts.c.article_id)
        .join(mentions, mentions.c.alert_id == alerts.c.id)
        .join(subscriptions, subscriptions.c.tracker_id == mentions.c.tracker_id)
        .where(alerts.c.id.in_(alert_ids))
        .order_by(alerts.c.id, subscriptions.c.platform, subscriptions.c.chat_id)
    )
    rows = (await connection.execute(statement)).all()
    by_chat = groupby(rows, key=lambda row: (row.id, row.platform, row.chat_id))
    return [_one(list(some)) for _, some in by_chat]


def _one(rows: Sequence[AnyRow]) -> Heard:
    """An alert's rows of one chat, a row a tracker."""
    first = rows[0]
    return Heard(
        alert_id=first.id,
        chat=ChatKey(first.platform, first.chat_id),
        story_id=first.story_id or first.article_id,
        outlet=_outlet(first),
        negative=any(row.label == "neg" for row in rows),
    )


async def _known(connection: AsyncConnection, heard: Iterable[Heard]) -> dict[tuple[ChatKey, int], Known]:
    """What the chats were told of these stories, by chat and story."""
    statement = (
        select(
            deliveries.c.id,
            deliveries.c.platform,
            deliveries.c.chat_id,
            deliveries.c.kind,
            articles.c.story_id,
        )
        .select_from(deliveries)
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .join(articles, articles.c.id == alerts.c.article_id)
        .where(articles.c.story_id.in_({one.story_id for one in heard}))
        .order_by(deliveries.c.id)
    )
    by_story: defaultdict[tuple[ChatKey, int], list[AnyRow]] = defaultdict(list)
    for row in await connection.execute(statement):
        by_story[ChatKey(row.platform, row.chat_id), row.story_id].append(row)
    known = {}
    for (chat, story_id), rows in by_story.items():
        outlets, negative = await _so_far(connection, chat, story_id)
        known[chat, story_id] = Known(rows[0].id, {row.kind for row in rows}, outlets, negative)
    return known


async def _so_far(connection: AsyncConnection, chat: ChatKey, story_id: int) -> tuple[set[str], bool]:
    """The outlets that told the story of the chat's trackers and were fanned out, and whether one was negative."""
    statement = (
        select(articles.c.source_id, articles.c.outlet, mentions.c.label)
        .select_from(articles)
        .join(mentions, mentions.c.article_id == articles.c.id)
        .join(subscriptions, subscriptions.c.tracker_id == mentions.c.tracker_id)
        .outerjoin(alerts, alerts.c.id == mentions.c.alert_id)
        .where(
            articles.c.story_id == story_id,
            subscriptions.c.platform == chat.platform,
            subscriptions.c.chat_id == chat.id,
            alerts.c.id.is_(None) | alerts.c.fanned_out_at.is_not(None),
        )
    )
    rows = (await connection.execute(statement)).all()
    return {_outlet(row) for row in rows}, any(row.label == "neg" for row in rows)


def _outlet(row: AnyRow) -> str:
    """Who published it: a search's finds have their own outlets, else the source is one."""
    return row.outlet or f"source {row.source_id}"
