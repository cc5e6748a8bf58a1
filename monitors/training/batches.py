"""Passages as the deeper model reads them in tuning: pieces of text as numbers, in batches of like length.

What lives here: reading them, the brand masked, passes over them, batches. What does not: the network and its tuning (e5.py), the
tokenizer (pieces.py), neighbours (joining.py).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor

from monitors.language import examples
from monitors.language.sentiment import LABELS
from monitors.language.sentiment_e5 import MASK
from monitors.training.joining import Neighbours
from monitors.training.pieces import Pieces

LENGTHS: Final = (16, 24, 32, 40, 48, 64, 96, 160)  # tokens; few shapes of batches, for each is prepared anew
BATCH = 32
JOINED = 0.3  # of the passages have a neighbour (joining.py), chosen anew for each pass


class Row(NamedTuple):
    """A passage for the network: token numbers, for each token the label it is evidence of (neutral: none), and the label."""

    tokens: list[int]
    evidence: list[int]
    label: int


class Batch(NamedTuple):
    """Some rows of like length: tokens, mask and evidence [rows, length], labels [rows]."""

    tokens: Tensor
    mask: Tensor
    evidence: Tensor
    label: Tensor


def passages_of(paths: Sequence[Path]) -> list[examples.Example]:
    """Our own passages of the training part."""
    lines = (line for path in paths for line in examples.lines(path.read_text(encoding="utf-8")))
    return [passage for line in lines if (passage := examples.read(line)).split == "train"]


def passes_over(
    passages: Sequence[examples.Example], pieces: Pieces, epochs: int, chance: np.random.Generator
) -> list[list[Row]]:
    """The passages once a pass, the brand masked."""
    neighbours = Neighbours(passages)
    return [
        [row_of(neighbours.joined(one, chance) if chance.random() < JOINED else one, pieces) for one in passages]
        for _ in range(epochs)
    ]


def row_of(passage: examples.Example, pieces: Pieces) -> Row:
    """The passage in pieces, the brand masked."""
    text, origin, at = "", list[int](), 0
    for start, end in (*passage.spans, (len(passage.text),) * 2):
        text += passage.text[at:start] + (MASK if end > start else "")
        origin += [*range(at, start), *([start] * len(MASK) if end > start else [])]
        at = end
    deciding = {place for start, end in passage.evidence for place in range(start, end)}
    label = LABELS.index(passage.label)
    numbers, extents = pieces.read(text)
    evidence = [
        label if any(origin[place] in deciding for place in range(max(0, start), end)) else 1 for start, end in extents
    ]
    return Row(numbers[: LENGTHS[-1]], evidence[: LENGTHS[-1]], label)


def batches(rows: Sequence[Row], chance: np.random.Generator) -> Iterator[Batch]:
    """All rows once, in random batches of like length."""
    by_length: dict[int, list[Row]] = {}
    for number in chance.permutation(len(rows)).tolist():
        length = next(length for length in LENGTHS if len(rows[number].tokens) <= length)
        by_length.setdefault(length, []).append(rows[number])
    chosen = [some[at : at + BATCH] for some in by_length.values() for at in range(0, len(some), BATCH)]
    for at in chance.permutation(len(chosen)).tolist():
        yield batch_of(chosen[at])


def batch_of(rows: Sequence[Row]) -> Batch:
    """The rows as one batch, filled up to one of the lengths."""
    length = next(length for length in LENGTHS if all(len(row.tokens) <= length for row in rows))

    def filled(values: list[int], blank: int) -> list[int]:
        return values + [blank] * (length - len(values))

    return Batch(
        torch.tensor([filled(row.tokens, 1) for row in rows]),
        torch.tensor([filled([1] * len(row.tokens), 0) for row in rows], dtype=torch.float32),
        torch.tensor([filled(row.evidence, 1) for row in rows]),
        torch.tensor([row.label for row in rows]),
    )
