"""The one writer: a reading that breaks keeps no other from being written, and its source backs off."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from monitors.errors import HttpStatus
from monitors.kinds import Fetched, Page, Polled
from monitors.model import Source
from monitors.recorder import A_READING, BATCH, Reading, Recorder
from monitors.roster import Roster
from monitors.schedule import Bounds
from monitors.store.engine import Database
from monitors.store.tables import articles
from tests.integration.world import NOW, World, item


async def write(database: Database, *readings: Reading) -> None:
    recorder = Recorder(database, Roster(database, ()), Bounds(60, 3600), lambda: NOW)
    recording = asyncio.create_task(recorder.run())
    written = [await recorder.submit(reading) for reading in readings]
    await asyncio.wait_for(asyncio.gather(*written), 10)
    recording.cancel()
    await asyncio.wait([recording])


def brought(source: Source, *titles: str) -> Reading:
    items = tuple(item(title, guid=f"{source.id} {title}") for title in titles)
    return Reading(source, Polled(Fetched(None), Page(items), items))


async def test_a_reading_that_breaks_keeps_no_other_from_being_written(database: Database) -> None:
    world = World(database)
    good, bad = await world.source("https://good.example/rss"), await world.source("https://bad.example/rss")
    lone = replace(item("x", guid="x"), title="\ud800")  # a lone surrogate, which no database takes
    broken = Reading(bad, Polled(Fetched(None), Page((lone,)), (lone,)))
    await write(database, brought(good, "یکم"), broken, brought(good, "دوم"))
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(articles)) == 2
    assert (await world.reread(good.id)).state.failures == 0
    state = (await world.reread(bad.id)).state
    assert state.failures == 1
    assert state.next_poll_at > NOW


async def test_failures_are_written_too(database: Database) -> None:
    world = World(database)
    source = await world.source()
    await write(database, Reading(source, HttpStatus(503, retry_after=600)))
    state = (await world.reread(source.id)).state
    assert state.error == "http_status 503"
    assert state.next_poll_at >= NOW + timedelta(seconds=600)


async def test_polls_that_brought_nothing_share_a_transaction_and_a_full_one_has_no_room_for_more(
    database: Database,
) -> None:
    source = await World(database).source()
    recorder = Recorder(database, Roster(database, ()), Bounds(60, 3600), lambda: NOW)
    for _ in range(BATCH // A_READING):
        await asyncio.wait_for(recorder.submit(Reading(source, Polled(Fetched(None), None))), 1)
    waits = asyncio.create_task(recorder.submit(brought(source, "یکم")))
    assert not (await asyncio.wait([waits], timeout=0.05))[0], "nothing has been written, so there is no room"
    recording = asyncio.create_task(recorder.run())
    await asyncio.wait_for(await asyncio.wait_for(waits, 10), 10)
    recording.cancel()
    await asyncio.wait([recording])


async def test_a_reading_weighs_what_it_brought(database: Database) -> None:
    source = await World(database).source()
    recorder = Recorder(database, Roster(database, ()), Bounds(60, 3600), lambda: NOW)
    await asyncio.wait_for(recorder.submit(brought(source, *map(str, range(BATCH - A_READING)))), 1)
    waits = asyncio.create_task(recorder.submit(brought(source, "یکم")))
    assert not (await asyncio.wait([waits], timeout=0.05))[0]
    waits.cancel()
