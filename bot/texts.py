"""Everything people read, by key, in texts/fa.toml and texts/en.toml; no sentence stands in code.

A text is Telegram's HTML with {placeholders}. Values are escaped as they go in, unless they are Html already; numbers take
the digits of the language. Direction marks come last, when a whole message is made (render.py).
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from bot.chats import ChatLanguage

FOLDER = Path(__file__).parent / "texts"
LANGUAGES: tuple[ChatLanguage, ...] = ("fa", "en")
_TAG = re.compile(r"<[^>]*>")
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


class Html(str):
    """Text that is Telegram's HTML already; everything else is escaped."""

    __slots__ = ()


def text(key: str, language: ChatLanguage, **values: object) -> Html:
    """The text of a key. Raises KeyError for a key or a placeholder that is not there: a mistake of ours."""
    template = _texts(language)[key]
    return Html(template.format_map({name: _safe(value, language) for name, value in values.items()}))


def keys(language: ChatLanguage) -> dict[str, str]:
    """Every key with its template, for the test that compares the languages."""
    return dict(_texts(language))


def html(value: str) -> Html:
    """Somebody's words, escaped."""
    return Html(escape(value, quote=False))


def listed(parts: Iterable[str], language: ChatLanguage) -> str:
    """Parts side by side, with the comma of the language between them."""
    return ("، " if language == "fa" else ", ").join(parts)


def plain(message: Html) -> str:
    """An HTML text as a terminal shows it."""
    return unescape(_TAG.sub("", message))


def _safe(value: object, language: ChatLanguage) -> str:
    if isinstance(value, Html):
        return value
    if isinstance(value, int):
        grouped = f"{value:,}"
        return grouped.replace(",", "٬").translate(_PERSIAN_DIGITS) if language == "fa" else grouped
    return escape(str(value), quote=False)


@cache
def _texts(language: ChatLanguage) -> dict[str, str]:
    with (FOLDER / f"{language}.toml").open("rb") as file:
        return dict(_flatten("", tomllib.load(file)))


def _flatten(prefix: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in table.items():
        pairs += _flatten(f"{prefix}{name}.", value) if isinstance(value, dict) else [(prefix + name, value)]
    return pairs
