"""Which articles held a run of words lately: the inverted index behind story.py, in one array of fixed size.

A table of buckets of four places. A run's hash names its bucket; a place holds the number of an article and half of the hash.
Posting pushes the oldest out of the bucket, so that what is forgotten first is what was said long ago, or by everybody.
That loses a few postings of many: whoever shares a text shares many runs with it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

type Hashes = NDArray[np.int64]

_PLACES: Final = 4
_FIRST_BUCKETS: Final = 1 << 14
_FULL: Final = 1.5  # postings a bucket, at most; then of the oldest 7 in 100 have been pushed out
# Of each place two uint32, number and hash (0, 0: empty); taken and put as one thing: several times faster than as numbers.
_BUCKET: Final = np.dtype((np.void, 8 * _PLACES))


class Postings:
    """Numbers of articles (1 to 2³²−1) by hashes. Grows with what is kept at a time, and never shrinks."""

    def __init__(self) -> None:
        self._buckets = np.zeros(_FIRST_BUCKETS, _BUCKET)

    @property
    def size(self) -> int:
        """Bytes."""
        return self._buckets.nbytes

    def sharing_most(self, runs: Hashes, most: int) -> list[tuple[int, int]]:
        """The articles that hold most of the runs and at least two, with how many they hold; among equals the latest first."""
        places = self._places(self._of(runs))
        numbers = places[..., 0][places[..., 1] == runs.astype(np.uint32)[:, None]]
        numbers.sort()  # so that those which stand alone, as most do, are dropped before the others are counted
        again = numbers[1:][numbers[1:] == numbers[:-1]]
        times: dict[int, int] = {}
        for number in again[::-1].tolist():
            times[number] = times.get(number, 1) + 1
        return [(number, times[number]) for number in sorted(times, key=times.__getitem__, reverse=True)[:most]]

    def post(self, number: int, runs: Hashes, kept: int) -> None:
        """Note that the article holds the runs. `kept` is how many postings are still of use, with these."""
        while kept > _FULL * len(self._buckets):
            self._double()
        buckets = self._of(runs)
        places = np.empty((len(runs), _PLACES, 2), np.uint32)
        places[:, 1:] = self._places(buckets)[:, :-1]
        places[:, 0, 0] = number
        places[:, 0, 1] = runs.astype(np.uint32)
        self._buckets[buckets] = places.reshape(-1).view(_BUCKET)

    def _of(self, runs: Hashes) -> Hashes:
        return runs & (len(self._buckets) - 1)

    def _places(self, buckets: Hashes) -> NDArray[np.uint32]:
        return self._buckets.take(buckets).view(np.uint32).reshape(-1, _PLACES, 2)

    def _double(self) -> None:
        """One bit more of each hash decides between a bucket and its new twin."""
        half = len(self._buckets)
        places = self._buckets.view(np.uint32).reshape(-1, _PLACES, 2)
        moves = places[..., 1] & half != 0
        self._buckets = np.concatenate([self._buckets, self._buckets])
        places = self._buckets.view(np.uint32).reshape(-1, _PLACES, 2)
        places[:half][moves] = 0
        places[half:][~moves] = 0
