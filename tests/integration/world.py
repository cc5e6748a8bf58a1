"""A small world for integration tests: one moment, one source, one chat with trackers, and items to publish."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot import chats
from bot.messenger import Call, ChatKey, Person
from monitors import schedule
from monitors.decide import Circumstances, decide, identify
from monitors.kinds import Fetched, Page, Polled
from monitors.language.match import Matcher
from monitors.language.query import parse
from monitors.language.story import StoryIndex
from monitors.model import Item, Source, Tracker
from monitors.schedule import Bounds
from monitors.store import articles, recording, sources, trackers
from monitors.store.engine import Database
from monitors.store.sources import NewSource

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHAT = ChatKey("telegram", 7)
PERSON = Person(7, "سارا")


def item(title: str, text: str = "", *, guid: str = "", url: str | None = None, at: datetime | None = NOW) -> Item:
    """An item as a feed would give it."""
    guid = guid or f"guid of {title}"
    return Item(
        guid=guid, url=url or f"https://news.example/{guid.replace(' ', '-')}", title=title, text=text, published_at=at
    )


class World:
    """Writes to a database as polls and people do."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.trackers: dict[int, Tracker] = {}
        self.stories = StoryIndex()

    async def chat(self, key: ChatKey = CHAT) -> None:
        """A chat of a member."""
        async with self.database.write() as connection:
            await chats.add_member(connection, key.platform, PERSON.id, PERSON.name, self.now)
            await chats.admit(connection, Call(key, PERSON, "start", group=key.id < 0), "fa", self.now)

    async def track(self, query: str, key: ChatKey = CHAT) -> Tracker:
        """The chat tracks a query."""
        async with self.database.write() as connection:
            tracker = await trackers.add(connection, str(key), query, query, "own", self.now)
            await chats.subscribe(connection, key, tracker.id)
        self.trackers[tracker.id] = tracker
        return tracker

    async def source(self, address: str = "https://news.example/rss", *, seen: bool = True) -> Source:
        """A source; `seen` ones have been read before, so that their items are news."""
        state = replace(schedule.initial(self.now), last_success_at=self.now - timedelta(hours=1) if seen else None)
        async with self.database.write() as connection:
            new = NewSource("feed", address, f"رسانهٔ {address}")
            (source_id,) = await sources.add(connection, [new], state, self.now)
        return await self.reread(source_id)

    async def reread(self, source_id: int) -> Source:
        """The source as it is stored now."""
        async with self.database.read() as connection:
            source = await sources.by_id(connection, source_id)
        assert source
        return source

    async def poll(self, source: Source, *items: Item) -> int:
        """A poll of the source brought these items; returns how many alerts it raised."""
        return await self.write(source, Polled(Fetched(None), Page(items), items))

    async def write(self, source: Source, polled: Polled) -> int:
        """What a poll brought, written; returns how many alerts it raised."""
        matcher = Matcher([(one.id, parse(one.query)) for one in self.trackers.values()])
        found = identify(source.id, polled.items)
        when = Circumstances(self.now, 0.5, Bounds(60, 3600))
        async with self.database.write() as connection:
            keys = [one.guid_key for one in found], [one.url_key for one in found if one.url_key]
            known: Mapping[bytes, object] = await articles.known(connection, *keys)
            decision = decide(source, polled, found, known, matcher, when)  # type: ignore[arg-type]
            return (await recording.record(connection, [decision], self.stories)).alerts
