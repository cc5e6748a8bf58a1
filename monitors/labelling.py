"""The labeller's commands over files of brand passages: `python -m monitors.labelling --help`.

What lives here: files in, files out. What does not: the format (language/examples.py) and the rules (docs/sentiment_guide.md).
"""

from hashlib import sha256
from pathlib import Path
from typing import cast

import typer

from monitors.language.examples import (
    Example,
    Extent,
    from_draft,
    labelled_twice,
    lines,
    marked,
    numbered,
    read,
    ruled,
    write,
)
from monitors.model import SentimentLabel

app = typer.Typer(add_completion=False, help=__doc__, pretty_exceptions_enable=False)


@app.command()
def add(target: Path, draft: Path) -> None:
    """Append the passages of DRAFT to TARGET (passages_NN.jsonl), numbered on from those that it holds."""
    known = _load(target) if target.exists() else []
    taken = max((int(example.situation.rpartition("-")[2]) for example in known), default=0)
    try:
        fresh = from_draft(draft.read_text(encoding="utf-8"), target.stem.rpartition("_")[2], taken)
    except ValueError as error:
        raise SystemExit(f"nothing was added:\n{error}") from None
    added = numbered(fresh, (example.id for example in known))
    _save(target, known + added)
    typer.echo(f"{len(added)} added, {len(known) + len(added)} in {target}")


@app.command()
def blind(target: Path) -> None:
    """Print what has no second label yet, for a blind reader: id, kind and text with the brand in [[ ]], tabs between.

    Shuffled, by a hash of the id: neighbours are often written as a set of three labels, and would give one another away.
    """
    unread = [example for example in _load(target) if example.label_2 is None]
    for example in sorted(unread, key=lambda example: sha256(example.id.encode()).digest()):
        typer.echo(f"{example.id}\t{example.kind}\t{marked(example).replace('\n', ' ⏎ ')}")


@app.command()
def second(target: Path, answers: Path) -> None:
    """Store the blind reader's ANSWERS (lines `id<TAB>label`) and print the disagreements."""
    given = dict(_rows(answers))
    examples = [labelled_twice(p, _label(given[p.id][0])) if p.id in given else p for p in _load(target)]
    _save(target, examples)
    read_twice = [example for example in examples if example.label_2]
    disputed = [example for example in read_twice if example.label_1 != example.label_2]
    for example in disputed:
        if not example.reason:
            typer.echo(f"{example.id}\t{example.label_1}\t{example.label_2}\t{marked(example).replace('\n', ' ⏎ ')}")
    typer.echo(f"{len(read_twice)} of {len(examples)} read twice, {len(disputed)} disputed")


@app.command()
def resolve(target: Path, rulings: Path) -> None:
    """Settle disagreements by RULINGS: lines `id<TAB>label<TAB>reason[<TAB>evidence words]…`; new evidence replaces the old."""
    given = dict(_rows(rulings))
    _save(target, [_ruling(p, *given[p.id]) if p.id in given else p for p in _load(target)])


def _ruling(example: Example, label: str, reason: str, *words: str) -> Example:
    evidence = tuple(sorted(_extent(example, word) for word in words)) or example.evidence
    return ruled(example, _label(label), reason, evidence)


def _extent(example: Example, words: str) -> Extent:
    start = example.text.find(words)
    if start < 0:
        raise typer.BadParameter(f"{example.id}: {words!r} is not in the text")
    return start, start + len(words)


def _label(word: str) -> SentimentLabel:
    if word not in {"pos", "neu", "neg"}:
        raise typer.BadParameter(f"not a label: {word!r}")
    return cast("SentimentLabel", word)


def _rows(path: Path) -> list[tuple[str, list[str]]]:
    rows = (line.split("\t") for line in lines(path.read_text(encoding="utf-8")))
    return [(cells[0].strip(), [cell.strip() for cell in cells[1:]]) for cells in rows]


def _load(path: Path) -> list[Example]:
    return [read(line) for line in lines(path.read_text(encoding="utf-8"))]


def _save(path: Path, examples: list[Example]) -> None:
    path.write_text("".join(f"{write(example)}\n" for example in examples), encoding="utf-8")


if __name__ == "__main__":
    app()
