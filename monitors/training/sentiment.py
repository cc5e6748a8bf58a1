"""`rasad train-sentiment`: labelled brand passages → monitors/language/sentiment.npz.

What lives here: reading the kinds of data that may train, fitting, quantising, calibrating by cross-validation. What does
not: the features (language/features.py), the solver, the figures (evaluation.py).
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitors.language import examples
from monitors.language.clause import divide
from monitors.language.features import BITS, BLOCKS, features_of
from monitors.language.sentiment import LABELS
from monitors.model import SentimentLabel
from monitors.training.solver import Floats, Rows, fit, softmax

BLOCK_WEIGHTS = np.array([1.0, 1.0, 1.6, 0.7, 0.4], np.float32)
PENALTY = 0.5
FOLDS = 5
PUBLIC_SHARE = 0.1  # what a passage without a marked brand counts against one of our own
_PUBLIC: dict[str, SentimentLabel] = {"negative": "neg", "neutral": "neu", "positive": "pos"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A passage that trains: the brand's places (none in public sets), what it counts, and which rows must stay together."""

    text: str
    marks: tuple[tuple[int, int], ...]
    language: str
    label: SentimentLabel
    situation: str
    weight: float = 1.0
    own: bool = True


def read(paths: Iterable[Path], split: examples.Split | None = "train") -> list[Labelled]:
    """The rows of JSON-lines files: our own passages of a split (all for None), or a public set's `text` and `label`.

    Rows that a public set calls mixed or unclear ("drop") are left out. Raises ValueError where a line is neither.
    """
    rows: list[Labelled] = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                rows += _row(line, path.stem, split)
    return rows


def _row(line: str, name: str, split: examples.Split | None) -> list[Labelled]:
    fields = json.loads(line)
    if "situation" in fields:
        passage = examples.read(line)
        if split not in {None, passage.split}:
            return []
        return [Labelled(passage.text, passage.spans, passage.language, passage.label, passage.situation)]
    label = _PUBLIC.get(fields["label"])
    if label is None:
        return []
    text = fields["text"]
    language = "fa" if any("\u0600" <= letter <= "\u06ff" for letter in text) else "en"
    return [
        Labelled(
            text[:600],
            (),
            language,
            label,
            f"{name} {hashlib.sha256(text.encode()).hexdigest()[:12]}",
            PUBLIC_SHARE,
            own=False,
        )
    ]


def matrix(rows: Sequence[Labelled]) -> Rows:
    """Features as sparse rows, scaled as the model scales them."""
    starts, columns, values = [0], [], []
    for row in rows:
        features = features_of(divide(row.text, row.marks), row.language)
        for block in range(len(BLOCKS)):
            if features.ids[block]:
                ids, counts = np.unique(features.ids[block], return_counts=True)
                columns.append(ids)
                values.append(counts * BLOCK_WEIGHTS[block] / len(features.ids[block]) ** 0.5)
        starts.append(starts[-1] + sum(len(np.unique(ids)) for ids in features.ids if ids))
    return Rows(np.array(starts), np.concatenate(columns), np.concatenate(values).astype(np.float64), 1 << BITS)


def targets(rows: Sequence[Labelled]) -> Floats:
    """One-hot labels [rows, 3]."""
    return np.eye(len(LABELS))[[LABELS.index(row.label) for row in rows]]


def balanced(rows: Sequence[Labelled]) -> Floats:
    """What each row counts, so that within our own and within public data each label counts the same."""
    labels, own = targets(rows).argmax(axis=1), np.array([row.own for row in rows])
    weights = np.array([row.weight for row in rows])
    for group in (own, ~own):
        counts = np.bincount(labels[group], minlength=len(LABELS))
        factors = group.sum() / len(LABELS) / np.maximum(1, counts)
        weights[group] *= factors[labels[group]]
    return weights


def out_of_fold(rows: Sequence[Labelled], sparse: Rows) -> tuple[NDArray[np.int64], Floats]:
    """The numbers of our own rows, and for each the scores [3] of a model that did not see its situation."""
    folds = np.array([int(hashlib.sha256(row.situation.encode()).hexdigest(), 16) % FOLDS for row in rows])
    own = np.array([row.own for row in rows])
    weights, wanted = balanced(rows), targets(rows)
    scores = np.zeros((len(rows), len(LABELS)))
    for number in range(FOLDS):
        seen = np.flatnonzero((folds != number) | ~own)
        kept_apart = np.flatnonzero((folds == number) & own)
        table, bias = fit(sparse.chosen(seen), wanted[seen], weights[seen], PENALTY)
        scores[kept_apart] = sparse.chosen(kept_apart).times(table) + bias
    return np.flatnonzero(own), scores[own]


def temperature_of(scores: Floats, labels: NDArray[np.int64]) -> float:
    """The temperature that makes these scores most likely (Guo et al. 2017, On Calibration of Modern Neural Networks)."""
    candidates = np.geomspace(0.3, 4, 80)
    losses = [
        -np.log(softmax(scores / candidate)[np.arange(len(labels)), labels] + 1e-12).mean() for candidate in candidates
    ]
    return float(candidates[int(np.argmin(losses))])


def train(rows: Sequence[Labelled], target: Path, threshold: float = 0.42) -> tuple[NDArray[np.int64], Floats]:
    """Fit on all rows and write the weights; gives the out-of-fold probabilities of our own rows, for the figures."""
    sparse = matrix(rows)
    own, scores = out_of_fold(rows, sparse)
    labels = targets(rows).argmax(axis=1)[own]
    temperature = temperature_of(scores, labels)
    table, bias = fit(sparse, targets(rows), balanced(rows), PENALTY)
    scale = np.abs(table).max() / 127
    np.savez_compressed(
        target,
        table=np.rint(table / scale).astype(np.int8),
        scale=np.full(3, scale, np.float32),
        bias=bias.astype(np.float32),
        blocks=BLOCK_WEIGHTS,
        temperature=np.float32(temperature),
        threshold=np.float32(threshold),
    )
    return own, softmax(scores / temperature)
