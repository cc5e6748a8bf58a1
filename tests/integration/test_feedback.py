"""A chat's own label: it stays whatever the models say later, counts everywhere, and is measured against them."""

import pytest

from bot.messenger import ChatKey
from monitors.model import NO_METRICS, Item, Sentiment
from monitors.store import articles, judgements, statistics
from monitors.store.engine import Database
from monitors.store.statistics import Counts
from monitors.training import feedback
from tests.integration.world import CHAT, NOW, World, item

HOUR_AROUND = (NOW.replace(hour=0), NOW.replace(hour=23))


@pytest.fixture
async def world(database: Database) -> World:
    world = World(database)
    await world.chat()
    await world.track("اسنپ")
    return world


async def counted(world: World, tracker_id: int) -> Counts:
    async with world.database.read() as connection:
        return (await statistics.counts(connection, [tracker_id], *HOUR_AROUND))[tracker_id]


async def test_a_chats_label_outlives_second_opinions_and_edits_of_the_article(world: World) -> None:
    source, (tracker_id,) = await world.source(), world.trackers
    await world.poll(source, item("اسنپ خبر داد", guid="a"))
    async with world.database.write() as connection:
        light = (await articles.of(connection, [1]))[1][0].sentiment
        assert await judgements.correct(connection, 1, tracker_id, "neg", NOW)
        assert await judgements.judge_anew(connection, 1, tracker_id, light, Sentiment("pos", 0.9))
    assert await counted(world, tracker_id) == Counts(neg=1)
    await world.poll(source, item("اسنپ عالی است و همه راضی‌اند", guid="a"))
    assert await counted(world, tracker_id) == Counts(neg=1)
    async with world.database.write() as connection:
        assert (await articles.of(connection, [1]))[1][0].corrected
        assert await judgements.correct(connection, 1, tracker_id, "neu", NOW)
        (((model, own), count),) = (await judgements.agreement(connection, [tracker_id], NOW)).items()
    assert (own, count) == ("neu", 1)
    assert model in {"pos", "neu"}, "what the model said last, not what the chat said first"


async def test_chats_that_track_the_same_name_do_not_correct_each_other(world: World) -> None:
    other = await world.track("اسنپ", await _other(world))
    mine = next(iter(world.trackers))
    await world.poll(await world.source(), item("اسنپ خبر داد"))
    async with world.database.write() as connection:
        await judgements.correct(connection, 1, mine, "pos", NOW)
        await judgements.correct(connection, 1, other.id, "neg", NOW)
    assert await counted(world, mine) == Counts(pos=1)
    assert await counted(world, other.id) == Counts(neg=1)


async def test_corrections_are_written_as_passages_with_the_brand_marked(world: World) -> None:
    (tracker_id,) = world.trackers
    post = Item(
        "p", None, "اسنپ باز هم قطع است", "از صبح برنامهٔ اسنپ باز نمی‌شود.", published_at=NOW, metrics=NO_METRICS
    )
    await world.poll(await world.source(), post)
    async with world.database.write() as connection:
        await judgements.correct(connection, 1, tracker_id, "neg", NOW)
    async with world.database.read() as connection:
        (line,) = await feedback.lines(connection)
    assert '"label": "neg"' in line
    assert '"spans": [[0, 4], [35, 39]]' in line
    assert "telegram" not in line


async def _other(world: World) -> ChatKey:
    key = ChatKey(CHAT.platform, 8)
    await world.chat(key)
    return key
