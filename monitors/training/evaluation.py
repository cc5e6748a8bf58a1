"""`rasad evaluate-sentiment`: what the shipped model says of labelled passages, and how often it is right.

What lives here: figures and their table. What does not: reading data (sentiment.py beside it), judging (language/).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitors.language.passage import Passage
from monitors.language.sentiment import LABELS, labelled, probabilities
from monitors.model import Language, Sentiment
from monitors.opinion import Judge
from monitors.training.sentiment import THRESHOLD, Labelled
from monitors.training.solver import Floats

_BINS = 10
_CERTAIN = 0.9
_GROUPS = {"kind": ("news", "review", "social"), "language": ("en", "fa")}


@dataclass(frozen=True, slots=True)
class Confusion:
    """`confusion` [true, said] counts texts by classes; `recall`, `precision` and `f1` [classes] follow from it."""

    confusion: NDArray[np.int64]

    @property
    def accuracy(self) -> float:
        """The share that is right."""
        return float(np.trace(self.confusion) / max(1, self.confusion.sum()))

    @property
    def recall(self) -> NDArray[np.float64]:
        """Of those that are so, the share said so, by label."""
        return np.diag(self.confusion) / np.maximum(1, self.confusion.sum(axis=1))

    @property
    def precision(self) -> NDArray[np.float64]:
        """Of those said so, the share that is so, by label."""
        return np.diag(self.confusion) / np.maximum(1, self.confusion.sum(axis=0))

    @property
    def f1(self) -> NDArray[np.float64]:
        """The harmonic mean of precision and recall, by label."""
        both = self.confusion.sum(axis=0) + self.confusion.sum(axis=1)
        return np.asarray(2 * np.diag(self.confusion) / np.maximum(1, both))

    @property
    def macro_f1(self) -> float:
        """The mean over the labels that occur."""
        return float(self.f1[self.confusion.sum(axis=1) > 0].mean())

    @property
    def weighted_f1(self) -> float:
        """The mean over the labels, weighted by how often each occurs."""
        return float(np.average(self.f1, weights=self.confusion.sum(axis=1)))


@dataclass(frozen=True, slots=True)
class Figures(Confusion):
    """Of LABELS, with what the scores claim.

    `calibration_error` is the expected one over ten equal bins of the score (Guo et al. 2017); abstentions are left out,
    for their score is no claim. `sure_negatives` counts those said negative at 0.9 or more, and those of them that are.
    """

    abstained: int
    calibration_error: float
    sure_negatives: tuple[int, int]


def report(rows: Sequence[Labelled], by_model: Judge, by: str = "") -> Iterator[str]:
    """The figures of a model as tables: of all rows, then apart by kind, language or tag."""
    answers = judged(rows, by_model)
    yield table("all", figures(rows, answers))
    for group in sorted(_GROUPS.get(by, {tag for row in rows for tag in row.groups} if by else ())):
        chosen = [number for number, row in enumerate(rows) if group in row.groups]
        if chosen:
            yield table(group, figures([rows[number] for number in chosen], [answers[number] for number in chosen]))


def out_of_fold_report(rows: Sequence[Labelled], chances: Floats) -> str:
    """The figures of cross-validation: `chances` [own rows, 3] as `train` gives them."""
    own = [row for row in rows if row.own]
    answers = [labelled(chance.astype(np.float32), THRESHOLD) for chance in chances]
    return table("cross-validation by situation", figures(own, answers))


def judged(rows: Sequence[Labelled], by_model: Judge) -> list[Sentiment]:
    """What a model says of each row; where no row is neutral, the likelier of the other two, by the light model."""
    passages = [(Passage(row.text, row.marks), _language(row)) for row in rows]
    if any(row.label == "neu" for row in rows):
        return [by_model.judge(passage, language, "") for passage, language in passages]
    return [_polar(probabilities(passage, language)) for passage, language in passages]


def _polar(chances: NDArray[np.float32]) -> Sentiment:
    bad, _, good = chances.tolist()
    return Sentiment("pos" if good > bad else "neg", max(bad, good) / (bad + good))


def _language(row: Labelled) -> Language:
    return "en" if row.language == "en" else "fa"


def figures(rows: Sequence[Labelled], answers: Sequence[Sentiment]) -> Figures:
    """How the answers compare with the rows' labels."""
    truth = np.array([LABELS.index(row.label) for row in rows], np.int64)
    said = np.array([LABELS.index(answer.label) for answer in answers], np.int64)
    claimed = np.array([answer.certain for answer in answers])
    scores = np.array([answer.score for answer in answers])
    sure = claimed & (said == LABELS.index("neg")) & (scores >= _CERTAIN)
    return Figures(
        confusion_of(truth, said, len(LABELS)),
        int((~claimed).sum()),
        _calibration_error(scores[claimed], (truth == said)[claimed]),
        (int(sure.sum()), int((truth == said)[sure].sum())),
    )


def confusion_of(truth: NDArray[np.int64], said: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """How often each class [true, said] was said for each."""
    confusion = np.zeros((classes, classes), np.int64)
    np.add.at(confusion, (truth, said), 1)
    return confusion


def _calibration_error(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(scores[bins == number].mean() - right[bins == number].mean()) * (bins == number).mean()
        for number in range(_BINS)
        if (bins == number).any()
    ]
    return float(sum(gaps))


def table(name: str, result: Figures) -> str:
    """The figures as lines of text, for a terminal."""
    count, right = result.sure_negatives
    lines = [
        f"{name}: {result.confusion.sum()} passages",
        (
            f"  accuracy {result.accuracy:.3f}  macro-F1 {result.macro_f1:.3f}  calibration error {result.calibration_error:.3f}"
            f"  abstained {result.abstained}  certainly negative {right} of {count} right"
        ),
        "          precision  recall  F1      said neg   neu   pos",
    ]
    for number, label in enumerate(LABELS):
        counts = "".join(f"{value:6}" for value in result.confusion[number])
        lines.append(
            f"  {label}     {result.precision[number]:.3f}    {result.recall[number]:.3f}   {result.f1[number]:.3f}       {counts}"
        )
    return "\n".join(lines)
