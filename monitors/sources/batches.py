"""Search terms packed into searches, where a network's query holds several with OR between them.

The address of such a search is its terms with " | " between them, as in the query language. Which terms stand together
depends on nothing but the terms: they are divided by the bits of their hashes until every part fits (a trie, as in
extendible hashing: Fagin and others, 1979). So a term that comes changes one search or divides it, a term that goes
changes one or joins it with its neighbour, and all others stay as they are, with what they have read so far.

What lives here: which terms share a search. What does not: how a network spells it (the kinds), and what becomes of a search
whose terms change (monitors/following.py).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b

_BETWEEN = " | "
_SPELLING = re.compile(r'["|]')  # of the query language and of networks': no part of a name
_BITS = 64


def packed(terms: Iterable[str], fits: Callable[[Sequence[str]], bool]) -> tuple[str, ...]:
    """The addresses of searches for all these terms. `fits` says whether terms can stand in one search; what fits must do so
    with a term less, too. A term that does not even fit alone is left out."""
    words = {" ".join(_SPELLING.sub(" ", term).split()) for term in terms} - {""}
    places = {word: _place(word) for word in sorted(words)}
    return tuple(_BETWEEN.join(batch) for batch in _divided(places, _BITS - 1, fits))


def terms_of(address: str) -> tuple[str, ...]:
    """The terms that the search of this address looks for."""
    return tuple(address.split(_BETWEEN))


def _divided(places: Mapping[str, int], bit: int, fits: Callable[[Sequence[str]], bool]) -> list[tuple[str, ...]]:
    batch = tuple(places)
    if not batch or fits(batch):
        return [batch] if batch else []
    if len(batch) == 1 or bit < 0:
        return []
    sides = ({word: place for word, place in places.items() if place >> bit & 1 == side} for side in (0, 1))
    return [part for side in sides for part in _divided(side, bit - 1, fits)]


def _place(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=_BITS // 8).digest())
