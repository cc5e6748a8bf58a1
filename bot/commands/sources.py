"""What is watched and how it is: /sources with its filters and pages, /removesource.

What lives here: lists. What does not: one source and its buttons (source_card.py), adding (addsource.py, packs.py).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.calendar import Clock
from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, button, pages, say, show
from bot.commands.switching import switch
from bot.desk import Desk
from bot.messenger import Button, Call, Reply
from bot.texts import LANGUAGES, Html, text
from bot.trouble import advice, why
from monitors.health import WANTS_A_HAND, health
from monitors.language.text import fold
from monitors.model import PollState, Source
from monitors.sources import SOURCES, kind_named
from monitors.store import sources as source_store

PAGE = 8
NUMBERS_A_ROW = 4
WORDS_LIMIT = 24  # characters of a filter: it has to stand behind a button
FED_WITHIN = timedelta(days=30)
FAILING, KINDS, EVERYTHING = "failing", "kinds", ""


# ── /sources ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Listing:
    """What of the sources is shown: all, the failing ones, those of a kind, or those that some words fit."""

    words: str
    page: int
    shown: Sequence[Source]


async def sources(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/sources [failing|KIND|WORDS] [page]`: what is watched, with its health and a button for each."""
    language = chat.language
    async with desk.database.read() as connection:
        everything = await source_store.watched(connection)
        if not everything:
            return say("sources.empty", language)
        if call.argument.strip() == KINDS:
            return replace(_kinds(everything, language), edit=call.pressed is not None)
        listing = _chosen(*_asked(call), everything)
        fed = await source_store.fed(connection, [one.id for one in listing.shown], desk.now() - FED_WITHIN)
    if not listing.shown:
        key = "sources.nothing_failing" if listing.words == FAILING else "sources.nothing_found"
        return say(key, language, (button("sources.show_all", language, "sources"),), words=listing.words)
    first = (listing.page - 1) * PAGE
    page = listing.shown[first : first + PAGE]
    blocks, said = [_heading(listing, everything, language)], set[str]()
    blocks += [_line(place, one, fed.get(one.id, 0), said, desk, language) for place, one in enumerate(page, first + 1)]
    rows = [*_numbers(page, first + 1, language), *_turns(listing, everything, language)]
    return show(blocks, language, *rows, edit=call.pressed is not None)


def _chosen(words: str, number: int, everything: Sequence[Source]) -> Listing:
    if words == FAILING or fold(words) in {fold(text("sources.filter_failing", language)) for language in LANGUAGES}:
        words, shown = FAILING, [one for one in everything if health(one) in WANTS_A_HAND]
    elif kind := _kind_called(words):
        words, shown = kind, [one for one in everything if one.kind == kind]
    else:
        shown = pick(words, everything) if words else list(everything)
    last = max(1, -(-len(shown) // PAGE))
    return Listing(words, min(max(number, 1), last), shown)


def _asked(call: Call) -> tuple[str, int]:
    """The filter and the page: a button names both, a person may name an outlet that ends in a number."""
    words, _, number = call.argument.strip().rpartition(" ")
    if number.isdecimal() and (call.pressed or not words):
        return words.strip(), int(number)
    return call.argument.strip()[:WORDS_LIMIT], 1


def _kind_called(words: str) -> str | None:
    """The kind of that name, or of that name in a language of ours."""
    for kind in SOURCES:
        if fold(words) in {kind.kind, *(fold(text(f"source_kind.{kind.kind}", language)) for language in LANGUAGES)}:
            return kind.kind
    return None


def _heading(listing: Listing, everything: Sequence[Source], language: ChatLanguage) -> Html:
    if listing.words == EVERYTHING:
        failing = sum(health(one) in WANTS_A_HAND for one in everything)
        return text("sources.heading", language, count=len(everything), failing=failing)
    if listing.words == FAILING:
        which = text("sources.filter_failing", language)
    elif listing.words in {kind.kind for kind in SOURCES}:
        which = text(f"source_kind.{listing.words}", language)
    else:
        which = text("sources.filter_words", language, words=listing.words)
    return text("sources.heading_filter", language, filter=which, count=len(listing.shown))


def _line(place: int, source: Source, fed: int, said: set[str], desk: Desk, language: ChatLanguage) -> Html:
    """A source with its health, what to do about it (once on a page: `said` remembers), and its figures."""
    clock, now, state, how = desk.clock(language), desk.now(), source.state, health(source)
    error = state.error or ""
    head = text(
        f"sources.{how}",
        language,
        place=place,
        title=source.title,
        kind=text(f"source_kind.{source.kind}", language),
        since=Html(clock.duration(now - (state.failing_since or now))),
        why=why(error, language),
        detail=error.partition(" ")[2],
    )
    lines = [head]
    remedy = advice(error, language)
    if how in WANTS_A_HAND and remedy not in said:
        said.add(remedy)
        lines.append(text("sources.advice", language, advice=remedy))
    connected = desk.connected_since(source.id)
    facts = _live(state, connected, now, clock) if connected else _polls(source, now, clock)
    if state.items_per_day is not None:
        facts.append(text("sources.rate", language, count=Html(clock.number(a_day(state.items_per_day)))))
    if fed:
        facts.append(text("sources.fed", language, count=fed))
    if facts:
        lines.append(Html(" • ".join(facts)))
    return Html("\n" + "\n".join(lines))


def _polls(source: Source, now: datetime, clock: Clock) -> list[Html]:
    """When a source was read, and when it is read next."""
    state, facts = source.state, []
    if state.last_success_at:
        key = "sources.read" if health(source) == "healthy" else "sources.read_last"
        facts.append(text(key, clock.language, ago=Html(clock.duration(now - state.last_success_at))))
    if is_asked(source):
        due = state.next_poll_at > now
        after = Html(clock.duration(state.next_poll_at - now))
        facts.append(text("sources.next" if due else "sources.next_now", clock.language, after=after))
    return facts


def _live(state: PollState, connected: datetime, now: datetime, clock: Clock) -> list[Html]:
    """Since when a stream is connected, and when it last brought something."""
    facts = [text("sources.connected", clock.language, since=Html(clock.duration(now - connected)))]
    if state.last_item_at:
        facts.append(text("sources.last_item", clock.language, ago=Html(clock.duration(now - state.last_item_at))))
    return facts


def is_asked(source: Source) -> bool:
    """Whether there is a next time: not while it is paused or gone, and never for an inbox, which waits for posts."""
    return health(source) not in {"paused", "gone"} and kind_named(source.kind).family != "inbox"


def a_day(rate: float) -> float:
    """Items a day as people want to read it: whole, unless they are few."""
    return round(rate) if rate >= 10 else round(rate, 1)


def _numbers(page: Sequence[Source], first: int, language: ChatLanguage) -> list[tuple[Button, ...]]:
    """A button a source, by its number in the list."""
    buttons = [
        button("sources.number", language, f"source {one.id}", place=place) for place, one in enumerate(page, first)
    ]
    return [tuple(buttons[at : at + NUMBERS_A_ROW]) for at in range(0, len(buttons), NUMBERS_A_ROW)]


def _turns(listing: Listing, everything: Sequence[Source], language: ChatLanguage) -> list[tuple[Button, ...]]:
    turn = pages(f"sources {listing.words}".strip(), listing.page, PAGE, len(listing.shown), language)
    others = []
    if listing.words != FAILING and any(health(one) in WANTS_A_HAND for one in everything):
        others.append(button("sources.show_failing", language, f"sources {FAILING}"))
    if listing.words != EVERYTHING:
        others.append(button("sources.show_all", language, "sources"))
    if len({one.kind for one in everything}) > 1:
        others.append(button("sources.show_kinds", language, f"sources {KINDS}"))
    return [turn, tuple(others)]


def _kinds(everything: Sequence[Source], language: ChatLanguage) -> Reply:
    counted = Counter(one.kind for one in everything)
    rows = [
        (button("sources.kind", language, f"sources {kind}", kind=text(f"source_kind.{kind}", language), count=count),)
        for kind, count in counted.most_common()
    ]
    return say("sources.kinds", language, *rows, (button("sources.show_all", language, "sources"),))


# ── /removesource ────────────────────────────────────────────────────────────────────────────────────────────────────


async def removesource(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/removesource NAME|ADDRESS|NUMBER`; the buttons of a list ask once more."""
    language, words = chat.language, call.argument.strip()
    if words.lower() in desk.search_kinds:
        return await switch(words.lower(), chat, desk, on=False)
    async with desk.database.read() as connection:
        everything = [one for one in await source_store.watched(connection) if one.kind not in desk.search_kinds]
    if not everything:
        return say("sources.empty", language)
    given, _, rest = words.partition(" ") if call.pressed else (words, "", "yes")
    if not words or given == "page":
        return _choices(everything, int(rest) if rest.isdecimal() else 1, language, edit=call.pressed is not None)
    chosen = pick(given, everything)
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


def pick(words: str, everything: Sequence[Source]) -> list[Source]:
    """The sources that a user means by number, by address or by name."""
    number = fold(words).removeprefix("#")
    by_id = [one for one in everything if str(one.id) == number]
    bare = words.removeprefix("@").rstrip("/").lower()
    by_address = [one for one in everything if one.address.rstrip("/").lower() in (bare, words.rstrip("/").lower())]
    by_name = [one for one in everything if fold(one.title) == fold(words)]
    partly = [one for one in everything if fold(words) in fold(one.title) or bare in one.address.lower()]
    return by_id or by_address or by_name or partly


COMMANDS = (Command("sources", sources), Command("removesource", removesource, members_only=True))
