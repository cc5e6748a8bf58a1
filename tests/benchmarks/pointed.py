"""Reviews that are about one thing as a whole, made to be about one of several: what sets without targets teach a set that has them.

What lives here: a word of a review in the target's place, another review beside it, the target's clause alone. What does not:
which sets teach which (public_sets.py), neighbours of our own passages (monitors/training/joining.py).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from monitors.language.clause import divide
from monitors.training.sentiment import Labelled

POINTED, JOINED = 0.75, 0.5  # of the reviews have a target; of these have another review beside them
LONGEST: Final = 200  # characters of a review that is joined
OTHERWISE: Final = 0.6  # of the neighbours say the contrary; the rest are drawn from all
WORD: Final = re.compile(r"[\w\u200c]{3,}")
BETWEEN: Final = (" ", "، ", ". ", " ولی ", " و ", "\n", " اما ")


def evened(rows: Sequence[Labelled], chance: np.random.Generator) -> list[Labelled]:
    """As many of each label as there are of the rarest, drawn anew each time."""
    labels = np.array([row.label for row in rows])
    each = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    fewest = min(map(len, each))
    return [rows[number] for some in each for number in chance.choice(some, fewest, replace=False).tolist()]


def pointed(rows: Sequence[Labelled], chance: np.random.Generator) -> list[Labelled]:
    """Most of the reviews with one of their words in the target's place, and many of those beside another review; each
    keeps its label. The rest are as they were."""
    short = [row for row in rows if len(row.text) < LONGEST]
    return [_pointed(row, short, chance) if chance.random() < POINTED else row for row in rows]


def in_its_clause(row: Labelled) -> Labelled:
    """The clauses that hold the target alone."""
    clauses = divide(row.text, row.marks)
    home = [token for token in clauses.tokens if token.clause in clauses.home]
    start, end = home[0].start, home[-1].end
    return replace(row, text=row.text[start:end], marks=tuple((low - start, high - start) for low, high in row.marks))


def _pointed(row: Labelled, others: list[Labelled], chance: np.random.Generator) -> Labelled:
    words = list(WORD.finditer(row.text))
    if not words:
        return row
    target = replace(row, marks=(words[chance.integers(len(words))].span(),))
    return _joined(target, others, chance) if len(row.text) < LONGEST and chance.random() < JOINED else target


def _joined(row: Labelled, others: list[Labelled], chance: np.random.Generator) -> Labelled:
    contrary = chance.random() < OTHERWISE
    other = others[chance.integers(len(others))]
    while contrary and other.label == row.label:
        other = others[chance.integers(len(others))]
    between = BETWEEN[chance.integers(len(BETWEEN))]
    if chance.random() < 0.5:
        return replace(row, text=row.text.rstrip(" .") + between + other.text)
    before = other.text.rstrip(" .") + between
    return replace(
        row, text=before + row.text, marks=tuple((low + len(before), high + len(before)) for low, high in row.marks)
    )
