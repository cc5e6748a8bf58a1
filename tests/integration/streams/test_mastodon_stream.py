"""A stream that plays nothing again: what was said during a break is read from the timeline's pages, and nothing twice."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from monitors.store.engine import Database
from tests.integration.streams.conftest import Watch
from tests.integration.streams.instance import INSTANCE, Instance
from tests.integration.streams.jetstream import HOST, serving

OWN = {"MASTODON_INSTANCE": INSTANCE, "MASTODON_TOKEN": "s3cret"}


@pytest.fixture
async def instance() -> AsyncIterator[Instance]:
    server = Instance()
    async with serving(server):
        yield server


@pytest.fixture
async def follower(watch: Watch, instance: Instance, database: Database) -> Watch:
    watch.port = instance.port
    watch.reach = {"mirrors": {INSTANCE: f"http://{HOST}:{instance.port}"}, "credentials": OWN}
    return watch


async def test_what_was_said_during_a_break_is_read_from_the_pages(follower: Watch, instance: Instance) -> None:
    number = await follower.add("mastodon_stream", f"#شیر@{INSTANCE}")
    async with follower.running():
        await follower.opened(instance, 1)
        instance.post("شیر دیجی‌کالا یک")
        instance.post("شیر دیگر")
        await follower.until("شیر دیجی‌کالا یک")
        assert instance.pages == 0
        await instance.drop()
        for count in range(60):
            instance.post(f"شیر {'دیجی‌کالا' if count in {3, 50} else 'دیگر'} {count}")
        await follower.opened(instance, 2)
        await follower.connected(number)
        instance.post("شیر دیجی‌کالا دو")
        await follower.until("شیر دیجی‌کالا یک", "شیر دیجی‌کالا 50", "شیر دیجی‌کالا 3", "شیر دیجی‌کالا دو")
    assert instance.pages == 2
    assert await follower.alerts() == 4
    assert (await follower.state(number)).cursor == "162"


async def test_a_restart_reads_what_it_missed(follower: Watch, instance: Instance) -> None:
    await follower.add("mastodon_stream", f"#شیر@{INSTANCE}")
    async with follower.running():
        await follower.opened(instance, 1)
        instance.post("شیر دیجی‌کالا یک")
        await follower.until("شیر دیجی‌کالا یک")
    instance.post("شیر دیجی‌کالا در خاموشی")
    async with follower.running():
        await follower.until("شیر دیجی‌کالا یک", "شیر دیجی‌کالا در خاموشی")
    assert await follower.alerts() == 2


async def test_an_edit_updates_what_is_stored(follower: Watch, instance: Instance) -> None:
    await follower.add("mastodon_stream", f"#شیر@{INSTANCE}")
    async with follower.running():
        await follower.opened(instance, 1)
        instance.post("شیر دیجی‌کالا")
        await follower.until("شیر دیجی‌کالا")
        instance.post("شیر دیجی‌کالا سالم است", number=100, event="status.update")
        await follower.until("شیر دیجی‌کالا سالم است")
    assert await follower.alerts() == 1


async def test_no_token_for_that_instance(follower: Watch, instance: Instance) -> None:
    number = await follower.add("mastodon_stream", "#شیر@other.example")
    async with follower.running():
        await follower.failing(number, "needs_credentials MASTODON_INSTANCE")
        await asyncio.sleep(0.6)
    assert not instance.opened
    assert (await follower.state(number)).failures == 1  # it is not asked for again and again


async def test_a_token_that_is_not_taken(follower: Watch, instance: Instance) -> None:
    follower.reach["credentials"] = OWN | {"MASTODON_TOKEN": "old"}
    number = await follower.add("mastodon_stream", f"#شیر@{INSTANCE}")
    async with follower.running():
        await follower.failing(number, "http_status 401")
