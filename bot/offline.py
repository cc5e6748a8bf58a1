"""The commands of `rasad` that take files, for people who want to see what the bot would do with them: one result a line on
standard output and nothing else there; what could not be read is told on standard error. How files are read:
reading.py. What starts the bot: cli.py.
"""

import asyncio
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import reading
from monitors.errors import ParseError, QueryError
from monitors.kinds import Body
from monitors.model import Item

if TYPE_CHECKING:
    from monitors.opinion import Judge

app = typer.Typer()

Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)]
Model = Annotated[str, typer.Option(help="light, e5, or a folder with an ONNX classifier")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


@app.command()
def parse(
    files: Files,
    kind: Annotated[str, typer.Option(help="the kind of source that the payloads are of")] = "feed",
    address: Annotated[
        str, typer.Option(help="the source's address, as /sources shows it, where the kind asks for it")
    ] = "",
    url: Annotated[
        str, typer.Option(help="where the payloads were fetched from, for relative links and further pages")
    ] = "",
) -> None:
    """Print the Items of saved payloads, a JSON object each."""
    from monitors.sources import SOURCES

    if kind not in {one.kind for one in SOURCES}:
        reading.fail(f"no kind of source is called {kind}; there are {', '.join(sorted(one.kind for one in SOURCES))}")
    if not asyncio.run(_parse(files, kind, address, url)):
        raise typer.Exit(1)


async def _parse(files: list[Path], kind: str, address: str, url: str) -> bool:
    """Parses within the limits of time and memory that hold for sources; says whether all could be read."""
    from monitors.parsing import Parser
    from monitors.sources import kind_named

    good = True
    async with Parser() as parser:
        for file in files:
            try:
                page = await parser.parse(kind_named(kind), Body(file.read_bytes(), url), address, None)
            except ParseError as error:
                print(f"{file}: {error}", file=sys.stderr)
                good = False
                continue
            for item in page.items:
                print(json.dumps({"file": str(file), **_shown(item)}, ensure_ascii=False))
    return good


@app.command()
def match(file: File) -> None:
    """Print 1 or 0 for each line "query, tab, text": does the text satisfy the query? `error` where it cannot be read.

    Lines that begin with # are skipped; before the query #tag write a space.
    """
    from monitors.language.match import Matcher
    from monitors.language.query import parse as parse_query
    from monitors.language.text import detect_language, fold_document

    for number, (query, text) in reading.rows(file):
        try:
            matcher = Matcher(((1, parse_query(query)),))
        except QueryError as error:
            print(f"{file}:{number}: {error}", file=sys.stderr)
            print("error")
            continue
        document = fold_document("", text)
        print(int(bool(matcher.find(document, source="", language=detect_language(text)))))


@app.command()
def sentiment(
    file: File,
    model: Annotated[
        str, typer.Option(help="light, e5, or a folder with an ONNX classifier; SENTIMENT_MODEL if not given")
    ] = "",
) -> None:
    """Print `pos`, `neg` or `neu`, a tab and the score for each line "brand, tab, text": what a chat would see in the end."""
    from monitors.language.passage import Passage
    from monitors.language.text import detect_language

    judge = (_judge(model) if model else _judge_of_settings()).judge
    for _, (brand, text) in reading.rows(file):
        judged = judge(Passage(text, _places(brand, text)), detect_language(text), "")
        print(f"{judged.label}\t{judged.score:.3f}")


@app.command()
def train_sentiment(
    data: Files,
    out: Annotated[Path | None, typer.Option(help="where the weights go; the shipped ones if not given")] = None,
) -> None:
    """Learn the light sentiment model from labelled passages (JSON lines; only their training part) and print its figures by
    cross-validation."""
    from monitors.training import evaluation
    from monitors.training import sentiment as training

    rows = training.read(data)
    if not any(row.own for row in rows):
        reading.fail("none of these files holds passages of the training part")
    print(evaluation.out_of_fold_report(rows, training.train(rows, out or training.SHIPPED)))


@app.command()
def evaluate_sentiment(
    data: Files,
    part: Annotated[str, typer.Option(help="of our own passages: test, train or all")] = "test",
    by: Annotated[str, typer.Option(help="also apart by kind, language or tag")] = "",
    model: Model = "light",
) -> None:
    """Print accuracy, macro-F1, each label's figures, the confusion and the calibration of the shipped model on labelled
    passages."""
    from monitors.training import evaluation
    from monitors.training.sentiment import read

    if part not in {"test", "train", "all"} or by not in {"", "kind", "language", "tag"}:
        reading.fail("--part is test, train or all; --by is kind, language or tag")
    for line in evaluation.report(read(data, part), _judge(model), by):
        print(line)


def _judge(model: str) -> "Judge":
    """The model of a name, loaded."""
    try:
        return _loaded(model)
    except (ImportError, OSError, ValueError) as error:
        reading.fail(f"--model {model} cannot be loaded: {error}")


def _judge_of_settings() -> "Judge":
    """The bot's, which goes on with the light model where the deeper one cannot be had."""
    from bot import settings

    try:
        return _loaded(settings.load().sentiment_model)
    except settings.SettingsError as error:
        reading.fail(str(error))
    except (ImportError, OSError, ValueError) as error:
        print(f"SENTIMENT_MODEL cannot be loaded, the light model judges: {error}", file=sys.stderr)
        return _loaded("light")


def _loaded(model: str) -> "Judge":
    """Raises ImportError, OSError or ValueError where the model cannot be had."""
    from monitors import opinion
    from monitors.language import sentiment as light

    load = opinion.deeper(model)
    return load() if load else light


def _places(brand: str, text: str) -> tuple[tuple[int, int], ...]:
    """Where the brand stands in the text, by the rules of matching; nowhere for a brand that is no query."""
    from monitors.language.match import Matcher
    from monitors.language.query import parse as parse_query
    from monitors.language.text import fold_document

    try:
        hits = Matcher(((1, parse_query(brand)),)).find(fold_document("", text), source="", language=None)
    except QueryError:
        return ()
    return tuple((span.start, span.end) for hit in hits for span in hit.spans)


def _shown(item: Item) -> dict[str, object]:
    """An item as JSON: what every item has, and beside it what this one's network tells."""
    told = {name: value for name in ("author_url", "outlet", "origin", "language") if (value := getattr(item, name))}
    metrics = {name: count for name, count in asdict(item.metrics).items() if count is not None}
    return {
        "guid": item.guid,
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "author": item.author,
        "published_at": item.published_at.isoformat() if item.published_at else None,
        **told,
        **({"metrics": metrics} if metrics else {}),
    }


@app.command()
def stories(file: File) -> None:
    """Print the number of its story, from 1, for each line of JSON with "source", "published_at", "title", "text"."""
    from monitors.language.story import Told, numbered
    from monitors.language.text import fold_document

    told: list[Told] = []
    for number, line in enumerate(reading.lines(file), 1):
        try:
            article = json.loads(line)
            title, text = str(article.get("title") or ""), str(article.get("text") or "")
            at = reading.moment(article.get("published_at"))
        except (ValueError, TypeError, AttributeError) as error:
            print(f"{file}:{number}: {error}; taken as a story of its own", file=sys.stderr)
            title, text, at = "", "", told[-1].told_at if told else datetime.now(UTC)
        told.append(Told(number, fold_document(title, text).folded, at))
    for story in numbered(told):
        print(story)


@app.command()
def spikes(file: File) -> None:
    """Print each hour of a table (hour, mentions, negative) at which a warning was due: the hour as it was given, the
    sensitivities that warned, and what rose how many times over usual."""
    from monitors.spikes import SENSITIVITIES, beginning, warnings

    hours = reading.hours(file)
    given: dict[datetime, str] = {}
    for hour, written in hours:
        given.setdefault(beginning(hour.start), written)
    due: dict[datetime, dict[str, str]] = {}
    for sensitivity, found in warnings([hour for hour, _ in hours], *SENSITIVITIES).items():
        for spike in found:
            what = f"{spike.kind} {spike.count} in {spike.hours} h, {spike.times:.1f} times usual"
            due.setdefault(spike.start, {})[sensitivity] = what
    for start, by in sorted(due.items()):
        print(f"{given.get(start, start.isoformat())}\t{','.join(by)}\t{next(iter(by.values()))}")
