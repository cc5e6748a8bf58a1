"""All trackers at work: the matcher that every reading meets, kept in step with what people add and remove.

What lives here: taking up a tracker (matched from the next item on, its searches followed, the archive looked through for
it) and letting one go. What does not: matching (language/), tables (store/).
"""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime

import structlog

from monitors.errors import QueryError
from monitors.kinds import SearchKind
from monitors.language.match import Matcher
from monitors.language.query import Query, parse
from monitors.model import NO_WORDS, Tracker
from monitors.opinion import Words
from monitors.outlook import Outlook, look_back
from monitors.store import recording, sources, trackers
from monitors.store.engine import Database

REBUILD_AT = 200  # changes that a matcher carries beside its index

log = structlog.get_logger()


class Roster:
    """The trackers of every owner. `matcher` and `words` are replaced, never changed: a reading keeps those it began with."""

    def __init__(self, database: Database, searches: Sequence[SearchKind]) -> None:
        self.matcher = Matcher(())
        self.words: Words = {}
        self._database = database
        self._searches = searches
        self._queries: dict[int, Query] = {}
        self._rebuilding = asyncio.Lock()
        self._following = asyncio.Lock()

    async def load(self, now: datetime) -> None:
        """Takes up all stored trackers; one whose query cannot be read any more is left out, and logged."""
        async with self._database.read() as connection:
            stored = await trackers.every(connection)
        self._queries = {}
        self.words = {tracker.id: tracker.words for tracker in stored if tracker.words != NO_WORDS}
        for tracker in stored:
            try:
                self._queries[tracker.id] = parse(tracker.query)
            except QueryError as error:
                log.warning("tracker_unreadable", tracker=tracker.id, error=str(error))
        self.matcher = await asyncio.to_thread(Matcher, tuple(self._queries.items()))
        await self.follow_searches(now)

    async def take_up(self, tracker: Tracker, query: Query, now: datetime) -> Outlook:
        """A tracker that was just stored, or whose query was changed. Returns what the archive of the last week has for it.

        Those mentions are stored too, for bulletins and numbers, and alert nobody.
        """
        self._queries[tracker.id] = query
        self.matcher = self.matcher.with_tracker(tracker.id, query)
        await self._rebuild()
        await self.follow_searches(now)
        outlook = await look_back(self._database, query, now, tracker.id, tracker.words)
        judged = [(one.article.id, one.article.dated_at, one.mentions) for one in outlook.found]
        async with self._database.write() as connection:
            await recording.add_mentions(connection, judged, {})
        return outlook

    def listen(self, tracker: Tracker) -> None:
        """Its chat has own words for the tracker now: they count from the next item on."""
        others = {tracker_id: words for tracker_id, words in self.words.items() if tracker_id != tracker.id}
        self.words = others if tracker.words == NO_WORDS else {**others, tracker.id: tracker.words}

    async def let_go(self, tracker_ids: Sequence[int], now: datetime) -> None:
        """Trackers that were just removed."""
        for tracker_id in tracker_ids:
            self._queries.pop(tracker_id, None)
            self.matcher = self.matcher.without_tracker(tracker_id)
        await self._rebuild()
        await self.follow_searches(now)

    async def _rebuild(self) -> None:
        """Takes what was added beside the large index into it, off the loop; what changes meanwhile is kept."""
        if self.matcher.changes >= REBUILD_AT and not self._rebuilding.locked():
            async with self._rebuilding:
                built = await asyncio.to_thread(self.matcher.rebuilt)
                self.matcher = self.matcher.rebased(built)

    async def follow_searches(self, now: datetime) -> None:
        """Makes the searches on networks those that the trackers' terms want now."""
        async with self._following:  # one after the other, so that the last one knows of all
            async with self._database.read() as connection:
                enabled = await sources.enabled_searches(connection)
            wanted = await asyncio.to_thread(self._addresses, enabled, tuple(self._queries.values()))
            async with self._database.write() as connection:
                for kind, addresses in wanted.items():
                    await sources.follow(connection, kind, addresses, now)

    def _addresses(self, enabled: Collection[str], queries: Sequence[Query]) -> dict[str, tuple[str, ...]]:
        """The searches that a kind is to make for the terms of all queries, by kind; none where it is off."""
        terms = sorted({term for query in queries for term in query.search_terms})
        return {kind.kind: kind.addresses(terms) if kind.kind in enabled else () for kind in self._searches}
