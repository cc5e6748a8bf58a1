"""Parsing aside: the loop stays free, and what a hostile body costs is bounded."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from monitors.errors import HardToParse, NotAFeed, ParseError, ParsingTooLong
from monitors.kinds import Body, Family, Page, Request
from monitors.parsing import IN_THREAD, Parser
from monitors.sources import kind_named
from tests.shared import SHARED, needs_shared

FEED = kind_named("feed")
WELL_FORMED = b"<rss><channel><title>t</title><item><title>A</title><guid>1</guid></item></channel></rss>"
BROKEN = b"<rss><channel><title>t</title><item><title>A & B</title><guid>1</guid></item></channel></rss>"
HOSTILE = SHARED / "data" / "feeds" / "hostile"
FOR_THE_FETCHER = {".gz", ".br", ".zst"}


@dataclass(frozen=True)
class Costly:
    """A kind whose repair never ends, takes all memory or kills its process, as a hostile body might make it."""

    how: str
    kind: str = "costly"
    family: Family = "place"
    needs: tuple[str, ...] = ()
    pace: float = 0

    def recognise(self, text: str) -> str | None:
        return None

    def request(self, address: str, cursor: str | None) -> Request:
        return Request(address)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        raise HardToParse

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        if self.how == "memory":
            return Page((), title="x" * 2_000_000_000)
        if self.how == "death":
            os.kill(os.getpid(), signal.SIGKILL)
        while True:
            time.sleep(0.01)

    def link(self, address: str) -> str:
        return address


@pytest.fixture
async def parser() -> AsyncIterator[Parser]:
    async with Parser() as parser:
        yield parser


def workers() -> list[psutil.Process]:
    """The worker processes of this process; not the tracker that multiprocessing keeps until the end."""
    return [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]


def body(content: bytes) -> Body:
    return Body(content, "https://news.example.ir/rss")


async def titles(parser: Parser, content: bytes) -> list[str]:
    page = await parser.parse(FEED, body(content), "https://news.example.ir/rss", None)
    return [item.title for item in page.items]


async def test_a_well_formed_feed_needs_no_worker(parser: Parser) -> None:
    assert await titles(parser, WELL_FORMED) == ["A"]
    assert not workers()


async def test_a_broken_feed_is_repaired_in_a_worker_that_stays(parser: Parser) -> None:
    assert await titles(parser, BROKEN) == ["A & B"]
    (worker,) = workers()
    assert await titles(parser, BROKEN) == ["A & B"]
    assert workers() == [worker]


async def test_a_large_body_goes_to_the_worker_at_once(parser: Parser) -> None:
    large = WELL_FORMED.replace(b"</item>", b"<description>" + b"x" * IN_THREAD + b"</description></item>")
    assert await titles(parser, large) == ["A"]
    assert workers()


async def test_an_error_of_the_worker_arrives_with_its_facts(parser: Parser) -> None:
    page = b"<html><link rel='alternate' type='application/rss+xml' href='/feed'>" + b" " * IN_THREAD
    with pytest.raises(NotAFeed) as caught:
        await titles(parser, page)
    assert caught.value.alternates == ("https://news.example.ir/feed",)
    assert str(caught.value) == "not a feed: a web page"


@pytest.mark.parametrize("how", ["time", "memory", "death"])
async def test_what_costs_too_much_is_stopped_and_the_next_feed_is_read(how: str) -> None:
    async with Parser(seconds=1.0) as parser:
        with pytest.raises(ParsingTooLong):
            await parser.parse(Costly(how), body(b""), "x", None)
        assert await titles(parser, BROKEN) == ["A & B"]


async def test_an_idle_worker_that_was_killed_is_replaced(parser: Parser) -> None:
    await titles(parser, BROKEN)
    (worker,) = workers()
    worker.kill()
    await asyncio.sleep(0.5)  # until the pool has seen it
    assert await titles(parser, BROKEN) == ["A & B"]


async def test_closing_ends_the_worker_and_drops_what_is_waiting() -> None:
    parser = Parser()
    running = asyncio.create_task(parser.parse(Costly("time"), body(b""), "x", None))
    await asyncio.sleep(1.0)
    assert workers()
    start = time.perf_counter()
    running.cancel()
    await parser.close()
    assert time.perf_counter() - start < 3
    assert not workers()


async def test_the_loop_stays_free_while_a_large_broken_feed_is_read(parser: Parser) -> None:
    await titles(parser, BROKEN)
    item = "<item><title>خبر & {n}</title><link>https://example.ir/{n}</link><description>متن</description></item>"
    items = "".join(item.replace("{n}", str(n)) for n in range(40_000))
    large = f"<rss><channel><title>t</title>{items}</channel></rss>".encode()
    lags: list[float] = []

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.002)
            lags.append(time.perf_counter() - before - 0.002)

    watching = asyncio.create_task(watch())
    assert len(await titles(parser, large)) == 1000
    watching.cancel()
    assert sorted(lags)[len(lags) * 9 // 10] < 0.05


def test_a_worker_does_not_outlive_a_killed_process() -> None:
    script = (
        "import asyncio\n"
        "from tests.integration.test_parsing import BROKEN, Parser, titles, workers\n"
        "async def main():\n"
        "    parser = Parser()\n"
        "    await titles(parser, BROKEN)\n"
        "    print(workers()[0].pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        worker = psutil.Process(int(process.stdout.readline()))
        process.kill()
        process.wait()
        worker.wait(5)


# ── the hostile set ──────────────────────────────────────────────────────────────────────────────────────────────────


def hostile() -> list[str]:
    if not HOSTILE.exists():
        return []
    return sorted(file.name for file in HOSTILE.iterdir() if file.suffix not in {*FOR_THE_FETCHER, ".tsv"})


def most_memory(process: psutil.Process) -> int:
    """The most resident memory that a process ever had, in bytes (Linux: VmHWM)."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@needs_shared
@pytest.mark.parametrize("name", hostile())
async def test_a_hostile_body_ends_in_bounded_time_and_memory_and_the_next_feed_is_read(name: str) -> None:
    before = psutil.Process().memory_info().rss
    async with Parser() as parser:
        start = time.perf_counter()
        try:
            page = await parser.parse(FEED, body((HOSTILE / name).read_bytes()), "", None)
        except ParseError:
            page = Page(())
        assert time.perf_counter() - start < 5
        assert psutil.Process().memory_info().rss - before + sum(map(most_memory, workers())) < 256_000_000
        assert not any("root:" in item.title + item.text for item in page.items)
        assert await titles(parser, WELL_FORMED) == ["A"]
