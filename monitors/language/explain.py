"""Why an article satisfies a query or not: what /why tells."""

from dataclasses import dataclass

from monitors.language.expression import FromSource, InLanguage, Near, Reading, Without, find, show, walk
from monitors.language.query import Query
from monitors.language.terms import Term
from monitors.language.text import Document
from monitors.model import Language, Span


@dataclass(frozen=True, slots=True)
class Found:
    """A term that stands in an article: in the query's spelling, as the folded text spells it, and where."""

    term: str
    folded: str
    span: Span


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article satisfies a query or not.

    `missing` are positive terms that were not found (of alternatives, not all are needed); `blocking` the terms of
    exclusions that hold; `unmet` are restrictions and distances that fail, in the query language.
    """

    satisfied: bool
    found: tuple[Found, ...]
    missing: tuple[str, ...]
    blocking: tuple[Found, ...]
    unmet: tuple[str, ...]


def explain(query: Query, document: Document, *, source: str = "", language: Language | None = None) -> Explanation:
    """Which term stands where, which exclusion blocks, which restriction fails."""
    reading = Reading(document, source, language)
    nodes = list(walk(query.expression))
    exclusions = [node.operand for node, excluded in nodes if isinstance(node, Without) and not excluded]
    blocking = [exclusion for exclusion in exclusions if find(exclusion, reading) is not None]
    conditions = [node for node, excluded in nodes if isinstance(node, Near | FromSource | InLanguage) and not excluded]
    return Explanation(
        satisfied=find(query.expression, reading) is not None,
        found=tuple(found for term in query.terms for found in _found(term, reading)),
        missing=tuple(str(term) for term in query.terms if not reading.places(term)),
        blocking=tuple(
            found
            for exclusion in blocking
            for node, excluded in walk(exclusion)
            if isinstance(node, Term) and not excluded
            for found in _found(node, reading)
        ),
        unmet=tuple(show(condition) for condition in conditions if find(condition, reading) is None),
    )


def _found(term: Term, reading: Reading) -> list[Found]:
    document = reading.document
    return [
        Found(str(term), document.folded[place.start : place.end], document.span(place.start, place.end))
        for place in reading.places(term)
    ]
