"""Admins hear once that a source fails and once that it is back; an outage of our own network is one message."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import chats, outbox
from bot.caretaker import Caretaker
from bot.direction import MARKS
from bot.messenger import Call, ChatKey, Message, Person
from bot.outbox import deliveries
from bot.render import Renderer
from monitors.decide import Circumstances, decide_failure
from monitors.errors import Gone, HttpStatus, NeedsCredentials, SourceError, Unreachable
from monitors.model import Source
from monitors.schedule import Bounds
from monitors.store import sources, tending
from monitors.store.engine import Database
from tests.integration.world import CHAT, World, item

BOUNDS = Bounds(60, 1800)
SECOND = ChatKey("telegram", 8)


class Ward(World):
    """A world whose sources are looked after; `wakes` counts how often the courier was woken."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.wakes = 0

    def caretaker(self) -> Caretaker:
        """Another process each time: what is known lives in the database."""
        return Caretaker(self.database, Renderer(ZoneInfo("Asia/Tehran")), lambda: self.now, self._wake, 0)

    def _wake(self) -> None:
        self.wakes += 1

    async def outlets(self, count: int) -> list[Source]:
        return [await self.source(f"https://outlet{number}.example/rss") for number in range(count)]

    async def fail(self, some: Sequence[Source], error: SourceError, hours: float) -> None:
        """Their polls fail for so long, at the pace of the schedule's back-off, while the caretaker looks on."""
        until = self.now + timedelta(hours=hours)
        while self.now < until:
            for one in some:
                source = await self.reread(one.id)
                if source.state.next_poll_at <= self.now or source.state.failures == 0:
                    decision = decide_failure(source, error, Circumstances(self.now, 0.5, BOUNDS))
                    async with self.database.write() as connection:
                        await sources.save_states(connection, [decision])
            await self.caretaker().look()
            self.now += timedelta(minutes=5)

    async def recover(self, *some: Source) -> None:
        for one in some:
            await self.poll(await self.reread(one.id), item(f"خبر {one.id} در {self.now}"))
        await self.caretaker().look()
        self.now += timedelta(minutes=1)

    async def told(self, chat: ChatKey = CHAT) -> list[Message]:
        """The notices that are due in the chat, oldest first."""
        async with self.database.read() as connection:
            mine = select(deliveries.c.id).where(deliveries.c.chat_id == chat.id).order_by(deliveries.c.id)
            found = await outbox.notices(connection, list(await connection.scalars(mine)))
        return [one.message for one in found]

    async def texts(self, chat: ChatKey = CHAT) -> list[str]:
        return [MARKS.sub("", message.html) for message in await self.told(chat)]


@pytest.fixture
async def ward(database: Database) -> Ward:
    ward = Ward(database)
    await ward.chat()
    return ward


async def test_a_failing_source_is_told_once_with_its_remedies_and_its_recovery_once(ward: Ward) -> None:
    ill, *others = await ward.outlets(3)
    await ward.fail([ill], HttpStatus(404), 0.9)
    await ward.recover(*others)
    assert await ward.texts() == []
    await ward.fail([ill], HttpStatus(404), 4)
    (notice,) = await ward.told()
    text = MARKS.sub("", notice.html)
    assert ill.title in text
    assert "خطای 404" in text
    assert "نشانی عوض شده است" in text
    calls = {button.call for row in notice.rows for button in row}
    assert calls == {
        f"source_retry {ill.id}",
        f"source_address {ill.id}",
        f"removesource {ill.id}",
        f"source {ill.id}",
    }
    await ward.recover(ill)
    await ward.recover(ill)
    _, back = await ward.texts()
    assert "دوباره خوانده می‌شود" in back
    assert "ساعت" in back
    assert ward.wakes == 2


async def test_three_failures_in_a_few_minutes_are_no_news(ward: Ward) -> None:
    ill, other = await ward.outlets(2)
    await ward.fail([ill], HttpStatus(503), 0.5)
    assert (await ward.reread(ill.id)).state.failures >= 3
    await ward.recover(ill, other)
    assert await ward.texts() == []


async def test_our_own_network_is_told_in_one_message_and_the_sources_are_given_time_after_it(ward: Ward) -> None:
    outlets = await ward.outlets(5)
    await ward.recover(*outlets)
    await ward.fail(outlets, Unreachable("no network"), 6)
    (down,) = await ward.texts()
    assert "هیچ منبعی خوانده نمی‌شود" in down
    await ward.recover(outlets[0])
    assert "اینترنت سرور پس از ۶ ساعت" in (await ward.texts())[-1]
    await ward.fail(outlets[1:2], Unreachable("not yet asked again"), 0.5)
    await ward.recover(*outlets)
    assert len(await ward.texts()) == 2
    await ward.fail(outlets[3:4], HttpStatus(500), 2)
    assert len(await ward.texts()) == 3


async def test_sources_that_fall_together_are_one_message_and_so_is_their_return(ward: Ward) -> None:
    outlets = await ward.outlets(12)
    ill, well = outlets[:5], outlets[5:]
    for _ in range(4):
        await ward.recover(*well)
        await ward.fail(ill, Unreachable("blocked"), 0.5)
    (down,) = await ward.texts()
    assert "۵ منبع با هم خوانده نمی‌شوند" in MARKS.sub("", down).replace("<b>", "").replace("</b>", "")
    await ward.recover(*ill[:4])
    assert len(await ward.texts()) == 1
    await ward.recover(ill[4])
    assert "همه دوباره خوانده می‌شوند" in (await ward.texts())[-1]
    assert len(await ward.texts()) == 2


async def test_what_is_gone_for_good_is_told_at_once(ward: Ward) -> None:
    gone, other = await ward.outlets(2)
    await ward.recover(other)
    await ward.fail([gone], Gone(), 0.1)
    (told,) = await ward.texts()
    assert "برای همیشه برداشته شده" in told


async def test_missing_credentials_pauses_and_removals_are_no_failures(ward: Ward) -> None:
    keyless, paused, removed, other = await ward.outlets(4)
    await ward.recover(other)
    async with ward.database.write() as connection:
        await tending.pause(connection, paused.id, ward.now)
    await ward.fail([keyless], NeedsCredentials("X_BEARER_TOKEN"), 2)
    await ward.fail([paused], HttpStatus(500), 2)
    await ward.recover(other)
    await ward.fail([removed], HttpStatus(500), 2)
    assert len(await ward.texts()) == 1
    async with ward.database.write() as connection:
        await sources.remove(connection, removed.id)
    await ward.recover(other)
    assert len(await ward.texts()) == 1


async def test_every_admin_hears_it_in_their_language_and_no_group_does(ward: Ward) -> None:
    async with ward.database.write() as connection:
        await chats.add_member(connection, "telegram", SECOND.id, "Sam", ward.now)
        await chats.admit(connection, Call(SECOND, Person(SECOND.id, "Sam"), "start"), "en", ward.now)
    group = ChatKey("telegram", -100)
    await ward.chat(group)
    ill, other = await ward.outlets(2)
    await ward.recover(other)
    await ward.fail([ill], HttpStatus(403), 1.5)
    assert "has been failing for 1 h" in (await ward.texts(SECOND))[0]
    assert len(await ward.texts()) == 1
    assert await ward.texts(group) == []
