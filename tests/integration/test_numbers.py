"""Numbers over a real store: hours and days across Tehran's midnight, reach, publishers, voices, stories, kinds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from monitors.language.query import parse
from monitors.model import Metrics, Source, Tracker
from monitors.roster import Roster
from monitors.store import rankings, rhythm, statistics
from monitors.store.engine import MIGRATIONS, Database
from monitors.store.statistics import Scope
from tests.integration.world import NOW, World, item

TEHRAN = ZoneInfo("Asia/Tehran")
MIDNIGHT = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)  # 22 November, 1 Azar, begins in Tehran
LEAD = "شرکت آذرنیک از افزایش ظرفیت کارخانهٔ خود در شهرک صنعتی خبر داد و گفت دویست نفر تازه به کار گرفته می‌شوند"


@pytest.fixture
async def world(database: Database) -> World:
    world = World(database)
    await world.chat()
    return world


def scope(*trackers: Tracker, zone: ZoneInfo = TEHRAN) -> Scope:
    return Scope(tuple(one.id for one in trackers), NOW - timedelta(days=2), NOW + timedelta(hours=1), zone)


async def polled(world: World, source: Source, *titles: str, at: datetime = NOW, host: str = "news.example") -> None:
    for title in titles:
        guid = f"{host} {title}"
        await world.poll(source, item(title, guid=guid, url=f"https://{host}/{title.replace(' ', '-')}", at=at))


async def test_a_day_ends_at_the_midnight_of_the_zone(world: World) -> None:
    tracker, source = await world.track("اسنپ"), await world.source()
    await polled(world, source, "اسنپ یک", at=MIDNIGHT - timedelta(seconds=1))
    await polled(world, source, "اسنپ دو", "اسنپ سه", at=MIDNIGHT)
    async with world.database.read() as store:
        found = await rhythm.by_hour(store, scope(tracker))
        utc = await rhythm.by_hour(store, scope(tracker, zone=ZoneInfo("UTC")))
    assert [(at.isoformat(), counts.total) for at, counts in found.items()] == [
        ("2026-11-21T19:30:00+00:00", 1),
        ("2026-11-21T20:30:00+00:00", 2),
    ]
    assert [(at.isoformat(), counts.total) for at, counts in utc.items()] == [("2026-11-21T20:00:00+00:00", 3)]
    days = rhythm.by_day(found, scope(tracker))
    assert [(day, counts.total) for day, counts in days.items()] == [
        (date(2026, 11, 20), 0), (date(2026, 11, 21), 1), (date(2026, 11, 22), 2)
    ]  # fmt: skip
    grid = rhythm.by_week_hour(found, scope(tracker))
    assert (grid[0][23], grid[1][0]) == (1, 2)  # Saturday's last hour, Sunday's first
    assert sum(map(sum, grid)) == 3


async def test_every_hour_is_there_also_the_silent_ones_and_when_clocks_change(world: World) -> None:
    tracker, source = await world.track("اسنپ"), await world.source()
    await polled(world, source, "اسنپ یک")
    asked = replace(scope(tracker), since=MIDNIGHT, until=NOW)
    async with world.database.read() as store:
        hours = rhythm.every_hour(await rhythm.by_hour(store, replace(asked, until=NOW + timedelta(1))), asked)
    assert len(hours) == 16  # from midnight to 15:30 in Tehran
    assert [at.astimezone(TEHRAN).hour for at in hours] == list(range(16))
    assert hours[datetime(2026, 11, 22, 15, tzinfo=TEHRAN)].total == 1
    berlin = ZoneInfo("Europe/Berlin")
    longest = Scope((1,), datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC), berlin)
    assert len(rhythm.every_hour({}, longest)) == 25


async def test_reach_counts_a_publisher_once_a_day_for_a_story(world: World) -> None:
    tracker, source = await world.track("آذرنیک"), await world.source()
    for number, (host, at) in enumerate(
        [
            ("www.isna.ir", NOW),
            ("isna.ir", NOW - timedelta(hours=1)),  # the same story, publisher and day
            ("isna.ir", NOW - timedelta(hours=20)),  # the day before in Tehran
            ("unheard.example", NOW),  # a reprint
        ]
    ):
        await world.poll(
            source, item(f"تیتر {'ابپت'[number]}", LEAD, guid=f"g{number}", url=f"https://{host}/{number}", at=at)
        )
    async with world.database.read() as store:
        assert await statistics.reach(store, scope(tracker)) == 5_000 + 5_000 + 300
        (story,) = await rankings.stories(store, scope(tracker), "mentions", 5)
        first, second = await rankings.publishers(store, scope(tracker), "mentions", 5)
        outlets = await statistics.top_outlets(
            store, [tracker.id], NOW - timedelta(days=2), NOW + timedelta(hours=1), 5
        )
    assert (story.publishers, story.counts.total, story.reach) == (2, 4, 10_300)
    assert story.article.item.title == "تیتر ا"
    assert (first.counts.total, first.reach, second.counts.total) == (3, 10_000, 1)
    assert [(one.outlet, one.count) for one in outlets] == [("ایسنا", 3), (source.title, 1)]


async def test_reach_follows_the_views_that_grow(world: World) -> None:
    tracker, source = await world.track("اسنپ"), await world.source()
    post = replace(item("اسنپ گران شد", url="https://t.me/khabar_example/5"), metrics=Metrics(views=100, likes=2))
    await world.poll(source, post)
    async with world.database.read() as store:
        assert await statistics.reach(store, scope(tracker)) == 100
    await world.poll(source, replace(post, metrics=Metrics(views=4_200, likes=60)))
    async with world.database.read() as store:
        assert await statistics.reach(store, scope(tracker)) == 4_200


async def test_voices_are_ranked_by_mentions_or_by_influence(world: World) -> None:
    tracker, source = await world.track("اسنپ"), await world.source()
    for number in range(3):
        small = replace(item(f"اسنپ {number}", url=f"https://blog.example/{number}"), author="کم‌خوان")
        await world.poll(source, small)
    loud = replace(
        item("اسنپ چه کرد", url="https://x.com/loud/status/1"),
        author="پرخوان", author_url="https://x.com/loud", outlet="@loud", metrics=Metrics(followers=2_000_000, likes=900),
    )  # fmt: skip
    await world.poll(source, loud, item("اسنپ بی‌امضا"))
    async with world.database.read() as store:
        by_mentions = await rankings.voices(store, scope(tracker), "mentions", 5)
        by_influence = await rankings.voices(store, scope(tracker), "reach", 5)
    assert [one.article.item.author for one in by_mentions] == ["کم‌خوان", "پرخوان"]
    assert [one.article.item.author for one in by_influence] == ["پرخوان", "کم‌خوان"]
    assert by_influence[0].reach == 100_000
    assert by_influence[0].influence > by_influence[1].influence > 0


async def test_kinds_of_sources_are_counted(world: World) -> None:
    tracker, source = await world.track("اسنپ"), await world.source()
    await polled(world, source, "اسنپ یک", "اسنپ دو")
    async with world.database.read() as store:
        counted = await statistics.kinds(store, scope(tracker))
        assert {kind: counts.total for kind, counts in counted.items()} == {"feed": 2}
        assert await statistics.kinds(store, replace(scope(tracker), tracker_ids=())) == {}
        assert await statistics.reach(store, replace(scope(tracker), tracker_ids=())) == 0


async def test_what_the_archive_has_counts_too(world: World) -> None:
    """Mentions that a new tracker finds among stored articles have their publisher, reach and story as well."""
    source = await world.source()
    await polled(world, source, "تپسی یک", host="www.isna.ir")
    tracker = await world.track("تپسی")
    roster = Roster(world.database, ())
    await roster.take_up(tracker, parse("تپسی"), NOW + timedelta(minutes=5))
    async with world.database.read() as store:
        assert await statistics.reach(store, scope(tracker)) == 5_000
        (found,) = await rankings.stories(store, scope(tracker), "reach", 5)
    assert found.article.item.title == "تپسی یک"


async def test_an_older_store_gets_its_numbers(world: World) -> None:
    """Mentions that were stored before numbers had columns of their own are counted after the migration."""
    tracker, source = await world.track("اسنپ"), await world.source()
    await polled(world, source, "اسنپ یک", host="www.isna.ir")
    numbers = next((MIGRATIONS / "versions").glob("*_numbers.py")).name.partition("_")[0]
    async with world.database.write() as store:
        await store.execute(text("DROP INDEX ix_mentions_numbers"))
        for column in ("source_id", "story_id", "publisher", "voice", "reach", "response"):
            await store.execute(text(f"ALTER TABLE mentions DROP COLUMN {column}"))
        await store.execute(text("CREATE INDEX ix_mentions_tracker_id_dated_at ON mentions (tracker_id, dated_at)"))
        await store.execute(
            text("UPDATE alembic_version SET version_num = :before"), {"before": f"{int(numbers) - 1:04}"}
        )

        def upgrade(connection: Connection) -> None:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, numbers)

        await store.run_sync(upgrade)
        assert await statistics.reach(store, scope(tracker)) == 5_000
        assert list(await statistics.kinds(store, scope(tracker))) == ["feed"]
