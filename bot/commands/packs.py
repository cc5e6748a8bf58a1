"""Packs: sources of one subject from the catalogue, added and removed in one go: /pack."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, button, say, show
from bot.desk import Desk
from bot.messenger import Call, Reply
from bot.texts import LANGUAGES, Html, text
from monitors import schedule
from monitors.language.text import fold
from monitors.sources.catalogue import Listed, Pack, packs
from monitors.store import sources as source_store
from monitors.store.sources import NewSource

A_ROW = 2
ADD, REMOVE = "add", "remove"


@dataclass(frozen=True, slots=True)
class Standing:
    """A pack, and which of its sources are watched (by id)."""

    pack: Pack
    watched: dict[tuple[str, str], int]

    @property
    def missing(self) -> list[Listed]:
        """What the pack would add."""
        return [one for one in self.pack.sources if (one.kind, one.address) not in self.watched]


async def pack(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/pack` lists the packs, `/pack NAME` shows one; `pack NAME add|remove` are its buttons."""
    language = chat.language
    words, _, action = call.argument.strip().rpartition(" ") if call.pressed else (call.argument.strip(), "", "")
    if call.pressed and action not in {ADD, REMOVE}:
        words, action = call.argument.strip(), ""
    chosen = _named(words)
    if chosen is None:
        return await _list(words, desk, language, edit=call.pressed is not None)
    (standing,) = await _standings([chosen], desk)
    if action == ADD:
        return await _add(standing, desk, language)
    if action == REMOVE:
        return await _remove(standing, desk, language)
    return replace(_show(standing, language), edit=call.pressed is not None)


def _named(words: str) -> Pack | None:
    """The pack of that name, in whichever language."""
    for one in packs():
        if fold(words) in {one.name, *(fold(text(f"pack.name.{one.name}", language)) for language in LANGUAGES)}:
            return one
    return None


async def _standings(some: Sequence[Pack], desk: Desk) -> list[Standing]:
    """The packs as they stand now."""
    async with desk.database.read() as connection:
        known = {(one.kind, one.address): one.id for one in await source_store.watched(connection) if one.active}
    keys = [[(one.kind, one.address) for one in pack.sources] for pack in some]
    return [
        Standing(one, {key: known[key] for key in own if key in known}) for one, own in zip(some, keys, strict=True)
    ]


async def _list(words: str, desk: Desk, language: ChatLanguage, *, edit: bool) -> Reply:
    buttons = []
    for standing in await _standings(packs(), desk):
        one = standing.pack
        key = "pack.whole" if not standing.missing else "pack.some" if standing.watched else "pack.none"
        name = text(f"pack.name.{one.name}", language)
        buttons.append(button(key, language, f"pack {one.name}", name=name, count=len(one.sources)))
    rows = [tuple(buttons[at : at + A_ROW]) for at in range(0, len(buttons), A_ROW)]
    blocks = [text("pack.unknown", language, given=words)] if words else []
    return show([*blocks, text("pack.which", language)], language, *rows, edit=edit)


def _show(standing: Standing, language: ChatLanguage) -> Reply:
    chosen, missing = standing.pack, standing.missing
    name = text(f"pack.name.{chosen.name}", language)
    blocks = [text("pack.heading", language, name=name, count=len(chosen.sources), watched=len(standing.watched))]
    blocks += [_line(one, standing, language) for one in chosen.sources]
    rows = []
    if missing:
        rows.append((button("pack.add", language, f"pack {chosen.name} {ADD}", count=len(missing)),))
    if standing.watched:
        rows.append((button("pack.remove", language, f"pack {chosen.name} {REMOVE}", count=len(standing.watched)),))
    return show(blocks, language, *rows, (button("pack.all", language, "pack"),))


def _line(one: Listed, standing: Standing, language: ChatLanguage) -> Html:
    known = (one.kind, one.address) in standing.watched
    unseen = "" if one.seen else text("pack.unverified", language)
    kind = text(f"source_kind.{one.kind}", language)
    return text("pack.watched" if known else "pack.would", language, title=one.title, kind=kind, unverified=unseen)


async def _add(standing: Standing, desk: Desk, language: ChatLanguage) -> Reply:
    new = [NewSource(one.kind, one.address, one.title, one.language) for one in standing.missing]
    async with desk.database.write() as connection:
        added = await source_store.add(connection, new, schedule.initial(desk.now()), desk.now())
    desk.wake_runner()
    return _done("pack.added", standing.pack, len(added), language)


async def _remove(standing: Standing, desk: Desk, language: ChatLanguage) -> Reply:
    ids: Sequence[int] = tuple(standing.watched.values())
    async with desk.database.write() as connection:
        for source_id in ids:
            await source_store.remove(connection, source_id)
    return _done("pack.removed", standing.pack, len(ids), language)


def _done(key: str, chosen: Pack, count: int, language: ChatLanguage) -> Reply:
    name = text(f"pack.name.{chosen.name}", language)
    rows = ((button("pack.again", language, f"pack {chosen.name}"), button("source_card.list", language, "sources")),)
    return replace(say(key, language, *rows, name=name, count=count), edit=True)


COMMANDS = (Command("pack", pack, members_only=True),)
