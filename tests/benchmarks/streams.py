"""A firehose, read as fast as it can be and at the speed of Bluesky, by everything from the socket to the table.

    python -m tests.benchmarks.streams [TRACKERS]
A server in a process of its own sends posts of 15 words, one of 500 naming a brand. Told are posts a second, CPU time a thousand
posts, and how long the loop was kept from its other work.
"""

import asyncio
import json
import multiprocessing
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import RawTestServer
from sqlalchemy import func, select

from monitors import schedule
from monitors.fetch import Fetcher
from monitors.parsing import Parser
from monitors.recorder import Recorder
from monitors.roster import Roster
from monitors.schedule import Bounds
from monitors.sources import STREAMS
from monitors.store import sources, trackers
from monitors.store.engine import Database
from monitors.store.sources import NewSource
from monitors.store.tables import articles
from monitors.streams import Streams
from tests.benchmarks.words import BRAND, WORDS

HOST = "127.0.0.1"
POSTS = 40_000
RATE = 400  # posts a second: several times what Bluesky's people write
STEADY_POSTS = 8_000
ONE_IN = 500
LETTERS = "ابپتجحخدرزسشعفقکگلمنوهی"


@dataclass(frozen=True)
class Figures:
    """What one run came to. `lags` are seconds, sorted."""

    seconds: float
    cpu: float
    lags: list[float]
    kept: int


def _post(number: int, chance: random.Random) -> str:
    words = chance.choices(WORDS, k=15)
    if number % ONE_IN == ONE_IN - 1:
        words.insert(7, BRAND)
    record = {
        "$type": "app.bsky.feed.post",
        "createdAt": "2026-11-25T09:00:00Z",
        "langs": ["fa"],
        "text": " ".join(words),
    }
    commit = {"operation": "create", "collection": "app.bsky.feed.post", "rkey": f"3k{number}", "record": record}
    event = {
        "did": f"did:plc:{number % 997}",
        "time_us": 1_795_000_000_000_000 + number,
        "kind": "commit",
        "commit": commit,
    }
    return json.dumps(event, ensure_ascii=False)


def _serve(tell: Connection, posts: int, rate: int | None) -> None:
    """The server's process: tells its port, then sends the posts to who comes first."""
    made = [_post(number, chance) for chance in [random.Random(7)] for number in range(posts)]

    async def send(request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        started = time.monotonic()
        for number, post in enumerate(made):
            await socket.send_str(post)
            if rate and number % 20 == 0:
                await asyncio.sleep(max(0.0, started + number / rate - time.monotonic()))
        await asyncio.sleep(3600)
        return socket

    async def run() -> None:
        async with RawTestServer(send, host=HOST) as server:
            tell.send(server.port)
            await asyncio.sleep(3600)

    asyncio.run(run())


async def _lag(lags: list[float]) -> None:
    while True:
        started = time.monotonic()
        await asyncio.sleep(0.005)
        lags.append(time.monotonic() - started - 0.005)


async def _follow(port: int, tracked: int, last: int, folder: Path) -> Figures:
    database = Database(f"sqlite+aiosqlite:///{folder / 'bench.db'}")
    await database.migrate()
    start = datetime.now(UTC)
    chance = random.Random(3)
    async with database.write() as connection:
        for query in [
            BRAND,
            *(f"{''.join(chance.choices(LETTERS, k=5))} {chance.choice(WORDS)}" for _ in range(tracked - 1)),
        ]:
            await trackers.add(connection, "bench", query, query, "own", start)
        (number,) = await sources.add(
            connection, [NewSource("bluesky_stream", "jetstream.example", "Bluesky")], schedule.initial(start), start
        )
    roster = Roster(database, ())
    await roster.load(start)
    recorder = Recorder(database, roster, Bounds(60, 3600), lambda: datetime.now(UTC))
    stopping, lags = asyncio.Event(), list[float]()
    reach = {"jetstream.example": f"http://{HOST}:{port}"}
    async with Fetcher(mirrors=reach, allowed=frozenset({(HOST, port)})) as fetcher, Parser() as parser:
        kinds = {kind.kind: kind for kind in STREAMS}
        streams = Streams(database, kinds, fetcher, parser.parse, recorder, roster, lambda: datetime.now(UTC))
        began, cpu = time.monotonic(), time.process_time()
        tasks = [asyncio.create_task(work) for work in (recorder.run(), streams.run(stopping), _lag(lags))]
        while await _cursor(database, number) < last:
            await asyncio.sleep(0.05)
        seconds, cpu = time.monotonic() - began, time.process_time() - cpu
        stopping.set()
        await tasks[1]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    async with database.read() as connection:
        kept = await connection.scalar(select(func.count()).select_from(articles)) or 0
    await database.close()
    return Figures(seconds, cpu, sorted(lags), kept)


async def _cursor(database: Database, number: int) -> int:
    async with database.read() as connection:
        source = await sources.by_id(connection, number)
    return int(source.state.cursor or 0) if source else 0


def measure(posts: int, tracked: int, rate: int | None = None) -> Figures:
    """One run, to the last post that is kept."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there, posts, rate), daemon=True)
    server.start()
    last = 1_795_000_000_000_000 + posts - 1
    try:
        with tempfile.TemporaryDirectory() as folder:
            return asyncio.run(_follow(here.recv(), tracked, last, Path(folder)))
    finally:
        server.terminate()
        server.join()


def main() -> None:
    """Measures and prints."""
    tracked = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    for posts, rate in ((POSTS, None), (STEADY_POSTS, RATE)):
        one = measure(posts, tracked, rate)
        print(
            f"{'as fast as it can' if rate is None else f'{rate} posts a second'}, {tracked:,} trackers:"
            f" {posts / one.seconds:,.0f} posts/s, {one.cpu * 1e6 / posts:,.0f} ms of CPU a thousand, {one.kept} kept;"
            f" loop late p50 {one.lags[len(one.lags) // 2] * 1e3:.1f} ms, p99 {one.lags[len(one.lags) * 99 // 100] * 1e3:.0f} ms,"
            f" at most {one.lags[-1] * 1e3:.0f} ms"
        )


if __name__ == "__main__":
    main()
