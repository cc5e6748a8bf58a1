"""Which mentions and which background topics are found in, over real SQLite."""

from datetime import timedelta
from random import Random

from monitors.store import background
from monitors.store.engine import Database
from monitors.topics import TopicFinder
from tests.integration.world import NOW, World, item

LATER = NOW + timedelta(days=1)
WEEK = (NOW - timedelta(days=7), NOW + timedelta(minutes=1))
CHANCE = Random(1)  # noqa: S311 - for the same examples always
PLACES = ("اصفهان", "شیراز", "تبریز", "مشهد", "رشت", "یزد", "کرمان", "اهواز", "قم", "ساری")


async def test_the_topics_of_a_period_by_a_worker(database: Database) -> None:
    world = World(database)
    await world.chat()
    source = await world.source()
    tracker = await world.track("سایپا")
    at = NOW - timedelta(days=1)
    recalls = [item(f"سایپا {n}", f"فراخوان تعویض ترمز در {place} آغاز شد.", at=at) for n, place in enumerate(PLACES)]
    others = [item(f"خبر {n}", f"مدیر آب {PLACES[n % 10]} از بارندگی {n} خبر داد.", at=at) for n in range(60)]
    old = [item(f"سایپا در سال {n}", "گرانی خودرو ادامه دارد.", at=NOW - timedelta(days=20)) for n in range(6)]
    world.now = NOW - timedelta(days=20)
    await world.poll(source, *old)
    world.now = NOW
    await world.poll(source, *recalls, *others)
    found, empty = await TopicFinder(database).find([tracker.id], [WEEK, (WEEK[1], LATER)], 8)
    assert empty.mentions == 0
    assert (found.mentions, found.read) == (10, 10)
    assert found.topics.phrases[0].words == "فراخوان تعویض ترمز"
    assert len(found.topics.phrases[0].article_ids) == 10
    assert all("گرانی" not in one.words for one in (*found.topics.phrases, *found.topics.words))


async def test_a_sample_is_from_all_over_the_period_and_always_the_same(database: Database) -> None:
    world = World(database)
    await world.chat()
    source = await world.source()
    tracker = await world.track("سایپا")
    items = [item(f"سایپا {n}", at=NOW - timedelta(hours=n)) for n in range(60)]
    world.now = NOW - timedelta(days=2, hours=12)
    for one in reversed(items):
        world.now += timedelta(hours=1)
        await world.poll(source, one)
    async with database.read() as connection:
        total, first = await background.said(connection, [tracker.id], *WEEK, 20)
        _, again = await background.said(connection, [tracker.id], *WEEK, 20)
    assert total == 60
    assert first == again
    drawn = sorted(int(one.title.split()[1]) for one in first)
    assert len(drawn) == 20
    assert drawn[0] < 15
    assert drawn[-1] > 45


async def test_the_background_is_what_is_not_among_the_mentions(database: Database) -> None:
    world = World(database)
    await world.chat()
    source = await world.source()
    tracker = await world.track("سایپا")
    await world.poll(source, item("سایپا امروز", at=NOW), item("هوا امروز", at=NOW), item("فردا", at=NOW))
    async with database.read() as connection:
        since = NOW - timedelta(days=30)
        found = await background.elsewhere(connection, [tracker.id], since, WEEK[1], WEEK[0], 10, CHANCE)
    assert sorted(found) == ["فردا\n", "هوا امروز\n"]
