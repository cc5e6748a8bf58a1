"""Spikes over real SQLite: a storm is told while it grows, once, to the chats that want it, with what is behind it."""

import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import chats, outbox, storms
from bot.chats import ChatSensitivity
from bot.direction import MARKS
from bot.messenger import ChatKey, Message
from bot.outbox import deliveries
from bot.render import Renderer
from monitors.model import Item, Tracker
from monitors.store.engine import Database
from tests.benchmarks.words import WORDS
from tests.integration.world import CHAT, World, item

BRAND = "اسنپ"
OTHER = ChatKey("telegram", 8)
PNG = b"\x89PNG"


class Weather(World):
    """A world whose chat tracks a brand that is mentioned every third hour for two weeks."""

    async def calm(self) -> Tracker:
        await self.chat()
        tracker = await self.track(BRAND)
        source = await self.source(seen=False)
        hours = range(3, 14 * 24, 3)
        await self.poll(source, *(self.news(f"خبر آرام {n}", timedelta(hours=n)) for n in hours))
        return tracker

    def news(self, title: str, ago: timedelta) -> Item:
        return item(f"{BRAND} و {title}", at=self.now - ago)

    async def storm(self, count: int) -> None:
        """So many reports of the last minutes."""
        source = await self.source(f"https://storm.example/{count}")
        minutes = [timedelta(minutes=1 + n / 10) for n in range(count)]
        chance = random.Random(count)  # noqa: S311
        titles = [f"خبر تند {' '.join(chance.choices(WORDS, k=8))}" for _ in minutes]  # each a story of its own
        await self.poll(source, *map(self.news, titles, minutes))

    async def look(self, tracker: Tracker) -> bool:
        return await storms.look(self.database, Renderer(ZoneInfo("Asia/Tehran")), tracker.id, self.now)

    async def told(self, chat: ChatKey = CHAT) -> list[Message]:
        async with self.database.read() as connection:
            ids = await connection.scalars(
                select(deliveries.c.id).where(deliveries.c.kind == "notice", deliveries.c.chat_id == chat.id)
            )
            return [notice.message for notice in await outbox.notices(connection, list(ids))]

    async def choose(self, sensitivity: ChatSensitivity) -> None:
        async with self.database.write() as connection:
            await chats.be_warned(connection, CHAT, sensitivity)


async def test_a_storm_is_told_once_with_its_figures_stories_and_picture(database: Database) -> None:
    weather = Weather(database)
    tracker = await weather.calm()
    assert not await weather.look(tracker), "calm weather"
    await weather.storm(20)
    assert await weather.look(tracker)
    (message,) = await weather.told()
    words = MARKS.sub("", message.html)
    assert "جهش یادکردها" in words
    assert BRAND in words
    assert "<b>۲۰</b> یادکرد" in words
    assert "برابر" in words
    assert words.count("خبر تند") == 3
    assert message.file is not None
    assert message.file.picture
    assert message.file.content.startswith(PNG)
    weather.now += timedelta(minutes=2)
    assert not await weather.look(tracker), "also after a restart: what was told is stored"


async def test_it_is_told_again_when_it_has_doubled_in_another_hour(database: Database) -> None:
    weather = Weather(database)
    tracker = await weather.calm()
    await weather.storm(20)
    assert await weather.look(tracker)
    weather.now += timedelta(hours=1)
    await weather.storm(60)
    assert await weather.look(tracker)
    assert len(await weather.told()) == 2


@pytest.mark.parametrize(
    ("sensitivity", "count", "warned"), [("off", 40, False), ("low", 10, False), ("high", 6, True)]
)
async def test_a_chat_says_how_readily_it_is_warned(
    database: Database, sensitivity: ChatSensitivity, count: int, *, warned: bool
) -> None:
    weather = Weather(database)
    tracker = await weather.calm()
    await weather.choose(sensitivity)
    await weather.storm(count)
    assert await weather.look(tracker) == warned


async def test_only_chats_that_subscribed_hear_of_it(database: Database) -> None:
    weather = Weather(database)
    tracker = await weather.calm()
    await weather.chat(OTHER)
    await weather.storm(20)
    await weather.look(tracker)
    assert len(await weather.told()) == 1
    assert await weather.told(OTHER) == []


async def test_a_chat_that_does_not_want_us_costs_nothing(database: Database) -> None:
    weather = Weather(database)
    tracker = await weather.calm()
    await weather.storm(20)
    async with database.write() as connection:
        await chats.disable(connection, CHAT, weather.now)
    assert not await weather.look(tracker)
