"""What a button refers to where the words are too long to stand behind it (64 bytes): kept by number, for a chat.

What lives here: its table and SQL. What does not: what the words mean (commands/).
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    delete,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messenger import ChatKey
from monitors.store.tables import Id, metadata
from monitors.store.times import UtcTime

KEPT = 300  # of a chat: buttons above the last few pages of a conversation still work

lookups = Table(
    "lookups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("words", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    ForeignKeyConstraint(
        ["platform", "chat_id"], ["chats.platform", "chats.chat_id"], ondelete="CASCADE", onupdate="CASCADE"
    ),
    Index(None, "platform", "chat_id"),
)


async def keep(connection: AsyncConnection, chat: ChatKey, words: str, now: datetime) -> int:
    """The number under which the chat finds the words again; the same words keep theirs."""
    same = _of(chat) & (lookups.c.words == words)
    known: int | None = await connection.scalar(select(lookups.c.id).where(same).limit(1))
    if known is not None:
        return known
    values = {"platform": chat.platform, "chat_id": chat.id, "words": words, "created_at": now}
    number: int = (await connection.execute(insert(lookups).values(values).returning(lookups.c.id))).scalar_one()
    newest = select(lookups.c.id).where(_of(chat)).order_by(lookups.c.id.desc()).limit(KEPT)
    await connection.execute(delete(lookups).where(_of(chat), lookups.c.id.not_in(newest)))
    return number


async def find(connection: AsyncConnection, chat: ChatKey, number: int) -> str | None:
    """The chat's words of this number; None where that was long ago, or they are another chat's."""
    words: str | None = await connection.scalar(select(lookups.c.words).where(_of(chat), lookups.c.id == number))
    return words


def _of(chat: ChatKey) -> ColumnElement[bool]:
    return (lookups.c.platform == chat.platform) & (lookups.c.chat_id == chat.id)
