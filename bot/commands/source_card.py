"""One source: all that is known of its health, and the buttons that tend it.

What lives here: the card, reading at once, pausing, renaming, moving to another address. What does not: the list and
removing (sources.py).
"""

from dataclasses import replace
from datetime import datetime

from bot import chats
from bot.chats import Chat, ChatLanguage
from bot.commands import fulltext
from bot.commands.addsource import names, new, preview, unread
from bot.commands.command import Command, ask, button, say, show
from bot.commands.sources import FED_WITHIN, a_day, is_asked
from bot.desk import Desk
from bot.messenger import Button, Call, Reply
from bot.texts import Html, html, text
from bot.trouble import advice, why
from monitors import schedule
from monitors.errors import Gone, SourceError
from monitors.fulltext import KINDS
from monitors.health import WANTS_A_HAND, health, reason
from monitors.model import Source
from monitors.sources import kind_named
from monitors.store import sources as source_store
from monitors.store import tending

TITLE_LIMIT = 80


async def card(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`source ID`: how it is."""
    source, _ = await _meant(call, desk)
    if source is None:
        return say("source_card.gone_now", chat.language)
    return replace(await _card(source, desk, chat.language), edit=call.pressed is not None)


async def retry(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`source_retry ID`: reads it at once."""
    source, _ = await _meant(call, desk)
    if source is None:
        return say("source_card.gone_now", chat.language)
    async with desk.database.write() as connection:
        await tending.retry(connection, source.id, desk.now())
    desk.wake_runner()
    look = (button("source_card.look", chat.language, f"source {source.id}"),)
    return replace(say("source_card.retried", chat.language, look, title=source.title), edit=True)


async def read_articles(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`source_fulltext ID`: its articles' pages are read too, or no longer."""
    source, _ = await _meant(call, desk)
    if source:
        await fulltext.switch(source.id, desk)
    return await card(call, chat, desk)


async def pause(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`source_pause ID`, and again: it goes on."""
    source, _ = await _meant(call, desk)
    if source is None:
        return say("source_card.gone_now", chat.language)
    async with desk.database.write() as connection:
        await (tending.resume if source.paused else tending.pause)(connection, source.id, desk.now())
    desk.wake_runner()
    return await card(call, chat, desk)


async def rename(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`source_rename ID [NAME]`; without the name it is asked for."""
    source, words = await _meant(call, desk)
    if source is None:
        return say("source_card.gone_now", chat.language)
    if not words:
        return await _ask("source_card.ask_name", f"source_rename {source.id}", source, chat, desk)
    title = " ".join(words.split())[:TITLE_LIMIT]
    async with desk.database.write() as connection:
        await tending.rename(connection, source.id, title)
    return await _card(replace(source, title=title), desk, chat.language)


async def address(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`source_address ID [WORDS]`: looks at the new address, shows what is there, and asks."""
    language = chat.language
    source, words = await _meant(call, desk)
    if source is None:
        return say("source_card.gone_now", language)
    if not words:
        return await _ask("source_card.ask_address", f"source_address {source.id}", source, chat, desk)
    meant = desk.scout.meanings(words, names())
    try:
        found = await desk.scout.read_first([one for one in meant if one.kind.kind == source.kind] or meant)
    except SourceError as error:
        return unread(words, error, language)
    if not found:
        return say("addsource.unknown", language, given=words, searches=Html(""))
    yes = [
        (button("source_card.move_yes", language, f"source_move {source.id} {desk.scout.offer(one)}"),) for one in found
    ]
    blocks = [block for one in found for block in preview(one, desk, language)]
    return show(blocks, language, *yes, (button("addsource.no", language, "dismiss"),))


async def move(call: Call, chat: Chat, desk: Desk) -> Reply:
    """The button under what a new address showed."""
    source, token = await _meant(call, desk)
    found = desk.scout.take(token)
    if source is None or found is None:
        return say("addsource.expired", chat.language)
    async with desk.database.write() as connection:
        moved = await tending.move(connection, source.id, new(found), schedule.initial(desk.now()))
    desk.wake_runner()
    key = "source_card.moved" if moved else "source_card.taken"
    return replace(say(key, chat.language, title=source.title), edit=True)


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _meant(call: Call, desk: Desk) -> tuple[Source | None, str]:
    """The source by its number, and the words after it."""
    number, _, words = call.argument.partition(" ")
    if not number.isdecimal():
        return None, ""
    async with desk.database.read() as connection:
        source = await source_store.by_id(connection, int(number))
    here = source and (source.active or reason(source) == Gone.reason)  # a removed one is no more
    return source if here else None, words.strip()


async def _ask(key: str, pending: str, source: Source, chat: Chat, desk: Desk) -> Reply:
    async with desk.database.write() as connection:
        await chats.expect(connection, chat.key, pending)
    return ask(key, chat.language, title=source.title)


async def _card(source: Source, desk: Desk, language: ChatLanguage) -> Reply:
    now = desk.now()
    async with desk.database.read() as connection:
        fed = (await source_store.fed(connection, [source.id], now - FED_WITHIN)).get(source.id, 0)
    kind = text(f"source_kind.{source.kind}", language)
    state = text(f"source_card.{health(source)}", language, title=source.title, kind=kind)
    link = html(kind_named(source.kind).link(source.address)).replace('"', "%22")
    blocks = [
        text("source_card.title", language, state=state, link=Html(link), address=source.address),
        *_trouble(source, now, desk, language),
        *_rhythm(source, now, desk, language),
        text("source_card.fed" if fed else "source_card.fed_none", language, count=fed),
    ]
    if source.kind in desk.search_kinds:
        blocks.append(text("source_card.follows", language))
    return show(blocks, language, *_actions(source, desk, language))


def _trouble(source: Source, now: datetime, desk: Desk, language: ChatLanguage) -> list[Html]:
    state = source.state
    if health(source) not in WANTS_A_HAND:
        return []
    error = state.error or ""
    since = Html(desk.clock(language).duration(now - (state.failing_since or now)))
    return [
        text("source_card.failing_since", language, since=since, count=state.failures, why=why(error, language)),
        text("source_card.advice", language, advice=advice(error, language)),
    ]


def _rhythm(source: Source, now: datetime, desk: Desk, language: ChatLanguage) -> list[Html]:
    state, clock = source.state, desk.clock(language)
    lines = []
    if at := state.last_success_at:
        ago = Html(clock.duration(now - at))
        lines.append(text("source_card.success", language, at=Html(clock.moment(at)), ago=ago))
    else:
        lines.append(text("source_card.never", language))
    if connected := desk.connected_since(source.id):
        ago = Html(clock.duration(now - connected))
        lines.append(text("source_card.connected", language, at=Html(clock.moment(connected)), ago=ago))
    elif is_asked(source):
        lines.append(text("source_card.next", language, at=Html(clock.moment(max(state.next_poll_at, now)))))
    if source.pushed_until and source.pushed_until > now:
        lines.append(text("source_card.pushed", language, at=Html(clock.moment(source.pushed_until))))
    if state.last_item_at:
        lines.append(text("source_card.newest", language, at=Html(clock.moment(state.last_item_at))))
    if state.items_per_day is not None:
        lines.append(text("source_card.rate", language, count=Html(clock.number(a_day(state.items_per_day)))))
    return lines


def _actions(source: Source, desk: Desk, language: ChatLanguage) -> list[tuple[Button, ...]]:
    """What can be done, by the family: a search follows the trackers, so it can only be read, or turned off with its kind;
    only a place has an address that may be another; an inbox waits for posts, and cannot be read."""
    family = kind_named(source.kind).family
    back = (button("source_card.list", language, "sources"),)
    again = button("source_card.retry", language, f"source_retry {source.id}")
    if family == "search":
        kind = text(f"source_kind.{source.kind}", language)
        return [(again,), (button("source_card.turn_off", language, f"removesource {source.kind}", kind=kind),), back]
    rest = "source_card.resume" if source.paused else "source_card.pause"
    pause = button(rest, language, f"source_pause {source.id}")
    rename = button("source_card.rename", language, f"source_rename {source.id}")
    address = button("source_card.address", language, f"source_address {source.id}")
    return [
        (pause,) if family == "inbox" else (again, pause),
        (address, rename) if family == "place" else (rename,),
        *([(_articles(source, desk, language),)] if source.kind in KINDS else []),
        (button("source_card.remove", language, f"removesource {source.id}"),),
        back,
    ]


def _articles(source: Source, desk: Desk, language: ChatLanguage) -> Button:
    key = "source_card.articles_on" if fulltext.is_on(source, desk) else "source_card.articles_off"
    return button(key, language, f"source_fulltext {source.id}")


COMMANDS = (
    Command("source", card, listed=False),
    Command("source_retry", retry, listed=False, members_only=True),
    Command("source_fulltext", read_articles, listed=False, members_only=True),
    Command("source_pause", pause, listed=False, members_only=True),
    Command("source_rename", rename, listed=False, members_only=True),
    Command("source_address", address, listed=False, members_only=True),
    Command("source_move", move, listed=False, members_only=True),
)
