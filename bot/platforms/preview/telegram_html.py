"""parse_mode=HTML as Telegram reads it: text and entities, or the error that Telegram would give.

The grammar is TDLib's (parse_html in MessageEntity.cpp), whose own parser judges this one in
tests/integration/preview/test_telegram_html.py. What does not live here: trimming and finding commands (entities.py).
"""

import re
from dataclasses import dataclass, field

from bot.platforms.preview import links
from bot.platforms.preview.entities import Entity, in_order, units

_TYPES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline"}
_TYPES |= {"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough"}
_TYPES |= {"tg-spoiler": "spoiler", "span": "spoiler", "tg-emoji": "custom_emoji", "tg-time": "date_time"}
_TYPES |= {"a": "text_link", "pre": "pre", "code": "code", "blockquote": "blockquote"}

_SPACE = " \t\r\n\v\0"  # TDLib's is_space; a NUL also ends a tag as the end of the text does
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9A-Fa-f]+)|#(?P<dec>[0-9]+)|(?P<name>[A-Za-z]+));?")
_LONGEST_REFERENCE = 9
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
_LARGEST_CODE_POINT = 0x10FFFF


class BadMarkup(ValueError):
    """The text cannot be parsed; the message is Telegram's, without its "can't parse entities: "."""


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end."""

    tag: str
    attributes: dict[str, str]
    offset: int
    begin: int  # in the list of output pieces


@dataclass(slots=True)
class _Parser:
    source: str  # with a NUL behind its last character
    at: int = 0
    offset: int = 0
    pieces: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    languages: dict[int, str] = field(default_factory=dict)  # of code entities, by their place in `entities`

    def run(self) -> None:
        while self.at < len(self.source) - 1:
            if self.source[self.at] != "<":
                self._emit(self._character())
            elif self.source[self.at + 1] == "/":
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')

    def _emit(self, character: str) -> None:
        self.pieces.append(character)
        self.offset += units(character)

    def _character(self) -> str:
        """The character at `at`, decoded where it is a reference that Telegram knows."""
        if self.source[self.at] == "&" and (match := _REFERENCE.match(self.source, self.at)):
            decoded = _decoded(match)
            if decoded:
                self.at = match.end()
                return decoded
        self.at += 1
        return self.source[self.at - 1]

    def _until(self, stops: str) -> str:
        begin = self.at
        while self.source[self.at] not in stops:
            self.at += 1
        return self.source[begin : self.at]

    def _skip_space(self) -> None:
        while self.source[self.at] in _SPACE[:-1]:
            self.at += 1

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    # ── start tags ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = _lower(self._until(_SPACE + ">"))
        if self.source[self.at] == "\0":
            raise BadMarkup(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in _TYPES:
            raise BadMarkup(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            if self.source[self.at] == ">":
                break
            name, value = self._attribute(tag, begin)
            attributes[name] = value
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise BadMarkup(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self.open.append(_Open(tag, attributes, self.offset, len(self.pieces)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        unclosed = BadMarkup(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')
        name = self._until(_SPACE + "=>")
        if not name:
            raise BadMarkup(f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}')
        self._skip_space()
        if self.source[self.at] == "\0":
            raise unclosed
        if self.source[self.at] != "=":
            return name, ""
        self.at += 1
        self._skip_space()
        if self.source[self.at] == "\0":
            raise unclosed
        value = self._quoted() if self.source[self.at] in "'\"" else self._token()
        if self.source[self.at] == "\0":
            raise BadMarkup(f"Unclosed start tag at byte offset {self._byte(begin)}")
        return name, value

    def _quoted(self) -> str:
        quote = self.source[self.at]
        self.at += 1
        value: list[str] = []
        while self.source[self.at] not in (quote, "\0"):
            value.append(self._character())
        if self.source[self.at] == quote:
            self.at += 1
        return "".join(value)

    def _token(self) -> str:
        match = _TOKEN.match(self.source, self.at)
        begin = self.at
        token = match[0] if match else ""
        self.at += len(token)
        if self.source[self.at] not in _SPACE + ">":
            raise BadMarkup(f"Unexpected end of name token at byte offset {self._byte(begin)}")
        return token.lower()

    # ── end tags ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise BadMarkup(f"Unexpected end tag at byte offset {self._byte(begin)}")
        self.at += 2
        name = _lower(self._until(_SPACE + ">"))
        self._skip_space()
        if self.source[self.at] != ">":
            raise BadMarkup(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self.at += 1
        opened = self.open.pop()
        if name not in ("", opened.tag):
            raise BadMarkup(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{opened.tag}>", found "</{name}>"',
            )
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        """Add the entity that a pair of tags around some text makes, if it makes one."""
        here = Entity(_TYPES[opened.tag], opened.offset, self.offset - opened.offset)
        entity: Entity | None = here
        match opened.tag:
            case "a":
                entity = _link(here, opened.attributes.get("href") or "".join(self.pieces[opened.begin :]))
            case "pre" | "code":
                entity = self._code(here, opened)
            case "blockquote" if "expandable" in opened.attributes:
                entity = Entity("expandable_blockquote", here.offset, here.length)
            case "tg-emoji":
                entity = _emoji(here, opened.attributes.get("emoji-id", ""))
            case "tg-time":
                entity = _time(here, opened.attributes)
        if entity:
            self.entities.append(entity)

    def _code(self, here: Entity, opened: _Open) -> Entity | None:
        """Code and pre; the two around the same text, with a language, are one pre of that language."""
        language = ""
        if opened.tag == "code" and opened.attributes.get("class", "").startswith("language-"):
            language = opened.attributes["class"].removeprefix("language-")
        last = self.entities[-1] if self.entities else None
        together = last is not None and (last.offset, last.length) == (here.offset, here.length)
        place = len(self.entities) - 1
        if together and last and {last.type, here.type} == {"pre", "code"}:
            known = self.languages.get(place, "") if here.type == "pre" else language
            if known and not last.argument:
                self.entities[-1] = Entity("pre", here.offset, here.length, known)
                return None
        if language:
            self.languages[place + 1] = language
        return here


def parse(markup: str) -> tuple[str, tuple[Entity, ...]]:
    """The text of `markup` without its tags, and the entities in the order of the API; raises BadMarkup."""
    parser = _Parser(markup + "\0")
    parser.run()
    text = "".join(parser.pieces)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise BadMarkup(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        )
    return text, in_order(parser.entities)


def _lower(name: str) -> str:
    """Lower case of the ASCII letters only."""
    return "".join(character.lower() if character.isascii() else character for character in name)


def _decoded(match: re.Match[str]) -> str:
    """The character of a reference, or "" where Telegram leaves the reference as it stands."""
    if match["name"]:
        return _CHARACTERS.get(match["name"], "")
    if len(match[0].removesuffix(";")) > _LONGEST_REFERENCE:
        return ""
    code = int(match["hex"], 16) if match["hex"] else int(match["dec"])
    return chr(code) if 0 < code < _LARGEST_CODE_POINT else ""


def _link(here: Entity, address: str) -> Entity | None:
    user = links.mentioned_user(address)
    if user is not None:
        return Entity("text_mention", here.offset, here.length, str(user))
    try:
        return Entity("text_link", here.offset, here.length, links.checked(address))
    except links.WrongAddress:
        return None


def _emoji(here: Entity, identifier: str) -> Entity:
    if not re.fullmatch(r"0*[1-9]\d{0,18}", identifier):
        raise BadMarkup("Invalid custom emoji identifier specified")
    return Entity(here.type, here.offset, here.length, identifier)


def _time(here: Entity, attributes: dict[str, str]) -> Entity | None:
    moment, shape = attributes.get("unix", ""), attributes.get("format", "")
    if not re.fullmatch(r"[1-9]\d{0,9}", moment):
        return None
    if not _TIME_FORMAT.fullmatch(shape):
        raise BadMarkup("Invalid date format used")
    return Entity(here.type, here.offset, here.length, moment, shape)
