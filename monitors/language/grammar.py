"""The text of a query becomes an expression, by the grammar of query.lark; words become terms, mistakes get a reason.

lark is loaded with the first query that is more than a name: it takes five megabytes, and most need no parser.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from monitors.errors import QueryError
from monitors.language.expression import (
    Either,
    Expression,
    FromSource,
    InLanguage,
    Near,
    Without,
    all_of,
    any_of,
    in_title,
    show,
)
from monitors.language.terms import Term
from monitors.language.text import fold
from monitors.model import Language

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

MAX_DEPTH: Final = 20  # parentheses within parentheses
MAX_DISTANCES: Final = 10  # ~N in one query: each costs time with every word that is found
MAX_DISTANCE: Final = 100  # the N of ~N, in words

_PLAIN: Final = re.compile(r"\s*[\w\u200c]+(?:\s+[\w\u200c]+)*\s*")
_OPERATOR_WORD: Final = re.compile(r"\b(?:OR|AND|NOT)\b|(?:^|[\s\u200c])ـ")


def read(query: str) -> Expression:
    """The expression that a query's text spells. Raises QueryError where it spells none."""
    if _is_plain(query):
        return _term(query, len(query) - len(query.lstrip()), query)
    _refuse_excess(query)
    return _build(_tree(query))


def _refuse_excess(query: str) -> None:
    depth = distances = 0
    for position, character in enumerate(query):
        depth += (character == "(") - (character == ")")
        distances += character == "~"
        if depth > MAX_DEPTH or distances > MAX_DISTANCES:
            raise QueryError("too_deep" if depth > MAX_DEPTH else "too_long", position, character)


def _is_plain(query: str) -> bool:
    """Whether it is nothing but words: most queries are, and reading them needs no parser, at a tenth of the time."""
    return _PLAIN.fullmatch(query) is not None and _OPERATOR_WORD.search(query) is None


@cache
def _parser() -> Lark:
    from lark import Lark

    grammar = Path(__file__).with_name("query.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", maybe_placeholders=False)


def _tree(query: str) -> Tree[Token]:
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    try:
        return _parser().parse(query)
    except UnexpectedCharacters as error:  # there is a token for everything but a quote that is not closed
        position = error.pos_in_stream or 0
        raise QueryError("unclosed_quote", position, query[position : position + 20]) from error
    except UnexpectedToken as error:
        raise _misplaced(error.token, query) from error


# ── building ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_LANGUAGES: Final[dict[str, Language]] = {
    "fa": "fa",
    "en": "en",
    "ar": "ar",
    "فارسی": "fa",
    "انگلیسی": "en",
    "عربی": "ar",
}


def _build(tree: Tree[Token]) -> Expression:
    children: list[Any] = tree.children
    match tree.data, children:
        case "phrase", words:
            return _phrase(words)
        case "exact", [quoted]:
            return _exact(quoted)
        case "tag", [tag]:
            return _tag(tag)
        case "title", [_, operand]:
            return in_title(_build(operand))
        case "source", [_, value]:
            return FromSource(_exact(value) if value.type == "EXACT" else _phrase([value]))
        case "lang", [_, value]:
            return _language(value)
        case "without", [operator, operand]:
            return _without(_build(operand), operator)
        case "near", [*_]:
            return _near(children)
        case "both", [*_]:
            return all_of([_build(child) for child in children])
        case _:
            return any_of([_build(child) for child in children])


def _without(operand: Expression, operator: Token) -> Expression:
    return operand.operand if isinstance(operand, Without) else Without(operand, _offset(operator))


def _near(children: list[Any]) -> Expression:
    """`a ~3 b ~5 c` is both `a ~3 b` and `b ~5 c`."""
    operands = [_build(child) for child in children[::2]]
    pairs: list[Expression] = []
    for operator, (left, right) in zip(children[1::2], pairwise(operands), strict=True):
        distance = fold(operator[1:])
        if not distance.isdecimal() or len(distance) > len(str(MAX_DISTANCE)) or not 1 <= int(distance) <= MAX_DISTANCE:
            raise QueryError("bad_distance", _offset(operator), str(operator))
        for operand in (left, right):
            alternatives = operand.operands if isinstance(operand, Either) else (operand,)
            if not all(isinstance(alternative, Term) for alternative in alternatives):
                raise QueryError("bad_distance", _offset(operator), show(operand))
        pairs.append(Near(left, right, int(distance)))
    return all_of(pairs)


def _language(value: Token) -> Expression:
    language = _LANGUAGES.get(fold(value.strip('"“”„«»')))
    if language is None:
        raise QueryError("bad_restriction", _offset(value), str(value))
    return InLanguage(language, _offset(value))


# ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_INVISIBLE: Final = re.compile("[\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LIST_COMMA: Final = re.compile(r"[،؛,;](?!\d)")
_OTHER_RESTRICTION: Final = re.compile(r"[A-Za-z]{2,}:(?!//)\S")
_QUOTES: Final = "'`‘’"
_SENTENCE_END: Final = ".!?؟:…،؛,;" + _QUOTES


def _phrase(words: list[Token]) -> Term:
    """A run of words as one term. Punctuation that ends a sentence is not part of a name; a list needs `|`."""
    for word in words:
        if _OTHER_RESTRICTION.match(word):
            raise QueryError("bad_restriction", _offset(word), str(word))
    last = words[-1].rstrip(_SENTENCE_END)
    for word, text in [*((word, str(word)) for word in words[:-1]), (words[-1], last)]:
        comma = _LIST_COMMA.search(text)
        if comma:
            raise QueryError("comma", _offset(word) + comma.start(), comma[0])
    text = " ".join([*words[:-1], last]).lstrip(_QUOTES)
    return _term(text, _offset(words[0]), words[0])


def _exact(quoted: Token) -> Term:
    return _term(quoted[1:-1], _offset(quoted), quoted, exact=True)


def _tag(tag: Token) -> Term:
    text = "#" + tag[1:].rstrip(_SENTENCE_END)
    wrong = next(
        (at for at, character in enumerate(fold(text[1:])) if not character.isalnum() and character != " "), None
    )
    if wrong is not None or len(text) == 1:
        raise QueryError("bad_tag", _offset(tag), str(tag))
    return _term(text, _offset(tag), tag, tag=True)


def _term(text: str, position: int, written: str, *, exact: bool = False, tag: bool = False) -> Term:
    visible = " ".join(_INVISIBLE.sub("", text).split())
    term = Term.of(visible, exact=exact, tag=tag, position=position)
    if term is None:
        raise QueryError("empty", position, str(written))
    return term


def _offset(token: Token) -> int:
    return token.start_pos or 0


# ── mistakes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_OPERATORS: Final = ("_OR", "_AND", "NOT", "NEAR", "TITLE", "SOURCE", "LANG")


def _misplaced(token: Token, query: str) -> QueryError:
    """The mistake behind a token that the grammar does not expect at its place."""
    at_end = token.type == "$END"
    before: list[Token] = []
    for earlier in _parser().lex(query):
        if not at_end and _offset(earlier) >= _offset(token):
            break
        before.append(earlier)
    if not before and at_end:
        return QueryError("empty")
    if before and before[-1].type in _OPERATORS:
        return QueryError("missing_operand", _offset(before[-1]), str(before[-1]))
    if at_end:
        return QueryError("unclosed_parenthesis", _open_parenthesis(before), "(")
    if token.type in _OPERATORS or (before and before[-1].type == "LPAR"):
        return QueryError("missing_operand", _offset(token), str(token))
    return QueryError("unexpected", _offset(token), str(token))


def _open_parenthesis(tokens: list[Token]) -> int:
    opened: list[int] = []
    for token in tokens:
        if token.type == "LPAR":
            opened.append(_offset(token))
        elif token.type == "RPAR":
            opened.pop()
    return opened[-1]
