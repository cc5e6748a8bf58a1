"""The method of both models on public sets, trained on a set's own part and judged on the rest: `python -m tests.benchmarks.public_sets NAME…`.

What lives here: which sets, how they are divided, the figures that their papers give. What does not: the models (monitors/training/).
Needs ../shared and the group `training`. Nothing of it is shipped: the sets' terms allow measuring only.

A fifth of the texts, chosen by a hash of the text, is kept apart. The light model is fitted without a prior, for one of these sets
taught the shipped one's; the deeper one goes on for some passes from the shipped one, which saw none of them; both are mixed as
in the bot. A set that teaches nothing (Pars-ABSA) is judged whole, by models of other reviews and a quarter of our own passages.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np
import torch
import typer

from monitors.language import examples
from monitors.language.sentiment import LABELS
from monitors.language.sentiment_e5 import PACKED, masked
from monitors.training.batches import LENGTHS, Row, batch_of
from monitors.training.e5 import DEEPER, SHARE, Network, onward_from, tune
from monitors.training.evaluation import Confusion, confusion_of
from monitors.training.pieces import Pieces
from monitors.training.sentiment import Labelled, balanced, fitted, matrix, read, row_in
from monitors.training.solver import Floats, softmax
from tests.benchmarks.pointed import evened, in_its_clause, pointed
from tests.shared import SHARED

APART: Final = 5  # one in so many
CHUNK: Final = 64
OWN: Final = 4  # one in so many of our own passages
FIVE: Final = 5  # classes of a set that has its own, from -2 to 2


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a set and the number of its class."""

    row: Labelled
    label: int


@dataclass(frozen=True, slots=True)
class Set:
    """`polar`: neutral texts are left out; `even`: each class counts the same in the light model's fitting; `taught_by`:
    the sets that teach in its place."""

    file: str
    classes: int = len(LABELS)
    polar: bool = False
    even: bool = False
    taught_by: tuple[str, ...] = ()


SETS: Final = {
    "deepsentipers5": Set("deepsentipers", classes=FIVE),
    "deepsentipers2": Set("deepsentipers", polar=True),
    "tweets": Set("tweets_behzadbb_5k", even=True),
    "snappfood": Set("snappfood_14k", polar=True),
    "parsinlu": Set("parsinlu_food_movie_doc", polar=True),
    "pars_absa": Set("pars_absa_test", polar=True, taught_by=("deepsentipers2", "snappfood", "parsinlu")),
}


def texts_of(chosen: Set) -> list[Text]:
    """The set's texts, each once for each thing that it is about."""
    found: dict[tuple[object, ...], Text] = {}
    for line in examples.lines((SHARED / "data" / "sentiment" / f"{chosen.file}.jsonl").read_text("utf-8")):
        row = row_in(line, chosen.file, "all")
        if row and not (chosen.polar and row.label == "neu"):
            found[row.text, row.marks] = (
                Text(row, json.loads(line)["label5"] + 2) if chosen.classes == FIVE else _text(row)
            )
    return list(found.values())


def divided(chosen: Set, epochs: int) -> tuple[list[list[Text]], list[Text]]:
    """The texts that teach, once a pass, and those that judge."""
    texts = texts_of(chosen)
    if not chosen.taught_by:
        return [[one for one in texts if not is_apart(one)]] * epochs, [one for one in texts if is_apart(one)]
    own = read(sorted(DEEPER.parents[1].glob("data/sentiment/*.jsonl")))[::OWN]
    others = [one.row for name in chosen.taught_by for one in texts_of(SETS[name])]
    chance = np.random.default_rng(0)
    passes = [[*own, *pointed(evened(others, chance), chance)] for _ in range(epochs)]
    return [[_text(row) for row in some] for some in passes], [_text(in_its_clause(one.row)) for one in texts]


def _text(row: Labelled) -> Text:
    return Text(row, LABELS.index(row.label))


def is_apart(one: Text) -> bool:
    """Whether a text is kept for judging."""
    return int.from_bytes(hashlib.sha256(one.row.text.encode()).digest()) % APART == 0


def by_light(seen: Sequence[Text], apart: Sequence[Text], chosen: Set) -> Floats:
    """Probabilities [apart, classes] of the light model's features and regression."""
    rows = [one.row for one in seen]
    wanted = np.eye(chosen.classes)[[one.label for one in seen]]
    table, bias = fitted(matrix(rows), wanted, balanced(rows) if chosen.even else np.ones(len(rows)), None)
    return softmax(matrix([one.row for one in apart]).times(table) + bias)


def by_deeper(passes: Sequence[Sequence[Text]], apart: Sequence[Text], chosen: Set) -> Floats:
    """Probabilities [apart, classes] of the deeper model, tuned by the passes."""
    packed = PACKED.read_bytes()
    pieces = Pieces(packed)
    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    network = Network(packed, chance, chosen.classes)
    onward_from(DEEPER, network)
    tune(network, [[_row(pieces, one) for one in seen] for seen in passes], chance)
    network.eval()
    judged = [_row(pieces, one) for one in apart]
    scores = np.zeros((len(judged), chosen.classes))
    order = sorted(range(len(judged)), key=lambda number: len(judged[number].tokens))
    with torch.no_grad():
        for at in range(0, len(order), CHUNK):
            some = order[at : at + CHUNK]
            batch = batch_of([judged[number] for number in some])
            scores[some] = network(batch.tokens, batch.mask)[0].double().numpy()
    return softmax(scores)


def _row(pieces: Pieces, one: Text) -> Row:
    tokens = pieces.read(masked(one.row.text, one.row.marks))[0][: LENGTHS[-1]]
    return Row(tokens, [1] * len(tokens), one.label)


def figures(chances: Floats, apart: Sequence[Text]) -> str:
    """Accuracy and both means of F1, in hundredths; the likeliest among the classes that occur is what is said."""
    truth = np.array([one.label for one in apart])
    classes = np.unique(truth)
    found = Confusion(confusion_of(truth, classes[chances[:, classes].argmax(axis=1)], chances.shape[1]))
    return (
        f"accuracy {100 * found.accuracy:.1f} · macro-F1 {100 * found.macro_f1:.1f}"
        f" · weighted F1 {100 * found.weighted_f1:.1f}"
    )


def main(names: Annotated[list[str] | None, typer.Argument()] = None, epochs: int = 3) -> None:
    """Prints the figures of light, deeper and both, a line each."""
    for name in names or SETS:
        chosen = SETS[name]
        passes, apart = divided(chosen, epochs)
        typer.echo(f"{name}: {len(passes[0])} texts teach, {len(apart)} judge")
        light = by_light(passes[0], apart, chosen)
        typer.echo(f"  light: {figures(light, apart)}")
        deeper = by_deeper(passes, apart, chosen)
        typer.echo(f"  deeper: {figures(deeper, apart)}")
        typer.echo(f"  both: {figures(deeper**SHARE * light ** (1 - SHARE), apart)}")


if __name__ == "__main__":
    typer.run(main)
