"""Streams as they run: a real database, recorder and fetcher, and a server on loopback; only the waits are shorter."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from monitors import schedule
from monitors.fetch import Fetcher
from monitors.kinds import StreamKind
from monitors.language.query import parse
from monitors.live import Patience
from monitors.model import PollState
from monitors.parsing import Parser
from monitors.recorder import Recorder
from monitors.roster import Roster
from monitors.schedule import Bounds
from monitors.sources import STREAMS
from monitors.store import sources
from monitors.store.engine import Database
from monitors.store.sources import NewSource
from monitors.store.tables import alerts, articles
from monitors.streams import Persistence, Streams
from tests.integration.streams.jetstream import HOST, Jetstream, serving
from tests.integration.world import NOW, World

JETSTREAM = "jetstream2.us-east.bsky.network"
QUICK = Patience(gather=0.05, heartbeat=30)
STUBBORN = Persistence(first=0.05, longest=0.2, steady=0.3, save=0.1)


@dataclass
class Watch:
    """A Rasad that follows streams."""

    database: Database
    roster: Roster
    port: int
    patience: Patience = QUICK
    persistence: Persistence = STUBBORN
    reach: dict[str, object] = field(default_factory=dict)  # parameters of the Fetcher
    streams: Streams = field(init=False)

    async def add(self, kind: str = "bluesky_stream", address: str = JETSTREAM) -> int:
        async with self.database.write() as connection:
            new = [NewSource(kind, address, "Bluesky")]
            (number,) = await sources.add(connection, new, schedule.initial(NOW), NOW)
        return number

    async def track(self, query: str) -> None:
        tracker = await World(self.database).track(query)
        await self.roster.take_up(tracker, parse(query), NOW)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Streams]:
        """The part of the process that follows streams; it ends as the process does."""
        stopping = asyncio.Event()
        mirrors = {JETSTREAM: f"http://{HOST}:{self.port}"}
        reach = {"mirrors": mirrors, "allowed": frozenset({(HOST, self.port)})} | self.reach
        recorder = Recorder(self.database, self.roster, Bounds(60, 3600), lambda: NOW)
        kinds: dict[str, StreamKind] = {kind.kind: kind for kind in STREAMS}
        async with Fetcher(**reach) as fetcher, Parser() as parser:  # type: ignore[arg-type]
            self.streams = Streams(
                self.database, kinds, fetcher, parser.parse, recorder, self.roster, lambda: NOW,
                patience=self.patience, persistence=self.persistence,
            )  # fmt: skip
            recording = asyncio.create_task(recorder.run())
            following = asyncio.create_task(self.streams.run(stopping))
            try:
                yield self.streams
            finally:
                stopping.set()
                async with asyncio.timeout(5):
                    await following
                recording.cancel()
                await asyncio.wait([recording])

    async def state(self, number: int) -> PollState:
        async with self.database.read() as connection:
            source = await sources.by_id(connection, number)
        assert source
        return source.state

    async def titles(self) -> list[str]:
        """Of all stored articles, oldest first."""
        async with self.database.read() as connection:
            return list(await connection.scalars(select(articles.c.title).order_by(articles.c.id)))

    async def alerts(self) -> int:
        async with self.database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(alerts)) or 0

    async def until(self, *titles: str) -> None:
        """Waits until just these are stored."""
        async with asyncio.timeout(10):
            while await self.titles() != list(titles):
                await asyncio.sleep(0.02)

    async def opened(self, server: Jetstream, times: int) -> None:
        """Waits for so many connections in all."""
        async with asyncio.timeout(10):
            while len(server.opened) < times:
                await asyncio.sleep(0.02)

    async def connected(self, number: int) -> None:
        async with asyncio.timeout(10):
            while self.streams.connected_since(number) is None:
                await asyncio.sleep(0.02)

    async def failing(self, number: int, error: str) -> None:
        """Waits until the source's state says so."""
        async with asyncio.timeout(10):
            while not ((await self.state(number)).error or "").startswith(error):
                await asyncio.sleep(0.02)


@pytest.fixture
async def jetstream() -> AsyncIterator[Jetstream]:
    async with serving(Jetstream()) as jetstream:
        yield jetstream


@pytest.fixture
async def watch(database: Database, jetstream: Jetstream) -> Watch:
    await World(database).chat()
    watch = Watch(database, Roster(database, ()), jetstream.port)
    await watch.track("دیجی‌کالا")
    return watch
