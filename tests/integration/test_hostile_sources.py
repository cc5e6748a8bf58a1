"""Hostile sources beside a healthy one, through the whole pipeline: each ends in time and memory, and news goes on."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import select

from bot import fanout
from monitors import schedule
from monitors.fetch import Fetcher
from monitors.parsing import Parser
from monitors.recorder import Recorder
from monitors.roster import Roster
from monitors.runner import Runner
from monitors.schedule import Bounds
from monitors.sources import SOURCES
from monitors.store import sources
from monitors.store.engine import Database
from monitors.store.sources import NewSource
from monitors.store.tables import alerts, articles
from tests.integration.world import World
from tests.shared import SHARED, needs_shared

HOSTILE = SHARED / "data/feeds/hostile"
CODINGS = {".gz": "gzip", ".br": "br", ".zst": "zstd"}
ALONE = """
import sys, pytest
from tests import memory
code = pytest.main(["-q", "-p", "no:randomly", sys.argv[1]])
print(memory.peak())
sys.exit(code)
"""
HEALTHY = """<rss version="2.0"><channel><title>رسانهٔ سالم</title>{items}</channel></rss>"""


def healthy(count: int) -> str:
    items = "".join(f"<item><guid>{n}</guid><title>اسنپ خبر {n}</title></item>" for n in range(count))
    return HEALTHY.format(items=items)


@pytest.fixture
async def server() -> AsyncIterator[tuple[str, list[int]]]:
    """Serves the hostile files, each with its coding, and a healthy feed that has one item more at each poll."""
    polls: list[int] = []

    async def hostile(request: web.Request) -> web.Response:
        file = HOSTILE / request.match_info["name"]
        coding = "gzip" if file.name == "gzip_mislabelled.xml" else CODINGS.get(file.suffix)
        headers = {"Content-Encoding": coding} if coding else {}
        return web.Response(body=file.read_bytes(), headers={"Content-Type": "application/xml", **headers})

    async def well(request: web.Request) -> web.Response:
        polls.append(1)
        return web.Response(text=healthy(len(polls)), content_type="application/xml")

    application = web.Application()
    application.router.add_get("/hostile/{name}", hostile)
    application.router.add_get("/healthy", well)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", polls
    await runner.cleanup()


@needs_shared
async def test_the_healthy_source_goes_on_beside_all_hostile_ones(
    database: Database, server: tuple[str, list[int]]
) -> None:
    address, polls = server
    files = sorted(file.name for file in HOSTILE.iterdir() if file.name != "MANIFEST.tsv")
    world = World(database)
    await world.chat()
    await world.track("اسنپ")

    def now() -> datetime:
        return datetime.now(UTC)

    async with database.write() as connection:
        new = [NewSource("feed", f"{address}/hostile/{name}", name) for name in files]
        await sources.add(
            connection, [*new, NewSource("feed", f"{address}/healthy", "ok")], schedule.initial(now()), now()
        )
    roster = Roster(database, ())
    await roster.load(now())
    stopping = asyncio.Event()
    async with Fetcher(allow_private=True, per_host=8) as fetcher, Parser() as parser, asyncio.TaskGroup() as group:
        recorder = Recorder(database, roster, Bounds(1, 5), now)
        recording = group.create_task(recorder.run())
        kinds = {kind.kind: kind for kind in SOURCES}
        running = group.create_task(Runner(database, kinds, fetcher, parser.parse, recorder, now).run(stopping))
        started = time.monotonic()
        while True:
            await asyncio.sleep(0.5)
            async with database.read() as connection:
                watched = await sources.watched(connection)
            unread = [one for one in watched if one.state.last_success_at is None and not one.state.failures]
            if not unread and len(polls) > 5:
                break
            assert time.monotonic() - started < 90, [one.title for one in unread]
        stopping.set()
        await running
        recording.cancel()
    async with database.write() as connection:
        told = list(
            await connection.scalars(select(articles.c.title).join(alerts).where(articles.c.title.like("اسنپ خبر%")))
        )
        assert await fanout.fan_out(connection, now()) == len(told)
    assert len(told) >= 4, "news of the healthy source kept coming"
    failed = {one.title for one in watched if one.state.failures}
    assert {"gzip_bomb_1gb.gz", "brotli_bomb_1gb.br", "zstd_bomb_1gb.zst", "html_page.html", "empty.xml"} <= failed
    assert {"utf8_bom.xml", "cp1256_declared.xml", "unescaped_amp.xml", "truncated_mid_item.xml"}.isdisjoint(failed)


@needs_shared
def test_it_takes_less_memory_than_the_limit() -> None:
    """The same in a process of its own, whose peak the system measures, its worker's too."""
    test = f"{Path(__file__)}::test_the_healthy_source_goes_on_beside_all_hostile_ones"
    run = subprocess.run([sys.executable, "-c", ALONE, test], check=True, capture_output=True, text=True)
    peak = float(run.stdout.splitlines()[-1])
    assert peak < 256 + 100, f"{peak} MiB: pytest's own 100 beside the limit"
