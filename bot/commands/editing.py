"""Changing a tracker: /edit, its buttons, and the answers to what they ask."""

from bot import chats
from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, ask, button, say, show
from bot.commands.tracking import LABEL_LIMIT, explain, pick, told
from bot.desk import Desk
from bot.messenger import Button, Call, Reply
from bot.texts import text
from monitors.errors import QueryError
from monitors.language.query import parse
from monitors.model import Tracker, TrackerKind
from monitors.store import trackers

KINDS: tuple[TrackerKind, ...] = ("own", "competitor", "topic")


async def edit(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/edit NAME`: what of it shall change?"""
    language = chat.language
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
    if not mine:
        return say("list.empty", language, (button("list.first", language, "track_own"),))
    tracker = pick(call.argument, mine) if call.argument.strip() else None
    if tracker is None:
        rows = [(button("edit.one", language, f"edit {one.id}", label=one.label),) for one in mine]
        return say("edit.unknown" if call.argument.strip() else "edit.which", language, *rows, given=call.argument)
    return _card(tracker, language)


async def edit_label(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`edit_label ID [NAME]`; without the name it is asked for."""
    tracker, words = await _meant(call, chat, desk)
    if tracker is None:
        return say("edit.gone", chat.language)
    if not words:
        return await _ask("edit.ask_label", f"edit_label {tracker.id}", chat, desk)
    return await _changed(tracker, chat, desk, label=words[:LABEL_LIMIT])


async def edit_query(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`edit_query ID [QUERY]`; without the query it is asked for."""
    tracker, words = await _meant(call, chat, desk)
    if tracker is None:
        return say("edit.gone", chat.language)
    if not words:
        return await _ask("edit.ask_query", f"edit_query {tracker.id}", chat, desk)
    try:
        query = parse(words)
    except QueryError as error:
        return explain(error, words, chat.language)
    reply = await _changed(tracker, chat, desk, query=words)
    outlook = await desk.roster.take_up(tracker, query, desk.now())
    desk.wake_runner()
    blocks = told(outlook, desk, chat.language)
    return Reply((*reply.messages, *show(blocks, chat.language).messages))


async def edit_kind(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`edit_kind ID KIND`, behind buttons."""
    tracker, words = await _meant(call, chat, desk)
    kind = next((one for one in KINDS if one == words), None)
    if tracker is None or kind is None:
        return say("edit.gone", chat.language)
    return await _changed(tracker, chat, desk, kind=kind)


async def _meant(call: Call, chat: Chat, desk: Desk) -> tuple[Tracker | None, str]:
    """The chat's own tracker by its number, and the words after it."""
    number, _, words = call.argument.partition(" ")
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
    return next((one for one in mine if str(one.id) == number), None), words.strip()


async def _ask(key: str, pending: str, chat: Chat, desk: Desk) -> Reply:
    async with desk.database.write() as connection:
        await chats.expect(connection, chat.key, pending)
    return ask(key, chat.language)


async def _changed(
    tracker: Tracker, chat: Chat, desk: Desk, *, label: str = "", query: str = "", kind: TrackerKind | None = None
) -> Reply:
    async with desk.database.write() as connection:
        changed = await trackers.change(
            connection, tracker.id, label or tracker.label, query or tracker.query, kind or tracker.kind
        )
    return _card(changed, chat.language, "edit.done")


def _card(tracker: Tracker, language: ChatLanguage, key: str = "edit.card") -> Reply:
    kind = text(f"kind.{tracker.kind}", language)
    card = text(key, language, label=tracker.label, query=tracker.query, kind=kind)
    first = (
        button("edit.label", language, f"edit_label {tracker.id}"),
        button("edit.query", language, f"edit_query {tracker.id}"),
    )
    last = (button("edit.words", language, f"words {tracker.id}"), button("track.list", language, "list"))
    return show([card], language, first, _kinds(tracker, language), last)


def _kinds(tracker: Tracker, language: ChatLanguage) -> tuple[Button, ...]:
    others = [kind for kind in KINDS if kind != tracker.kind]
    return tuple(button(f"edit.to_{kind}", language, f"edit_kind {tracker.id} {kind}") for kind in others)


COMMANDS = (
    Command("edit", edit),
    Command("edit_label", edit_label, listed=False),
    Command("edit_query", edit_query, listed=False),
    Command("edit_kind", edit_kind, listed=False),
)
