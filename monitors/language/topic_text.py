"""What is said beside a name, as runs of words that may be a topic: lemmatised, and cut at every mark, number and mention.

What lives here: reading one mention or one text of the background. What does not: counting and choosing (topics.py), lemmas
(text.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from monitors.language import passage
from monitors.language.common_words import ANY_STOPWORD, REPORTING_WORDS, VERBAL_NOUNS
from monitors.language.text import fold, lemma
from monitors.model import SentimentLabel, Span

PASSAGE: Final = 400  # characters around the name

_UNSEEN: Final = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200b\u200d-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_ELSEWHERE: Final = re.compile(r"(?:https?://|www\.|t\.me/)\S+|@\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:ir|com|org|net)\b")
_TOKEN: Final = re.compile(r"#\w+|[^\W\d_]+(?:\u200c[^\W\d_]+)*|\d+|[^\w\s\u200c]|\n")
_COPULAS: Final = frozenset(("اند", "ام", "ایم", "اید", "است", "ست"))  # behind a half-space: ناراضی‌اند
_CUT: Final = "\n"
_SHORTEST: Final = 2  # letters
_SHORTEST_PLURAL: Final = 3


@dataclass(frozen=True, slots=True)
class Said:
    """A mention: the article, where the name stands in it, and what numbers know of it."""

    article_id: int
    title: str
    text: str
    spans: tuple[Span, ...]
    label: SentimentLabel
    story_id: int
    publisher: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a run. `key` is its lemma, folded; `empty` ones say nothing by themselves and neither begin nor end a topic."""

    surface: str
    key: str
    empty: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Runs of words with nothing between them but spaces, and the hashtags, as they are written."""

    runs: tuple[tuple[Word, ...], ...]
    hashtags: tuple[str, ...]


def read_said(said: Said) -> Reading:
    """The sentences around the name and the headline, without the name."""
    about = passage.around(said.title, said.text, said.spans, PASSAGE)
    return _read(f"{_without(about.title, about.title_marks)}{_CUT}{_without(about.text, about.marks)}")


def read_other(text: str) -> Reading:
    """A text of the background: as much of it as of a mention."""
    return _read(text[:PASSAGE])


def names_in(said: Said) -> Iterator[str]:
    """The name as it stands in the article, folded, each spelling."""
    for span in said.spans:
        whole = said.title if span.part == "title" else said.text
        yield fold(whole[span.start : span.end])


def _without(text: str, marks: Sequence[tuple[int, int]]) -> str:
    pieces, done = [], 0
    for start, end in marks:
        pieces.append(text[done:start])
        done = max(done, end)
    return _CUT.join((*pieces, text[done:]))


def _read(text: str) -> Reading:
    plain = _UNSEEN.sub("", text.replace("ي", "ی").replace("ك", "ک").replace("\u00ac", "\u200c"))
    if "." in plain or "@" in plain:
        plain = _ELSEWHERE.sub(_CUT, plain)
    runs: list[tuple[Word, ...]] = []
    run: list[Word] = []
    hashtags = []
    for token in _TOKEN.findall(plain):
        if token[0] == "#" and len(token) > 1:
            hashtags.append(token)
        if word := _word(token):
            run.append(word)
        elif run:
            runs.append(tuple(run))
            run = []
    return Reading((*runs, tuple(run)) if run else tuple(runs), tuple(hashtags))


@lru_cache(maxsize=1 << 17)
def _word(token: str) -> Word | None:
    """None for a mark or a number: a run ends there."""
    written = token.strip("#_").replace("_", "\u200c")
    if not written[:1].isalpha():
        return None
    root = _singular(written) if written.isascii() else lemma(written)
    folded, key = fold(written).replace(" ", ""), fold(root).replace(" ", "")
    verb = "#" in root and folded not in VERBAL_NOUNS
    verb = verb or written.rpartition("\u200c")[2] in _COPULAS
    empty = verb or len(key) < _SHORTEST or any(one in _EMPTY for one in (folded, key))
    return Word(written, folded if "#" in root else key, empty)


def _singular(word: str) -> str:
    """An English word without the s of a plural."""
    plural = len(word) > _SHORTEST_PLURAL and word[-1] == "s" and word[-2:] not in ("ss", "us", "is")
    return word[:-1] if plural else word


_EMPTY: Final = ANY_STOPWORD | REPORTING_WORDS
