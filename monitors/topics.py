"""What people say beside a name in a period: its mentions and a background from the store, counted in a worker process.

What lives here: which mentions and which background are read, and where the work is done. What does not: counting
(language/topics.py), what a user sees (bot/).
"""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from pebble import ProcessPool

from monitors.language.topics import Topics, topics
from monitors.store import background
from monitors.store.engine import Database

MENTIONS: Final = 4_000  # that are read; of more, as many spread over all of them
BACKGROUND: Final = 2_000  # articles
EARLIER: Final = timedelta(days=30)  # before the period, from which the background is taken too
SECONDS: Final = 60.0
_ANY_WORD: Final = "خبر"


@dataclass(frozen=True, slots=True)
class Found:
    """The topics of `read` out of `mentions`."""

    topics: Topics
    mentions: int
    read: int


class TopicFinder:
    """Finds topics, one period at a time: a worker takes 300 MB while it counts, and is gone afterwards."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()

    async def find(
        self, tracker_ids: Sequence[int], periods: Sequence[tuple[datetime, datetime]], count: int
    ) -> tuple[Found, ...]:
        """For each period (since ≤ t < until) at most `count` phrases, words and hashtags each that set its mentions apart.

        The background is what else was written in the period and before, and what mentioned the same before. Raises
        TimeoutError.
        """
        async with self._turn, _aside() as pool:
            return tuple([await self._find(pool, tracker_ids, *period, count) for period in periods])

    async def _find(
        self, pool: ProcessPool, tracker_ids: Sequence[int], since: datetime, until: datetime, count: int
    ) -> Found:
        async with self._database.read() as connection:
            mentions, said = await background.said(connection, tracker_ids, since, until, MENTIONS)
            if not said:
                return Found(Topics((), (), ()), 0, 0)
            chance = Random(len(said))  # noqa: S311 - chooses examples; the same ones for the same question
            earlier = since - EARLIER
            elsewhere = await background.elsewhere(connection, tracker_ids, earlier, until, since, BACKGROUND, chance)
        task = await asyncio.to_thread(pool.schedule, topics, (said, elsewhere, count), timeout=SECONDS)
        return Found(await asyncio.wrap_future(task), mentions, len(said))


@asynccontextmanager
async def _aside() -> AsyncIterator[ProcessPool]:
    """A process of its own, which hands its memory back. It loads hazm's dictionary, which takes a second, while the store
    reads."""
    pool = await asyncio.to_thread(ProcessPool, 1, context=multiprocessing.get_context("spawn"))
    try:
        await asyncio.to_thread(pool.schedule, topics, ((), (_ANY_WORD,), 0), timeout=SECONDS)
        yield pool
    finally:
        pool.stop()  # type: ignore[no-untyped-call]  # pebble's only method without types
        await asyncio.to_thread(pool.join)
