"""Press releases over real SQLite: what is looked at, what is told, and that nothing is told twice."""

import asyncio
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot import chats, press
from bot.direction import MARKS
from bot.messenger import ChatKey
from bot.outbox import deliveries
from bot.render import Renderer
from monitors.releases import FOLLOWED, look
from monitors.store import releases
from monitors.store.engine import Database
from monitors.store.releases import Release
from tests.integration.world import CHAT, World, item

TEXT = (
    "شرکت نمونه امروز نخستین کارخانهٔ باتری لیتیومی خود را در شهرک صنعتی شیراز افتتاح کرد و برای هشتصد نفر شغل تازه پدید آورد. "
    "نیمی از محصول این کارخانه به کشورهای همسایه صادر می‌شود."
)


class Desk(World):
    """A world whose chat has handed in a press release."""

    async def hand_in(self) -> Release:
        await self.chat()
        async with self.database.write() as connection:
            return await releases.add(connection, str(CHAT), "کارخانهٔ باتری", TEXT, None, self.now, self.now + FOLLOWED)

    async def follow(self) -> list[str]:
        """One round; returns all that is due in the chat by now."""
        stopping, told = asyncio.Event(), asyncio.Event()
        following = asyncio.create_task(
            press.follow(self.database, Renderer(ZoneInfo("Asia/Tehran")), lambda: self.now, told.set, stopping)
        )
        await asyncio.sleep(0.3)
        stopping.set()
        await asyncio.wait_for(following, 5)
        async with self.database.read() as connection:
            found = await connection.scalars(select(deliveries.c.html).order_by(deliveries.c.id))
            return [re.sub("<[^>]*>", "", MARKS.sub("", html)) for html in found]


async def test_the_first_reprint_is_told_once_and_the_end_is_reported_once(database: Database) -> None:
    desk = Desk(database)
    source = await desk.source()
    release = await desk.hand_in()
    assert await desk.follow() == []
    desk.now += timedelta(hours=2)
    await desk.poll(source, item("باتری در شیراز", TEXT, at=desk.now), item("خبری دیگر", "چیزی دیگر", at=desk.now))
    (note,) = await desk.follow()
    assert "نخستین بازنشر" in note
    assert "۲ ساعت پس از ثبت" in note
    await desk.poll(source, item("باز هم باتری", TEXT, guid="2", at=desk.now))
    assert len(await desk.follow()) == 1
    desk.now = release.closes_at
    *_, report = await desk.follow()
    assert "گزارش پایانی" in report
    assert "۲ مطلب در ۱ رسانه" in report
    assert len(await desk.follow()) == 2


async def test_a_look_begins_where_the_last_one_ended(database: Database) -> None:
    desk = Desk(database)
    source = await desk.source()
    await desk.poll(source, item("باتری", TEXT))
    release = await desk.hand_in()
    first = await look(database, release)
    assert [one.title for one in first.found] == ["باتری"]
    async with database.write() as connection:
        assert await releases.record(connection, release.id, first.found, first.seen_article_id)
        (release,) = await releases.running(connection)
    assert (await look(database, release)).found == ()


async def test_a_release_moves_with_its_chat_and_goes_with_it(database: Database) -> None:
    desk = Desk(database)
    await desk.hand_in()
    async with database.write() as connection:
        await chats.move(connection, CHAT, -1001)
        (moved,) = await releases.running(connection)
        assert ChatKey.parse(moved.owner) == ChatKey("telegram", -1001)
        await connection.execute(chats.chats.delete())
    desk.now = moved.closes_at
    assert await desk.follow() == []
    async with database.read() as connection:
        assert await releases.running(connection) == ()
