"""Second opinions, as a chat sees them: the light label at once, then the same message with the deeper one; never a second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import update

from bot import refining
from bot.direction import MARKS
from bot.messenger import Message, MessageRef
from monitors.kinds import Fetched, Page, Polled
from monitors.language.passage import Passage
from monitors.model import Language, OwnWords, Sentiment
from monitors.recorder import Reading, Recorder
from monitors.refine import Refiner
from monitors.roster import Roster
from monitors.schedule import Bounds
from monitors.store import statistics
from monitors.store.engine import Database
from monitors.store.tables import mentions
from tests.integration.test_deliver import FakeMessenger, Scene
from tests.integration.world import CHAT, item

NEWS = "اسنپ در بیست شهر آغاز به کار کرد"


class Grim:
    """A deeper model that sees harm in everything."""

    def judge(self, passage: Passage, language: Language | None, kind: str, words: OwnWords | None = None) -> Sentiment:
        return Sentiment("neg", 0.93, evidence=("آغاز",))


@dataclass
class EditingMessenger(FakeMessenger):
    """One that takes edits too."""

    edits: list[tuple[MessageRef, str]] = field(default_factory=list)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        self.edits.append((ref, MARKS.sub("", message.html)))


class Refining(Scene):
    """A scene in which polls are recorded as in the process, with a deeper model."""

    def __init__(self, database: Database) -> None:
        self.edits_to = EditingMessenger()
        super().__init__(database, self.edits_to)
        self.roster = Roster(database, ())
        rewrite = refining.rewriting(database, lambda: self.now, self.courier.wake)
        self.refiner = Refiner(Grim, rewrite)
        bounds = Bounds(60, 3600)
        self.recorder = Recorder(
            database, self.roster, bounds, lambda: self.now, self.courier.wake, doubt=self.refiner.offer
        )

    @asynccontextmanager
    async def recording(self) -> AsyncIterator[None]:
        await self.roster.load(self.now)
        task = asyncio.create_task(self.recorder.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def publish(self, title: str) -> None:
        items = (item(title),)
        reading = Reading(await self.source_of_news(), Polled(Fetched(None), Page(items), items))
        await (await self.recorder.submit(reading))

    async def negatives(self) -> int:
        async with self.database.read() as connection:
            day = self.now.replace(hour=0), self.now.replace(hour=23)
            found = await statistics.counts(connection, list(self.trackers), *day)
        return statistics.total(found.values()).neg


@pytest.fixture
async def scene(database: Database) -> Refining:
    scene = Refining(database)
    await scene.chat(CHAT)
    await scene.track("اسنپ", CHAT)
    return scene


async def test_a_told_message_is_edited_to_the_deeper_label_and_counted_by_it(scene: Refining) -> None:
    async with scene.recording(), scene.at_work():
        await scene.publish(NEWS)
        await scene.until(lambda: scene.messenger.sent)
        assert "🔴" not in scene.messenger.to(CHAT)[0]
        refining_task = asyncio.create_task(scene.refiner.run())
        await scene.until(lambda: scene.edits_to.edits)
        refining_task.cancel()
        await asyncio.wait([refining_task])
    ((ref, html),) = scene.edits_to.edits
    assert ref == MessageRef(CHAT, 1)
    assert html.startswith("🔴")
    assert "آغاز" in html
    assert len(scene.messenger.sent) == 1, "nobody is told twice of an article"
    assert await scene.negatives() == 1


async def test_an_alert_that_was_not_sent_yet_says_the_deeper_label_at_once(scene: Refining) -> None:
    async with scene.recording():
        await scene.publish(NEWS)
        refining_task = asyncio.create_task(scene.refiner.run())
        async with asyncio.timeout(5):
            while not await scene.negatives():
                await asyncio.sleep(0.02)
        refining_task.cancel()
        await asyncio.wait([refining_task])
    async with scene.at_work():
        await scene.until(lambda: scene.messenger.sent)
    assert scene.messenger.to(CHAT)[0].startswith("🔴")
    assert scene.edits_to.edits == []


async def test_what_was_judged_anew_meanwhile_is_left_as_it_is(scene: Refining) -> None:
    async with scene.recording():
        await scene.publish(NEWS)
        async with scene.database.write() as connection:
            await connection.execute(update(mentions).values(label="pos", score=0.8))
        refining_task = asyncio.create_task(scene.refiner.run())
        await asyncio.sleep(0.3)
        refining_task.cancel()
        await asyncio.wait([refining_task])
    assert await scene.negatives() == 0
