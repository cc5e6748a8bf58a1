"""Networks are asked at their pace and left alone when they have had enough, and nothing else waits for them.

The runner, the fetcher, the recorder and the store are the real ones; the clock is not. A network that refuses is a server on
loopback.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer

from monitors import schedule
from monitors.errors import AskedTooOften
from monitors.fetch import Fetcher
from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item, Source
from monitors.parsing import Parser
from monitors.recorder import Recorder
from monitors.roster import Roster
from monitors.runner import Runner
from monitors.schedule import Bounds
from monitors.store import sources
from monitors.store.engine import Database
from monitors.store.sources import NewSource
from tests.integration.world import NOW

HOST = "127.0.0.1"
PACE = 5

type Refusal = Callable[[], web.Response]


@dataclass(frozen=True)
class Network:
    """A kind of source whose sources are paths of a server."""

    kind: str
    port: int
    pace: float = 0.0
    needs: tuple[str, ...] = ()
    family: Family = "place"

    def recognise(self, text: str) -> str | None:
        return text

    def request(self, address: str, cursor: str | None) -> Request:
        secrets = tuple(("Authorization", f"{{{name}}}") for name in self.needs)
        return Request(f"http://{HOST}:{self.port}/{self.kind}/{address}", secrets=secrets)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        if b"too often" in body.content:
            raise AskedTooOften("too often")
        return Page((Item(body.content.decode(), None, address, ""),))

    repair = parse

    def link(self, address: str) -> str:
        return self.request(address, None).url


@dataclass
class Town:
    """A server with networks, and a Rasad that watches places on them. `asked` are (seconds since the start, path)."""

    database: Database
    port: int = 0
    now: datetime = NOW
    asked: list[tuple[float, str]] = field(default_factory=list)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    runner: Runner | None = None

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(((self.now - NOW).total_seconds(), request.path[1:]))
        refusal = self.refusals.get(request.path[1:])
        return refusal() if refusal else web.Response(text=str(len(self.asked)))

    async def watch(self, kind: str, *addresses: str) -> None:
        new = [NewSource(kind, address, address) for address in addresses]
        async with self.database.write() as connection:
            await sources.add(connection, new, schedule.initial(self.now), self.now)

    @asynccontextmanager
    async def running(self, *, credentials: dict[str, str] | None = None) -> AsyncIterator[None]:
        """From a start of Rasad to its end."""
        kinds: Sequence[Network] = (
            Network("paced", self.port, PACE),
            Network("free", self.port),
            Network("locked", self.port, PACE, ("KEY",)),
        )
        roster = Roster(self.database, ())
        stopping = asyncio.Event()
        async with self.database.write() as connection:
            await sources.spread(connection, self.now)
        fetcher = Fetcher(allow_private=True, credentials=credentials)
        async with fetcher, Parser() as parser, asyncio.TaskGroup() as group:
            recorder = Recorder(self.database, roster, Bounds(60, 60), lambda: self.now)
            recording = group.create_task(recorder.run())
            by_name = {kind.kind: kind for kind in kinds}
            self.runner = Runner(self.database, by_name, fetcher, parser.parse, recorder, lambda: self.now)
            running = group.create_task(self.runner.run(stopping))
            yield
            stopping.set()
            self.runner.wake()
            await running
            recording.cancel()

    async def pass_seconds(self, seconds: int, step: int = 1) -> None:
        """Time passes, and what becomes due is read."""
        await self.until(lambda: False, seconds, step)

    async def until(self, condition: Callable[[], bool], seconds: int = 120, step: int = 1) -> None:
        """Time passes until something has happened, or for so long."""
        assert self.runner
        for _ in range(0, seconds, step):
            self.now += timedelta(seconds=step)
            self.runner.wake()
            quiet = 0
            while quiet < 3:
                before = len(self.asked)
                await asyncio.sleep(0.03)
                quiet = quiet + 1 if before == len(self.asked) else 0
                if condition():
                    return

    def times(self, path: str) -> list[float]:
        return [at for at, asked in self.asked if asked.startswith(path)]

    async def source(self, address: str) -> Source:
        async with self.database.read() as connection:
            return next(one for one in await sources.watched(connection) if one.address == address)


@pytest.fixture
async def town(database: Database) -> AsyncIterator[Town]:
    town = Town(database)
    async with RawTestServer(town.answer, host=HOST) as server:
        assert server.port is not None
        town.port = server.port
        yield town


async def test_sources_of_a_network_are_asked_at_its_pace(town: Town) -> None:
    await town.watch("paced", "a", "b", "c", "d")
    await town.watch("free", "x", "y", "z")
    async with town.running():
        await town.until(lambda: len(town.times("paced")) == 4)
    times = town.times("paced")
    assert len(times) == 4
    assert all(later - earlier >= PACE for earlier, later in pairwise(times))
    assert len({path for at, path in town.asked if at < times[1]}) == 4, "nobody waits for the slow network"


@pytest.mark.parametrize(
    ("refusal", "wait"),
    [
        (partial(web.Response, status=429, headers={"Retry-After": "300"}), 300),
        (partial(web.Response, status=429, headers={"x-ratelimit-reset": "200"}), 200),
        (partial(web.Response, status=429), 60),
        (partial(web.Response, status=503, headers={"Retry-After": "120"}), 120),
        (partial(web.Response, text="too often"), 60),
    ],
    ids=["retry-after", "reset", "429", "503", "prose"],
)
async def test_a_network_that_has_had_enough_is_left_alone(town: Town, refusal: Refusal, wait: int) -> None:
    await town.watch("paced", "a")
    await town.watch("free", "x")
    town.refusals["paced/a"] = refusal
    async with town.running():
        await town.until(lambda: len(town.times("paced")) > 0)
        await town.pass_seconds(1)
        (refused,) = town.times("paced")
        await town.watch("paced", "b", "c")
        await town.pass_seconds(wait - 10, step=10)
        assert town.times("paced") == [refused]
        town.refusals.clear()
        await town.until(lambda: len(town.times("paced")) == 4, 600, step=5)
    assert {path for _, path in town.asked if path.startswith("paced")} == {"paced/a", "paced/b", "paced/c"}
    assert town.times("paced")[1] >= refused + wait
    assert len(town.times("free")) > wait // 70, "the rest goes on"


async def test_other_trouble_keeps_nobody_waiting(town: Town) -> None:
    await town.watch("paced", "a", "b")
    town.refusals["paced/a"] = town.refusals["paced/b"] = partial(web.Response, status=500)
    async with town.running():
        await town.until(lambda: len(town.times("paced")) == 2, 20)
    assert {path for _, path in town.asked} == {"paced/a", "paced/b"}


async def test_a_host_among_many_speaks_for_itself_only(town: Town) -> None:
    await town.watch("free", "a", "b")
    town.refusals["free/a"] = partial(web.Response, status=429, headers={"Retry-After": "600"})
    async with town.running():
        await town.until(lambda: len(town.times("free/b")) > 3, 500, step=10)
    assert len(town.times("free/a")) == 1
    assert len(town.times("free/b")) > 3


async def test_a_restart_does_not_forget_a_refusal(town: Town) -> None:
    await town.watch("paced", "a", "b", "c")
    refusal = partial(web.Response, status=429, headers={"Retry-After": "300"})
    town.refusals = {f"paced/{address}": refusal for address in "abc"}
    async with town.running():
        await town.until(lambda: len(town.times("paced")) > 0)
        await town.pass_seconds(1)
    for _ in range(3):
        async with town.running():
            await town.pass_seconds(10)
    assert len(town.times("paced")) == 1
    town.refusals.clear()
    async with town.running():
        await town.until(lambda: len({path for _, path in town.asked}) == 3, 600, step=10)
    assert len({path for _, path in town.asked}) == 3


async def test_a_restart_does_not_forget_the_pace(town: Town) -> None:
    await town.watch("paced", "a", "b", "c")
    async with town.running():
        await town.until(lambda: len(town.times("paced")) > 0)
        await town.pass_seconds(1)
    for _ in range(3):
        async with town.running():
            await town.pass_seconds(1)
    assert len(town.times("paced")) == 1


async def test_a_kind_without_its_credentials_is_not_asked_and_says_what_it_needs(town: Town) -> None:
    await town.watch("locked", "a", "b", "c")
    await town.watch("free", "x")
    async with town.running():
        await town.pass_seconds(600, step=60)
        states = [(await town.source(address)).state for address in "abc"]
    assert town.times("locked") == []
    assert [(state.error, state.failures) for state in states] == [("needs_credentials KEY", 1)] * 3
    assert all(state.next_poll_at > NOW + timedelta(hours=12) for state in states)
    assert len(town.times("free")) > 3
    async with town.running(credentials={"KEY": "secret"}):
        await town.until(lambda: len(town.times("locked")) == 3)
        await town.pass_seconds(1)
        assert [(await town.source(address)).state.failures for address in "abc"] == [0, 0, 0]
    assert len(town.times("locked")) == 3
