"""Kinds of source that follow the trackers' terms: turned on and off for all chats."""

from bot.chats import Chat
from bot.commands.command import say
from bot.desk import Desk
from bot.messenger import Reply
from bot.texts import text
from monitors.sources import kind_named
from monitors.store import sources as source_store


async def switch(kind: str, chat: Chat, desk: Desk, *, on: bool) -> Reply:
    """Turns a search that follows the trackers on or off; one that lacks a setting says so instead."""
    language, name = chat.language, text(f"source_kind.{kind}", chat.language)
    if on and (missing := desk.scout.missing(kind_named(kind))):
        return say("addsource.needs", language, kind=name, settings=", ".join(missing), name=kind)
    async with desk.database.write() as connection:
        await source_store.enable_search(connection, kind, on=on)
    await desk.roster.follow_searches(desk.now())
    desk.wake_runner()
    return say("addsource.search_on" if on else "removesource.search_off", language, kind=name)
