"""Which articles held a run of words lately: the inverted index behind story.py, in one array of fixed size.

A table of buckets of four places. A shingle's hash names its bucket; a place holds the hash and the number of an article.
Posting pushes the oldest out of the bucket, so that what is forgotten first is what was said long ago, or by everybody.
That loses a few postings of many: whoever shares a text shares many runs with it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

type Hashes = NDArray[np.uint32]

_RUN: Final = 3
_PLACES: Final = 4
_FIRST_BUCKETS: Final = 1 << 14
_FULL: Final = 1.5  # postings a bucket, at most; then of the oldest 7 in 100 have been pushed out
_HALF: Final = np.uint64(32)
_ODD: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64
)  # of xxHash, for their bits


def hashes(words: Sequence[str]) -> Hashes:
    """A hash for each run of three words, in order, with repetition. Of this process: strings hash otherwise in the next."""
    if len(words) < _RUN:
        return np.empty(0, np.uint32)
    each = np.fromiter(map(hash, words), np.int64, len(words)).view(np.uint64)
    mixed: NDArray[np.uint64] = each[:-2] * _ODD[0] + each[1:-1] * _ODD[1] + each[2:] * _ODD[2]
    return (mixed >> _HALF).astype(np.uint32)


class Postings:
    """Numbers of articles (1 to 2³²−1) by hashes. Grows with what is kept at a time, and never shrinks."""

    def __init__(self) -> None:
        self._buckets = np.zeros((_FIRST_BUCKETS, _PLACES), np.uint64)  # hash << 32 | number; 0: empty
        self._mask = np.uint32(_FIRST_BUCKETS - 1)

    @property
    def size(self) -> int:
        """Bytes."""
        return self._buckets.nbytes

    def holders(self, shingles: Hashes) -> NDArray[np.uint32]:
        """The articles that hold any of the shingles, once for each that they hold."""
        places: NDArray[np.uint64] = self._buckets.take(self._of(shingles), axis=0)
        held: NDArray[np.uint64] = places[places >> _HALF == shingles[:, None]]
        return held.astype(np.uint32)

    def post(self, number: int, shingles: Hashes, kept: int) -> None:
        """Note that the article holds the shingles. `kept` is how many postings are still of use, with these."""
        while kept > _FULL * len(self._buckets):
            self._double()
        buckets = self._of(shingles)
        places = np.empty((len(shingles), _PLACES), np.uint64)
        places[:, 1:] = self._buckets.take(buckets, axis=0)[:, :-1]
        places[:, 0] = shingles.astype(np.uint64) << _HALF | np.uint64(number)
        self._buckets[buckets] = places

    def _of(self, shingles: Hashes) -> NDArray[np.uint32]:
        return shingles & self._mask

    def _double(self) -> None:
        """One bit more of each hash decides between a bucket and its new twin."""
        half = len(self._buckets)
        moves = self._buckets & np.uint64(half << 32) != 0
        doubled = np.concatenate([self._buckets, self._buckets])
        doubled[:half][moves] = 0
        doubled[half:][~moves] = 0
        self._buckets, self._mask = doubled, np.uint32(2 * half - 1)
