"""What to tell somebody about a query that was read without a mistake and may yet find too much."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt
from typing import Final

from monitors.language.common_words import ANY_STOPWORD, HOMOGRAPHS
from monitors.language.expression import Both, Either, Expression, FromSource, InLanguage, Reading, Without, find
from monitors.language.query import Query
from monitors.language.terms import Term
from monitors.language.text import Document, fold


@dataclass(frozen=True, slots=True)
class Homograph:
    """A term that is a common word too. `context` are words that stand beside the name; `proposal` is a query of both."""

    term: str
    context: tuple[str, ...]
    proposal: str


def homographs(query: Query) -> tuple[Homograph, ...]:
    """The terms of a query that are common words too and that nothing in the query tells apart from them."""
    return tuple(
        Homograph(term.text, context, f"{term} + ({' | '.join(context)})")
        for term in _unaccompanied(query.expression)
        if not term.tag and (context := HOMOGRAPHS.get(term.joined))
    )


def _unaccompanied(expression: Expression) -> Iterator[Term]:
    """The terms that satisfy the expression without another term beside them."""
    match expression:
        case Term():
            yield expression
        case Either(operands):
            for operand in operands:
                yield from _unaccompanied(operand)
        case Both(operands):
            wanted = [one for one in operands if not isinstance(one, Without | FromSource | InLanguage)]
            if len(wanted) == 1:
                yield from _unaccompanied(wanted[0])
        case _:
            pass


# ── words to exclude ─────────────────────────────────────────────────────────────────────────────────────────────────

_WORD: Final = re.compile(r"[^\W\d_]+(?:\u200c[^\W\d_]+)*")
_AROUND: Final = 100  # characters on either side of a match
_LEAST: Final = 3  # letters of a word, and articles that hold it
_SHARE: Final = (0.04, 0.7)  # of the matching articles: rarer words exclude little, commoner ones everything


def words_to_exclude(
    query: Query, matching: Sequence[Document], others: Sequence[Document], count: int = 5
) -> list[str]:
    """The words that stand beside the query's terms and set them apart from other articles, most distinctive first.

    By weighted log-odds (Monroe, Colaresi and Quinn 2008, with a prior of one half) of the articles that hold a word near
    a match against the share of other articles that hold it anywhere. Words are in the articles' own spelling.
    """
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for document in matching:
        for word in dict.fromkeys(_words_around(query, document)):
            spellings[_key(word)][word] += 1
    elsewhere = Counter(_key(word) for document in others for word in set(_WORD.findall(document.original)))
    scores = {}
    for folded, spelled in spellings.items():
        here = spelled.total()
        if here >= _LEAST and _SHARE[0] <= here / len(matching) <= _SHARE[1]:
            scores[folded] = _distinctive(here, len(matching), elsewhere[folded], len(others))
    best = sorted((folded for folded in scores if scores[folded] > 0), key=scores.__getitem__, reverse=True)
    return [spellings[folded].most_common(1)[0][0] for folded in best[:count]]


@lru_cache(maxsize=1 << 16)
def _key(word: str) -> str:
    return fold(word).replace(" ", "")


def _words_around(query: Query, document: Document) -> Iterator[str]:
    own = {word for term in query.terms for word in fold(term.text).split()}
    for place in find(query.expression, Reading(document)) or ():
        start, end = document.original_at(place.start), document.original_at(place.end - 1) + 1
        first = document.original.rfind(" ", 0, max(0, start - _AROUND)) + 1
        last = document.original.find(" ", end + _AROUND) % (len(document.original) + 1)  # -1: the text's end
        for word in _WORD.findall(f"{document.original[first:start]} {document.original[end:last]}"):
            pieces = set(fold(word).split())
            if len(word) >= _LEAST and not pieces & own and not pieces <= ANY_STOPWORD:
                yield word


def _distinctive(here: int, articles: int, elsewhere: int, others: int) -> float:
    """The z-score of the difference of log-odds."""
    difference = _log_odds(here, articles) - _log_odds(elsewhere, others)
    return difference / sqrt(1 / (here + 0.5) + 1 / (elsewhere + 0.5))


def _log_odds(holding: int, articles: int) -> float:
    return log((holding + 0.5) / (articles - holding + 0.5))
