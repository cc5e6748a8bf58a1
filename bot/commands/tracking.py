"""Trackers: /track, /untrack, /list, and what stands behind their buttons."""

from collections.abc import Sequence
from dataclasses import replace

from bot import chats
from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, ask, button, fits, pages, say, show
from bot.desk import Desk
from bot.messenger import Button, Call, Reply
from bot.texts import Html, text
from monitors.errors import QueryError
from monitors.language.query import Query, parse
from monitors.language.text import fold
from monitors.model import Tracker, TrackerKind
from monitors.outlook import Outlook
from monitors.store import statistics
from monitors.store import trackers as tracker_store

NEWEST_SHOWN = 3
PAGE = 8
LABEL_LIMIT = 60  # characters of a name
TRACKERS_A_CHAT = 200
KINDS: dict[str, TrackerKind] = {
    "track": "own",
    "track_own": "own",
    "track_competitor": "competitor",
    "track_topic": "topic",
}


# ── /track ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def track(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/track QUERY`, or `/track name = QUERY`; without either the next message is the query."""
    language, command = chat.language, call.command or "track"
    label, written = named(call.argument)
    if not written:
        async with desk.database.write() as connection:
            await chats.expect(connection, chat.key, command)
        return ask(f"track.ask_{KINDS[command]}", language)
    try:
        query = parse(written)
    except QueryError as error:
        return explain(error, written, language)
    label = (label or written)[:LABEL_LIMIT]
    async with desk.database.write() as connection:
        mine = await chats.trackers_of(connection, chat.key)
        if twin := next((one for one in mine if _same(one, label, query)), None):
            return say("track.already", language, label=twin.label, query=twin.query)
        if len(mine) >= TRACKERS_A_CHAT:
            return say("track.too_many", language, limit=TRACKERS_A_CHAT)
        tracker = await tracker_store.add(connection, str(chat.key), label, written, KINDS[command], desk.now())
        await chats.subscribe(connection, chat.key, tracker.id)
    outlook = await desk.roster.take_up(tracker, query, desk.now())
    desk.wake_runner()
    blocks = [text(f"track.done_{tracker.kind}", language, label=tracker.label), *told(outlook, desk, language)]
    rows = (
        (button("track.latest", language, f"latest {tracker.id}"),) if outlook.found else (),
        (
            button("track.edit", language, f"edit {tracker.id}"),
            button("track.remove", language, f"untrack {tracker.id}"),
        ),
        (button("track.list", language, "list"),),
    )
    return show(blocks, language, *rows)


def named(argument: str) -> tuple[str, str]:
    """«نام = پرسش» → (name, query); without a name the name is empty. An = inside quotes belongs to the query."""
    name, equals, query = argument.partition("=")
    if not equals or '"' in name:
        return "", argument.strip()
    return name.strip(), query.strip()


def explain(error: QueryError, written: str, language: ChatLanguage) -> Reply:
    """What is wrong with a query, where, and how to mend it."""
    start = max(0, error.position - 20)
    pointer = Html(
        f"{text('query.before', language, words=written[start : error.position])}"
        f"{text('query.here', language, words=written[error.position : error.position + 20])}"
    )
    reason = text(f"query.{error.reason}", language, fragment=error.fragment or written)
    return show([Html(f"{reason}\n{pointer}"), text("query.example", language)], language)


def told(outlook: Outlook, desk: Desk, language: ChatLanguage) -> list[Html]:
    """What the archive has for a query, and what should be said about it."""
    blocks = [text("track.archive" if outlook.found else "track.archive_empty", language, count=len(outlook.found))]
    blocks += desk.renderer.mentions(outlook.found[:NEWEST_SHOWN], {}, language)
    for name in outlook.homographs:
        words = (" | ").join(name.context)
        blocks.append(text("track.homograph", language, term=name.term, context=words, proposal=name.proposal))
    if outlook.too_many:
        words = text("track.exclude", language, words=" - ".join(outlook.exclude)) if outlook.exclude else Html("")
        blocks.append(text("track.too_much", language, count=round(outlook.a_day), exclude=words))
    return blocks


def _same(tracker: Tracker, label: str, query: Query) -> bool:
    if fold(tracker.label) == fold(label):
        return True
    try:
        return parse(tracker.query) == query
    except QueryError:  # stored under older rules
        return False


# ── /untrack ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def untrack(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/untrack NAME` removes at once; a button asks once more, since fingers slip."""
    language = chat.language
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
    if not mine:
        return say("list.empty", language, (button("list.first", language, "track_own"),))
    words = call.argument.strip()
    if not words:
        return show([text("untrack.which", language)], language, *_removals(mine[:PAGE], language))
    given, _, sure = words.partition(" ") if call.pressed else (words, "", "yes")
    tracker = pick(given, mine)
    if tracker is None:
        return _not_tracked(given, mine, language)
    if not sure:
        yes = button("untrack.yes", language, f"untrack {tracker.id} yes")
        return replace(
            say("untrack.sure", language, (yes, button("untrack.no", language, "list")), label=tracker.label), edit=True
        )
    async with desk.database.write() as connection:
        await tracker_store.remove(connection, str(chat.key), [tracker.id])
    await desk.roster.let_go([tracker.id], desk.now())
    again = tracker.query if tracker.label == tracker.query else f"{tracker.label} = {tracker.query}"
    return replace(say("untrack.done", language, label=tracker.label, again=again), edit=call.pressed is not None)


def pick(words: str, mine: Sequence[Tracker]) -> Tracker | None:
    """The tracker that a user means by its number, its name or its query, in any spelling."""
    folded = fold(words)
    by_id = (one for one in mine if str(one.id) == folded)
    by_name = (one for one in mine if folded in (fold(one.label), fold(one.query)))
    joined = folded.replace(" ", "")
    by_spelling = (one for one in mine if joined and fold(one.label).replace(" ", "") == joined)
    return next(by_id, None) or next(by_name, None) or next(by_spelling, None)


def _not_tracked(words: str, mine: Sequence[Tracker], language: ChatLanguage) -> Reply:
    return show([text("untrack.unknown", language, given=words)], language, *_removals(mine[:PAGE], language))


def _removals(trackers: Sequence[Tracker], language: ChatLanguage) -> list[tuple[Button, ...]]:
    return [(button("untrack.one", language, f"untrack {one.id}", label=one.label),) for one in trackers]


# ── /list ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def list_(call: Call, chat: Chat, desk: Desk) -> Reply:
    """What the chat tracks, with today's figures."""
    language = chat.language
    page = int(call.argument) if call.argument.isdecimal() else 1
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
        clock = desk.clock(language)
        since, until = clock.bounds(clock.today(desk.now()))
        counted = await statistics.counts(connection, [one.id for one in mine], since, until)
    if not mine:
        return say("list.empty", language, (button("list.first", language, "track_own"),))
    page = min(max(page, 1), -(-len(mine) // PAGE))
    shown = mine[(page - 1) * PAGE : page * PAGE]
    blocks = [text("list.heading", language, count=len(mine))]
    for tracker in shown:
        kind = text(f"kind.{tracker.kind}", language)
        today = counted[tracker.id].total if tracker.id in counted else 0
        query = "" if tracker.query == tracker.label else text("list.query", language, query=tracker.query)
        blocks.append(text("list.tracker", language, label=tracker.label, kind=kind, today=today, query=query))
    rows = [_actions(tracker, language) for tracker in shown]
    return show(blocks, language, *rows, pages("list", page, PAGE, len(mine), language), edit=call.pressed is not None)


def _actions(tracker: Tracker, language: ChatLanguage) -> tuple[Button, ...]:
    return (
        button("list.latest", language, f"latest {tracker.id}", label=tracker.label),
        button("list.edit", language, f"edit {tracker.id}"),
        button("list.remove", language, f"untrack {tracker.id}"),
    )


async def plain(call: Call, chat: Chat, desk: Desk) -> Reply:
    """Plain text that no command waits for: offers to track it."""
    words = call.argument.strip()
    offer = f"track_own {words}"
    rows = ((button("plain.track", chat.language, offer, words=words),),) if words and fits(offer) else ()
    return say("plain.unknown", chat.language, *rows)


COMMANDS = (
    Command("track", track),
    Command("untrack", untrack),
    Command("list", list_),
    Command("track_own", track, listed=False),
    Command("track_competitor", track, listed=False),
    Command("track_topic", track, listed=False),
)
