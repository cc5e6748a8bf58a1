"""Adding a source: /addsource and its buttons.

    words → what may they mean? (none: say what is understood | several: a button each) → read it → its newest items → add?
What lives here: that conversation. What does not: which kinds there are (monitors/sources), reading (monitors/scout.py).
"""

from collections.abc import Sequence
from dataclasses import replace

from bot import chats
from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, ask, button, fits, say, show
from bot.commands.switching import switch
from bot.desk import Desk
from bot.direction import direct
from bot.messenger import Button, Call, Reply
from bot.texts import LANGUAGES, Html, text
from bot.trouble import advice, why
from monitors import schedule
from monitors.errors import SourceError
from monitors.model import Item
from monitors.scout import Found
from monitors.sources import PLACES, SOURCES, kind_named
from monitors.sources.meaning import Meaning, is_url, named
from monitors.store import sources as source_store
from monitors.store.sources import NewSource

NEWEST_SHOWN = 3
MEANINGS_SHOWN = 12
TITLE_LIMIT = 80


async def addsource(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/addsource WORDS`: an address, a name on a network, or a kind of search."""
    language, words = chat.language, call.argument.strip()
    if not words:
        async with desk.database.write() as connection:
            await chats.expect(connection, chat.key, "addsource")
        return ask("addsource.ask", language, searches=searches(desk))
    if words.lower() in {kind.kind for kind in SOURCES}:
        return await _kind_alone(words.lower(), chat, desk)
    meant = desk.scout.meanings(words, names())
    track = () if is_url(words, PLACES) else _track(words, language)
    if not meant:
        return _not_understood(words, track, desk, language)
    if len({one.kind.kind for one in meant}) > 1 and not is_url(words, PLACES):
        able = sorted(meant, key=lambda one: bool(desk.scout.missing(one.kind)))  # what lacks a setting comes last
        rows = [(_meaning(one, desk, language),) for one in able[:MEANINGS_SHOWN]]
        return say("addsource.which", language, *rows, track, given=words)
    if missing := desk.scout.missing(meant[0].kind):
        return needs(meant[0], missing, language, track)
    return await _look(meant, words, desk, language)


async def addsource_as(call: Call, chat: Chat, desk: Desk) -> Reply:
    """The button that says which of its meanings the words had."""
    meaning = desk.scout.chosen(call.argument)
    if meaning is None:
        return say("addsource.expired", chat.language)
    return await _look([meaning], meaning.address, desk, chat.language)


async def addsource_yes(call: Call, chat: Chat, desk: Desk) -> Reply:
    """The button under what `/addsource` found."""
    found = desk.scout.take(call.argument)
    if found is None:
        return say("addsource.expired", chat.language)
    async with desk.database.write() as connection:
        added = await source_store.add(connection, [new(found)], schedule.initial(desk.now()), desk.now())
    desk.wake_runner()
    key = "addsource.done" if added else "addsource.already"
    return replace(say(key, chat.language, title=new(found).title), edit=True)


async def dismiss(call: Call, chat: Chat, desk: Desk) -> Reply:
    """The button that says no to an offer."""
    return replace(say("dismissed", chat.language), edit=True)


# ── pieces, also of other commands that look at a source ─────────────────────────────────────────────────────────────


def names() -> dict[str, str]:
    """What the kinds are called in our languages, by kind."""
    return {kind.kind: " ".join(text(f"source_kind.{kind.kind}", some) for some in LANGUAGES) for kind in SOURCES}


def searches(desk: Desk) -> Html:
    """The names of the kinds that follow the trackers, as a person would send them."""
    return Html(" ".join(f"<code>{kind}</code>" for kind in sorted(desk.search_kinds)))


def new(found: Found) -> NewSource:
    """What was found, as a source to be watched."""
    return NewSource(found.kind, found.address, found.title[:TITLE_LIMIT], found.language)


def unread(given: str, error: SourceError, language: ChatLanguage) -> Reply:
    """Why it could not be read, and what to do."""
    stored = schedule.describe(error)
    return say("addsource.failed", language, given=given, why=why(stored, language), advice=advice(stored, language))


def preview(found: Found, desk: Desk, language: ChatLanguage) -> list[Html]:
    """A source with the newest that it holds, and when that came out."""
    kind = text(f"source_kind.{found.kind}", language)
    blocks = [text("addsource.found", language, title=found.title, kind=kind, address=found.address)]
    blocks += [_item(item, desk, language) for item in found.items[:NEWEST_SHOWN]]
    return blocks if found.items else [*blocks, text("addsource.no_items", language)]


def needs(meaning: Meaning, missing: Sequence[str], language: ChatLanguage, *rows: tuple[Button, ...]) -> Reply:
    """Which settings a kind lacks."""
    name = meaning.kind.kind
    kind = text(f"source_kind.{name}", language)
    return say("addsource.needs", language, *rows, kind=kind, settings=", ".join(missing), name=name)


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _not_understood(words: str, track: tuple[Button, ...], desk: Desk, language: ChatLanguage) -> Reply:
    """Where at least the network is clear, how its addresses look; else all that would be understood."""
    if kind := named(words, PLACES):
        name = text(f"source_kind.{kind.kind}", language)
        return say("addsource.kind_misread", language, track, given=words, kind=name, name=kind.kind)
    return say("addsource.unknown", language, track, given=words, searches=searches(desk))


async def _kind_alone(name: str, chat: Chat, desk: Desk) -> Reply:
    if name in desk.search_kinds:
        return await switch(name, chat, desk, on=True)
    kind = kind_named(name)
    if kind.family == "inbox":
        return say("addsource.inbox" if desk.hooks else "addsource.inbox_off", chat.language, url=desk.hooks or "")
    if missing := desk.scout.missing(kind):
        return needs(Meaning(kind, ""), missing, chat.language)
    if address := kind.recognise(name):  # a stream of all that a network says: it needs no other address
        return await _look([Meaning(kind, address)], name, desk, chat.language)
    return say("addsource.kind_alone", chat.language, kind=text(f"source_kind.{name}", chat.language), name=name)


async def _look(meant: Sequence[Meaning], words: str, desk: Desk, language: ChatLanguage) -> Reply:
    if missing := desk.scout.missing(meant[0].kind):
        return needs(meant[0], missing, language)
    try:
        found = await desk.scout.read_first(meant)
    except SourceError as error:
        return unread(words, error, language)
    blocks = [block for one in found for block in preview(one, desk, language)]
    rows = [(_confirm(one, desk, language, alone=len(found) == 1),) for one in found]
    return show(blocks, language, *rows, (button("addsource.no", language, "dismiss"),))


def _item(item: Item, desk: Desk, language: ChatLanguage) -> Html:
    title = " ".join((item.title or item.text).split())[:TITLE_LIMIT]
    if item.published_at is None:
        return text("addsource.item_undated", language, title=title)
    return text("addsource.item", language, title=title, at=Html(desk.clock(language).moment(item.published_at)))


def _confirm(found: Found, desk: Desk, language: ChatLanguage, *, alone: bool) -> Button:
    call = f"addsource_yes {desk.scout.offer(found)}"
    return button("addsource.yes" if alone else "addsource.yes_one", language, call, title=found.title[:TITLE_LIMIT])


def _meaning(one: Meaning, desk: Desk, language: ChatLanguage) -> Button:
    kind = text(f"source_kind.{one.kind.kind}", language)
    label = text("addsource.meaning", language, kind=kind, address=one.address[:TITLE_LIMIT])
    return Button(direct(label, language), call=f"addsource_as {desk.scout.offer(one)}")


def _track(words: str, language: ChatLanguage) -> tuple[Button, ...]:
    """A name is perhaps no source at all, but what somebody wants to hear of."""
    name = words.strip("#@")
    call = f"track_own {name}"
    return (button("addsource.track", language, call, words=name),) if name and fits(call) else ()


COMMANDS = (
    Command("addsource", addsource, members_only=True),
    Command("addsource_as", addsource_as, listed=False, members_only=True),
    Command("addsource_yes", addsource_yes, listed=False, members_only=True),
    Command("dismiss", dismiss, listed=False),
)
