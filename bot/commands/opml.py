"""Sources in and out as OPML: a file sent to the bot, /exportopml."""

import asyncio

from bot.chats import Chat
from bot.commands.command import Command, say, show
from bot.desk import Desk
from bot.fit import pack
from bot.messenger import Call, File, Message, Reply
from bot.texts import text
from monitors import schedule
from monitors.errors import ParseError
from monitors.kinds import SourceKind
from monitors.model import Source
from monitors.sources import PLACES, STREAMS, kind_named, opml
from monitors.sources.feed import Feed
from monitors.store import sources as source_store
from monitors.store.sources import NewSource

FILE_LIMIT = 5_000_000  # bytes
ADDED = {kind.kind: kind for kind in (*PLACES, *STREAMS)}


async def export(call: Call, chat: Chat, desk: Desk) -> Reply:
    """Everything that people have added, as one file: what follows the trackers or came by itself is no part of it."""
    async with desk.database.read() as connection:
        added = [one for one in await source_store.watched(connection) if one.active and one.kind in ADDED]
    if not added:
        return say("opml.nothing", chat.language)
    content = opml.write(tuple(map(outline_of, added)))
    (caption,) = pack([text("opml.exported", chat.language, count=len(added))], chat.language)
    return Reply((Message(caption.html, file=File("rasad.opml", content)),))


def outline_of(source: Source) -> opml.Outline:
    """The source as an entry of the file: a feed as every reader knows it, another kind in attributes of our own."""
    if source.kind == Feed.kind:
        return opml.Outline(source.title, source.address)
    return opml.Outline(source.title, source.address, source.kind, kind_named(source.kind).link(source.address))


async def receive(call: Call, chat: Chat, desk: Desk) -> Reply:
    """A file that somebody sent: its feeds are watched from now on."""
    language, attachment = chat.language, call.attachment
    if attachment is None or attachment.size > FILE_LIMIT:
        return say("opml.too_large", language, limit=FILE_LIMIT // 1_000_000)
    try:
        outlines = await asyncio.to_thread(opml.read, await attachment.read())
    except ParseError:
        return say("opml.unreadable", language, name=attachment.name)
    new = [source for one in outlines if (source := recognised(one))]
    async with desk.database.write() as connection:
        added = await source_store.add(connection, new, schedule.initial(desk.now()), desk.now())
    desk.wake_runner()
    blocks = [text("opml.imported", language, added=len(added), already=len(new) - len(added))]
    if unknown := len(outlines) - len(new):
        blocks.append(text("opml.unknown", language, count=unknown))
    return show(blocks, language)


def recognised(one: opml.Outline) -> NewSource | None:
    """A channel's page among the feeds is watched as the channel that it shows; None for a kind or an address of it that
    is not known here."""
    if one.kind is None:
        found = ((kind.kind, kind.recognise(one.address)) for kind in PLACES)
        kind, address = next(((kind, address) for kind, address in found if address), (Feed.kind, one.address))
        return NewSource(kind, address, one.title)
    known = ADDED.get(one.kind)
    return NewSource(known.kind, one.address, one.title) if known and _is_canonical(known, one.address) else None


def _is_canonical(kind: SourceKind, address: str) -> bool:
    """Whether the kind would have made this address itself, of what a person wrote or of its link."""
    if kind.recognise(address) == address:
        return True
    try:
        return kind.recognise(kind.link(address)) == address
    except (ValueError, LookupError):
        return False


COMMANDS = (
    Command("exportopml", export, members_only=True),
    Command("receive_file", receive, listed=False, members_only=True),
)
