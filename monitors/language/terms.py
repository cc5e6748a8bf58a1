"""A term and where it stands: the rules about token edges, Persian suffixes, hashtags and exact forms.

A term is looked for in the folded text with all breaks left out, so every spacing of a name is one spelling. It stands
where it begins at a token's start and ends at a token's end or before an allowed suffix. docs/matching.md tells the
rules with examples; each has cases from both sides in tests/unit/language/cases.tsv.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Final, NamedTuple

from monitors.language.characters import ARABIC, BREAK, SYMBOL, TIE, WORD
from monitors.language.common_words import ANY_STOPWORD, JOINING_WORDS, STOPWORDS, WHOLE_WORDS
from monitors.language.text import Document, fold, key
from monitors.model import Part

# ── suffixes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_OWNERS: Final = ("م", "ت", "ش", "مان", "تان", "شان")
_INFORMAL_OWNERS: Final = ("م", "ت", "ش", "مون", "تون", "شون")
_PLURALS: Final = frozenset(
    {"ها", "های", "هایی", "هاست"} | {f"های{owner}" for owner in _OWNERS} | {f"ها{owner}" for owner in _INFORMAL_OWNERS}
)
_ALWAYS: Final = (
    _PLURALS
    | {"ی", "ای", "یی", "ام", "ات", "اش", "مان", "تان", "شان", "ست", "است"}
    | {"".join(pair) for pair in product(("ی", "یی"), _PLURALS)}  # اسنپیها: those of the name
)
_LONG_NAME: Final = _ALWAYS | {"م", "ت", "ش", "و", "ه", "مون", "تون", "شون"}  # four letters and more
_LONG_NAME_IN_VOWEL: Final = _LONG_NAME | {f"ی{owner}" for owner in _OWNERS}  # دیجی‌کالایش
_LONG: Final = 4
_SUFFIX_KEYS: Final = {key(suffix) for suffix in _LONG_NAME_IN_VOWEL}
_ARABIC_KIND: Final = bytes([ARABIC])
_LONGEST_SUFFIX: Final = max(map(len, _LONG_NAME_IN_VOWEL))

_TELLING: Final = 3  # stopwords side by side that say something: بی‌ام‌و
_LONGEST_TAG: Final = 100  # letters
_MANY: Final = 1000  # places of a term in one article; more is a hostile text

# No name that is written as one word begins or ends with these: «برنامه‌ای تا» is not ایتا, «اسم آن» not آسمان.
_NO_PIECES: Final = JOINING_WORDS | _ALWAYS | STOPWORDS["en"]


def suffixes(name: str) -> frozenset[str]:
    """The suffixes that may be glued to a name, which is given as folded letters."""
    if len(name) < _LONG:
        return _ALWAYS if name[-1] in "اویه" else _ALWAYS - {"ای"}  # «سرای» is not «سر» with a suffix
    return _LONG_NAME_IN_VOWEL if name[-1] in "او" else _LONG_NAME


# ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Place(NamedTuple):
    """Where a term stands: the range [start, end) of a document's folded text, attached suffix included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a run of words that is looked for. Terms are equal when they find the same.

    `text` is the user's spelling; `joined` the folded letters without breaks, never empty. `one_word` says that the
    user wrote no break inside it. `exact` allows no suffix; `tag` finds hashtags only (`joined` begins with #);
    `part` restricts to title or text. A `broad` term would match nearly everything: it has no letter, or a single one,
    or is a stopword or two. `position` is where the term begins in the query.
    """

    joined: str
    one_word: bool = True
    exact: bool = False
    tag: bool = False
    part: Part | None = None
    broad: bool = field(default=False, compare=False)
    text: str = field(default="", compare=False)
    position: int = field(default=0, compare=False)

    @staticmethod
    def of(text: str, *, exact: bool = False, tag: bool = False, position: int = 0) -> "Term | None":
        """The term that a piece of a query spells, or None where folding leaves nothing of it."""
        words = fold(text).split()
        joined = "".join(words)
        if not joined:
            return None
        empty = len(words) < _TELLING and all(word in ANY_STOPWORD for word in words)
        broad = len(joined) == 1 or not any(map(str.isalnum, joined)) or empty
        return Term(joined, len(words) == 1, exact, tag, None, broad, text, position)

    def __hash__(self) -> int:
        return hash(self.joined)  # a string remembers its hash

    def __str__(self) -> str:
        restriction = "" if self.part is None else f"{self.part}:"
        return f'{restriction}"{self.text}"' if self.exact else restriction + self.text


def places(term: Term, document: Document, spelled: Iterable[int] | None = None) -> tuple[Place, ...]:
    """Where the term stands in the document, in reading order: the first thousand places.

    `spelled` are the offsets in `document.joined` where tokens start that may spell it, where they are known.
    """
    positions, size = document.positions, len(term.joined)
    found = []
    for at in _spelled(term.joined, document) if spelled is None else sorted(spelled):
        start, end = positions[at], positions[at + size - 1] + 1
        if spelled is not None and document.folded[start:end].replace(" ", "") != term.joined:
            continue
        end = _standing(term, document, start, end)
        if end:
            found.append(Place(start, end))
            if len(found) == _MANY:
                break
    return tuple(found)


def _spelled(name: str, document: Document) -> Iterator[int]:
    joined, starts = document.joined, document.token_starts
    at = joined.find(name)
    while at >= 0:
        if starts[at]:
            yield at
        at = joined.find(name, at + 1)


def may_have_suffix(document: Document, end: int) -> bool:
    """Whether a suffix may be glued to a term that ends at this offset of `document.joined`: a quick look."""
    start = document.positions[end]
    kinds = document.kinds[start : start + _LONGEST_SUFFIX + 1]
    rest = len(kinds) - len(kinds.lstrip(_ARABIC_KIND))  # of the token
    return document.kept[start : start + rest] in _SUFFIX_KEYS


def _standing(term: Term, document: Document, start: int, end: int) -> int:
    """The end of the term with its suffix if it stands at [start, end), which spells it and begins a token; else 0."""
    if term.part is not None and (term.part == "title") != (start < document.separator):
        return 0
    if not _begins(document, start):
        return 0
    if term.tag:
        return end if _is_whole_tag(document, start, end) else 0
    full_end = _end_with_suffix(term, document, start, end)
    if full_end and term.one_word and end - start > len(term.joined) and _is_spelled_by_chance(document, start, end):
        return 0
    return full_end


# ── edges ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_LETTERS: Final = (ARABIC, WORD)


def _begins(document: Document, start: int) -> bool:
    """Whether a name may begin at this token's start."""
    if start == 0:
        return True
    folded, kinds = document.folded, document.kinds
    before = folded[start - 1]
    if before != "#" and folded[start] == "#" and _ends_a_tag(document, start):
        return True  # #one#two
    if kinds[start] == SYMBOL:  # .NET does not begin in example.net
        return before != folded[start] and kinds[start - 1] != WORD
    if kinds[start - 1] == BREAK:
        return not _continues_a_word(document, start)
    if kinds[start - 1] == kinds[start]:
        return False
    return not (start > 1 and _is_decimal(folded, start - 1))  # 5G does not begin in 4.5G


def _ends_a_tag(document: Document, end: int) -> bool:
    """Whether a hashtag reaches to this place."""
    start = document.folded.rfind("#", max(0, end - _LONGEST_TAG), end)
    return start >= 0 and document.folded[start + 1 : end].replace(" ", "").isalnum()


def _continues_a_word(document: Document, start: int) -> bool:
    """Whether the token is a suffix that a ZWNJ ties to the word before: «های» of «سایت‌های وب» begins no «های وب»."""
    if start < 2 or document.kinds[start - 2] != ARABIC or not _is_tie(document, start - 1):
        return False
    return _token_from(document, start) in _ALWAYS


def _end_with_suffix(term: Term, document: Document, start: int, end: int) -> int:
    folded, kinds = document.folded, document.kinds
    if end == len(folded):
        return end
    after = folded[end]
    if kinds[end - 1] == SYMBOL:  # C+ does not end in C++, but C++ does in C++11
        return 0 if after == folded[end - 1] or (kinds[end] == WORD and after.isalpha()) else end
    if kinds[end] != kinds[end - 1]:
        if _is_decimal(folded, end) or (term.exact and _has_detached_suffix(document, end)):
            return 0
        return end
    if term.exact or kinds[end] != ARABIC:
        return 0
    tail = _token_from(document, end)
    if tail not in suffixes(term.joined):
        return 0
    piece = folded[max(start, folded.rfind(" ", start, end) + 1) : end]
    if piece + tail in WHOLE_WORDS or (len(tail) == 1 and tail != "ی" and len(piece) < _LONG - 1):
        return 0  # «بانک سامانه» is not «بانک سامان», «بیمه ماه» not «بیمه ما»
    return end + len(tail)


def _has_detached_suffix(document: Document, end: int) -> bool:
    """Whether a suffix follows after a break: any that a ZWNJ ties on, or a plural, which is no word of its own."""
    if document.kinds[end] != BREAK or document.kinds[end - 1] != ARABIC:
        return False
    return _token_from(document, end + 1) in (_ALWAYS if _is_tie(document, end) else _PLURALS)


def _is_whole_tag(document: Document, start: int, end: int) -> bool:
    """Whether [start, end) is a hashtag from its # to its last letter: no space within, no letter after."""
    folded, kinds = document.folded, document.kinds
    if any(folded[at] == " " and not _is_tie(document, at) for at in range(start, end)):
        return False
    while end < len(folded) and kinds[end] == BREAK and _is_tie(document, end):
        end += 1
    return end == len(folded) or kinds[end] not in _LETTERS


def _is_spelled_by_chance(document: Document, start: int, end: int) -> bool:
    """Whether words that stand side by side spell a name there, which its writer would have written as one."""
    pieces = document.folded[start:end].split()
    if not any(len(piece) == 1 or piece in _NO_PIECES for piece in (pieces[0], pieces[-1])):
        return False
    return any(document.folded[at] == " " and not _is_tie(document, at) for at in range(start, end))


def _is_tie(document: Document, position: int) -> bool:
    """Whether the break at this folded offset was written without a space: as ZWNJ or underscore."""
    return document.kept[position] == TIE


def _is_decimal(folded: str, position: int) -> bool:
    """Whether a point or comma between two digits stands here, which ends no token: 4.5G, 1,250."""
    return (
        folded[position] in ".,"
        and folded[position - 1 : position].isdecimal()
        and folded[position + 1 : position + 2].isdecimal()
    )


def _token_from(document: Document, position: int) -> str:
    """The rest of the token that holds this folded offset, cut a little beyond the longest suffix."""
    kinds, limit = document.kinds, position + _LONGEST_SUFFIX + 1
    end = position
    while end < min(limit, len(kinds)) and kinds[end] == ARABIC:
        end += 1
    return document.folded[position:end]
