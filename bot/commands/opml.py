"""Sources in and out as OPML: a file sent to the bot, /exportopml."""

import asyncio

from bot.chats import Chat
from bot.commands.command import Command, say
from bot.desk import Desk
from bot.fit import pack
from bot.messenger import Call, File, Message, Reply
from bot.texts import text
from monitors import schedule
from monitors.errors import ParseError
from monitors.sources import PLACES, opml
from monitors.store import sources as source_store
from monitors.store.sources import NewSource

FILE_LIMIT = 5_000_000  # bytes
FEED = "feed"


async def export(call: Call, chat: Chat, desk: Desk) -> Reply:
    """Every watched feed as one file."""
    async with desk.database.read() as connection:
        feeds = [one for one in await source_store.watched(connection) if one.kind == FEED and one.active]
    if not feeds:
        return say("opml.nothing", chat.language)
    content = opml.write(tuple(opml.Outline(one.title, one.address) for one in feeds))
    (caption,) = pack([text("opml.exported", chat.language, count=len(feeds))], chat.language)
    return Reply((Message(caption.html, file=File("rasad.opml", content)),))


async def receive(call: Call, chat: Chat, desk: Desk) -> Reply:
    """A file that somebody sent: its feeds are watched from now on."""
    language, attachment = chat.language, call.attachment
    if attachment is None or attachment.size > FILE_LIMIT:
        return say("opml.too_large", language, limit=FILE_LIMIT // 1_000_000)
    try:
        outlines = await asyncio.to_thread(opml.read, await attachment.read())
    except ParseError:
        return say("opml.unreadable", language, name=attachment.name)
    new = [_recognised(one) for one in outlines]
    async with desk.database.write() as connection:
        added = await source_store.add(connection, new, schedule.initial(desk.now()), desk.now())
    desk.wake_runner()
    return say("opml.imported", language, added=len(added), already=len(new) - len(added))


def _recognised(one: opml.Outline) -> NewSource:
    """A channel's page among the feeds is watched as the channel that it shows."""
    found = ((kind.kind, kind.recognise(one.address)) for kind in PLACES)
    kind, address = next(((kind, address) for kind, address in found if address), (FEED, one.address))
    return NewSource(kind, address, one.title)


COMMANDS = (
    Command("exportopml", export, members_only=True),
    Command("receive_file", receive, listed=False, members_only=True),
)
