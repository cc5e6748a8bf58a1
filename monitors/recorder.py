"""The one writer: takes what polls and articles' pages brought, decides over it, and writes it in as few transactions as
there is need for.

    polls, pages ─submit(Reading)→ batch → known (read) → decide (in a thread) → store.record (one transaction) → alerts
                                                                                                                 → doubts
What lives here: that order. What does not: the deciding (decide.py), the SQL (store/), the polling (runner.py).
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from monitors import decide
from monitors.decide import Circumstances, Identified
from monitors.errors import ParseError, SourceError
from monitors.kinds import FullText, Polled
from monitors.language.story import WINDOW, StoryIndex
from monitors.model import Article, Decision, Source
from monitors.opinion import Question
from monitors.refine import Doubt
from monitors.roster import Roster
from monitors.schedule import Bounds
from monitors.store import articles, recording
from monitors.store.engine import Database
from monitors.store.recording import Recorded

BATCH = 360  # items a transaction: enough to share its cost, few enough not to hold the loop, or much memory
A_READING = 9  # items that a reading weighs beside its own: one that brought none is written in a larger company

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a poll of a source came to, or the page of one of its articles."""

    source: Source
    outcome: Polled | FullText | SourceError


class Recorder:
    """Writes readings. `on_alerts` is called after a transaction that raised alerts, and `doubt` (refine.py) with each
    mention in it that is news or was judged anew. `fulltext` are the kinds of sources whose articles' pages are read unless
    the source says otherwise."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        bounds: Bounds,
        now: Callable[[], datetime],
        on_alerts: Callable[[], None] = lambda: None,
        fulltext: frozenset[str] = frozenset(),
        doubt: Callable[[Doubt], object] | None = None,
    ) -> None:
        self._database = database
        self._roster = roster
        self._bounds = bounds
        self._now = now
        self._on_alerts = on_alerts
        self._fulltext = fulltext
        self._doubt = doubt
        self._stories = StoryIndex()
        self._waiting: list[tuple[Reading, asyncio.Future[None]]] = []
        self._weight = 0  # of what waits
        self._filled, self._emptied = asyncio.Event(), asyncio.Event()

    async def submit(self, reading: Reading) -> asyncio.Future[None]:
        """Returns when the writer has room for the reading; the future, when it has been written, or what kept it from
        that."""
        while self._weight >= BATCH:
            self._emptied.clear()
            await self._emptied.wait()
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((reading, written))
        self._weight += _weight(reading)
        self._filled.set()
        return written

    async def run(self) -> None:
        """Writes until cancelled; a transaction that has begun is finished."""
        async with self._database.read() as connection:
            told = await recording.recently_told(connection, self._now() - WINDOW)
        await asyncio.to_thread(self._stories.refill, told)
        while True:
            await self._filled.wait()
            batch, self._waiting, self._weight = self._waiting, [], 0
            self._filled.clear()
            self._emptied.set()
            writing = asyncio.ensure_future(self._write(batch))
            try:
                await asyncio.shield(writing)
            except asyncio.CancelledError:
                await writing
                raise

    async def _write(self, batch: Sequence[tuple[Reading, asyncio.Future[None]]]) -> None:
        """A reading that cannot be written is found by writing each alone, and keeps no other from being written."""
        try:
            recorded = await self._record([reading for reading, _ in batch])
        except Exception as error:  # noqa: BLE001 - a reading is an edge: it is logged, and the rest goes on
            await self._write_apart(batch, error)
            return
        for _, written in batch:
            _settle(written)
        if recorded.alerts:
            self._on_alerts()
        if self._doubt:
            self._doubt_all(recorded, {reading.source.id: reading.source.kind for reading, _ in batch}, self._doubt)

    def _doubt_all(self, recorded: Recorded, kinds: Mapping[int, str], doubt: Callable[[Doubt], object]) -> None:
        for source_id, article_id, fresh in recorded.judged:
            for one in fresh.mentions:
                words = self._roster.words.get(one.tracker_id)
                question = Question(fresh.item, one.spans, fresh.language, kinds[source_id], words)
                doubt(Doubt(article_id, one.tracker_id, question, one.sentiment))

    async def _write_apart(self, batch: Sequence[tuple[Reading, asyncio.Future[None]]], error: Exception) -> None:
        """After a batch that could not be written: each alone, and what cannot be even so as a poll that failed."""
        if len(batch) > 1:
            for one in batch:
                await self._write([one])
            return
        (reading, written) = batch[0]
        log.error("reading_broke", source=reading.source.address, exc_info=error)
        if not isinstance(reading.outcome, Polled):
            _settle(written, error)
        else:
            await self._write([(Reading(reading.source, ParseError(f"broke here: {error!r}")), written)])

    async def _record(self, readings: Sequence[Reading]) -> Recorded:
        identified = [_identified(reading) for reading in readings]
        found = [one for some in identified for one in some]
        pages = [reading.outcome.article_id for reading in readings if isinstance(reading.outcome, FullText)]
        async with self._database.write() as connection:
            stored = await articles.by_ids(connection, pages)
            guid_keys = [*(one.guid_key for one in found), *(_guid_key(one) for one in stored.values())]
            url_keys = [one.url_key for one in found if one.url_key]
            known = await articles.known(connection, guid_keys, url_keys) if guid_keys else {}
            decisions = await asyncio.to_thread(self._decide, readings, identified, known, stored)
            return await recording.record(connection, decisions, self._stories)

    def _decide(
        self,
        readings: Sequence[Reading],
        identified: Sequence[Sequence[Identified]],
        known: decide.Knowledge,
        stored: Mapping[int, Article],
    ) -> list[Decision]:
        decisions = []
        for reading, items in zip(readings, identified, strict=True):
            chance = random.random()  # noqa: S311 - spreads polls, hides nothing
            when = Circumstances(self._now(), chance, self._bounds, self._fulltext, self._roster.words)
            outcome, source = reading.outcome, reading.source
            match outcome:
                case SourceError():
                    decisions.append(decide.decide_failure(source, outcome, when))
                case Polled():
                    decisions.append(decide.decide(source, outcome, items, known, self._roster.matcher, when))
                case FullText() if article := stored.get(outcome.article_id):
                    old = known[_guid_key(article)]
                    decisions.append(decide.decide_page(source, outcome, article, old, self._roster.matcher, when))
        return decisions


def _weight(reading: Reading) -> int:
    return A_READING + (len(reading.outcome.items) if isinstance(reading.outcome, Polled) else 0)


def _identified(reading: Reading) -> tuple[Identified, ...]:
    outcome = reading.outcome
    return decide.identify(reading.source.id, outcome.items) if isinstance(outcome, Polled) else ()


def _guid_key(article: Article) -> bytes:
    """The key by which the store knows the article: what it gives as its guid."""
    return bytes.fromhex(article.item.guid)


def _settle(written: asyncio.Future[None], error: Exception | None = None) -> None:
    if written.done():  # whoever waited was cancelled
        return
    if error:
        written.set_exception(error)
    else:
        written.set_result(None)
