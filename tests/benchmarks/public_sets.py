"""The method of both models on public sets, trained on a set's own part and judged on the rest: `python -m tests.benchmarks.public_sets NAME…`.

What lives here: which sets, how they are divided, the figures that their papers give. What does not: the models (monitors/training/).
Needs ../shared and the group `training`. Nothing of it is shipped: the sets' terms allow measuring only.

A fifth of the texts, chosen by a hash of the text, is kept apart. The light model takes the shipped weights for its prior where
the classes are the same, the deeper one goes on from the shipped one for some passes, and both are mixed as in the bot. A set
that teaches nothing (Pars-ABSA) is judged whole, by models of other reviews and a quarter of our own passages.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import numpy as np
import torch
import typer
from numpy.typing import NDArray

from monitors.language import examples
from monitors.language.sentiment import LABELS, model
from monitors.language.sentiment_e5 import PACKED, masked
from monitors.training.batches import LENGTHS, Row, passages_of
from monitors.training.e5 import DEEPER, SHARE, Network, onward_from, tune
from monitors.training.pieces import Pieces
from monitors.training.sentiment import Labelled, fitted, matrix, target_in
from monitors.training.solver import Floats, softmax
from tests.shared import SHARED

APART: Final = 5  # one in so many
CHUNK: Final = 64
OWN: Final = 4  # one in so many of our own passages

type Classes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a set, the places of what it is about (none: of the whole), and the number of its class."""

    text: str
    label: int
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Set:
    """`read` gives a row's class, None for what is left out; `figure` is the one that is published; `even`: each class
    counts the same in the light model's fitting; `taught_by`: the sets that teach in its place."""

    file: str
    read: Callable[[dict[str, Any]], int | None]
    figure: str
    classes: int = len(LABELS)
    even: bool = False
    taught_by: tuple[str, ...] = ()


def _polar(fields: dict[str, Any]) -> int | None:
    return {"negative": 0, "positive": 2}.get(fields["label"])


def _by_label(fields: dict[str, Any]) -> int | None:
    return {"negative": 0, "neutral": 1, "positive": 2}.get(fields["label"])


SETS: Final = {
    "deepsentipers5": Set("deepsentipers", lambda fields: int(fields["label5"]) + 2, "weighted F1", classes=5),
    "deepsentipers2": Set("deepsentipers", _polar, "weighted F1"),
    "tweets": Set("tweets_behzadbb_5k", _by_label, "macro-F1", even=True),
    "snappfood": Set("snappfood_14k", _polar, "accuracy"),
    "pars_absa": Set("pars_absa_test", _polar, "macro-F1", taught_by=("deepsentipers2", "snappfood")),
}


def texts_of(chosen: Set) -> list[Text]:
    """The set's texts, each once for each thing that it is about."""
    found: dict[tuple[object, ...], Text] = {}
    for line in examples.lines((SHARED / "data" / "sentiment" / f"{chosen.file}.jsonl").read_text("utf-8")):
        fields = json.loads(line)
        label = chosen.read(fields)
        text, marks = target_in(fields["text"], fields.get("target", ""))
        if label is not None and text.strip():
            found[text, marks] = Text(text, label, marks)
    return list(found.values())


def divided(chosen: Set) -> tuple[list[Text], list[Text]]:
    """The texts that teach and those that judge."""
    texts = texts_of(chosen)
    if not chosen.taught_by:
        return [one for one in texts if not is_apart(one)], [one for one in texts if is_apart(one)]
    paths = sorted(DEEPER.parents[1].glob("data/sentiment/*.jsonl"))
    own = [Text(one.text, LABELS.index(one.label), one.spans) for one in passages_of(paths)[::OWN]]
    return [*own, *(one for name in chosen.taught_by for one in texts_of(SETS[name]))], texts


def is_apart(one: Text) -> bool:
    """Whether a text is kept for judging."""
    return int.from_bytes(hashlib.sha256(one.text.encode()).digest()) % APART == 0


def by_light(seen: Sequence[Text], apart: Sequence[Text], chosen: Set) -> Floats:
    """Probabilities [apart, classes] of the light model's features and regression."""
    rows = matrix([Labelled(one.text, one.marks, "fa", "neu", "") for one in (*seen, *apart)])
    wanted = np.eye(chosen.classes)[[one.label for one in seen]]
    counts = len(seen) / chosen.classes / np.maximum(1, wanted.sum(axis=0)) if chosen.even else np.ones(chosen.classes)
    order = np.arange(len(seen) + len(apart))
    shipped = model()
    prior = shipped.table.astype(np.float64) * shipped.scale if chosen.classes == len(LABELS) else None
    table, bias = fitted(rows.chosen(order[: len(seen)]), wanted, wanted @ counts, prior)
    return softmax(rows.chosen(order[len(seen) :]).times(table) + bias)


def by_deeper(seen: Sequence[Text], apart: Sequence[Text], chosen: Set, epochs: int) -> Floats:
    """Probabilities [apart, classes] of the deeper model, tuned on `seen`."""
    packed = PACKED.read_bytes()
    pieces = Pieces(packed)
    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    network = Network(packed, chance, chosen.classes)
    onward_from(DEEPER, network)
    rows, judged = ([_row(pieces, one) for one in some] for some in (seen, apart))
    tune(network, [rows] * epochs, chance)
    network.eval()
    scores = np.zeros((len(judged), chosen.classes))
    order = sorted(range(len(judged)), key=lambda number: len(judged[number].tokens))
    with torch.no_grad():
        for at in range(0, len(order), CHUNK):
            some = order[at : at + CHUNK]
            tokens = torch.nn.utils.rnn.pad_sequence(
                [torch.tensor(judged[number].tokens) for number in some], batch_first=True, padding_value=1
            )
            scores[some] = network(tokens, (tokens != 1).float())[0].double().numpy()
    return softmax(scores)


def _row(pieces: Pieces, one: Text) -> Row:
    tokens = pieces.read(masked(one.text, one.marks))[0][: LENGTHS[-1]]
    return Row(tokens, [1] * len(tokens), one.label)


def figures(chances: Floats, truth: Classes) -> str:
    """Accuracy, macro-F1 and F1 weighted by how often a class occurs, in hundredths; among the classes that occur."""
    classes, there = np.unique(truth, return_counts=True)
    said = classes[chances[:, classes].argmax(axis=1)]
    right = np.array([((said == label) & (truth == label)).sum() for label in classes])
    f1 = 2 * right / (there + np.array([(said == label).sum() for label in classes]))
    return (
        f"accuracy {100 * right.sum() / len(truth):.1f} · macro-F1 {100 * f1.mean():.1f}"
        f" · weighted F1 {100 * (f1 @ there) / len(truth):.1f}"
    )


def main(names: Annotated[list[str] | None, typer.Argument()] = None, epochs: int = 3) -> None:
    """Prints the figures of light, deeper and both, a line each."""
    for name in names or SETS:
        chosen = SETS[name]
        seen, apart = divided(chosen)
        truth = np.array([one.label for one in apart])
        typer.echo(f"{name}: {len(seen)} texts teach, {len(apart)} judge; published as {chosen.figure}")
        light = by_light(seen, apart, chosen)
        typer.echo(f"  light: {figures(light, truth)}")
        deeper = by_deeper(seen, apart, chosen, epochs)
        typer.echo(f"  deeper: {figures(deeper, truth)}")
        typer.echo(f"  both: {figures(deeper**SHARE * light ** (1 - SHARE), truth)}")


if __name__ == "__main__":
    typer.run(main)
