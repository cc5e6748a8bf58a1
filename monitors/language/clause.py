"""A passage as sentiment reads it: words with their place about the brand, the clause that holds it, negation and contrast.

What lives here: structure only. What does not: what words mean (lexicon.py), what they weigh (sentiment.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitors.language.lexicon import Word, word

_TOKEN = re.compile(
    r"[^\W\d_]+(?:[\u200c'’\-]?[^\W\d_]+)*|\d+(?:[.,٫٬/:]\d+)*|[\U0001F300-\U0001FAFF\u2600-\u27BF\u2B50][\uFE0F\u200D\u2640\u2642\U0001F3FB-\U0001F3FF]*|[^\w\s\u200c\u200f\u200e\ufe0f]"
)
_ENDS = frozenset('.!?؟…;؛،,:—–-()«»"/')
_CONTRAST = frozenset(["ولی", "اما", "منتها", "لیکن", "but", "however", "whereas", "while", "though"])
_PREFIXES = frozenset(("می", "نمی"))
_SUFFIXES = frozenset(
    ["ها", "های", "هایی", "هاش", "هاشون", "هایش", "هایشان", "تر", "ترین", "ام", "اش", "ات", "ایم", "اند", "اید"]
)
BRAND = "\x00"


class Token(NamedTuple):
    """A word in its place: offsets in the text, the clause's number."""

    start: int
    end: int
    word: Word
    clause: int
    is_brand: bool = False


@dataclass(frozen=True, slots=True)
class Clauses:
    """A text in tokens; `home` are the numbers of the clauses that hold the brand, empty where none does."""

    text: str
    tokens: tuple[Token, ...]
    home: frozenset[int]


def divide(text: str, marks: Sequence[tuple[int, int]]) -> Clauses:
    """Cut a text at punctuation and contrast; each mark becomes one token that has no spelling."""
    tokens: list[Token] = []
    clause, at = 0, 0
    for start, end in (*marks, (len(text), len(text))):
        clause = _read(text, at, start, clause, tokens)
        if end > start:
            tokens.append(Token(start, end, _BRAND_WORD, clause, is_brand=True))
        at = max(at, end)
    return Clauses(text, tuple(tokens), frozenset(token.clause for token in tokens if token.is_brand))


_BRAND_WORD = Word(BRAND, ("",))


def _read(text: str, start: int, end: int, clause: int, tokens: list[Token]) -> int:
    """Append the tokens of text[start:end]; the number of the clause that goes on."""
    previous, lines = start, "\n" in text
    for match in _TOKEN.finditer(text, start, end):
        raw = match[0]
        begin, stop = match.span()
        if raw in _CONTRAST or (lines and "\n" in text[previous:begin]):
            clause += 1
        if tokens and (raw in _SUFFIXES or tokens[-1].word.norm in _PREFIXES) and _joins(text, tokens[-1], raw, begin):
            begin = tokens.pop().start
            raw = text[begin:stop]
        tokens.append(Token(begin, stop, word(raw), clause))
        if raw in _ENDS:
            clause += 1
        previous = stop
    return clause


def _joins(text: str, last: Token, raw: str, start: int) -> bool:
    """«می رسه», «کتاب ها»: one word that is written apart."""
    if last.is_brand or text[last.end : start] not in (" ", "\u200c"):
        return False
    return raw.isalpha() if last.word.norm in _PREFIXES else last.word.norm.isalpha()
