"""A divided passage → numbered features, each with the word it came from: what the light sentiment model weighs.

What lives here: which features there are. What does not: their weights (sentiment.py holds them, training/sentiment.py
finds them).

Five blocks, each scaled by its own length so that long texts are not louder: words in their place, letters of words,
judging words (groups of lexicon.toml) with negation, contrast and their order, the words beside the brand, and the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from monitors.language.clause import Clauses
from monitors.language.judging import judging_words
from monitors.language.lexicon import Word

type Numbers = NDArray[np.uint64]
type Indices = NDArray[np.intp]

BITS: Final = 19
BLOCKS: Final = ("words", "letters", "judging", "beside", "whole")
_BRAND: Final = 0x5BD1E995
_NEAR: Final = 6  # words; what stands farther from the brand has no side
_BESIDE: Final = 3  # words
_POLAR: Final = frozenset(
    ("good", "love", "bad", "hate", "crisis", "punish", "gain", "loss", "up", "down", "win", "help", "smile", "frown")
)
_GOOD: Final = frozenset(("good", "love", "win", "help", "smile", "bad!", "hate!", "crisis!", "punish!"))
_BAD: Final = frozenset(("bad", "hate", "crisis", "punish", "frown", "good!", "love!"))


@dataclass(frozen=True, slots=True)
class Features:
    """Feature numbers [n] in [0, 2^BITS), the index of the token that each came from (that of none: the number of tokens),
    and the block that each belongs to."""

    ids: Indices
    owners: Indices
    blocks: Indices


def features_of(clauses: Clauses, language: str) -> Features:
    """All features of a passage; the same text gives the same features on every machine."""
    if not clauses.tokens:
        return Features(*(np.zeros(0, np.intp),) * 3)
    read = [_BRAND_READ if token.is_brand else _read(token.word) for token in clauses.tokens]
    place = _placed(clauses, read)
    hits = _judging(clauses, place)
    blocks = (
        _words(place),
        _letters(read),
        _groups(place, hits),
        _beside(place, hits),
        _whole(place, hits, language),
    )
    numbers = np.concatenate([numbers for block in blocks for numbers, _ in block])
    owners = np.concatenate([owners for block in blocks for _, owners in block])
    lengths = [sum(len(owners) for _, owners in block) for block in blocks]
    ids = (_mixed(numbers) >> np.uint64(64 - BITS)).astype(np.intp)
    return Features(ids, owners, np.repeat(_BLOCK_NUMBERS, lengths))


type _Part = tuple[Numbers, Indices]  # salted numbers and the tokens that they came from

_BLOCK_NUMBERS: Final = np.arange(len(BLOCKS))
_STRIDE: Final = np.uint64(0x9E3779B97F4A7C15)
_HALF: Final = np.uint64(32)
_SALTS: Final = np.arange(128, dtype=np.uint64) * np.uint64(0xD6E8FEB86659FD93)  # a kind of feature each


def _mixed(numbers: Numbers) -> Numbers:
    """A hash whose high bits are good, by Fibonacci's multiplication (Knuth, The Art of Computer Programming, 6.4)."""
    spread = numbers * _STRIDE
    return np.asarray((spread ^ spread >> _HALF) * _STRIDE)


@lru_cache(maxsize=1 << 15)
def _number(name: str) -> int:
    return crc32(name.encode())


class _Read(NamedTuple):
    """A word in numbers: its own, its beginning's, and those of its letters in threes, fours and fives."""

    number: int
    stem: int
    letters: Numbers
    grams: int


@lru_cache(maxsize=1 << 15)
def _read(word: Word) -> _Read:
    padded = f"<{word.norm}>"
    grams = [_number(padded[at : at + size]) for size in (3, 4, 5) for at in range(len(padded) - size + 1)]
    letters = _salted(np.array(grams, np.uint64), 2)
    return _Read(_number(word.norm), _number(word.forms[-1][:5]), letters, len(grams))


def _salted(numbers: Numbers, kind: int | Indices) -> Numbers:
    return np.asarray(numbers ^ _SALTS[kind])


_BRAND_READ: Final = _Read(_BRAND, _BRAND, np.zeros(0, np.uint64), 0)


class _Place(NamedTuple):
    """Of each token [n]: its number, its beginning's, its clause, whether that is the brand's, the distance to the brand and
    the side (1 before, 2 after), whether it is negated (filled by `_judging`) or the brand itself."""

    number: Numbers
    stem: Numbers
    clause: NDArray[np.intp]
    home: NDArray[np.intp]
    distance: NDArray[np.intp]
    side: NDArray[np.intp]
    negated: NDArray[np.bool_]
    is_brand: NDArray[np.bool_]
    brands: Indices


def _placed(clauses: Clauses, read: Sequence[_Read]) -> _Place:
    tokens, count = clauses.tokens, len(clauses.tokens)
    number = np.array([word.number for word in read], np.uint64)
    stem = np.array([word.stem for word in read], np.uint64)
    clause = np.array([token.clause for token in tokens], np.intp)
    home = np.array([token.clause in clauses.home for token in tokens], np.intp)
    is_brand = np.array([token.is_brand for token in tokens], np.bool_)
    brands = np.flatnonzero(is_brand)
    after = _after_nearest(count, brands)
    side = np.where(after < 0, 1, 2)
    return _Place(number, stem, clause, home, np.abs(after), side, np.zeros(count, np.bool_), is_brand, brands)


def _after_nearest(count: int, brands: Indices) -> Indices:
    """How many words after the nearest brand each token stands; negative before it. Without a brand, after the beginning."""
    if len(brands) < 2:
        return np.arange(count) - (brands[0] if len(brands) else 0)
    return np.array([min((index - brand for brand in brands.tolist()), key=abs) for index in range(count)], np.intp)


# ── judging words ────────────────────────────────────────────────────────────────────────────────────────────────────


class _Hits(NamedTuple):
    """Judging words found: the index of the first token, the group's name («!»: negated), and its number; in order."""

    starts: Indices
    names: list[str]
    number: Numbers
    contrast: int  # the index of the last word of contrast, -1 for none


def _judging(clauses: Clauses, place: _Place) -> _Hits:
    found = judging_words(clauses)
    for index, token in enumerate(clauses.tokens):
        if token.word.negated:
            _negate_around(place, index)
    for start, _, names in found:
        if "negate" in names:
            _negate_around(place, start)
    indices: list[int] = []
    named: list[str] = []
    contrast = -1
    for start, length, names in found:
        negated = bool(place.negated[start : start + length].any())
        for name in names:
            indices.append(start)
            named.append(name + "!" if negated and name in _POLAR else name)
            contrast = start if name == "contrast" else contrast
    return _Hits(np.array(indices, np.intp), named, np.array([_number(name) for name in named], np.uint64), contrast)


def _negate_around(place: _Place, index: int) -> None:
    """A negation reaches four words back and three on within its clause: Persian verbs stand last, particles first."""
    low, high = max(0, index - 4), index + 4
    near = place.clause[low:high] == place.clause[index]
    near[index - low] = place.negated[index]
    place.negated[low:high] |= near


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _words(place: _Place) -> tuple[_Part, ...]:
    everywhere = np.arange(len(place.number))
    plain = np.flatnonzero(~place.is_brand)
    near, negated = plain[place.distance[plain] <= _NEAR], plain[place.negated[plain]]
    number, mixed = place.number, _mixed(place.number)
    pairs = mixed[:-1] + number[1:]
    return (
        (_salted(number[plain], 11), plain),
        (_salted(place.stem[plain], 12), plain),
        (_salted(number[plain], 13 + place.home[plain]), plain),
        (_salted(number[negated], 15), negated),
        (_salted(number[near], 16 + place.side[near]), near),
        (_salted(pairs, 21), everywhere[1:]),
        (_salted(mixed[:-2] + pairs[1:], 22), everywhere[2:]),
        (_salted(mixed[:-2] + number[2:], 23), everywhere[2:]),
    )


def _letters(read: Sequence[_Read]) -> tuple[_Part, ...]:
    owners = np.repeat(np.arange(len(read)), [word.grams for word in read])
    return ((np.concatenate([word.letters for word in read]), owners),)


def _groups(place: _Place, hits: _Hits) -> tuple[_Part, ...]:
    if not hits.names:
        return ()
    at, number = hits.starts, hits.number
    close, last = place.distance[at] <= 4, place.clause[at] == place.clause[-1]
    first, second = _ordered_pairs(place, at)
    parts = (
        (_salted(number, 31), at),
        (_salted(number, 32 + place.home[at]), at),
        (_salted(number, 34 + place.side[at]), at),
        (_salted(number[close], 37 + place.side[at[close]]), at[close]),
        (_salted(number[last], 42), at[last]),
        (_salted(_mixed(number[first]) + number[second], 43), at[second]),
    )
    if hits.contrast < 0:
        return parts
    return (*parts, (_salted(number, 40 + (at > hits.contrast)), at))


def _ordered_pairs(place: _Place, at: Indices) -> tuple[Indices, Indices]:
    """Which judging words follow which, near and in one clause: «سود … بیشتر شد»."""
    where, clauses = at.tolist(), place.clause[at].tolist()
    found = [
        (first, second)
        for first in range(len(where))
        for second in range(first + 1, len(where))
        if 0 < where[second] - where[first] <= _NEAR and clauses[first] == clauses[second]
    ]
    pairs = np.array(found, np.intp).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _beside(place: _Place, hits: _Hits) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    count = len(place.number)
    for brand in place.brands.tolist():
        others = np.array(
            [at for at in range(max(0, brand - _BESIDE), min(count, brand + _BESIDE + 1)) if at != brand], np.intp
        )
        parts.append((_salted(place.number[others], 60 + others - brand), others))
        if hits.names:
            near = np.abs(hits.starts - brand) <= _BESIDE
            parts.append((_salted(hits.number[near], 80 + hits.starts[near] - brand), hits.starts[near]))
        pairs = np.array([at for at in (brand - 2, brand + 1) if at >= 0 and at + 1 < count], np.intp)
        parts.append((_salted(_mixed(place.number[pairs]) + place.number[pairs + 1], 90 + (pairs > brand)), pairs))
    return tuple(parts)


def _whole(place: _Place, hits: _Hits, language: str) -> tuple[_Part, ...]:
    good = sum(name in _GOOD for name in hits.names)
    bad = sum(name in _BAD for name in hits.names)
    length, clauses = len(place.number), int(place.clause[-1])
    balance = max(-3, min(3, good - bad))
    facts = _facts(
        language,
        min(8, length // 6),
        min(3, len(place.brands)),
        min(6, clauses),
        balance,
        good + bad == 0,
        bool(place.is_brand[0]),
    )
    return ((facts, np.full(len(facts), length)),)


@lru_cache(maxsize=1 << 12)
def _facts(language: str, length: int, brands: int, clauses: int, balance: int, plain: bool, first: bool) -> Numbers:
    facts = (
        f"language {language}",
        f"length {length}",
        f"brands {brands}",
        f"clauses {clauses}",
        f"balance {balance}",
        f"plain {plain}",
        f"first {first}",
    )
    return _salted(np.array([_number(fact) for fact in facts], np.uint64), 5)
