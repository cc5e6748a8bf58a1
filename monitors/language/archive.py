"""A query as an expression for the full-text index: candidates in the archive, for the matcher to judge afterwards.

The index (SQLite FTS5, unicode61) holds `Document.folded`, where a name may be spelled in one token or in several. The
expression is wider than the query: exclusions, restrictions and distances are left out, spacings and suffixes put in.
Two spellings escape it: a name glued to a word of another script before it, and one broken at two places of which the
query names none.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from monitors.language.expression import Both, Either, Expression, Near
from monitors.language.query import Query
from monitors.language.terms import Term, suffixes
from monitors.language.text import fold

_SHORT: Final = 5  # names of fewer letters begin too many other words: their suffixes are spelled out
_SHORT_TOKEN: Final = 3  # and so with a last token of fewer: «کالا» broken before its last letter
_MANY_BREAKS: Final = 5


def candidates(query: Query) -> str:
    """The right side of `MATCH` that finds every article of the archive that the query may mean; never empty."""
    expression = _expression(query.expression)
    assert expression is not None, "a query has anchors"  # noqa: S101
    return expression


def _expression(expression: Expression) -> str | None:
    match expression:
        case Term():
            return None if expression.broad else " OR ".join(dict.fromkeys(_phrases(expression)))
        case Either(operands):
            each = [_expression(operand) for operand in operands]
            return None if None in each else " OR ".join(f"({one})" for one in each)
        case Both(operands):
            return _all(operands)
        case Near(left, right):
            return _all((left, right))
        case _:
            return None


def _all(operands: tuple[Expression, ...]) -> str | None:
    each = [one for operand in operands if (one := _expression(operand))]
    return " AND ".join(f"({one})" for one in each) or None


def _phrases(term: Term) -> Iterator[str]:
    """Phrases of tokens that may spell the term: each of its spacings, with what may follow its last letter."""
    name = term.joined
    for breaks in _spacings(term):
        tokens = "".join(f" {letter}" if at in breaks else letter for at, letter in enumerate(name))
        phrase = " ".join("".join(letter if letter.isalnum() else " " for letter in tokens).split())
        short = len(name) < _SHORT or len(phrase) - phrase.rfind(" ") <= _SHORT_TOKEN
        if "\u0620" <= name[-1] <= "\u06ff" and short:
            yield from (f'"{phrase}{suffix}"' for suffix in ("", *sorted(suffixes(name))))
            yield from (f'"{phrase}{digit}" *' for digit in range(10))
        else:
            yield f'"{phrase}" *'


def _spacings(term: Term) -> Iterator[frozenset[int]]:
    """Sets of offsets in the name before which a break may stand: some of the query's own, and one anywhere."""
    own, at = [], 0
    for word in fold(term.text).split()[:-1]:
        at += len(word)
        own.append(at)
    kept = len(own) if len(own) < _MANY_BREAKS else 0
    for size in range(kept + 1):
        yield from map(frozenset, combinations(own, size))
    for extra in range(1, len(term.joined)):
        yield frozenset({extra})
        yield frozenset({*own, extra})
