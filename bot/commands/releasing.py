"""Press releases: /release hands one in, lists them, and leads to their reports."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace

from bot import chats, manuscript, press_report
from bot.chats import Chat
from bot.commands.command import Command, ask, button, directed, pages, say, show
from bot.desk import Desk
from bot.manuscript import Manuscript, Unreadable
from bot.messenger import Attachment, Call, Message, Reply
from bot.texts import Html, text
from bot.trouble import why
from monitors import schedule
from monitors.errors import NothingFound, SourceError
from monitors.language.release import LEAST_WORDS, text_of
from monitors.releases import FOLLOWED, look
from monitors.store import releases
from monitors.store.releases import Release

PAGE = 6
ON_A_BUTTON = 40  # characters of a title
RELEASES_A_CHAT = 100
LINK = re.compile(r"https?://\S+", re.IGNORECASE)


async def release(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/release TEXT`, `/release LINK`, or with a file: it is followed from now on. Alone: what is followed."""
    words = call.argument.strip()
    if call.attachment:
        return await _file(call.attachment, chat, desk)
    if LINK.fullmatch(words):
        return await _link(words, chat, desk)
    if words:
        return await _hand_in(manuscript.written(words), None, chat, desk)
    async with desk.database.read() as connection:
        mine = await releases.owned(connection, str(chat.key))
    return await _list(mine, 1, chat, desk) if mine else await new(call, chat, desk)


async def new(call: Call, chat: Chat, desk: Desk) -> Reply:
    """Asks for a release: the chat's next message, or file, is one."""
    async with desk.database.write() as connection:
        await chats.expect(connection, chat.key, "release")
    return ask("release.ask", chat.language)


# ── handing in ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def _file(attachment: Attachment, chat: Chat, desk: Desk) -> Reply:
    if attachment.size > manuscript.FILE_LIMIT:
        return say("release.too_large", chat.language, limit=manuscript.FILE_LIMIT // 1_000_000)
    try:
        read = await asyncio.to_thread(manuscript.read, attachment.name, await attachment.read())
    except Unreadable:
        return say("release.unreadable", chat.language, name=attachment.name)
    return await _hand_in(read, None, chat, desk)


async def _link(url: str, chat: Chat, desk: Desk) -> Reply:
    """The main text of a page."""
    try:
        found = await desk.scout.look(f"watch:{url}")
    except NothingFound:
        return say("release.no_text", chat.language)
    except SourceError as error:
        return say("release.no_page", chat.language, why=why(schedule.describe(error), chat.language))
    if not found or not found[0].items:
        return say("release.no_text", chat.language)
    item = found[0].items[0]
    return await _hand_in(Manuscript(item.title, item.text[: manuscript.TEXT_LIMIT]), url, chat, desk)


async def _hand_in(given: Manuscript, url: str | None, chat: Chat, desk: Desk) -> Reply:
    """Takes a release up, looks through the archive for it, and says what is there already."""
    language, now = chat.language, desk.now()
    if text_of(given.headline, given.text) is None:
        return say("release.too_short", language, least=LEAST_WORDS)
    async with desk.database.write() as connection:
        mine = await releases.owned(connection, str(chat.key))
        twin = next((one for one in mine if one.text == given.text and not one.reported_at), None)
        if twin is None and len(mine) >= RELEASES_A_CHAT:
            return say("release.too_many", language, (button("release.all", language, "releases"),))
        taken = twin or await releases.add(connection, str(chat.key), given.title, given.text, url, now, now + FOLLOWED)
    return await _report(taken, chat, desk, Html(f"{text('release.already' if twin else 'release.taken', language)}\n"))


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def listed(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`releases [PAGE]`, behind buttons."""
    async with desk.database.read() as connection:
        mine = await releases.owned(connection, str(chat.key))
    if not mine:
        return replace(
            say("release.none", chat.language, (button("release.new", chat.language, "release_new"),)), edit=True
        )
    page = int(call.argument) if call.argument.isdecimal() else 1
    return replace(await _list(mine, page, chat, desk), edit=True)


async def report(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`release_report NUMBER`, behind buttons: as things stand at this moment."""
    one = await _meant(call, chat, desk)
    return await _report(one, chat, desk) if one else say("release.gone", chat.language)


async def end(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`release_end NUMBER [yes]`, behind buttons: it is removed, after it was asked once more."""
    language, one = chat.language, await _meant(call, chat, desk)
    if one is None:
        return say("release.gone", language)
    if not call.argument.endswith(" yes"):
        yes = button("release.yes", language, f"release_end {one.id} yes")
        no = button("release.no", language, f"release_report {one.id}")
        return say("release.sure", language, (yes, no), title=one.title)
    async with desk.database.write() as connection:
        await releases.remove(connection, str(chat.key), one.id)
    return replace(say("release.removed", language, title=one.title), edit=True)


async def _meant(call: Call, chat: Chat, desk: Desk) -> Release | None:
    number = call.argument.partition(" ")[0]
    async with desk.database.read() as connection:
        mine = await releases.owned(connection, str(chat.key))
    return next((one for one in mine if str(one.id) == number), None)


async def _list(mine: Sequence[Release], page: int, chat: Chat, desk: Desk) -> Reply:
    language, clock = chat.language, desk.clock(chat.language)
    page = min(max(page, 1), -(-len(mine) // PAGE))
    shown = mine[(page - 1) * PAGE : page * PAGE]
    async with desk.database.read() as connection:
        counted = await releases.counts(connection, [one.id for one in shown])
    blocks = [text("release.all_heading", language, count=len(mine))]
    for one in shown:
        key = "release.one_closed" if one.reported_at else "release.one_running"
        until = clock.moment(one.closes_at)
        told = text(key, language, title=one.title, count=counted.get(one.id, 0), until=until)
        blocks.append(Html(f"\n{told}"))
    rows = [(button("release.open", language, f"release_report {one.id}", title=_short(one.title)),) for one in shown]
    turn = pages("releases", page, PAGE, len(mine), language)
    return show(blocks, language, *rows, turn, (button("release.new", language, "release_new"),))


async def _report(one: Release, chat: Chat, desk: Desk, *before: Html) -> Reply:
    """What was found up to this moment: a running release is looked for once more."""
    language = chat.language
    looked = None if one.reported_at else await look(desk.database, one)
    async with desk.database.write() as connection:
        if looked:
            await releases.record(connection, one.id, looked.found, looked.seen_article_id)
        found = await releases.reprints_of(connection, one.id)
    messages = press_report.report(one, found, desk.clock(language), *before)
    rows = (
        () if one.reported_at else (button("release.refresh", language, f"release_report {one.id}"),),
        (button("release.remove", language, f"release_end {one.id}"), button("release.all", language, "releases")),
    )
    *first, last = messages
    return Reply((*first, Message(last.html, directed(rows, language))))


def _short(title: str) -> str:
    return title if len(title) <= ON_A_BUTTON else f"{title[:ON_A_BUTTON].rsplit(' ', 1)[0]}…"


COMMANDS = (
    Command("release", release),
    Command("release_new", new, listed=False),
    Command("releases", listed, listed=False),
    Command("release_report", report, listed=False),
    Command("release_end", end, listed=False),
)
