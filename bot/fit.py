"""Makes Telegram's HTML fit into messages: counting as Telegram counts, packing blocks, cutting without breaking a tag. Pure."""

import re
from collections.abc import Iterable

from bot.chats import ChatLanguage
from bot.direction import direct
from bot.messenger import Message
from bot.texts import Html

MESSAGE_LIMIT = 4096  # UTF-16 units of what is seen: after entities are parsed
CAPTION_LIMIT = 1024  # the same, under a file
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_TOKEN = re.compile(r"<[^>]*>|&#?\w+;|\s|[^<&\s]+|[<&]")


def length(message: str) -> int:
    """What Telegram counts of an HTML text."""
    return sum(map(_width, _TOKEN.findall(message)))


def pack(blocks: Iterable[Html], language: ChatLanguage, limit: int = MESSAGE_LIMIT) -> tuple[Message, ...]:
    """Blocks (a line or more each) as few messages, marked for direction; only a block over the limit is cut."""
    packed: list[str] = []
    for block in blocks:
        for piece in cut(direct(block, language), limit):
            if packed and length(packed[-1]) + 1 + length(piece) <= limit:
                packed[-1] += "\n" + piece
            else:
                packed.append(piece.lstrip("\n"))
    return tuple(Message(piece) for piece in packed)


def cut(message: str, limit: int) -> list[str]:
    """The message in pieces of at most `limit`, cut between words; tags that a cut divides are closed and opened again."""
    pieces: list[str] = []
    current, size, opened = "", 0, list[str]()
    for token in (part for whole in _TOKEN.findall(message) for part in _short(whole, limit)):
        if size + _width(token) > limit:
            pieces.append(current + "".join(f"</{_name(tag)}>" for tag in reversed(opened)))
            current, size = "".join(opened), 0
            if token.isspace():
                continue
        current, size = current + token, size + _width(token)
        if tag := _TAG.fullmatch(token):
            opened = opened[:-1] if tag[1] else [*opened, token]
    return [*pieces, current] if current else pieces


def _short(token: str, limit: int) -> list[str]:
    """A word that fills half a message and more, in parts."""
    part = max(1, limit // 4)  # an emoji counts two
    return (
        [token] if token[0] in "<&" or len(token) <= part else [token[i : i + part] for i in range(0, len(token), part)]
    )


def _name(tag: str) -> str:
    return tag.strip("<>").split()[0]


def _width(token: str) -> int:
    if _TAG.fullmatch(token):
        return 0
    return 1 if token[0] == "&" and token[-1] == ";" else len(token.encode("utf-16-le", "surrogatepass")) // 2
