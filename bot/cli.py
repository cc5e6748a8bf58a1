"""The `rasad` command. What it does with files is for people who want to see what the bot would do, one result a line on
standard output and nothing else there; messages go to standard error."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import logs, settings
from bot.settings import Settings, SettingsError
from monitors.errors import ParseError, QueryError
from monitors.model import Body, Item

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)

Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


# ── the process ──────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def run() -> None:
    """Start the bot; without BOT_TOKEN, the preview."""
    _start(preview=False)


@app.command()
def preview() -> None:
    """Start the preview chat in the browser, whatever the settings say of Telegram."""
    _start(preview=True)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    asyncio.run(_migrate(_settings().database_url))


@app.command()
def backup(file: Path) -> None:
    """Write a consistent copy of the database to FILE, also while the bot runs."""
    if file.exists():
        _fail(f"{file} exists already; name a new file")
    asyncio.run(_backup(_settings().database_url, file))


@app.command()
def health() -> None:
    """Exit 0 if a bot with this DATA_DIR is alive, else 1."""
    from bot.housekeeping import is_alive

    if not is_alive(_settings().data_dir, time.time()):
        _fail("no sign of life within the last minute")


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def parse(
    files: Files, kind: Annotated[str, typer.Option(help="the kind of source that the payloads are of")] = "feed"
) -> None:
    """Print the Items of saved payloads, a JSON object each."""
    from monitors.sources import kind_named

    try:
        kind_named(kind)
    except KeyError:
        _fail(f"no kind of source is called {kind}")
    if not asyncio.run(_parse(files, kind)):
        raise typer.Exit(1)


async def _parse(files: list[Path], kind: str) -> bool:
    """Parses within the limits of time and memory that hold for sources; says whether all could be read."""
    from monitors.parsing import Parser
    from monitors.sources import kind_named

    good = True
    async with Parser() as parser:
        for file in files:
            try:
                page = await parser.parse(kind_named(kind), Body(file.read_bytes(), ""), "", None)
            except ParseError as error:
                print(f"{file}: {error}", file=sys.stderr)
                good = False
                continue
            for item in page.items:
                print(json.dumps({"file": str(file), **_shown(item)}, ensure_ascii=False))
    return good


@app.command()
def match(file: File) -> None:
    """Print 1 or 0 for each line "query, tab, text": does the text satisfy the query? `error` where it cannot be read."""
    from monitors.language.match import Matcher
    from monitors.language.query import parse as parse_query
    from monitors.language.text import detect_language, fold_document

    for number, (query, text) in _rows(file):
        try:
            matcher = Matcher(((1, parse_query(query)),))
        except QueryError as error:
            print(f"{file}:{number}: {error}", file=sys.stderr)
            print("error")
            continue
        document = fold_document("", text)
        print(int(bool(matcher.find(document, source="", language=detect_language(text)))))


@app.command()
def sentiment(file: File) -> None:
    """Print `pos`, `neg` or `neu`, a tab and the score for each line "brand, tab, text"."""
    from monitors.language.passage import Passage
    from monitors.language.sentiment import judge
    from monitors.language.text import detect_language

    for _, (brand, text) in _rows(file):
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
        _fail("none of these files holds passages of the training part")
    print(evaluation.out_of_fold_report(rows, training.train(rows, out or training.SHIPPED)))


@app.command()
def evaluate_sentiment(
    data: Files,
    part: Annotated[str, typer.Option(help="of our own passages: test, train or all")] = "test",
    by: Annotated[str, typer.Option(help="also apart by kind, language or tag")] = "",
) -> None:
    """Print accuracy, macro-F1, each label's figures, the confusion and the calibration of the shipped model on labelled
    passages."""
    from monitors.training import evaluation
    from monitors.training.sentiment import read

    if part not in {"test", "train", "all"} or by not in {"", "kind", "language", "tag"}:
        _fail("--part is test, train or all; --by is kind, language or tag")
    for line in evaluation.report(read(data, part), by):
        print(line)


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


def _rows(file: Path) -> Iterator[tuple[int, tuple[str, str]]]:
    """Lines of two columns with their numbers; empty ones and those that begin with # are skipped."""
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            first, _, second = line.rstrip("\r").partition("\t")
            yield number, (first, second)


def _shown(item: Item) -> dict[str, str | None]:
    return {
        "guid": item.guid,
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "author": item.author,
        "published_at": item.published_at.isoformat() if item.published_at else None,
    }


# ── starting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _settings() -> Settings:
    """The settings, with clear words and exit code 2 where they are wrong."""
    try:
        loaded = settings.load()
    except SettingsError as error:
        _fail(f"Settings (.env or environment):\n{error}", 2)
    for key, near in settings.unknown_keys().items():
        print(f".env: {key} is no setting" + (f"; did you mean {near}?" if near else ""), file=sys.stderr)
    return loaded


def _start(*, preview: bool) -> None:
    from bot.__main__ import run as run_process

    loaded = _settings()
    logs.configure(loaded.log_format, loaded.log_level)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(run_process(loaded, preview=preview))
    except OSError as error:
        _fail(f"could not start: {error}")


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # Windows
        return None
    return uvloop.new_event_loop


async def _migrate(url: str) -> None:
    from bot.__main__ import opened

    async with opened(url):
        pass


async def _backup(url: str, file: Path) -> None:
    from bot.__main__ import opened

    async with opened(url) as database:
        await database.backup(file)


def _fail(message: str, code: int = 1) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
