"""GETs in a process of their own, so that their time, its memory and the certificates it trusts can be told apart:
`python -m tests.integration.fetch.child '["URL", …]' [PROXY]`, where news.test and other.test are this machine.

A wss: URL is opened as a stream, until its first message. Prints JSON: for each GET the error's name or null, the body's length, seconds, and the process's peak memory so far in MiB.
"""

import asyncio
import json
import sys
import time

from monitors import live
from monitors.errors import FetchError
from monitors.fetch import Fetcher
from monitors.kinds import Request
from tests import memory
from tests.integration.fetch.servers import here


async def end(fetcher: Fetcher, url: str) -> dict[str, str | float | None]:
    error, length = None, 0
    started = time.perf_counter()
    try:
        length = await (heard(fetcher, url) if url.startswith("wss:") else read(fetcher, url))
    except FetchError as failure:
        error = type(failure).__name__
    seconds = time.perf_counter() - started
    return {"error": error, "length": length, "seconds": seconds, "peak": memory.peak()}


async def read(fetcher: Fetcher, url: str) -> int:
    fetched = await fetcher.get(Request(url))
    return len(fetched.body.content) if fetched.body else 0


async def heard(fetcher: Fetcher, url: str) -> int:
    async with live.opened(fetcher, Request(url.replace("wss:", "https:", 1))) as connection:
        return len((await connection.batch(1))[0])


async def main(urls: str, proxy: str | None = None) -> None:
    async with Fetcher(allow_private=True, proxy=proxy, resolver=here("news.test", "other.test")) as fetcher:
        print(json.dumps([await end(fetcher, url) for url in json.loads(urls)]))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
