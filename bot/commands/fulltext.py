"""Full texts: /fulltext shows of which sources the articles' own pages are read, and switches that."""

from bot.chats import Chat
from bot.commands.command import Command, button, pages, show
from bot.desk import Desk
from bot.messenger import Button, Call, Reply
from bot.texts import Html, text
from monitors import fulltext
from monitors.language.text import fold
from monitors.model import Source
from monitors.store import sources as source_store

PAGE = 10
TITLE_LIMIT = 50


async def fulltext_of(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/fulltext [WORDS]` lists sources by name; behind the buttons `fulltext page N` and `fulltext ID N` (switch, page)."""
    words = call.argument.split()
    pressed = call.pressed is not None and bool(words)
    page = int(words[-1]) if pressed and words[-1].isdecimal() else 1
    if pressed and words[0].isdecimal():
        await switch(int(words[0]), desk)
    wanted = "" if pressed else fold(" ".join(words))
    async with desk.database.read() as connection:
        watched = await source_store.watched(connection)
    listed = [one for one in watched if one.kind in fulltext.KINDS and one.active and wanted in fold(one.title)]
    return _list(listed, page, chat, desk, edit=pressed)


async def switch(source_id: int, desk: Desk) -> None:
    """On where it was off, and the other way round."""
    async with desk.database.write() as connection:
        source = await source_store.by_id(connection, source_id)
        if source:
            await source_store.read_pages(connection, source_id, on=not is_on(source, desk))


def is_on(source: Source, desk: Desk) -> bool:
    """Whether the pages of its articles are read, by its own word or by the settings'."""
    return source.kind in desk.fulltext if source.fulltext is None else source.fulltext


def _list(listed: list[Source], page: int, chat: Chat, desk: Desk, *, edit: bool) -> Reply:
    language = chat.language
    page = min(max(page, 1), max(1, -(-len(listed) // PAGE)))
    on = sum(is_on(one, desk) for one in listed)
    blocks: list[Html] = [text("fulltext.heading", language, on=on, count=len(listed))]
    if not listed:
        blocks.append(text("fulltext.none", language))
    rows = [(_toggle(one, page, chat, desk),) for one in listed[(page - 1) * PAGE : page * PAGE]]
    return show(blocks, language, *rows, pages("fulltext page", page, PAGE, len(listed), language), edit=edit)


def _toggle(source: Source, page: int, chat: Chat, desk: Desk) -> Button:
    key = "fulltext.on" if is_on(source, desk) else "fulltext.off"
    return button(key, chat.language, f"fulltext {source.id} {page}", title=source.title[:TITLE_LIMIT])


COMMANDS = (Command("fulltext", fulltext_of, members_only=True),)
