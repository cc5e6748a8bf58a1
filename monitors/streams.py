"""Streams: one live connection for each source of that family, kept open, its messages written as they come.

    each active source of a stream kind, in a task of its own:
        open with the cursor that is stored → batches → parse, keep what a tracker wants (both off the loop) → recorder
        where it ends: a failed poll is written, and after a while that doubles it is opened again
What lives here: that, and the log lines of a stream going down and coming back. What does not: the connection (live.py), what
messages mean (sources/), writing (recorder.py). A stream's cursor is written in one transaction with what came before it,
and is asked for again after a break: what comes twice is known by its identity.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import uniform
from time import monotonic
from typing import Never

import structlog

from monitors import decide, live
from monitors.errors import NeedsCredentials, SourceError
from monitors.fetch import Fetcher
from monitors.kinds import Body, Fetched, Page, Polled, StreamKind
from monitors.live import Patience
from monitors.model import Item, Source
from monitors.poll import Parse, poll
from monitors.recorder import Reading, Recorder
from monitors.roster import Roster
from monitors.store import sources
from monitors.store.engine import Database
from monitors.waiting import first_of

BATCH = 200  # messages
LOOK = 1.0  # seconds between two looks at which streams there are
LONGEST_ASKED = 86_400.0  # seconds that a server may ask us to stay away; a setting that is missing does so by itself

EMPTY = Page(())

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Persistence:
    """Seconds: the first wait after a break and the longest, which is doubled in between; how long a connection lasts before
    the break is forgotten; how often a cursor is written that brought nothing else."""

    first: float = 1.0
    longest: float = 300.0
    steady: float = 10.0
    save: float = 10.0

    def wait(self, failures: int, asked: float | None) -> float:
        """How long to stay away after so many breaks in a row, when the server `asked` for so much."""
        doubled = min(self.first * 2.0 ** min(failures - 1, 32), self.longest)
        return max(doubled * uniform(0.8, 1.2), min(asked or 0, LONGEST_ASKED))  # noqa: S311 - spreads, hides nothing


@dataclass(slots=True)
class _Line:
    """A stream over all its connections: `failures` in a row, and of the present connection when it opened, when it was
    last written, and the cursor that is to be written."""

    source: Source
    kind: StreamKind
    failures: int
    opened_at: float = field(default_factory=monotonic)
    written_at: float = 0.0
    cursor: str | None = None


class Streams:
    """Keeps the connections of all active sources whose kind is in `kinds`."""

    def __init__(
        self,
        database: Database,
        kinds: Mapping[str, StreamKind],
        fetcher: Fetcher,
        parse: Parse,
        recorder: Recorder,
        roster: Roster,
        now: Callable[[], datetime],
        patience: Patience | None = None,
        persistence: Persistence | None = None,
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._fetcher = fetcher
        self._parse = parse
        self._recorder = recorder
        self._roster = roster
        self._now = now
        self._patience = patience
        self._persistence = persistence or Persistence()
        self._connected: dict[int, datetime] = {}
        self._again: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)  # set: do not wait any longer

    def connected_since(self, source_id: int) -> datetime | None:
        """Since when a stream is connected; None while it is not."""
        return self._connected.get(source_id)

    async def run(self, stopping: asyncio.Event) -> None:
        """Until `stopping`; then hangs up. What was not written yet comes again at the next start, by the cursor."""
        async with asyncio.TaskGroup() as group:
            tasks: dict[tuple[int, str], asyncio.Task[None]] = {}
            while not stopping.is_set():
                wanted = await self._lines()
                tasks = {line: task for line, task in tasks.items() if not task.done()}
                for gone in tasks.keys() - wanted.keys():
                    tasks.pop(gone).cancel()
                for new in wanted.keys() - tasks.keys():
                    tasks[new] = group.create_task(self._keep(wanted[new]))
                await first_of(stopping, seconds=LOOK)
            for task in tasks.values():
                task.cancel()

    async def _lines(self) -> dict[tuple[int, str], Source]:
        """The streams that are to be open, by id and address; those that are due do not wait any longer."""
        async with self._database.read() as connection:
            found = await sources.active_of(connection, self._kinds)
        for source in found:
            if source.state.failures and source.state.next_poll_at <= self._now():
                self._again[source.id].set()
        return {(source.id, source.address): source for source in found}

    async def _keep(self, source: Source) -> None:
        """One stream, opened again and again. It is an edge as a poll is: whatever breaks in it stops no other."""
        line = _Line(source, self._kinds[source.kind], source.state.failures)
        again = self._again[source.id]
        while line.source.active:
            asked = None
            try:
                asked = await self._connection(line)
            except Exception:
                line.failures += 1
                log.exception("stream_broke", kind=source.kind, address=source.address)
            again.clear()
            await first_of(again, seconds=self._persistence.wait(line.failures, asked))

    async def _connection(self, line: _Line) -> float | None:
        """One connection from its opening to its end, which is written as a failed poll; the seconds that the server asks
        to be left alone, where it does."""
        try:
            await self._follow(line)
        except SourceError as error:
            if not line.failures:
                log.warning("source_down", kind=line.source.kind, address=line.source.address, error=repr(error))
            line.failures += 1
            await self._write(line, error)
            return LONGEST_ASKED if isinstance(error, NeedsCredentials) else error.retry_after
        finally:
            self._connected.pop(line.source.id, None)

    async def _follow(self, line: _Line) -> Never:
        request = line.kind.request(line.source.address, line.source.state.cursor)
        async with live.opened(self._fetcher, request, line.kind.silence, self._patience) as connection:
            line.opened_at = line.written_at = monotonic()
            line.cursor = None
            await self._catch_up(line)
            while True:
                await self._take(line, await connection.batch(BATCH))

    async def _catch_up(self, line: _Line) -> None:
        """Reads what was said while there was no connection, where the network does not play it again."""
        kind, source = line.kind.missed, line.source
        if kind is None or source.state.cursor is None:
            return
        polled = await poll(kind, source.address, source.state, self._fetcher, self._parse)
        items = await self._wanted(line, polled.items)
        if polled.page:
            await self._write(line, _polled(polled.page, items))

    async def _take(self, line: _Line, messages: list[bytes]) -> None:
        """A batch. That a connection works is written before what it brings, so that its first item is told too."""
        steady = monotonic() - line.opened_at >= self._persistence.steady
        page = await self._read(line, messages) if messages else EMPTY
        if line.source.id not in self._connected and (messages or steady):
            self._connected[line.source.id] = self._now()
            await self._write(line, _polled(EMPTY, ()))
        if line.failures and steady:
            log.info("source_back", kind=line.source.kind, address=line.source.address, failures=line.failures)
            line.failures = 0
        items = await self._wanted(line, page.items) if page.items else ()
        line.cursor = page.cursor or line.cursor
        overdue = monotonic() - line.written_at >= self._persistence.save
        if items or (overdue and line.cursor):
            await self._write(line, _polled(replace(page, cursor=line.cursor), items))

    async def _read(self, line: _Line, messages: list[bytes]) -> Page:
        return await self._parse(line.kind, as_body(messages), line.source.address, line.source.state.cursor)

    async def _wanted(self, line: _Line, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return await asyncio.to_thread(decide.wanted, items, line.source, self._roster.matcher)

    async def _write(self, line: _Line, outcome: Polled | SourceError) -> None:
        """Returns when it is written; then the source is as the table has it."""
        await (await self._recorder.submit(Reading(line.source, outcome)))
        async with self._database.read() as connection:
            line.source = await sources.by_id(connection, line.source.id) or line.source
        line.written_at = monotonic()


async def sample(kind: StreamKind, address: str, fetcher: Fetcher, parse: Parse) -> Polled:
    """What a stream says just now, before it is followed. Raises a SourceError."""
    async with live.opened(fetcher, kind.request(address, None), patience=Patience(gather=2.0)) as connection:
        messages = await connection.batch(BATCH)
    page = await parse(kind, as_body(messages), address, None) if messages else Page((), title=address)
    return _polled(page, page.items)


def as_body(messages: list[bytes]) -> Body:
    """Messages as a kind's `parse` reads them: a line each. In JSON a line break is no more than a blank."""
    return Body(b"\n".join(message.replace(b"\n", b" ") for message in messages), "", "application/x-ndjson")


def _polled(page: Page, items: tuple[Item, ...]) -> Polled:
    return Polled(Fetched(None), replace(page, items=()), items)
