"""The `rasad` command: what starts, prepares and keeps the bot. What it does with files: offline.py."""

import asyncio
import errno
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import memory, offline, settings
from bot.settings import Settings, SettingsError

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(offline.app)
sources = typer.Typer(no_args_is_help=True)
app.add_typer(sources, name="sources")


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
    try:
        asyncio.run(_migrate(_settings().database_url))
    except OSError as error:
        _fail(str(error))


@app.command()
def backup(file: Path) -> None:
    """Write a consistent copy of the database to FILE, also while the bot runs."""
    asyncio.run(_backup(_existing(file), file))


@app.command()
def feedback(file: Path) -> None:
    """Write what chats corrected with 👍 😐 👎 to FILE as labelled passages, which `train-sentiment` takes."""
    lines = asyncio.run(_feedback(_existing(file)))
    if not lines:
        _fail("no chat has corrected anything yet; under each alert there are 👍 😐 👎")
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{len(lines)} passages in {file}")


@app.command()
def health() -> None:
    """Exit 0 if a bot with this DATA_DIR is alive, else 1."""
    from bot.housekeeping import is_alive

    if not is_alive(_settings().data_dir, time.time()):
        _fail("no sign of life within the last minute")


@sources.callback()
def _sources() -> None:
    """What is watched."""


@sources.command()
def check(
    catalogue: Annotated[bool, typer.Option(help="the outlets that Rasad knows, watched or not")] = False,
) -> None:
    """Read all watched sources once, also while the bot runs, and print how each did; exit 1 if one could not be read."""
    from zoneinfo import ZoneInfo

    from bot import checks

    loaded = _settings()
    try:
        checked = asyncio.run(checks.check(loaded, catalogue=catalogue))
    except checks.NothingToCheck:
        _fail("there is no database yet; start the bot once, or check --catalogue", 2)
    for line in checks.table(checked, ZoneInfo(loaded.timezone)):
        print(line)
    if not checks.all_well(checked):
        raise typer.Exit(1)


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


def _existing(target: Path) -> str:
    """The URL of a database that is there, to be read into a new file."""
    from sqlalchemy import make_url

    if target.exists():
        _fail(f"{target} exists already; name a new file")
    if not target.absolute().parent.is_dir():
        _fail(f"{target.parent} is no folder; make it first")
    url = _settings().database_url
    if not Path(make_url(url).database or "").is_file():
        _fail(f"there is no database at {url}; set DATABASE_URL, or run this where the bot runs")
    return url


def _start(*, preview: bool) -> None:
    memory.import_less()
    from bot import logs
    from bot.__main__ import run as run_process

    memory.keep_small()
    loaded = _settings()
    logs.configure(loaded.log_format, loaded.log_level)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(run_process(loaded, preview=preview))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        _fail(f"could not start: {error}" + ("; set PREVIEW_PORT or LISTEN_PORT to a free port" if taken else ""))


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


async def _feedback(url: str) -> list[str]:
    from bot.__main__ import opened
    from monitors.training.feedback import lines

    async with opened(url) as database, database.read() as connection:
        return await lines(connection)


async def _backup(url: str, file: Path) -> None:
    from bot.__main__ import opened

    async with opened(url) as database:
        await database.backup(file)


def _fail(message: str, code: int = 1) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(code)


if __name__ == "__main__":
    app()
