"""Who is polled when: one guarded loop over the sources that are due.

    while not stopping:
        take the due sources that are not in hand            (the table is the truth: store/sources.py)
        each in a task: poll → submit to the recorder, at most so many at once
        wait for the next due time, a new source, or a place that comes free
What lives here: that loop, and the log lines of a source going down and coming back. What does not: reading a source
(poll.py), writing what it brought (recorder.py), when it is due again (schedule.py), whose turn it is on a network (turns.py).
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from monitors.errors import NeedsCredentials, SourceError
from monitors.fetch import Fetcher
from monitors.kinds import Polled, SourceKind
from monitors.model import Source
from monitors.poll import Parse, poll
from monitors.recorder import Reading, Recorder
from monitors.store import sources
from monitors.store.engine import Database
from monitors.turns import Turns
from monitors.waiting import first_of

AT_ONCE = 50  # polls
IN_HAND = 200  # sources taken up: being polled, waiting for a place, or waiting to be written
REFILL = IN_HAND // 2  # few enough left in hand to look for more
LONGEST_REST = 1.0  # seconds without a look at the table: what was in hand during the last look may be due again
AFTER_BREAKING = 30.0  # seconds before a source whose reading could not be written is taken up again

log = structlog.get_logger()


class Runner:
    """Polls all active sources whose kind is in `kinds`, each when it is due."""

    def __init__(
        self,
        database: Database,
        kinds: Mapping[str, SourceKind],
        fetcher: Fetcher,
        parse: Parse,
        recorder: Recorder,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._fetcher = fetcher
        self._parse = parse
        self._recorder = recorder
        self._now = now
        self._in_hand: set[int] = set()
        self._turns = Turns(kinds.values())
        self._needing: set[str] = set()  # kinds without their credentials, that the log has told of
        self._places = asyncio.Semaphore(AT_ONCE)
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """A source was added, or may be due earlier than it was."""
        self._wake.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Polls until `stopping`; then drops what is on the wire, which is read again at the next start."""
        async with self._database.read() as connection:
            self._turns.resume(await sources.last_polls(connection))
        async with asyncio.TaskGroup() as polls:
            tasks: set[asyncio.Task[None]] = set()
            while not stopping.is_set():
                self._wake.clear()
                for source in await self._due():
                    self._in_hand.add(source.id)
                    task = polls.create_task(self._take(source))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                await self._rest(stopping)
            for task in tasks:
                task.cancel()

    async def _due(self) -> list[Source]:
        room, now = IN_HAND - len(self._in_hand), self._now()
        if room <= 0:
            return []
        async with self._database.read() as connection:
            due = await sources.due(
                connection, now, self._in_hand, self._kinds.keys() - self._turns.waiting(now).keys(), room
            )
        return [source for source in due if self._turns.take(source.kind, now)]

    async def _take(self, source: Source) -> None:
        """One source from due to written. A source's poll is an edge: whatever breaks in it stops no other."""
        try:
            async with self._places:  # held until the writer takes the reading: what was read waits nowhere in numbers
                written = await self._recorder.submit(Reading(source, await self._read(source)))
            await written
        except Exception:
            log.exception("poll_broke", kind=source.kind, address=source.address)
            await asyncio.sleep(AFTER_BREAKING)
        finally:
            self._in_hand.discard(source.id)
            if len(self._in_hand) == REFILL:
                self._wake.set()

    async def _read(self, source: Source) -> Polled | SourceError:
        try:
            polled = await poll(self._kinds[source.kind], source.address, source.state, self._fetcher, self._parse)
        except SourceError as error:
            self._tell(source, error)
            if until := self._turns.failed(source.kind, error, self._now()):
                async with self._database.write() as connection:
                    await sources.put_off(connection, source.kind, until)
            return error
        if source.state.failures:
            log.info("source_back", kind=source.kind, address=source.address, failures=source.state.failures)
        return polled

    def _tell(self, source: Source, error: SourceError) -> None:
        """A line when a source goes down; one a kind where its credentials are missing."""
        if isinstance(error, NeedsCredentials):
            if source.kind not in self._needing:
                log.warning("kind_needs_credentials", kind=source.kind, setting=error.setting)
            self._needing.add(source.kind)
        elif not source.state.failures:
            log.warning("source_down", kind=source.kind, address=source.address, error=repr(error))

    async def _rest(self, stopping: asyncio.Event) -> None:
        """Until there may be something to do."""
        waiting = self._turns.waiting(self._now())
        async with self._database.read() as connection:
            due = await sources.next_due(connection, self._in_hand, self._kinds.keys() - waiting.keys())
        soonest = min([*waiting.values(), *([due] if due else [])], default=None)
        wait = LONGEST_REST if soonest is None else min(LONGEST_REST, (soonest - self._now()).total_seconds())
        if wait > 0 or len(self._in_hand) > REFILL:
            await first_of(self._wake, stopping, seconds=max(wait, LONGEST_REST / 10))
