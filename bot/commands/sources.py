"""Sources: /sources, /addsource, /removesource, and what stands behind their buttons."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot import chats
from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, ask, button, pages, say, show
from bot.desk import Desk
from bot.messenger import Button, Call, Reply
from bot.texts import Html, html, text
from monitors import schedule
from monitors.errors import SourceError
from monitors.language.text import fold
from monitors.model import Source
from monitors.scout import Found
from monitors.store import sources as source_store
from monitors.store.sources import NewSource

PAGE = 10
NEWEST_SHOWN = 3
TITLE_LIMIT = 80


# ── /sources ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def sources(call: Call, chat: Chat, desk: Desk) -> Reply:
    """What is watched, with its health; `/sources failing` shows what needs a hand."""
    language, now = chat.language, desk.now()
    words = call.argument.split()
    failing_only = "failing" in words
    page = next((int(word) for word in words if word.isdecimal()), 1)
    async with desk.database.read() as connection:
        everything = await source_store.watched(connection)
        brought = await source_store.articles_since(connection, now - timedelta(days=1))
    failing = [source for source in everything if source.state.failures or not source.active]
    shown = failing if failing_only else everything
    if not everything:
        return say("sources.empty", language)
    page = min(max(page, 1), max(1, -(-len(shown) // PAGE)))
    blocks = [text("sources.heading", language, count=len(everything), failing=len(failing))]
    blocks += [_health(one, brought.get(one.id, 0), chat, desk) for one in shown[(page - 1) * PAGE : page * PAGE]]
    other = (
        button("sources.all", language, "sources")
        if failing_only
        else button("sources.failing", language, "sources failing")
    )
    turn = pages("sources failing" if failing_only else "sources", page, PAGE, len(shown), language)
    return show(blocks, language, turn, (other,) if failing else (), edit=call.pressed is not None)


def _health(source: Source, brought: int, chat: Chat, desk: Desk) -> Html:
    language, state = chat.language, source.state
    clock = desk.clock(language)
    values = {"title": source.title, "id": source.id, "kind": text(f"source_kind.{source.kind}", language)}
    if not source.active:
        return text("sources.gone", language, **values)
    if state.failures:
        since = Html(clock.duration(desk.now() - (state.failing_since or desk.now())))
        return text("sources.failing_line", language, **values, why=why(state.error or "", language), since=since)
    if state.last_success_at is None:
        return text("sources.new_line", language, **values)
    ago = Html(clock.duration(desk.now() - state.last_success_at))
    return text("sources.healthy_line", language, **values, brought=brought, ago=ago)


def why(error: str, language: ChatLanguage) -> Html:
    """A stored error ("http_status 503") in plain words."""
    reason, _, detail = error.partition(" ")
    try:
        return text(f"source_error.{reason}", language, detail=detail)
    except KeyError:
        return text("source_error.unknown", language, detail=error)


# ── /addsource ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def addsource(call: Call, chat: Chat, desk: Desk) -> Reply:
    """Looks at a feed, a page or a channel, shows what is newest in it, and asks."""
    language, words = chat.language, call.argument.strip()
    if not words:
        return await _ask(chat, desk, "addsource")
    if words.lower() in desk.search_kinds:
        return await _switch(words.lower(), chat, desk, on=True)
    try:
        found = await desk.scout.look(words)
    except SourceError as error:
        return say("addsource.failed", language, given=words, why=why(schedule.describe(error), language))
    if not found:
        return say("addsource.unknown", language, given=words)
    blocks = [block for one in found for block in _preview(one, language)]
    rows = [(_confirm(one, desk, language, alone=len(found) == 1),) for one in found]
    return show(blocks, language, *rows, (button("addsource.no", language, "dismiss"),))


def _preview(found: Found, language: ChatLanguage) -> list[Html]:
    kind = text(f"source_kind.{found.kind}", language)
    blocks = [text("addsource.found", language, title=found.title, kind=kind, address=found.address)]
    blocks += [Html(f"• {html((item.title or item.text)[:TITLE_LIMIT])}") for item in found.items[:NEWEST_SHOWN]]
    return blocks if found.items else [*blocks, text("addsource.no_items", language)]


def _confirm(found: Found, desk: Desk, language: ChatLanguage, *, alone: bool) -> Button:
    call = f"addsource_yes {desk.scout.offer(found)}"
    return button("addsource.yes" if alone else "addsource.yes_one", language, call, title=found.title[:TITLE_LIMIT])


async def addsource_yes(call: Call, chat: Chat, desk: Desk) -> Reply:
    """The button under what `/addsource` found."""
    found = desk.scout.take(call.argument)
    if found is None:
        return say("addsource.expired", chat.language)
    new = NewSource(found.kind, found.address, found.title[:TITLE_LIMIT], found.language)
    async with desk.database.write() as connection:
        added = await source_store.add(connection, [new], schedule.initial(desk.now()), desk.now())
    desk.wake_runner()
    key = "addsource.done" if added else "addsource.already"
    return replace(say(key, chat.language, title=new.title), edit=True)


async def dismiss(call: Call, chat: Chat, desk: Desk) -> Reply:
    """The button that says no to an offer."""
    return replace(say("dismissed", chat.language), edit=True)


async def _switch(kind: str, chat: Chat, desk: Desk, *, on: bool) -> Reply:
    """Turns a search that follows the trackers on or off."""
    async with desk.database.write() as connection:
        await source_store.enable_search(connection, kind, on=on)
    await desk.roster.follow_searches(desk.now())
    desk.wake_runner()
    name = text(f"source_kind.{kind}", chat.language)
    return say("addsource.search_on" if on else "removesource.search_off", chat.language, kind=name)


# ── /removesource ────────────────────────────────────────────────────────────────────────────────────────────────────


async def removesource(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/removesource NAME|ADDRESS|NUMBER`; the buttons of a list ask once more."""
    language, words = chat.language, call.argument.strip()
    if words.lower() in desk.search_kinds:
        return await _switch(words.lower(), chat, desk, on=False)
    async with desk.database.read() as connection:
        everything = [one for one in await source_store.watched(connection) if one.kind not in desk.search_kinds]
    if not everything:
        return say("sources.empty", language)
    given, _, rest = words.partition(" ") if call.pressed else (words, "", "yes")
    if not words or given == "page":
        return _choices(everything, int(rest) if rest.isdecimal() else 1, language, edit=call.pressed is not None)
    chosen = _pick(given, everything)
    if not chosen:
        return say("removesource.unknown", language, given=given)
    if len(chosen) > 1 or rest != "yes":
        yes = [
            (button("removesource.yes", language, f"removesource {one.id} yes", title=one.title),)
            for one in chosen[:PAGE]
        ]
        no = (button("removesource.no", language, "dismiss"),)
        return replace(say("removesource.sure", language, *yes, no), edit=call.pressed is not None)
    async with desk.database.write() as connection:
        await source_store.remove(connection, chosen[0].id)
    return replace(say("removesource.done", language, title=chosen[0].title), edit=call.pressed is not None)


def _choices(everything: Sequence[Source], page: int, language: ChatLanguage, *, edit: bool) -> Reply:
    page = min(max(page, 1), -(-len(everything) // PAGE))
    shown = everything[(page - 1) * PAGE : page * PAGE]
    rows = [(button("removesource.one", language, f"removesource {one.id}", title=one.title),) for one in shown]
    turn = pages("removesource page", page, PAGE, len(everything), language)
    return show([text("removesource.which", language)], language, *rows, turn, edit=edit)


def _pick(words: str, everything: Sequence[Source]) -> list[Source]:
    """The sources that a user means by number, by address or by name."""
    number = fold(words).removeprefix("#")
    by_id = [one for one in everything if str(one.id) == number]
    bare = words.removeprefix("@").rstrip("/").lower()
    by_address = [one for one in everything if one.address.rstrip("/").lower() in (bare, words.rstrip("/").lower())]
    by_name = [one for one in everything if fold(one.title) == fold(words)]
    partly = [one for one in everything if fold(words) in fold(one.title) or bare in one.address.lower()]
    return by_id or by_address or by_name or partly


async def _ask(chat: Chat, desk: Desk, command: str) -> Reply:
    async with desk.database.write() as connection:
        await chats.expect(connection, chat.key, command)
    return ask(f"{command}.ask", chat.language)


COMMANDS = (
    Command("sources", sources),
    Command("addsource", addsource, members_only=True),
    Command("removesource", removesource, members_only=True),
    Command("addsource_yes", addsource_yes, listed=False, members_only=True),
    Command("dismiss", dismiss, listed=False),
)
