"""Trackers come and go, and the searches of a network follow: nothing said since the last poll is lost, nothing old is told.

The network finds a post where one of a search's terms stands in it, newest first, whatever it was asked before: no cursor
helps. The polls, the roster, the recorder and the store are the real ones.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from monitors.errors import SourceError, TimedOut
from monitors.kinds import Body, Family, Fetched, Page, Polled, Request
from monitors.language.query import parse
from monitors.model import Item, Source
from monitors.recorder import Reading, Recorder
from monitors.roster import Roster
from monitors.schedule import Bounds
from monitors.sources.batches import packed, terms_of
from monitors.store import sources, trackers
from monitors.store.engine import Database
from monitors.store.tables import articles, mentions
from tests.integration.world import NOW

MINUTE = timedelta(minutes=1)


class Chatter:
    """A kind of search with at most three terms in a search."""

    kind = "chatter"
    family: Family = "search"
    needs = ()
    pace = 0.0

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        return packed(terms, lambda batch: len(batch) <= 3)

    def recognise(self, text: str) -> str | None:
        return text

    def request(self, address: str, cursor: str | None) -> Request:
        return Request("https://chatter.example/")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        return Page(())

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        return Page(())

    def link(self, address: str) -> str:
        return "https://chatter.example/"


@dataclass
class World:
    """Chatter's posts, and a Rasad that follows trackers on it."""

    database: Database
    roster: Roster
    recorder: Recorder
    now: datetime = NOW
    posts: list[Item] = field(default_factory=list)

    async def track(self, name: str) -> None:
        async with self.database.write() as connection:
            tracker = await trackers.add(connection, "owner", name, name, "own", self.now)
        await self.roster.take_up(tracker, parse(name), self.now)

    async def let_go(self, name: str) -> None:
        async with self.database.read() as connection:
            ids = [one.id for one in await trackers.every(connection) if one.query == name]
        async with self.database.write() as connection:
            await trackers.remove(connection, "owner", ids)
        await self.roster.let_go(ids, self.now)

    def post(self, words: str, ago: timedelta = timedelta()) -> None:
        number = len(self.posts)
        url = f"https://chatter.example/{number}"
        self.posts.append(Item(str(number), url, words, "", published_at=self.now - ago))

    def answer(self, source: Source) -> Polled:
        """What the network says to a search now."""
        found = tuple(item for item in self.posts if any(term in item.title for term in terms_of(source.address)))
        return Polled(Fetched(None), Page(found), found)

    async def poll(self, *, error: SourceError | None = None) -> None:
        """All that is due is asked."""
        async with self.database.read() as connection:
            due = await sources.due(connection, self.now, (), {Chatter.kind}, 100)
        await self.write(*(Reading(one, error or self.answer(one)) for one in due))

    async def write(self, *readings: Reading) -> None:
        for written in [await self.recorder.submit(reading) for reading in readings]:
            await written

    async def watched(self) -> list[Source]:
        async with self.database.read() as connection:
            return [one for one in await sources.watched(connection) if one.active]

    async def told(self) -> list[str]:
        """The posts that somebody was alerted of."""
        told = select(articles.c.title).join(mentions).where(mentions.c.alert_id.is_not(None)).distinct()
        async with self.database.read() as connection:
            return sorted(await connection.scalars(told))

    async def stored(self) -> int:
        async with self.database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(articles)) or 0


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    roster = Roster(database, (Chatter(),))
    async with database.write() as connection:
        await sources.enable_search(connection, "chatter", on=True)
    made = World(database, roster, Recorder(database, roster, Bounds(60, 600), lambda: made.now))
    recording = asyncio.create_task(made.recorder.run())
    yield made
    recording.cancel()
    await asyncio.gather(recording, return_exceptions=True)


async def test_a_new_search_starts_quietly(world: World) -> None:
    world.post("پاکنوش old", 3 * MINUTE)
    await world.track("پاکنوش")
    await world.poll()
    assert (await world.told(), await world.stored()) == ([], 1)
    world.now += 10 * MINUTE
    world.post("پاکنوش new")
    await world.poll()
    assert await world.told() == ["پاکنوش new"]


async def test_what_is_said_while_a_search_takes_up_a_term_is_told(world: World) -> None:
    await world.track("پاکنوش")
    await world.poll()
    (before,) = await world.watched()
    world.now += MINUTE
    world.post("پاکنوش since the last poll")
    world.post("تکسان of last year", timedelta(days=300))
    await world.track("تکسان")
    (after,) = await world.watched()
    assert (after.id, terms_of(after.address)) == (before.id, ("تکسان", "پاکنوش"))
    await world.poll()
    assert await world.told() == ["پاکنوش since the last poll"]
    assert await world.stored() == 2, "what is old is kept, and told to nobody"
    world.now += 20 * MINUTE
    world.post("تکسان of today")
    world.post("پاکنوش found late", 5 * 60 * MINUTE)
    await world.poll()
    assert await world.told() == ["تکسان of today", "پاکنوش found late", "پاکنوش since the last poll"]


async def test_what_is_said_while_searches_divide_and_join_is_told_once(world: World) -> None:
    names = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"]
    for name in names[:3]:
        await world.track(name)
        world.post(f"{name} old", timedelta(days=10))
    await world.poll()
    told: list[str] = []
    for number, name in enumerate([*names[3:], *names[3:]]):
        world.now += 2 * MINUTE
        for other in names[:3]:
            world.post(f"{other} {number}")
            told.append(f"{other} {number}")
        if number < 4:
            world.post(f"{name} old", timedelta(days=10))
            await world.track(name)
        else:
            await world.let_go(name)
        await world.poll()
        assert await world.told() == sorted(told)
    assert [terms_of(one.address) for one in await world.watched()] == [("alpha", "beta", "gamma")]


async def test_searches_that_fail_while_they_change_lose_nothing(world: World) -> None:
    await world.track("alpha")
    await world.poll()
    for name in ("beta", "gamma", "delta"):
        world.now += 7 * MINUTE
        world.post(f"alpha before {name}")
        world.post(f"{name} old", timedelta(days=10))
        await world.track(name)
        await world.poll(error=TimedOut())
    world.now += timedelta(hours=7)
    await world.poll()
    assert await world.told() == ["alpha before beta", "alpha before delta", "alpha before gamma"]


async def test_a_reading_under_way_does_not_set_a_changed_search_back(world: World) -> None:
    """beta's search was read long ago. alpha's is read just now, when the two join: beta's posts must not be passed over."""
    for name in ("alpha", "beta", "gamma", "delta"):
        await world.track(name)
    await world.poll()
    first, second = await world.watched()
    world.now += 30 * MINUTE
    world.post(f"{terms_of(second.address)[0]} in the meantime")
    under_way = Reading(first, world.answer(first))
    for name in terms_of(first.address)[1:]:
        await world.let_go(name)
    (joined,) = await world.watched()
    await world.write(under_way)
    assert (await world.watched())[0].state == joined.state
    await world.poll()
    assert await world.told() == [f"{terms_of(second.address)[0]} in the meantime"]


async def test_a_search_that_is_taken_up_again_starts_quietly(world: World) -> None:
    await world.track("alpha")
    await world.poll()
    await world.let_go("alpha")
    assert await world.watched() == []
    world.now += timedelta(days=60)
    world.post("alpha while nobody asked", timedelta(days=30))
    await world.track("alpha")
    await world.poll()
    assert await world.told() == []
    assert len(await world.watched()) == 1


async def test_a_term_that_two_chats_track_is_searched_for_until_both_let_it_go(world: World) -> None:
    await world.track("alpha")
    await world.track("alpha - beta")
    (source,) = await world.watched()
    assert source.address == "alpha", "what is excluded is not searched for"
    await world.let_go("alpha")
    assert await world.watched() == [source]
    await world.let_go("alpha - beta")
    assert await world.watched() == []
