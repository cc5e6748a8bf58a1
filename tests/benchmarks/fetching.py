"""What the guard, the limits and the courtesy of fetch.py cost beside bare aiohttp, which has none of them.

    python -m tests.benchmarks.fetching
Polls of a local server over plain HTTP, both sides in one process, in turns. CPU is the client process's own. A "304" poll
sends both validators and gets no body; a "200" poll gets 20 entries in gzip, read and decompressed by both sides.
"""

import asyncio
import gzip
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import uvloop

from monitors.fetch import Fetcher
from monitors.kinds import Request

POLLS = 2000
TURNS = 7
AT_ONCE = 16
MODIFIED = "Mon, 23 Mar 2026 08:00:00 GMT"
ENTRY = "<item><title>خبر تازه‌ای از بازار</title><link>http://news.test/{0}</link><guid>{0}</guid></item>"
BODY = gzip.compress(("<rss>" + "".join(ENTRY.format(number) for number in range(20)) + "</rss>").encode())

type Poll = Callable[[str], Awaitable[object]]


class Answering(asyncio.Protocol):
    """Answers /304 and /200 as fast as Python can."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        head = f'ETag: "v1"\r\nLast-Modified: {MODIFIED}\r\nCache-Control: max-age=60\r\n'
        if data.startswith(b"GET /304"):
            self._transport.write(f"HTTP/1.1 304 Not Modified\r\n{head}\r\n".encode())
        else:
            head += f"Content-Type: text/xml\r\nContent-Encoding: gzip\r\nContent-Length: {len(BODY)}\r\n"
            self._transport.write(f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + BODY)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def cpu_of(poll: Poll, url: str) -> float:
    """Milliseconds of CPU a poll."""
    urls = iter([f"{url}?{number}" for number in range(POLLS)])

    async def one_after_another() -> None:
        for each in urls:
            await poll(each)

    started = time.process_time()
    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return (time.process_time() - started) / POLLS * 1000


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU a poll, the median of all turns, and the median of their ratios."""

    bare: float
    fetcher: float
    ratio: float


async def compare(port: int, path: str) -> Cost:
    conditions = {"If-None-Match": '"v1"', "If-Modified-Since": MODIFIED}
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        Fetcher(allowed=frozenset({("127.0.0.1", port)}), per_host=AT_ONCE) as fetcher,
    ):

        async def bare(url: str) -> None:
            async with session.get(url, headers=conditions) as response:
                await response.read()

        async def fetched(url: str) -> None:
            await fetcher.get(Request(url), etag='"v1"', last_modified=MODIFIED)

        url = f"http://127.0.0.1:{port}/{path}"
        await cpu_of(bare, url)
        await cpu_of(fetched, url)
        turns = [(await cpu_of(bare, url), await cpu_of(fetched, url)) for _ in range(TURNS)]
    bare_costs, fetcher_costs = zip(*turns, strict=True)
    ratios = [ours / theirs for theirs, ours in turns]
    return Cost(*map(statistics.median, (bare_costs, fetcher_costs, ratios)))


def measure() -> dict[str, Cost]:
    """Costs by kind of answer, on the event loop that Rasad runs on."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.fetching", "serve"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        port = int(server.stdout.readline())
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return {path: runner.run(compare(port, path)) for path in ("304", "200")}
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    for answer, cost in measure().items():
        print(f"{answer}: bare {cost.bare:.3f} ms, fetcher {cost.fetcher:.3f} ms, ratio {cost.ratio:.2f}")
