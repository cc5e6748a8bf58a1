"""A chat's own words for a tracker: /words, its buttons, and the answers to what they ask («برای ما منفی است: تعطیل، تحریم»)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from bot import chats
from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, ask, button, say, show
from bot.commands.tracking import pick
from bot.desk import Desk
from bot.figures import SPLIT
from bot.messenger import Call, Reply
from bot.texts import listed, text
from monitors.language.text import fold
from monitors.model import OwnWords, SentimentLabel, Tracker
from monitors.store import trackers

MOST, LONGEST = 50, 40  # words of a label, characters of a word
FIELDS: Final[dict[SentimentLabel, str]] = {"neg": "negative", "neu": "neutral", "pos": "positive"}
SAID: Final[dict[SentimentLabel, str]] = {  # folded, as people say it
    "neg": "neg negative bad منفی بد",
    "neu": "neu neutral خنثی",
    "pos": "pos positive good مثبت خوب",
}
FILLERS: Final = frozenset(["برای", "ما", "است", "هست", "for", "us", "is", "are"])
NOTHING: Final = frozenset(("-", "—", "هیچ", "none"))
_ANSWER = re.compile(r"(\d+) (neg|neu|pos)(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call says: whose words, of which label, and what they are from now on (None: not said yet)."""

    name: str
    label: SentimentLabel | None = None
    words: tuple[str, ...] | None = None


async def words(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/words [NAME] [negative|positive|neutral: WORD, WORD]`; without the words they are shown, with buttons to change them."""
    language, asked = chat.language, read(call.argument)
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
    if not mine:
        return say("list.empty", language, (button("list.first", language, "track_own"),))
    tracker = _meant(asked.name, mine)
    if tracker is None:
        rows = [(button("edit.one", language, f"words {one.id}", label=one.label),) for one in mine]
        return say("edit.unknown" if asked.name else "edit.which", language, *rows, given=asked.name)
    if asked.label is None:
        return _card(tracker, language)
    if asked.words is None:
        async with desk.database.write() as connection:
            await chats.expect(connection, chat.key, f"words {tracker.id} {asked.label}")
        return ask(f"words.ask_{asked.label}", language, label=tracker.label)
    if len(asked.words) > MOST or any(len(word) > LONGEST for word in asked.words):
        return say("words.too_many", language, limit=MOST, length=LONGEST)
    async with desk.database.write() as connection:
        changed = await trackers.say(connection, tracker.id, reworded(tracker.words, asked.label, asked.words))
    desk.roster.listen(changed)
    return _card(changed, language, "words.done")


def read(argument: str) -> Asked:
    """A button's or an answer's call ("3 neg", "3 neg words"), or what a person wrote ("NAME negative: words")."""
    if answer := _ANSWER.fullmatch(argument):
        pressed = next(one for one in SPLIT if one == answer[2])
        return Asked(answer[1], pressed, None if answer[3] is None else _divided(answer[3]))
    head, colon, listed = argument.partition(":")
    if not colon:
        return Asked(argument.strip())
    said = {fold(word).strip(): word for word in head.split()}
    label = next((one for one in SPLIT for word in said if word in SAID[one].split()), None)
    if label is None:
        return Asked(argument.strip())
    name = (word for folded, word in said.items() if folded not in FILLERS and folded not in SAID[label].split())
    return Asked(" ".join(name), label, _divided(listed))


def _divided(listed: str) -> tuple[str, ...]:
    """Words between commas or on lines of their own, each once."""
    parts = (" ".join(part.split()) for part in re.split(r"[،,؛;\n]", listed))
    return tuple({fold(part): part for part in parts if part and part not in NOTHING}.values())


def _meant(name: str, mine: Sequence[Tracker]) -> Tracker | None:
    """The tracker of a name; without one the only one."""
    if not name:
        return mine[0] if len(mine) == 1 else None
    return pick(name, mine)


def reworded(old: OwnWords, label: SentimentLabel, words: tuple[str, ...]) -> OwnWords:
    """The words of one label replaced; what it says now no other label says."""
    taken = {fold(word) for word in words}
    kept = {
        field.name: tuple(word for word in getattr(old, field.name) if fold(word) not in taken)
        for field in fields(OwnWords)
    }
    return replace(old, **(kept | {FIELDS[label]: words}))


def _card(tracker: Tracker, language: ChatLanguage, key: str = "words.card") -> Reply:
    shown = {field.name: listed(getattr(tracker.words, field.name), language) or "—" for field in fields(OwnWords)}
    row = tuple(button(f"words.{label}", language, f"words {tracker.id} {label}") for label in SPLIT)
    return show([text(key, language, label=tracker.label, **shown)], language, row)


COMMANDS = (Command("words", words),)
