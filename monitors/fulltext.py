"""Full texts: of sources that want it, an article's page is read after its lead was told, since a lead often names nobody.

    while not stopping:
        take what is due, a page a host                      (the table is the truth: store/pages.py)
        each in a task: robots.txt → fetch → main text (in a worker) → recorder, which matches, stores and alerts
        wait for what comes next
What lives here: that loop, its budget, and what becomes of pages that cannot be read. What does not: which articles those
are (decide.py), rules of sites (robots.py), finding the main text (sources/article_text.py).

Courtesy is the point: one request to a host at a time, at the site's own pace, few an hour. A page is read once, and again
only where its source edits the article.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog

from monitors.errors import SourceError, TimedOut, Unreachable
from monitors.fetch import Fetcher
from monitors.kinds import FullText, Request
from monitors.recorder import Reading, Recorder
from monitors.robots import Robots
from monitors.schedule import describe
from monitors.sources.article_text import read_article
from monitors.store import pages, sources
from monitors.store.engine import Database
from monitors.store.pages import Due
from monitors.waiting import first_of
from monitors.worker import Worker

KINDS = frozenset({"feed", "page", "webhook_in"})  # whose items lead to articles
BY_DEFAULT: Mapping[str, frozenset[str]] = {"off": frozenset(), "feeds": frozenset({"feed", "page"})}

HOUR = timedelta(hours=1)
TIDY_EVERY = 60.0  # seconds
FAR = 50  # pages that are looked at for free hosts
PASSING = frozenset({429, 500, 502, 503, 504})  # statuses that may be others the next time
WAITS = (300.0, 1800.0, 7200.0)  # seconds before a page is tried again
AFTER_BREAKING = 60.0  # seconds before a host whose page could not be written is asked again
ACCEPT = ("Accept", "text/html, application/xhtml+xml;q=0.9, */*;q=0.1")
SECONDS, MEMORY = 10.0, 300 * 1024 * 1024  # of the worker, for one page

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be asked: pages an hour in all and of one host, and at once; seconds between two of a host; how many may
    wait, and seconds after which an article is too old to be read; seconds between two looks at what is due."""

    an_hour: int = 1_000
    an_hour_of_host: int = 200
    at_once: int = 4
    apart: float = 3.0
    longest_apart: float = 60.0
    room: int = 2_000
    patience: float = 86_400.0
    look: float = 3.0


class ArticleReader:
    """Reads the pages of articles. `fetcher` should be its own, so that no feed waits behind a page for its host."""

    def __init__(
        self,
        database: Database,
        fetcher: Fetcher,
        worker: Worker,
        recorder: Recorder,
        now: Callable[[], datetime],
        budget: Budget | None = None,
    ) -> None:
        self._database = database
        self._fetcher = fetcher
        self._worker = worker
        self._robots = Robots(fetcher, worker, now)
        self._recorder = recorder
        self._now = now
        self._budget = budget or Budget()
        self._free_at: dict[str, float] = {}  # hosts (monotonic seconds); endless for those that are being asked

    async def run(self, stopping: asyncio.Event) -> None:
        """Reads until `stopping`; what is on the wire then is asked for again at the next start."""
        async with asyncio.TaskGroup() as group:
            tasks: set[asyncio.Task[None]] = set()
            tidy_at = monotonic()
            while not stopping.is_set():
                if monotonic() >= tidy_at:
                    tidy_at = monotonic() + TIDY_EVERY
                    await self._let_go()
                for due in await self._due(self._budget.at_once - len(tasks)):
                    self._free_at[due.host] = float("inf")
                    task = group.create_task(self._take(due))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                await first_of(stopping, seconds=self._budget.look)
            for task in tasks:
                task.cancel()

    async def _due(self, room: int) -> tuple[Due, ...]:
        """What is read next, within the budget."""
        now, clock, budget = self._now(), monotonic(), self._budget
        self._free_at = {host: until for host, until in self._free_at.items() if until > clock}
        async with self._database.read() as connection:
            spent = await pages.asked_since(connection, now - HOUR)
            full = {host for host, count in spent.items() if count >= budget.an_hour_of_host}
            found = await pages.due(connection, now, {*full, *self._free_at}, FAR)
        return found[: max(0, min(room, budget.an_hour - sum(spent.values())))]

    async def _let_go(self) -> None:
        """Gives up what would come too late or is too much."""
        before = self._now() - timedelta(seconds=self._budget.patience)
        async with self._database.write() as connection:
            await pages.let_go(connection, before, self._budget.room)

    async def _take(self, due: Due) -> None:
        """One page, from due to settled. It is an edge as a poll is: whatever breaks in it stops no other."""
        apart = self._budget.apart
        try:
            async with self._database.write() as connection:
                await pages.asked(connection, due.article_id, self._now())
            apart = max(apart, min(await self._read(due), self._budget.longest_apart))
        except SourceError as error:
            await self._fail(due, error)
        except Exception:
            log.exception("page_broke", url=due.url)
            apart = AFTER_BREAKING
        finally:
            self._free_at[due.host] = monotonic() + apart

    async def _read(self, due: Due) -> float:
        """Reads a page and hands it to the recorder; returns the seconds that its site wants between two requests."""
        rules = await self._robots.rules(due.url)
        if not rules.allowed:
            await self._end(due, "robots")
            return rules.delay
        body = (await self._fetcher.get(Request(due.url, (ACCEPT,)))).body
        if body is None or not (await self._robots.rules(body.url)).allowed:  # it may have led to another site
            await self._end(due, "robots")
            return rules.delay
        title, text = await self._worker.run(read_article, body)
        async with self._database.read() as connection:
            source = await sources.by_id(connection, due.source_id)
        if source:
            await (await self._recorder.submit(Reading(source, FullText(due.article_id, title, text))))
        return rules.delay

    async def _fail(self, due: Due, error: SourceError) -> None:
        """A page that may be read later is tried again a few times; the rest is given up."""
        passing = isinstance(error, Unreachable | TimedOut) or getattr(error, "status", None) in PASSING
        if not passing or due.attempts >= len(WAITS):
            return await self._end(due, describe(error))
        wait = max(WAITS[due.attempts], error.retry_after or 0)
        async with self._database.write() as connection:
            await pages.postpone(connection, due.article_id, self._now() + timedelta(seconds=wait), describe(error))
        return None

    async def _end(self, due: Due, outcome: str) -> None:
        async with self._database.write() as connection:
            await pages.settle(connection, [due.article_id], outcome)
