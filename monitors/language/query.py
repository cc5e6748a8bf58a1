"""A query as the rest of Rasad knows it: what it asks, in which words, and what to search a network for.

How its text is read is grammar.py's work (and query.lark's); what an expression means is in expression.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Final, assert_never

from monitors.errors import QueryError
from monitors.language.expression import (
    Both,
    Either,
    Expression,
    FromSource,
    InLanguage,
    Near,
    Reading,
    Without,
    anchors,
    find,
    show,
    walk,
)
from monitors.language.grammar import read
from monitors.language.terms import Term
from monitors.language.text import Document
from monitors.model import Language

MAX_LENGTH: Final = 2000  # characters of a query
MAX_SEARCHES: Final = 12

# ── a query ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood. Queries are equal when they mean the same; `str(query)` is its canonical text.

    `anchors` are terms of which at least one stands in every article that satisfies the query; never empty.
    """

    expression: Expression
    anchors: frozenset[Term] = field(compare=False)

    def __str__(self) -> str:
        return show(self.expression)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The positive terms, each once, in the query's order."""
        nodes = walk(self.expression)
        return tuple(dict.fromkeys(node for node, excluded in nodes if isinstance(node, Term) and not excluded))

    @property
    def search_terms(self) -> tuple[str, ...]:
        """What to search a network for: one plain string, in the user's spelling, for each positive alternative.

        Words that must all appear stand in one string. Where that would be too many strings, the anchors alone.
        """
        searches = tuple(dict.fromkeys(_searches(self.expression)))
        return searches if len(searches) <= MAX_SEARCHES else tuple(sorted(term.text for term in self.anchors))

    def satisfied(self, document: Document, *, source: str = "", language: Language | None = None) -> bool:
        """Whether the article satisfies the query. `source` is the name and address of where it was published."""
        return find(self.expression, Reading(document, source, language)) is not None


def _searches(expression: Expression) -> list[str]:
    match expression:
        case Term():
            return [expression.text]
        case Either(operands):
            return [search for operand in operands for search in _searches(operand)]
        case Both(operands):
            return _combined(operands)
        case Near(left, right):
            return _combined((left, right))
        case _:
            return []


def _combined(operands: Sequence[Expression]) -> list[str]:
    wanted = [searches for operand in operands if (searches := _searches(operand))]
    return [" ".join(words) for words in islice(product(*wanted), MAX_SEARCHES + 1)] if wanted else []


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def parse(query: str) -> Query:
    """Read a query. Raises QueryError, and nothing else, whatever the text; takes time linear in its length."""
    if len(query) > MAX_LENGTH:
        raise QueryError("too_long", MAX_LENGTH, query[MAX_LENGTH : MAX_LENGTH + 20])
    expression = read(query)
    anchored = anchors(expression)
    if not anchored:
        raise _unanchored(expression)
    return Query(expression, anchored)


def _unanchored(expression: Expression) -> QueryError:
    """Why an expression would match nearly everything, at the place that makes it so."""
    match expression:
        case Term(position=position, text=text):
            return QueryError("too_broad", position, text)
        case Either(operands) | Both(operands):
            return _unanchored(next(operand for operand in operands if not anchors(operand)))
        case Near(left):
            return _unanchored(left)
        case Without(position=position):
            return QueryError("only_negative", position, show(expression))
        case FromSource(Term(position=position)) | InLanguage(position=position):
            return QueryError("too_broad", position, show(expression))
        case _:
            assert_never(expression)
