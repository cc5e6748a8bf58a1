"""What stands in a message's text beside its letters: entities, measured in UTF-16 code units as Telegram measures them.

What lives here: the Entity value, cutting and cleaning of text, and finding what Telegram finds by itself (commands,
mentions, hashtags, addresses). What does not: markup (telegram_html.py) and which addresses are allowed (links.py).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

# The order of entities that begin and end together, outermost first; the rest keep the order of their kinds in the API.
_RANK = {"blockquote": 0, "expandable_blockquote": 0, "pre": 11, "code": 20, "text_link": 49, "text_mention": 49}
_RANK |= {"bold": 90, "italic": 91, "underline": 92, "strikethrough": 93, "spoiler": 94, "custom_emoji": 99}
_AUTOMATIC = 50

# Telegram finds these by itself. A mention has 5–32 letters; a command may name its bot; an address needs a known shape.
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"«»]+[^\s<>\"«».,;:!?،؛؟)\]])"
    r"|(?<![\w@/])(?P<mention>@[A-Za-z]\w{3,31})\b"
    r"|(?<![\w#/])(?P<hashtag>#[^\W\d][\w\u200c]*)"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?)\b",
)
_NEVER_SHOWN = re.compile("[\r\u2028-\u202e\u033f\u0333\u030a]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Entity:
    """A range of a text: `offset` and `length` in UTF-16 code units, `type` by its name in the Bot API.

    `argument` is the url of a text_link, the user id of a text_mention, the language of a pre, the id of a
    custom_emoji, and the Unix time of a date_time (whose format is `detail`).
    """

    type: str
    offset: int
    length: int
    argument: str = ""
    detail: str = ""

    @property
    def end(self) -> int:
        """The offset behind the last code unit."""
        return self.offset + self.length


def units(text: str) -> int:
    """The length in UTF-16 code units, which is how entities are measured."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, entity: Entity) -> str:
    """The part of `text` that an entity covers."""
    return text.encode("utf-16-le", "surrogatepass")[2 * entity.offset : 2 * entity.end].decode("utf-16-le", "replace")


def in_order(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Entities as the API lists them: by beginning, the longest first, then by kind."""
    return tuple(sorted(entities, key=lambda e: (e.offset, -e.length, _RANK.get(e.type, _AUTOMATIC))))


def found_in(text: str, marked: tuple[Entity, ...] = ()) -> Iterator[Entity]:
    """The commands, mentions, hashtags and addresses in `text`, outside of code and links that were marked."""
    closed = [entity for entity in marked if entity.type in ("code", "pre", "text_link", "text_mention")]
    for match in _FOUND.finditer(text):
        entity = Entity(match.lastgroup or "", units(text[: match.start()]), units(match[0]))
        if not any(entity.offset < other.end and other.offset < entity.end for other in closed):
            yield entity


def cleaned(text: str, entities: tuple[Entity, ...] = ()) -> tuple[str, tuple[Entity, ...]]:
    """A text as Telegram stores it, and its entities moved along.

    Line separators, U+202A–U+202E and carriage returns vanish, control characters become spaces, white space at both
    ends goes (TDLib's clean_input_string and fix_formatted_text).
    """
    kept = [not _NEVER_SHOWN.match(character) for character in text]
    plain = "".join(character for character, keep in zip(text, kept, strict=True) if keep)
    first = len(plain) - len(plain.lstrip(" \n\t"))
    last = len(plain.rstrip(" \n\t"))
    new_offsets: list[int] = []  # old code unit → new code unit
    position = units_seen = 0
    for character, keep in zip(text, kept, strict=True):
        width = units(character)
        new_offsets += [units_seen] * width
        if keep:
            units_seen += width if first <= position < last else 0
            position += 1
    new_offsets.append(units_seen)
    moved = (
        replace(e, offset=new_offsets[e.offset], length=new_offsets[e.end] - new_offsets[e.offset]) for e in entities
    )
    return _CONTROL.sub(" ", plain[first:last]), tuple(entity for entity in moved if entity.length)
