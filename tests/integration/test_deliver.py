"""Deliveries: nothing is lost, nothing is told twice on purpose, one chat's trouble is its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import chats, fanout, outbox
from bot.deliver import Courier
from bot.direction import MARKS
from bot.messenger import (
    Blocked,
    Button,
    Call,
    ChatKey,
    Message,
    MessageRef,
    MessengerError,
    Moved,
    Refused,
    SlowDown,
    Unavailable,
)
from bot.outbox import deliveries
from bot.render import Renderer
from monitors.model import Source
from monitors.store import trackers
from monitors.store.engine import Database
from monitors.store.tables import articles
from tests.integration.world import CHAT, World, item

OTHER = ChatKey("telegram", 8)
GROUP = ChatKey("telegram", -100)
SUPERGROUP = ChatKey("telegram", -1001)


@dataclass
class FakeMessenger:
    """A platform that accepts everything but what it was told to refuse, once each."""

    platform: str = "telegram"
    sent: list[tuple[ChatKey, str, float]] = field(default_factory=list)
    troubles: dict[ChatKey, list[MessengerError]] = field(default_factory=dict)
    on_first: Callable[[], object] = lambda: None

    async def send(self, chat: ChatKey, message: Message) -> MessageRef:
        if self.troubles.get(chat):
            raise self.troubles[chat].pop(0)
        if not self.sent:
            self.on_first()
        self.sent.append((chat, MARKS.sub("", message.html), asyncio.get_running_loop().time()))
        return MessageRef(chat, len(self.sent))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        raise AssertionError("nothing is edited here")

    async def acknowledge(self, call: Call) -> None:
        raise AssertionError("nothing is pressed here")

    def to(self, chat: ChatKey) -> list[str]:
        return [html for key, html, _ in self.sent if key == chat]


class Scene(World):
    """A world with a courier at work."""

    def __init__(self, database: Database, messenger: FakeMessenger | None = None) -> None:
        super().__init__(database)
        self.messenger = messenger or FakeMessenger()
        self.courier = Courier(database, self.messenger, Renderer(ZoneInfo("Asia/Tehran")), lambda: self.now)

    async def begin(self) -> Source:
        for chat in (CHAT, OTHER):
            await self.chat(chat)
            await self.track("اسنپ", chat)
        return await self.source_of_news()

    async def source_of_news(self) -> Source:
        return await self.source()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        stopping = asyncio.Event()
        working = asyncio.create_task(self.courier.run(stopping))
        try:
            yield
        finally:
            stopping.set()
            await asyncio.wait_for(working, 5)

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(8):
            while not condition():
                await asyncio.sleep(0.02)

    async def while_time_passes(self, condition: Callable[[], object]) -> None:
        """As `until`, with a second of the clock every moment."""
        async with asyncio.timeout(8):
            while not condition():
                self.now += timedelta(seconds=1)
                self.courier.wake()
                await asyncio.sleep(0.05)

    async def rows(self) -> dict[ChatKey, tuple[bool, str | None]]:
        """By chat: was it sent, and how did it fail?"""
        async with self.database.read() as connection:
            rows = (await connection.execute(select(deliveries))).all()
        return {ChatKey(row.platform, row.chat_id): (row.sent_at is not None, row.failure) for row in rows}


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


async def test_an_alert_goes_to_every_chat_that_tracks_it_once(scene: Scene) -> None:
    source = await scene.begin()
    await scene.chat(GROUP)
    await scene.track("تپسی", GROUP)
    await scene.poll(source, item("اسنپ خبر داد"))
    async with scene.at_work():
        await scene.until(lambda: len(scene.messenger.sent) == 2)
        scene.courier.wake()
        await asyncio.sleep(0.1)
    assert "اسنپ خبر داد" in scene.messenger.to(CHAT)[0]
    assert len(scene.messenger.to(OTHER)) == 1
    assert scene.messenger.to(GROUP) == []


async def test_one_article_with_two_of_a_chats_names_is_one_message(scene: Scene) -> None:
    source = await scene.begin()
    await scene.track("تپسی", CHAT)
    await scene.poll(source, item("اسنپ و تپسی خبر دادند"))
    async with scene.at_work():
        await scene.until(lambda: scene.messenger.to(CHAT) and scene.messenger.to(OTHER))
    (alert,) = scene.messenger.to(CHAT)
    assert "اسنپ، تپسی" in alert
    assert "تپسی:" not in scene.messenger.to(OTHER)[0]


async def test_a_flood_wait_holds_back_its_chat_and_no_other(scene: Scene) -> None:
    source = await scene.begin()
    scene.messenger.troubles[CHAT] = [SlowDown(30)]
    await scene.poll(source, item("اسنپ خبر داد"))
    async with scene.at_work():
        await scene.until(lambda: scene.messenger.to(OTHER))
        await asyncio.sleep(0.2)
        assert scene.messenger.to(CHAT) == []
    assert (await scene.rows())[CHAT] == (False, None)


async def test_a_short_flood_wait_ends_in_a_delivery(scene: Scene) -> None:
    source = await scene.begin()
    scene.messenger.troubles[CHAT] = [SlowDown(0.3)]
    await scene.poll(source, item("اسنپ خبر داد"))
    async with scene.at_work():
        await asyncio.sleep(0.5)
        assert scene.messenger.to(CHAT) == []
        scene.now += timedelta(seconds=0.3)
        scene.courier.wake()
        await scene.until(lambda: scene.messenger.to(CHAT))


async def test_a_chat_that_blocked_us_is_disabled_and_hears_it_when_it_comes_back(scene: Scene) -> None:
    source = await scene.begin()
    scene.messenger.troubles[CHAT] = [Blocked("bot was blocked")]
    await scene.poll(source, item("اسنپ خبر داد"))
    async with scene.at_work():
        await scene.until(lambda: scene.messenger.to(OTHER))
        await scene.poll(source, item("اسنپ باز خبر داد"))
        scene.courier.wake()
        await scene.until(lambda: len(scene.messenger.to(OTHER)) == 2)
        assert scene.messenger.to(CHAT) == []
        await scene.chat(CHAT)
        scene.courier.wake()
        await scene.until(lambda: len(scene.messenger.to(CHAT)) == 2)


async def test_a_group_that_became_a_supergroup_takes_everything_along(scene: Scene) -> None:
    source = await scene.source_of_news()
    await scene.chat(GROUP)
    await scene.track("اسنپ", GROUP)
    scene.messenger.troubles[GROUP] = [Moved(SUPERGROUP.id)]
    await scene.poll(source, item("اسنپ خبر داد"))
    async with scene.at_work():
        await scene.until(lambda: scene.messenger.to(SUPERGROUP))
    async with scene.database.read() as connection:
        assert [one.query for one in await trackers.owned(connection, str(SUPERGROUP))] == ["اسنپ"]
        assert await trackers.owned(connection, str(GROUP)) == ()


async def test_without_a_network_it_is_put_off_and_not_lost(scene: Scene) -> None:
    source = await scene.begin()
    scene.messenger.troubles[CHAT] = [Unavailable("no network")]
    await scene.poll(source, item("اسنپ خبر داد"))
    async with scene.at_work():
        await scene.until(lambda: scene.messenger.to(OTHER))
        assert scene.messenger.to(CHAT) == []
        await scene.while_time_passes(lambda: scene.messenger.to(CHAT))


async def test_what_the_platform_refuses_is_sent_plainly_with_its_link(scene: Scene) -> None:
    source = await scene.begin()
    scene.messenger.troubles[CHAT] = [Refused("Bad Request: BUTTON_URL_INVALID")]
    await scene.poll(source, item("اسنپ خبر داد", url="https://news.example/a"))
    async with scene.at_work():
        await scene.until(lambda: scene.messenger.to(CHAT))
    assert "https://news.example/a" in scene.messenger.to(CHAT)[0]


async def test_what_is_refused_even_so_is_given_up_and_said(scene: Scene) -> None:
    source = await scene.begin()
    scene.messenger.troubles[CHAT] = [Refused("Bad Request: one"), Refused("Bad Request: two")]
    await scene.poll(source, item("اسنپ خبر داد"))
    async with scene.at_work():
        await scene.until(lambda: scene.messenger.to(OTHER))
        await asyncio.sleep(0.1)
    assert (await scene.rows())[CHAT] == (False, "Bad Request: two")


async def test_a_claim_of_a_process_that_died_is_due_again(scene: Scene) -> None:
    source = await scene.begin()
    await scene.poll(source, item("اسنپ خبر داد"))
    async with scene.database.write() as connection:
        await fanout.fan_out(connection, scene.now)
        assert len(await outbox.claim(connection, "telegram", scene.now, 9, ())) == 2
        assert await outbox.claim(connection, "telegram", scene.now, 9, ()) == []
        await outbox.release_all(connection)
        assert len(await outbox.claim(connection, "telegram", scene.now, 9, ())) == 2


async def test_a_chat_gets_one_message_a_second_and_replies_come_first(scene: Scene) -> None:
    source = await scene.source_of_news()
    await scene.chat()
    await scene.track("اسنپ")
    await scene.poll(source, *(item(f"اسنپ خبر {number}") for number in range(3)))
    replying: list[asyncio.Task[object]] = []
    scene.messenger.on_first = lambda: replying.append(asyncio.create_task(scene.courier.reply(CHAT, Message("پاسخ"))))
    async with scene.at_work():
        await scene.until(lambda: len(scene.messenger.sent) == 4)
    assert [html == "پاسخ" for _, html, _ in scene.messenger.sent] == [False, True, False, False]
    assert all(later[2] - earlier[2] > 0.95 for earlier, later in pairwise(scene.messenger.sent))


@dataclass
class EditingMessenger(FakeMessenger):
    """One that edits as well."""

    edited: list[ChatKey] = field(default_factory=list)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        self.edited.append(ref.chat)


async def test_a_told_message_stays_as_it_is_when_its_name_is_not_tracked_any_more(database: Database) -> None:
    messenger = EditingMessenger()
    scene = Scene(database, messenger)
    source = await scene.begin()
    await scene.poll(source, item("اسنپ خبر داد"))
    async with scene.at_work():
        await scene.until(lambda: len(messenger.sent) == 2)
    async with scene.database.write() as connection:
        (tracker,) = await chats.trackers_of(connection, CHAT)
        await trackers.remove(connection, str(CHAT), [tracker.id])
        (article_id,) = await connection.scalars(select(articles.c.id))
        await outbox.freshen(connection, article_id, scene.now)
    async with scene.at_work():
        await scene.while_time_passes(lambda: messenger.edited)
        await asyncio.sleep(0.2)
    assert messenger.edited == [OTHER]
    async with scene.database.read() as connection:
        assert await outbox.to_edit(connection, "telegram", scene.now, 9, ()) == []


async def test_a_notice_arrives_as_it_was_written_in_order_after_trouble_and_once(scene: Scene) -> None:
    await scene.begin()
    scene.messenger.troubles[CHAT] = [Unavailable("no network"), SlowDown(0.1)]
    first = Message("گزارش <b>نخست</b>", ((Button("فهرست", call="list"), Button("خبر", url="https://news.example/")),))
    async with scene.database.write() as connection:
        await outbox.notify(connection, CHAT, [first, Message("گزارش دوم")], scene.now)
        (one,) = await outbox.notices(connection, await outbox.claim(connection, "telegram", scene.now, 1, ()))
    assert one.message == first
    async with scene.at_work():  # whoever held the claim is no more
        await scene.while_time_passes(lambda: len(scene.messenger.sent) == 2)
    assert scene.messenger.to(CHAT) == ["گزارش <b>نخست</b>", "گزارش دوم"]
    assert scene.messenger.to(OTHER) == []
    assert await scene.rows() == {CHAT: (True, None)}
