"""A divided passage → numbered features, each with the word it came from: what the light sentiment model weighs.

What lives here: which features there are. What does not: their weights (sentiment.py holds them, training/sentiment.py
finds them).

Five blocks, each scaled by its own length so that long texts are not louder: words in their place, letters of words,
judging words (groups of lexicon.toml) with negation, contrast and their order, the words beside the brand, and the whole.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

from monitors.language.clause import Clauses
from monitors.language.lexicon import LONGEST, Word, lexicon

BITS: Final = 17
MASK: Final = (1 << BITS) - 1
BLOCKS: Final = ("words", "letters", "judging", "beside", "whole")
_BRAND: Final = 0x5BD1E995
_NEAR: Final = 6  # words; what stands farther from the brand has no side
_POLAR: Final = frozenset("good love bad hate crisis punish gain loss up down win help smile frown".split())
_GOOD: Final = frozenset("good love win help smile bad! hate! crisis! punish!".split())
_BAD: Final = frozenset("bad hate crisis punish frown good! love!".split())


@dataclass(slots=True)
class Features:
    """Feature numbers by block, and beside each the index of its token; -1 for what belongs to no single word."""

    ids: tuple[list[int], ...] = field(default_factory=lambda: tuple([] for _ in BLOCKS))
    owners: tuple[list[int], ...] = field(default_factory=lambda: tuple([] for _ in BLOCKS))

    def add(self, block: int, feature: int, owner: int) -> None:
        """Count a feature once more."""
        self.ids[block].append(feature & MASK)
        self.owners[block].append(owner)


def features_of(clauses: Clauses, language: str) -> Features:
    """All features of a passage; the same text gives the same features on every machine."""
    found = Features()
    place = _Place(clauses)
    groups = _judging(clauses, place)
    _words(place, found)
    _groups(place, groups, found)
    _beside(place, groups, found)
    _whole(place, groups, language, found)
    return found


@lru_cache(maxsize=1 << 15)
def _number(name: str) -> int:
    return crc32(name.encode())


def _mix(*numbers: int) -> int:
    mixed = 0
    for number in numbers:
        mixed = (mixed * 0x01000193 ^ number) & 0xFFFFFFFF
        mixed ^= mixed >> 15
    return mixed * 0x2545F491 >> 7


@lru_cache(maxsize=1 << 15)
def _letters(norm: str) -> tuple[int, ...]:
    padded = f"<{norm}>"
    grams = (padded[at : at + size] for size in (3, 4, 5) for at in range(len(padded) - size + 1))
    return tuple(_mix(_number(gram), 2) & MASK for gram in grams)


class _Place:
    """Where each token stands: its number, whether in the brand's clause, before or after it, how far, negated or not."""

    __slots__ = (
        "after_contrast",
        "brands",
        "clause",
        "distance",
        "home",
        "last",
        "negated",
        "number",
        "side",
        "tokens",
    )

    def __init__(self, clauses: Clauses) -> None:
        self.tokens = clauses.tokens
        self.number = [_BRAND if token.is_brand else _number(token.word.norm) for token in self.tokens]
        self.clause = [token.clause for token in self.tokens]
        self.home = [clause in clauses.home for clause in self.clause]
        self.brands = [index for index, token in enumerate(self.tokens) if token.is_brand]
        self.last = self.clause[-1] if self.clause else 0
        self.negated = [False] * len(self.tokens)
        self.after_contrast: list[bool] | None = None
        self._measure()

    def _measure(self) -> None:
        brands = self.brands or [0]
        nearest = [min(brands, key=lambda brand: abs(brand - index)) for index in range(len(self.tokens))]
        self.distance = [abs(index - brand) for index, brand in enumerate(nearest)]
        self.side = [1 if index < brand else 2 for index, brand in enumerate(nearest)]

    def negate_around(self, index: int) -> None:
        """A negation reaches three words either way within its clause; Persian verbs stand last, so also backwards."""
        clause = self.clause[index]
        for other in range(max(0, index - 4), min(len(self.tokens), index + 4)):
            if other != index and self.clause[other] == clause:
                self.negated[other] = True


def _judging(clauses: Clauses, place: _Place) -> list[tuple[str, ...]]:
    """The names of the groups of the judging word that begins at each token, with «!» where it is negated."""
    known = lexicon()
    found: list[tuple[int, int, tuple[str, ...]]] = []
    index = 0
    while index < len(clauses.tokens):
        length, groups = _longest(clauses, index)
        if groups:
            found.append((index, length, tuple(known.groups[group] for group in groups)))
        if clauses.tokens[index].word.negated or "negate" in (found[-1][2] if found and found[-1][0] == index else ()):
            place.negate_around(index)
        index += max(1, length)
    result: list[tuple[str, ...]] = [()] * len(clauses.tokens)
    for start, length, names in found:
        negated = any(place.negated[start : start + length])
        result[start] = tuple(name + "!" if negated and name in _POLAR else name for name in names)
        if "contrast" in names:
            place.after_contrast = [other > start for other in range(len(clauses.tokens))]
    return result


def _longest(clauses: Clauses, start: int) -> tuple[int, tuple[int, ...]]:
    """The length and groups of the longest phrase that begins at a token; (0, ()) where none does."""
    known, tokens = lexicon(), clauses.tokens
    best: tuple[int, tuple[int, ...]] = (0, ())
    partial: list[tuple[str, ...]] = [(form,) for form in tokens[start].word.forms if form in known.heads]
    for length in range(1, LONGEST + 1):
        groups = next((known.phrases[phrase] for phrase in partial if phrase in known.phrases), None)
        if groups:
            best = length, groups
        partial = [phrase for phrase in partial if known.heads[phrase[0]] > length]
        if not partial or start + length >= len(tokens) or tokens[start + length].is_brand:
            break
        partial = [(*phrase, form) for phrase in partial for form in tokens[start + length].word.forms[:6]]
    return best


def _words(place: _Place, found: Features) -> None:
    ids, owners = found.ids[0], found.owners[0]
    for index, token in enumerate(place.tokens):
        number = place.number[index]
        if not token.is_brand:
            new = [_mix(number, 11), _mix(_stem(token.word), 12), _mix(number, 13 + place.home[index])]
            if place.negated[index]:
                new.append(_mix(number, 15))
            if place.distance[index] <= _NEAR:
                new.append(_mix(number, 16 + place.side[index]))
            letters = _letters(token.word.norm)
            found.ids[1].extend(letters)
            found.owners[1].extend([index] * len(letters))
        else:
            new = []
        if index:
            new.append(_mix(place.number[index - 1], number, 21))
        if index > 1:
            new.append(_mix(place.number[index - 2], place.number[index - 1], number, 22))
            new.append(_mix(place.number[index - 2], number, 23))
        ids.extend([feature & MASK for feature in new])
        owners.extend([index] * len(new))


@lru_cache(maxsize=1 << 15)
def _stem(known: Word) -> int:
    return _number(known.forms[-1][:5])


def _groups(place: _Place, groups: list[tuple[str, ...]], found: Features) -> None:
    sequence = []
    for index, names in enumerate(groups):
        for name in names:
            number = _number(name)
            sequence.append((index, number))
            places = [31, 32 + place.home[index], 34 + place.side[index]]
            if place.distance[index] <= 4:
                places.append(37 + place.side[index])
            if place.after_contrast:
                places.append(40 + place.after_contrast[index])
            if place.clause[index] == place.last:
                places.append(42)
            for where in places:
                found.add(2, _mix(number, where), index)
    for at, (index, number) in enumerate(sequence):
        for other, following in sequence[at + 1 : at + 8]:
            if 0 < other - index <= _NEAR and place.clause[index] == place.clause[other]:
                found.add(2, _mix(number, following, 43), other)


def _beside(place: _Place, groups: list[tuple[str, ...]], found: Features) -> None:
    for brand in place.brands:
        for step in (-3, -2, -1, 1, 2, 3):
            other = brand + step
            if 0 <= other < len(place.tokens):
                found.add(3, _mix(place.number[other], 50 + step), other)
                for name in groups[other]:
                    found.add(3, _mix(_number(name), 60 + step), other)
        for first in (brand - 2, brand + 1):
            if 0 <= first and first + 1 < len(place.tokens):
                found.add(3, _mix(place.number[first], place.number[first + 1], 70 + (first > brand)), first)
        if brand == 0:
            found.add(3, _number("first"), -1)


def _whole(place: _Place, groups: list[tuple[str, ...]], language: str, found: Features) -> None:
    names = [name for some in groups for name in some]
    good, bad = sum(name in _GOOD for name in names), sum(name in _BAD for name in names)
    for fact in (
        f"language {language}",
        f"length {min(8, len(place.tokens) // 6)}",
        f"brands {min(3, len(place.brands))}",
        f"clauses {min(6, place.last)}",
        f"balance {max(-3, min(3, good - bad))}",
        f"plain {good + bad == 0}",
    ):
        found.add(4, _number(fact), -1)


__all__ = ["BITS", "BLOCKS", "MASK", "Features", "features_of", "pairwise"]
