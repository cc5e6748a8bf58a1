"""A network on loopback, and a source of it that is polled as Rasad polls it: fetcher, parser, poll, state between polls."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.test_utils import RawTestServer

from monitors import schedule
from monitors.fetch import Fetcher
from monitors.kinds import SourceKind
from monitors.model import Item, PollState
from monitors.parsing import Parser
from monitors.poll import poll
from monitors.schedule import Bounds

HOST = "127.0.0.1"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

type Answering = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass
class Watched:
    """A source of a kind. `state` is what its polls have taught: as it is stored, so that it survives a restart."""

    kind: SourceKind
    address: str
    fetcher: Fetcher
    parser: Parser
    state: PollState = field(default_factory=lambda: schedule.initial(NOW))
    items: tuple[Item, ...] = ()  # of the last poll
    seen: set[str] = field(default_factory=set)

    async def poll(self) -> tuple[Item, ...]:
        """The items of one poll. Raises a SourceError; then the state stays."""
        polled = await poll(self.kind, self.address, self.state, self.fetcher, self.parser.parse)
        dates = [item.published_at for item in polled.items]
        bounds = Bounds(60, 1800)
        self.state = schedule.after_success(
            self.state, polled.fetched, polled.page, dates, now=NOW, bounds=bounds, random=0
        ).state
        self.items = polled.items
        return polled.items

    async def guids(self) -> list[str]:
        """What one poll brought, by guid."""
        return [item.guid for item in await self.poll()]

    async def news(self) -> list[str]:
        """What one poll brought that `news` did not tell before, by guid."""
        new = [guid for guid in dict.fromkeys(await self.guids()) if guid not in self.seen]
        self.seen.update(new)
        return new


@asynccontextmanager
async def watching(
    kind: SourceKind, address: str, answering: Answering, *hosts: str, credentials: Mapping[str, str] | None = None
) -> AsyncIterator[Watched]:
    """A source whose network's hosts are one server on loopback, which answers so."""
    async with RawTestServer(answering, host=HOST) as server:
        assert server.port is not None
        here = f"http://{HOST}:{server.port}"
        fetcher = Fetcher(
            allowed=frozenset({(HOST, server.port)}), mirrors=dict.fromkeys(hosts, here), credentials=credentials
        )
        async with fetcher, Parser() as parser:
            yield Watched(kind, address, fetcher, parser)
