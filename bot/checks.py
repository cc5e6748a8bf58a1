"""`rasad sources check`: all sources read once, a line each; nothing is written, so a running bot is not disturbed."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import make_url

from bot.settings import Settings
from bot.texts import plain
from bot.trouble import why
from monitors import schedule
from monitors.checkup import Checked, Checkup
from monitors.errors import NeedsCredentials
from monitors.fetch import Fetcher
from monitors.parsing import Parser
from monitors.sources import PLACES, SEARCHES, STREAMS
from monitors.sources.catalogue import outlets
from monitors.store import sources as source_store
from monitors.store.engine import Database
from monitors.store.sources import NewSource

READ = frozenset(kind.kind for kind in (*PLACES, *SEARCHES, *STREAMS))  # the others wait for what comes by itself
COLUMNS = ("state", "kind", "title", "items", "newest", "error")


class NothingToCheck(Exception):
    """There is no database yet."""


async def check(settings: Settings, *, catalogue: bool) -> tuple[Checked, ...]:
    """Reads what is watched, or the whole catalogue, once. Raises NothingToCheck."""
    chosen = _catalogue() if catalogue else await _watched(settings.database_url)
    fetcher = Fetcher(
        proxy=settings.sources_proxy,
        allow_private=settings.allow_private_addresses,
        mirrors=settings.source_mirrors,
        credentials=settings.credentials,
    )
    async with fetcher, Parser() as parser:
        return await Checkup(fetcher, parser.parse, frozenset(settings.credentials)).of(chosen)


def table(checked: Sequence[Checked], zone: ZoneInfo) -> list[str]:
    """A line each under a heading, with tabs between the columns."""
    return ["\t".join(row) for row in (COLUMNS, *(_row(one, zone) for one in checked))]


def all_well(checked: Sequence[Checked]) -> bool:
    """Whether all could be read; what lacks its credentials does not count."""
    return all(one.error is None or isinstance(one.error, NeedsCredentials) for one in checked)


def _catalogue() -> list[NewSource]:
    return [
        NewSource(one.kind, one.address, one.title, one.language)
        for outlet in outlets()
        for one in (*outlet.feeds, *outlet.channels)
    ]


async def _watched(url: str) -> list[NewSource]:
    file = make_url(url).database
    if file is None or not await asyncio.to_thread(Path(file).exists):
        raise NothingToCheck
    database = Database(url)
    try:
        async with database.read() as connection:
            watched = await source_store.watched(connection)
    finally:
        await database.close()
    return [
        NewSource(one.kind, one.address, one.title)
        for one in watched
        if one.active and not one.paused and one.kind in READ
    ]


def _row(one: Checked, zone: ZoneInfo) -> tuple[str, ...]:
    title = " ".join(one.source.title.split())
    if one.error:
        state = "needs" if isinstance(one.error, NeedsCredentials) else "failed"
        return state, one.source.kind, title, "", "", plain(why(schedule.describe(one.error), "en"))
    newest = f"{one.newest.astimezone(zone):%Y-%m-%d %H:%M}" if one.newest else ""
    return "ok" if one.items else "empty", one.source.kind, title, str(one.items), newest, ""
