"""Where parsing runs: never in the event loop.

    body ≤ 1 MiB ──parse──→ one thread ──HardToParse─┐
    body > 1 MiB ────────────────────────────────────┴──parse, repair──→ one worker process, 5 s and 150 MiB
What lives here: which of them. What does not: the worker process (worker.py), parsing itself (sources/).

One thread, because parsing holds the interpreter's lock: more of them parse no faster and starve the loop. A process
for what is large or broken, because hostile feeds are both, and a process can be stopped.
"""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from monitors.errors import HardToParse
from monitors.kinds import Body, Page, SourceKind
from monitors.sources import parse_body
from monitors.worker import Worker

IN_THREAD = 1024 * 1024  # bytes; in the thread a megabyte of the worst kind takes a tenth of a second
SECONDS = 5.0
MEMORY = 150 * 1024 * 1024  # bytes


class Parser:
    """Parses bodies aside; an async context manager. The worker process is started when it is first needed."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._thread = ThreadPoolExecutor(1, "parsing")
        self._worker = Worker(seconds, memory)

    async def parse(self, kind: SourceKind, body: Body, address: str, cursor: str | None) -> Page:
        """What `kind` reads in `body`. Raises a ParseError; ParsingTooLong where a limit stopped the worker."""
        if len(body.content) <= IN_THREAD:
            loop = asyncio.get_running_loop()
            with contextlib.suppress(HardToParse):
                return await loop.run_in_executor(self._thread, kind.parse, body, address, cursor)
        return await self._worker.run(parse_body, kind, body, address, cursor)

    async def close(self) -> None:
        """Drops what is waiting and ends the worker."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        await self._worker.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
