"""Two texts as one, of which only one is asked about: what teaches a model to leave to other brands what is said of them.

What lives here: choosing a neighbour for a passage, and putting one after the other. What does not: how often (e5.py).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from monitors.language.examples import Example, Extent

LONGEST_NEIGHBOUR, LONGEST = 170, 380  # characters
TRIES = 8
BETWEEN: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("news", "fa"): ("؛ ", " ", "\n", ". ", "، ", " در حالی که ", " همچنین ", " و "),
    ("social", "fa"): (" ", "\n", "، ", " ولی ", " و ", ". ", " … ", " اما "),
    ("review", "fa"): (" ", ". ", "\n", "، ", " ولی ", " اما "),
    ("news", "en"): ("; ", " ", ", while ", ". ", " and ", "\n"),
    ("social", "en"): (" ", ". ", "\n", ", but ", " and ", "... "),
    ("review", "en"): (" ", ". ", ", but ", "\n"),
}


class Neighbours:
    """The passages that may stand beside another."""

    def __init__(self, passages: Sequence[Example]) -> None:
        self._by_kind = defaultdict[tuple[str, str], list[Example]](list)
        for passage in passages:
            if len(passage.text) < LONGEST_NEIGHBOUR:
                self._by_kind[passage.kind, passage.language].append(passage)

    def joined(self, passage: Example, chance: np.random.Generator) -> Example:
        """The passage with another of its kind and language before or after it; its label, brand and evidence stay its own.
        Unchanged where no other fits."""
        of_kind = self._by_kind[passage.kind, passage.language]
        between = BETWEEN[passage.kind, passage.language]
        for _ in range(TRIES if of_kind else 0):
            other = of_kind[chance.integers(len(of_kind))]
            if _strangers(passage, other):
                link = between[chance.integers(len(between))]
                return _side_by_side(passage, other.text, link, first=chance.random() < 0.5)
        return passage


def _strangers(one: Example, other: Example) -> bool:
    return one.situation != other.situation and one.brand not in other.text and other.brand not in one.text


def _side_by_side(passage: Example, other: str, between: str, *, first: bool) -> Example:
    before, after = (passage.text, other) if first else (other, passage.text)
    before = before.rstrip(" .؛،")
    if before[-1:] in "!؟?" and between[0] in ".؛،,;":
        between = " "
    at = 0 if first else len(before + between)
    text = before + between + after
    if len(text) > LONGEST or (first and _end_of(passage) > len(before)):
        return passage
    spans, evidence = (_moved(extents, at) for extents in (passage.spans, passage.evidence))
    return replace(passage, text=text, spans=spans, evidence=evidence)


def _end_of(passage: Example) -> int:
    return max(end for _, end in (*passage.spans, *passage.evidence))


def _moved(extents: Sequence[Extent], at: int) -> tuple[Extent, ...]:
    return tuple((start + at, end + at) for start, end in extents)
