"""Where parsing runs: never in the event loop.

    body ≤ 1 MiB ──parse──→ one thread ──HardToParse─┐
    body > 1 MiB ────────────────────────────────────┴──parse, repair──→ one worker process, 5 s and 150 MiB
What lives here: threads, processes and their limits. What does not: parsing itself (sources/).

One thread, because parsing holds the interpreter's lock: more of them parse no faster and starve the loop. A process
for what is large or broken, because hostile feeds are both, and a process can be stopped.
"""

import asyncio
import contextlib
import multiprocessing
import resource
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from monitors.errors import HardToParse, ParsingTooLong
from monitors.model import Body, Page, SourceKind
from monitors.sources import parse_body

IN_THREAD = 1024 * 1024  # bytes; in the thread a megabyte of the worst kind takes a tenth of a second
SECONDS = 5.0
MEMORY = 150 * 1024 * 1024  # bytes that the worker may take beside what it has imported (50 to 90 MB)


class Parser:
    """Parses bodies aside; an async context manager. The worker process is started when it is first needed."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._thread = ThreadPoolExecutor(1, "parsing")
        self._pool: ProcessPool | None = None
        self._opening = asyncio.Lock()

    async def parse(self, kind: SourceKind, body: Body, address: str, cursor: str | None) -> Page:
        """What `kind` reads in `body`. Raises a ParseError; ParsingTooLong where a limit stopped the worker."""
        if len(body.content) <= IN_THREAD:
            loop = asyncio.get_running_loop()
            with contextlib.suppress(HardToParse):
                return await loop.run_in_executor(self._thread, kind.parse, body, address, cursor)
        return await self._in_worker(kind, body, address, cursor)

    async def _in_worker(self, kind: SourceKind, body: Body, address: str, cursor: str | None) -> Page:
        pool = await self._opened()
        task = pool.schedule(_parse, (kind, body, address, cursor), timeout=self._seconds)
        try:
            return await asyncio.wrap_future(task)
        except TimeoutError as error:
            raise ParsingTooLong(f"stopped after {self._seconds} s") from error
        except (ProcessExpired, BrokenProcessPool) as error:
            raise ParsingTooLong("the worker died") from error

    async def _opened(self) -> ProcessPool:
        """The pool of one worker; a new one where the last one broke."""
        async with self._opening:
            if self._pool is None or not self._pool.active:
                context = multiprocessing.get_context("spawn")
                pool = ProcessPool(1, initializer=_limit, initargs=(self._memory,), context=context)
                # Asking whether it is active starts the process, which takes some milliseconds.
                await asyncio.to_thread(lambda: pool.active)
                self._pool = pool
            return self._pool

    async def close(self) -> None:
        """Drops what is waiting and ends the worker."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's only method without types
            await asyncio.to_thread(self._pool.join)
            self._pool = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


# ── in the worker ────────────────────────────────────────────────────────────────────────────────────────────────────


def _limit(memory: int) -> None:
    """Lets the process take `memory` bytes of address space more than its libraries have taken."""
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        taken = int(statistics.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))


def _parse(kind: SourceKind, body: Body, address: str, cursor: str | None) -> Page:
    try:
        return parse_body(kind, body, address, cursor)
    except MemoryError as error:
        raise ParsingTooLong("out of memory") from error
