"""`rasad train-sentiment`: labelled brand passages → monitors/language/sentiment.npz.

What lives here: reading the kinds of data that may train, fitting, quantising, calibrating by cross-validation. What does
not: the features (language/features.py), the solver, the figures (evaluation.py).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitors.language import examples
from monitors.language.clause import divide
from monitors.language.features import BITS, BLOCKS, features_of
from monitors.language.sentiment import LABELS
from monitors.model import SentimentLabel
from monitors.training.solver import Floats, Rows, fit, softmax

BLOCK_WEIGHTS = np.array([1.3, 1.0, 1.4, 0.7, 0.4], np.float32)
PENALTY = 0.5
FOLDS = 5
THRESHOLD = 0.42  # a pos or neg less likely than this is shown as neutral, «نامطمئن»
PRIOR_PENALTY = 3.0
PRIOR_SHARE = (
    0.5  # how far weights learned from texts without a marked brand are believed before our own passages speak
)
SHIPPED = Path(str(files("monitors.language"))) / "sentiment.npz"
_PUBLIC: dict[str, SentimentLabel] = {"negative": "neg", "neutral": "neu", "positive": "pos"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A passage that trains: the brand's places (none in public sets), what it counts, and which rows must stay together."""

    text: str
    marks: tuple[tuple[int, int], ...]
    language: str
    label: SentimentLabel
    situation: str
    own: bool = True
    groups: frozenset[str] = frozenset()  # kind, language and tags, for figures apart


def read(paths: Iterable[Path], part: str = "train") -> list[Labelled]:
    """The rows of JSON-lines files: our own passages of a part (train, test, all), a public set's `text` and `label` with the
    `target` or `$T$` that some mark, or what chats corrected (feedback.py).

    Rows that a public set calls mixed or unclear ("drop") are left out. Raises ValueError where a line is none of these.
    """
    lines = ((line, path.stem) for path in paths for line in examples.lines(path.read_text(encoding="utf-8")))
    return [row for line, name in lines if (row := row_in(line, name, part))]


def row_in(line: str, name: str, part: str) -> Labelled | None:
    """The row in a line of the file of that name; None where it is of another part, mixed or unclear. Raises as `read`."""
    fields = json.loads(line)
    if "situation" in fields:
        passage = examples.read(line)
        if part not in {"all", passage.split}:
            return None
        groups = frozenset((passage.kind, passage.language, *passage.tags))
        return Labelled(passage.text, passage.spans, passage.language, passage.label, passage.situation, groups=groups)
    if "spans" in fields:  # a chat's correction (feedback.py)
        marks = tuple((int(start), int(end)) for start, end in fields["spans"])
        situation = f"feedback {_digest(fields['text'])}"
        return Labelled(fields["text"], marks, fields["language"], fields["label"], situation)
    label = _PUBLIC.get(fields["label"])
    text, marks = _target(fields["text"], fields.get("target", ""))
    if label is None or not text.strip():
        return None
    language = "fa" if any("\u0600" <= letter <= "\u06ff" for letter in text) else "en"
    return Labelled(text, marks, language, label, f"{name} {_digest(text)}", own=False)


def _target(text: str, target: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text, and where what it is about stands: at `$T$`, or wherever the target is named."""
    name = "$T$" if "$T$" in text else target
    places = tuple((found.start(), found.end()) for found in re.finditer(re.escape(name), text)) if name else ()
    return text, places


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def matrix(rows: Sequence[Labelled]) -> Rows:
    """Features as sparse rows, scaled as the model scales them."""
    starts, columns, values = [0], [], []
    for row in rows:
        features = features_of(divide(row.text, row.marks), row.language)
        shares = BLOCK_WEIGHTS / np.sqrt(np.maximum(1, np.bincount(features.blocks, minlength=len(BLOCKS))))
        ids, inverse = np.unique(features.ids, return_inverse=True)
        columns.append(ids)
        values.append(np.bincount(inverse, shares[features.blocks]))
        starts.append(starts[-1] + len(ids))
    return Rows(np.array(starts), np.concatenate(columns), np.concatenate(values).astype(np.float64), 1 << BITS)


def targets(rows: Sequence[Labelled]) -> Floats:
    """One-hot labels [rows, 3]."""
    return np.eye(len(LABELS))[[LABELS.index(row.label) for row in rows]]


def balanced(rows: Sequence[Labelled]) -> Floats:
    """What each row counts, so that each label counts the same."""
    labels = targets(rows).argmax(axis=1)
    counts = np.bincount(labels, minlength=len(LABELS))
    return np.asarray((len(rows) / len(LABELS) / np.maximum(1, counts))[labels])


def reach_of(sparse: Rows, labels: Floats) -> Floats:
    """How far each feature's weights may go [features, 3]: the farther, the more its presence moves the odds of the label
    (Wang & Manning 2012, Baselines and Bigrams: logistic regression over naive Bayes' log-count ratios)."""
    there = np.ones_like(sparse.values)
    counts = Rows(sparse.starts, sparse.columns, there, sparse.width).times_transposed(labels)
    within = 1 + counts
    without = 1 + counts.sum(axis=1, keepdims=True) - counts
    odds = np.abs(np.log(within / within.sum(axis=0)) - np.log(without / without.sum(axis=0)))
    seen = counts.any(axis=1)
    return np.asarray(odds / np.sqrt((odds[seen] ** 2).mean()))


def prior_of(public: Sequence[Labelled]) -> Floats | None:
    """What texts without a marked brand say of words: the weights that our own passages start from."""
    if not public:
        return None
    table, _ = fit(matrix(public), targets(public), balanced(public), PRIOR_PENALTY)
    return PRIOR_SHARE * table


def fitted(sparse: Rows, labels: Floats, weights: Floats, prior: Floats | None) -> tuple[Floats, Floats]:
    """Weights [features, 3] and bias [3] of our own passages."""
    return fit(sparse, labels, weights, PENALTY, prior, reach_of(sparse, labels))


def out_of_fold(rows: Sequence[Labelled], sparse: Rows, prior: Floats | None) -> Floats:
    """For each row the scores [3] of a model that did not see its situation."""
    folds = np.array([_digest(row.situation) % FOLDS for row in rows])
    weights, wanted = balanced(rows), targets(rows)
    scores = np.zeros((len(rows), len(LABELS)))
    for number in range(FOLDS):
        seen, apart = np.flatnonzero(folds != number), np.flatnonzero(folds == number)
        table, bias = fitted(sparse.chosen(seen), wanted[seen], weights[seen], prior)
        scores[apart] = sparse.chosen(apart).times(table) + bias
    return scores


def temperature_of(scores: Floats, labels: NDArray[np.int64]) -> float:
    """The temperature that makes these scores most likely (Guo et al. 2017, On Calibration of Modern Neural Networks)."""
    candidates = np.geomspace(0.3, 4, 80)
    losses = [
        -np.log(softmax(scores / candidate)[np.arange(len(labels)), labels] + 1e-12).mean() for candidate in candidates
    ]
    return float(candidates[int(np.argmin(losses))])


def train(rows: Sequence[Labelled], target: Path) -> Floats:
    """Fit on all rows and write the weights. Gives calibrated out-of-fold probabilities [rows, 3] of our own rows, in order."""
    own = [row for row in rows if row.own]
    prior = prior_of([row for row in rows if not row.own])
    sparse = matrix(own)
    scores = out_of_fold(own, sparse, prior)
    temperature = temperature_of(scores, targets(own).argmax(axis=1))
    table, bias = fitted(sparse, targets(own), balanced(own), prior)
    scale = np.abs(table).max() / 127
    np.savez_compressed(
        target,
        table=np.rint(table / scale).astype(np.int8),
        scale=np.full(len(LABELS), scale, np.float32),
        bias=bias.astype(np.float32),
        blocks=BLOCK_WEIGHTS,
        temperature=np.float32(temperature),
        threshold=np.float32(THRESHOLD),
    )
    return softmax(scores / temperature)
