"""A process for work that may not end: limits of time and memory, and a new process where the last one broke.

What lives here: the process and its limits. What does not: which work that is (parsing.py, fulltext.py).
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from monitors.errors import ParsingTooLong

if TYPE_CHECKING:
    from pebble import ProcessPool


class Worker:
    """One process, started when it is first needed; an async context manager.

    `memory` is how many bytes it may take beside what it has imported (50 to 90 MB), `seconds` how long one piece of work.
    """

    def __init__(self, seconds: float, memory: int) -> None:
        self._seconds = seconds
        self._memory = memory
        self._pool: ProcessPool | None = None
        self._opening = asyncio.Lock()

    async def run[*Given, Made](self, function: Callable[[*Given], Made], *given: *Given) -> Made:
        """What the function makes of what is given, in the process. Raises what it raises; ParsingTooLong where a limit
        stopped it."""
        from pebble import ProcessExpired  # here: most processes never need one

        pool = await self._opened()
        task = pool.schedule(_within_memory, (function, *given), timeout=self._seconds)
        try:
            made: Made = await asyncio.wrap_future(task)
        except TimeoutError as error:
            raise ParsingTooLong(f"stopped after {self._seconds} s") from error
        except (ProcessExpired, BrokenProcessPool) as error:
            raise ParsingTooLong("the worker died") from error
        return made

    async def _opened(self) -> ProcessPool:
        """The pool of one process; a new one where the last one broke."""
        import multiprocessing

        from pebble import ProcessPool

        async with self._opening:
            if self._pool is None or not self._pool.active:
                context = multiprocessing.get_context("spawn")
                pool = ProcessPool(1, initializer=_limit, initargs=(self._memory,), context=context)
                # Asking whether it is active starts the process, which takes some milliseconds.
                await asyncio.to_thread(lambda: pool.active)
                self._pool = pool
            return self._pool

    async def close(self) -> None:
        """Drops what is waiting and ends the process."""
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


# ── in the process ───────────────────────────────────────────────────────────────────────────────────────────────────


def _limit(memory: int) -> None:
    """Lets the process take `memory` bytes of address space more than its libraries have taken."""
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        taken = int(statistics.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))


def _within_memory[*Given, Made](function: Callable[[*Given], Made], *given: *Given) -> Made:
    try:
        return function(*given)
    except MemoryError as error:
        raise ParsingTooLong("out of memory") from error
