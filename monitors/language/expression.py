"""What a query means: the tree of terms, alternatives, exclusions … and whether an article satisfies it.

Reading a query's text is query.py's work; where a single term stands is decided in terms.py.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import assert_never

from monitors.language.terms import Place, Term, places
from monitors.language.text import Document, fold_document
from monitors.model import Language

type Expression = Term | Either | Both | Without | Near | FromSource | InLanguage


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of them. Never holds an Either."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """All of them; those that exclude come last. Never holds a Both."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Not that. Stands inside a Both only."""

    operand: Expression
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Both, in either order, with at most `words` words between them. Operands are terms or alternatives of terms."""

    left: Expression
    right: Expression
    words: int


@dataclass(frozen=True, slots=True)
class FromSource:
    """The source's name or address holds the term."""

    term: Term


@dataclass(frozen=True, slots=True)
class InLanguage:
    """The article is in that language."""

    language: Language
    position: int = field(default=0, compare=False)


def any_of(operands: Iterable[Expression]) -> Expression:
    """At least one of the operands, each named once."""
    flat = [inner for one in operands for inner in (one.operands if isinstance(one, Either) else (one,))]
    return _one_or(Either, flat)


def all_of(operands: Iterable[Expression]) -> Expression:
    """All of the operands, each named once, exclusions last."""
    flat = [inner for one in operands for inner in (one.operands if isinstance(one, Both) else (one,))]
    return _one_or(Both, sorted(flat, key=lambda operand: isinstance(operand, Without)))


def _one_or(kind: type[Either | Both], operands: Iterable[Expression]) -> Expression:
    unique = tuple(dict.fromkeys(operands))
    return unique[0] if len(unique) == 1 else kind(unique)


class Reading:
    """One article being read for many expressions: each term is looked for once.

    `spelled` says of some terms' letters where tokens start in `document.joined` that may spell them.
    """

    def __init__(self, document: Document, source: str = "", language: Language | None = None) -> None:
        self.document = document
        self.source = source
        self.language = language
        self.spelled: dict[str, set[int]] = {}
        self._places: dict[Term, tuple[Place, ...]] = {}

    def places(self, term: Term) -> tuple[Place, ...]:
        """Where the term stands in the article."""
        found = self._places.get(term)
        if found is None:
            found = self._places[term] = places(term, self.document, self.spelled.get(term.joined))
        return found

    def is_from(self, term: Term) -> bool:
        """Whether the term stands in the source's name or address."""
        return bool(places(term, fold_document("", self.source)))


# ── does an article satisfy it? ──────────────────────────────────────────────────────────────────────────────────────


def find(expression: Expression, reading: Reading) -> list[Place] | None:
    """Where the terms stand that satisfy the expression, or None where the article does not satisfy it."""
    match expression:
        case Term():
            return list(reading.places(expression)) or None
        case Either(operands):
            found = [places for operand in operands if (places := find(operand, reading)) is not None]
            return list(chain.from_iterable(found)) if found else None
        case Both(operands):
            return _find_all(operands, reading)
        case Without(operand):
            return [] if find(operand, reading) is None else None
        case Near(left, right, words):
            return _find_pairs(find(left, reading), find(right, reading), words, reading.document)
        case FromSource(term):
            return [] if reading.is_from(term) else None
        case InLanguage(language):
            return [] if reading.language == language else None
        case _:
            assert_never(expression)


def _find_all(operands: tuple[Expression, ...], reading: Reading) -> list[Place] | None:
    found: list[Place] = []
    for operand in operands:
        places = find(operand, reading)
        if places is None:
            return None
        found += places
    return found


def _find_pairs(
    lefts: list[Place] | None, rights: list[Place] | None, words: int, document: Document
) -> list[Place] | None:
    if lefts is None or rights is None:
        return None
    return [*_near(lefts, rights, words, document), *_near(rights, lefts, words, document)] or None


def _near(ones: list[Place], others: list[Place], words: int, document: Document) -> Iterator[Place]:
    """Those that have one of the others near, before or after: it is enough to look at the nearest."""
    starts = sorted(other.start for other in others)
    ends = sorted(other.end for other in others)
    for one in ones:
        after = bisect_left(starts, one.end)
        before = bisect_right(ends, one.start) - 1
        if (after < len(starts) and document.words_between(one.end, starts[after]) <= words) or (
            before >= 0 and document.words_between(ends[before], one.start) <= words
        ):
            yield one


# ── its parts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def walk(expression: Expression, *, excluded: bool = False) -> Iterator[tuple[Expression, bool]]:
    """Every node, the root first, with whether it lies within an exclusion."""
    yield expression, excluded
    match expression:
        case Either(operands) | Both(operands):
            for operand in operands:
                yield from walk(operand, excluded=excluded)
        case Without(operand):
            yield from walk(operand, excluded=True)
        case Near(left, right):
            yield from walk(left, excluded=excluded)
            yield from walk(right, excluded=excluded)
        case _:
            pass


def anchors(expression: Expression) -> frozenset[Term]:
    """Terms of which one at least stands in every article that satisfies the expression; empty if there are none.

    Of several such sets the one whose shortest term is longest: it is hit least. Broad terms are no anchors.
    """
    match expression:
        case Term():
            return frozenset() if expression.broad else frozenset({expression})
        case Either(operands):
            each = [anchors(operand) for operand in operands]
            return frozenset().union(*each) if all(each) else frozenset()
        case Both(operands):
            return _rarest(operands)
        case Near(left, right):
            return _rarest((left, right))
        case Without() | FromSource() | InLanguage():
            return frozenset()
        case _:
            assert_never(expression)


def _rarest(operands: tuple[Expression, ...]) -> frozenset[Term]:
    return max(map(anchors, operands), key=lambda terms: min((len(term.joined) for term in terms), default=0))


def in_title(expression: Expression) -> Expression:
    """The same, looked for in the title only."""
    match expression:
        case Term():
            return replace(expression, part="title")
        case Either(operands):
            return any_of(map(in_title, operands))
        case Both(operands):
            return all_of(map(in_title, operands))
        case Without(operand):
            return replace(expression, operand=in_title(operand))
        case Near(left, right):
            return replace(expression, left=in_title(left), right=in_title(right))
        case FromSource() | InLanguage():
            return expression
        case _:
            assert_never(expression)


# ── its canonical text ───────────────────────────────────────────────────────────────────────────────────────────────


def show(expression: Expression) -> str:
    """The expression in the query language; reading it again gives an equal expression."""
    match expression:
        case Term():
            return str(expression)
        case Either(operands):
            return " | ".join(_show_inside(operand) for operand in operands)
        case Both(operands):
            shown = " ".join(show(one) if isinstance(one, Without) else f"+ {_show_inside(one)}" for one in operands)
            return shown.removeprefix("+ ")
        case Without(operand):
            return f"- {_show_inside(operand)}"
        case Near(left, right, words):
            return f"{_show_inside(left)} ~{words} {_show_inside(right)}"
        case FromSource(term):
            return f"source:{term}"
        case InLanguage(language):
            return f"lang:{language}"
        case _:
            assert_never(expression)


def _show_inside(expression: Expression) -> str:
    shown = show(expression)
    return f"({shown})" if isinstance(expression, Either | Both) else shown
