"""One message a story: reprints edit it, a turn and a spread are told once, other chats hear of it as new."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot import fanout, outbox, telling
from bot.messenger import ChatKey
from bot.outbox import deliveries
from monitors.language.story import StoryIndex
from monitors.store import recording
from monitors.store.engine import Database
from monitors.store.tables import mentions
from tests.integration.world import CHAT, World, item

OTHER = ChatKey("telegram", 8)
REPORT = (
    "مدیرعامل اسنپ امروز در نشست خبری گفت که این شرکت در سال آینده خدمات خود را به بیست شهر تازه می‌برد و برای این کار "
    "هزار میلیارد تومان سرمایه کنار گذاشته است؛ او افزود که رانندگان نیز از تسهیلات تازه بهره‌مند خواهند شد."
)


class Telling(World):
    """A world in which outlets reprint."""

    async def reprint(self, number: int, text: str = REPORT, title: str = "اسنپ به بیست شهر تازه می‌رود") -> None:
        source = await self.source(f"https://outlet{number}.example/rss")
        self.now += timedelta(minutes=5)
        await self.poll(
            source, item(title, text, guid=f"{number}", url=f"https://outlet{number}.example/1", at=self.now)
        )
        async with self.database.write() as connection:
            await fanout.fan_out(connection, self.now)

    async def told(self, chat: ChatKey = CHAT) -> list[str]:
        """The kinds of the chat's deliveries."""
        async with self.database.read() as connection:
            mine = select(deliveries.c.kind).where(deliveries.c.chat_id == chat.id).order_by(deliveries.c.id)
            return list(await connection.scalars(mine))

    async def sent(self) -> None:
        """Everything due is sent."""
        async with self.database.write() as connection:
            for number in await outbox.claim(connection, "telegram", self.now, 9, ()):
                await outbox.settle(connection, number, 1000 + number, self.now)

    async def edits(self) -> list[telling.Delivery]:
        """What is due to be edited."""
        async with self.database.write() as connection:
            return list(await telling.load(connection, await outbox.to_edit(connection, "telegram", self.now, 9, ())))


@pytest.fixture
async def world(database: Database) -> Telling:
    world = Telling(database)
    await world.chat()
    await world.track("اسنپ")
    return world


async def test_a_reprint_edits_the_message_and_sends_none(world: Telling) -> None:
    await world.reprint(1)
    await world.sent()
    await world.reprint(2, f"به گزارش خبرگزاری آزمون، {REPORT}", title="بیست شهر تازه برای اسنپ")
    await world.reprint(3)
    assert await world.told() == ["mention"]
    (edit,) = await world.edits()
    assert edit.coverage
    assert edit.coverage.outlets == ("رسانهٔ https://outlet2.example/rss", "رسانهٔ https://outlet3.example/rss")
    assert edit.coverage.last_at - edit.coverage.first_at == timedelta(minutes=10)


async def test_edits_of_a_chat_are_ten_seconds_apart_and_none_is_forgotten(world: Telling) -> None:
    await world.reprint(1)
    await world.sent()
    await world.reprint(2)
    (edit,) = await world.edits()
    await world.reprint(3)  # while the edit is on its way
    async with world.database.write() as connection:
        await outbox.edited(connection, edit.id, edit.edit_due_at, world.now)
    assert await world.edits() == []
    world.now += timedelta(seconds=11)
    (again,) = await world.edits()
    assert again.coverage
    assert len(again.coverage.outlets) == 2
    async with world.database.write() as connection:
        await outbox.edited(connection, again.id, again.edit_due_at, world.now)
    world.now += timedelta(seconds=11)
    assert await world.edits() == []


async def test_a_reprint_before_the_first_was_sent_waits_for_it(world: Telling) -> None:
    await world.reprint(1)
    await world.reprint(2)
    assert await world.edits() == []
    await world.sent()
    (edit,) = await world.edits()
    assert edit.coverage


async def test_a_story_that_spreads_is_told_once_more(world: Telling) -> None:
    for number in range(1, 14):
        await world.reprint(number)
    assert await world.told() == ["mention", "spread"]


async def test_another_story_is_another_message(world: Telling) -> None:
    await world.reprint(1)
    await world.reprint(
        2, "دیوان عدالت شکایت رانندگان از اسنپ را دربارهٔ بیمه پذیرفت و رأی داد که سهم آنان پرداخت شود.", "رأی دیوان"
    )
    assert await world.told() == ["mention", "mention"]


async def test_a_chat_that_has_not_heard_of_the_story_hears_it_as_new(world: Telling) -> None:
    await world.reprint(1)
    await world.chat(OTHER)
    await world.track("مدیرعامل اسنپ", OTHER)
    await world.reprint(2)
    assert await world.told() == ["mention"]
    assert await world.told(OTHER) == ["mention"]


async def test_a_story_that_turns_negative_is_told_once_more(world: Telling) -> None:
    await world.reprint(1)
    for number in (2, 3):
        source = await world.source(f"https://outlet{number}.example/rss")
        await world.poll(source, item("اسنپ به بیست شهر می‌رود", REPORT, guid=f"{number}", url=None))
        async with world.database.write() as connection:
            await connection.execute(update(mentions).where(mentions.c.alert_id == number).values(label="neg"))
            await fanout.fan_out(connection, world.now)
    assert await world.told() == ["mention", "turned"]


async def test_stories_go_on_after_a_restart(world: Telling) -> None:
    await world.reprint(1)
    world.stories = StoryIndex()
    async with world.database.read() as connection:
        world.stories.refill(await recording.recently_told(connection, world.now - timedelta(hours=72)))
    await world.reprint(2)
    assert await world.told() == ["mention"]
