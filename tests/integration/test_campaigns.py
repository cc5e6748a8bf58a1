"""Campaigns over real SQLite: which stretches are compared, and what is counted in them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from monitors import campaigns
from monitors.campaigns import phase, stretches
from monitors.language.query import parse
from monitors.store import campaigns as store
from monitors.store import trackers
from monitors.store.campaigns import Campaign
from monitors.store.engine import Database
from monitors.store.statistics import Counts
from tests.integration.world import CHAT, NOW, World, item

DAY = timedelta(days=1)
TEHRAN = ZoneInfo("Asia/Tehran")


def over(days: float, begun: float) -> Campaign:
    since = NOW - begun * DAY
    return Campaign(1, str(CHAT), "یلدا", "", None, since, since + days * DAY)


def test_before_and_after_are_as_long_and_what_has_not_come_is_left_out() -> None:
    whole = stretches(over(3, begun=6), NOW)
    assert [one.name for one in whole] == ["before", "during", "after"]
    assert {one.days for one in whole} == {3}
    running = stretches(over(4, begun=1), NOW)
    assert [(one.name, one.days) for one in running] == [("before", 4), ("during", 1)]
    assert [one.name for one in stretches(over(3, begun=-2), NOW)] == ["before"]


async def test_names_and_hashtags_are_counted_in_each_stretch(database: Database) -> None:
    world = World(database)
    await world.chat()
    name = await world.track("نمونه")
    source = await world.source()
    for days, texts in (
        (7, ["نمونه پیش از یلدا"]),
        (4, ["نمونه در یلدا", "نمونه باز در یلدا", "#یلدای_نمونه زیبا بود"]),
        (1, ["نمونه پس از یلدا"]),
    ):
        world.now = NOW - days * DAY
        await world.poll(source, *[item(text, at=world.now) for text in texts])
    async with database.write() as connection:
        one = await store.add(connection, str(CHAT), "یلدا", "#یلدای_نمونه", NOW - 6 * DAY, NOW - 3 * DAY, NOW)
        tracker = await trackers.add(connection, one.trackers_owner, one.name, one.tags, "topic", NOW)
        await store.follow(connection, one.id, tracker.id)
        (one,) = await store.owned(connection, str(CHAT))
    await campaigns.look_through(database, one, parse(one.tags))
    async with database.read() as connection:
        phases = [await phase(connection, one, [name.id], part, TEHRAN) for part in stretches(one, NOW)]
        assert await trackers.owned(connection, str(CHAT)) == (name,), "its hashtags are nobody's tracker"
    assert [part.names.total for part in phases] == [1, 3, 1]
    assert [part.tags.total for part in phases] == [0, 1, 0]
    assert [part.publishers for part in phases] == [1, 1, 1]
    assert phases[2].tags == Counts()
