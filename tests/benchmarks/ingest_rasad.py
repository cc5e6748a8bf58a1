"""Rasad's own pipeline over the feeds: fetch, parse, fold, match, judge, store, index, alerts and deliveries."""

# ruff: noqa: E402
from bot import memory

memory.import_less()  # before anything else is imported, as cli.py does

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime

import uvloop
from sqlalchemy import text, update

from bot import chats, fanout
from bot.messenger import ChatKey
from monitors import schedule
from monitors.fetch import Fetcher
from monitors.language.query import parse as parse_query
from monitors.parsing import Parser
from monitors.recorder import Recorder
from monitors.roster import Roster
from monitors.runner import Runner
from monitors.schedule import Bounds
from monitors.sources import SOURCES
from monitors.store import sources, trackers
from monitors.store.engine import Database
from monitors.store.sources import NewSource
from monitors.store.tables import sources as sources_table
from monitors.store.times import milliseconds
from tests.benchmarks.process import URLS, Gauge, control
from tests.benchmarks.words import BRAND, WORDS

TRACKERS = int(os.environ.get("BENCH_TRACKERS", "1000"))
CHAT = ChatKey("telegram", 1)
URL = f"sqlite+aiosqlite:///{os.environ['BENCH_FOLDER']}/rasad.db"


def now() -> datetime:
    return datetime.now(UTC)


async def prepare() -> None:
    """Sources, trackers (the brand, and names that the text does not hold), one chat that subscribed to all."""
    database = Database(URL)
    await database.migrate()
    async with database.write() as connection:
        await sources.add(connection, [NewSource("feed", url, url) for url in URLS], schedule.initial(now()), now())
        await connection.execute(
            chats.chats.insert().values(
                platform=CHAT.platform, chat_id=CHAT.id, title="", language="fa", allowed=True, created_at=now()
            )
        )
        names = [BRAND, *(f"{WORDS[i % len(WORDS)]}{WORDS[i // 7 % len(WORDS)]}نام{i}" for i in range(TRACKERS - 1))]
        for name in names:
            parse_query(name)
            tracker = await trackers.add(connection, str(CHAT), name, name, "own", now())
            await chats.subscribe(connection, CHAT, tracker.id)
    await database.close()


async def all_polled(database: Database) -> None:
    """Returns when no source is due."""
    due = text("SELECT EXISTS (SELECT 1 FROM sources WHERE active AND next_poll_at <= :now)")
    while True:
        async with database.read() as connection:
            if not await connection.scalar(due, {"now": milliseconds(now())}):
                return
        await asyncio.sleep(0.05)


async def lags(into: list[float]) -> None:
    """How late a short sleep ends, again and again."""
    loop = asyncio.get_running_loop()
    while True:
        started = loop.time()
        await asyncio.sleep(0.005)
        into.append(loop.time() - started - 0.005)


async def main() -> None:
    gauge = Gauge()
    database = Database(URL)
    roster = Roster(database, ())
    await roster.load(now())
    stopping = asyncio.Event()
    async with Fetcher(allow_private=True, per_host=50) as fetcher, Parser() as parser, asyncio.TaskGroup() as group:
        recorder = Recorder(database, roster, Bounds(3600, 3600), now)
        recording = group.create_task(recorder.run())
        runner = Runner(database, {kind.kind: kind for kind in SOURCES}, fetcher, parser.parse, recorder, now)
        running: list[asyncio.Task[None]] = []
        for phase in ("first", "same", "tenth"):
            if phase == "tenth":
                await asyncio.to_thread(control, "bump?every=10")
            late: list[float] = []
            lagging = group.create_task(lags(late))
            with gauge.phase(phase) as figures:
                if not running:
                    running.append(group.create_task(runner.run(stopping)))
                else:
                    async with database.write() as connection:
                        await connection.execute(update(sources_table).values(next_poll_at=now()))
                    runner.wake()
                await all_polled(database)
                async with database.write() as connection:
                    figures["alerts"] = await fanout.fan_out(connection, now())
            lagging.cancel()
            figures["lag_p99"] = sorted(late)[int(len(late) * 0.99)]
        stopping.set()
        await asyncio.wait(running)
        recording.cancel()
    await database.close()
    gauge.report()


if __name__ == "__main__":
    if sys.argv[1:] == ["prepare"]:
        uvloop.run(prepare())
    else:  # as at every start but the first: what is tracked and watched is there, put there by another process
        memory.keep_small()
        subprocess.run([sys.executable, "-m", "tests.benchmarks.ingest_rasad", "prepare"], check=True)
        uvloop.run(main())
