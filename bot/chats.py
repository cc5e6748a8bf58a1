"""Chats and members: who may do what, which language a chat speaks, which trackers it hears of. Their tables and SQL.

What lives here: the one small set of access functions that every read and write on behalf of a chat goes through. What
does not: what is sent to chats (outbox.py), what trackers find (monitors/).

A chat may use the bot when a member made it so: a private chat is its person's own, a group is let in by the first member
who calls a command there. Everybody in a group that was let in may read and track; what concerns the whole installation
(sources) is for members.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messenger import Call, ChatKey
from monitors.model import Tracker
from monitors.spikes import Sensitivity
from monitors.store import trackers as tracker_store
from monitors.store.tables import Id, campaigns, metadata, releases, trackers
from monitors.store.times import UtcTime

type ChatLanguage = Literal["fa", "en"]
type ChatSensitivity = Sensitivity | Literal["off"]  # to spikes
type Standing = Literal["member", "guest", "stranger"]

members = Table(
    "members",
    metadata,
    Column("platform", Text, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("joined_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("platform", "user_id"),
)

# `pending` is the command that waits for its argument in the next message; `disabled_at` is when the platform said that
# the chat does not want us.
chats = Table(
    "chats",
    metadata,
    Column("platform", Text, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("allowed", Boolean, nullable=False),
    Column("pending", Text),
    Column("disabled_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("sensitivity", Text, nullable=False, server_default="middle"),
    PrimaryKeyConstraint("platform", "chat_id"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("platform", Text, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("tracker_id", Id, ForeignKey("trackers.id", ondelete="CASCADE"), nullable=False, index=True),
    PrimaryKeyConstraint("platform", "chat_id", "tracker_id"),
    ForeignKeyConstraint(
        ["platform", "chat_id"], ["chats.platform", "chats.chat_id"], ondelete="CASCADE", onupdate="CASCADE"
    ),
)


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that has spoken to us."""

    key: ChatKey
    title: str
    language: ChatLanguage
    allowed: bool
    pending: str | None
    sensitivity: ChatSensitivity = "middle"


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def admit(connection: AsyncConnection, call: Call, default: ChatLanguage, now: datetime) -> tuple[Chat, Standing]:
    """The chat of a call, and what its caller is in it: a member; a guest (in a group that was let in); a stranger.

    A member's call lets its chat in, and wakes one that was disabled.
    """
    is_member = await connection.scalar(
        select(func.count()).select_from(members).where(_person(call.chat.platform, call.person.id))
    )
    chat = await find(connection, call.chat) or await _meet(connection, call, default, now)
    if is_member:
        await _change(connection, call.chat, allowed=True, disabled_at=None)
        return chat, "member"
    return chat, "guest" if chat.allowed and call.group else "stranger"


async def has_members(connection: AsyncConnection) -> bool:
    """Whether anybody may use the bot yet."""
    return bool(await connection.scalar(select(func.count()).select_from(members)))


async def add_member(connection: AsyncConnection, platform: str, user_id: int, name: str, now: datetime) -> None:
    """Lets a person use the bot; no change for one who may already."""
    values = {"platform": platform, "user_id": user_id, "name": name, "joined_at": now}
    await connection.execute(upsert(members).values(values).on_conflict_do_nothing())


async def of_members(connection: AsyncConnection) -> tuple[Chat, ...]:
    """The private chats of members, who hear what concerns the whole installation: a private chat has its person's id."""
    own = (members.c.platform == chats.c.platform) & (members.c.user_id == chats.c.chat_id)
    rows = await connection.execute(select(chats).join(members, own).order_by(chats.c.platform, chats.c.chat_id))
    return tuple(_value(row) for row in rows)


# ── a chat's own matters ─────────────────────────────────────────────────────────────────────────────────────────────


async def find(connection: AsyncConnection, key: ChatKey) -> Chat | None:
    """A chat that has spoken to us before."""
    row = (await connection.execute(select(chats).where(_chat(key)))).first()
    return None if row is None else _value(row)


async def speak(connection: AsyncConnection, key: ChatKey, language: ChatLanguage) -> None:
    """From now on the bot speaks this language in the chat."""
    await _change(connection, key, language=language)


async def expect(connection: AsyncConnection, key: ChatKey, command: str | None) -> None:
    """The chat's next plain text is the argument of this command; None forgets that."""
    await _change(connection, key, pending=command)


async def be_warned(connection: AsyncConnection, key: ChatKey, sensitivity: ChatSensitivity) -> None:
    """How readily the chat is warned of spikes from now on."""
    await _change(connection, key, sensitivity=sensitivity)


async def hearing(connection: AsyncConnection, tracker_id: int) -> tuple[Chat, ...]:
    """The open chats that subscribed to a tracker."""
    of_chat = (chats.c.platform == subscriptions.c.platform) & (chats.c.chat_id == subscriptions.c.chat_id)
    open_ones = select(chats).join(subscriptions, of_chat)
    open_ones = open_ones.where(subscriptions.c.tracker_id == tracker_id, chats.c.disabled_at.is_(None))
    return tuple(_value(row) for row in await connection.execute(open_ones.order_by(chats.c.platform, chats.c.chat_id)))


async def trackers_of(connection: AsyncConnection, key: ChatKey) -> tuple[Tracker, ...]:
    """What this chat tracks, oldest first."""
    return await tracker_store.owned(connection, str(key))


async def subscribe(connection: AsyncConnection, key: ChatKey, tracker_id: int) -> None:
    """The chat hears of this tracker's mentions."""
    values = {"platform": key.platform, "chat_id": key.id, "tracker_id": tracker_id}
    await connection.execute(upsert(subscriptions).values(values).on_conflict_do_nothing())


# ── what the platform says of a chat ─────────────────────────────────────────────────────────────────────────────────


async def disable(connection: AsyncConnection, key: ChatKey, now: datetime) -> None:
    """Nothing is sent to the chat until it speaks to us again; nothing of it is deleted."""
    await _change(connection, key, disabled_at=now)


async def move(connection: AsyncConnection, key: ChatKey, new_id: int) -> None:
    """The chat goes on under a new id, with its trackers, subscriptions and deliveries. Does nothing if it has moved."""
    new = ChatKey(key.platform, new_id)
    if await find(connection, key) is None:
        return
    await connection.execute(chats.delete().where(_chat(new)))
    await connection.execute(update(chats).where(_chat(key)).values(chat_id=new_id))
    for owned in (trackers, releases, campaigns):
        await connection.execute(update(owned).where(owned.c.owner == str(key)).values(owner=str(new)))


async def _meet(connection: AsyncConnection, call: Call, default: ChatLanguage, now: datetime) -> Chat:
    title = call.chat_title or call.person.name
    values = {
        "platform": call.chat.platform,
        "chat_id": call.chat.id,
        "title": title,
        "language": default,
        "allowed": False,
        "created_at": now,
    }
    await connection.execute(insert(chats).values(values))
    return Chat(call.chat, title, default, allowed=False, pending=None)


async def _change(connection: AsyncConnection, key: ChatKey, **values: Any) -> None:
    await connection.execute(update(chats).where(_chat(key)).values(values))


def _chat(key: ChatKey) -> Any:
    return (chats.c.platform == key.platform) & (chats.c.chat_id == key.id)


def _person(platform: str, user_id: int) -> Any:
    return (members.c.platform == platform) & (members.c.user_id == user_id)


def _value(row: Row[Any]) -> Chat:
    key = ChatKey(row.platform, row.chat_id)
    return Chat(key, row.title, row.language, row.allowed, row.pending, row.sensitivity)
