"""A stream as its users meet it: what a tracker wants arrives, once, whatever becomes of the connection."""

import asyncio
from collections.abc import Callable

from structlog.testing import capture_logs

from monitors.live import Patience
from monitors.store import sources, tending
from monitors.streams import Persistence
from tests.integration.streams.conftest import Watch
from tests.integration.streams.jetstream import Jetstream, close_at_once, hang, refusing, saying
from tests.integration.world import NOW

REWIND = 5_000_000


async def test_only_what_a_tracker_wants_is_kept_and_the_first_of_it_is_told(
    watch: Watch, jetstream: Jetstream
) -> None:
    number = await watch.add()
    async with watch.running():
        await until(lambda: bool(jetstream.opened))
        jetstream.publish("صبح بخیر")
        jetstream.publish("بستهٔ دیجی‌کالا رسید")
        jetstream.publish("باران می‌بارد")
        last = jetstream.publish("دیجی‌کالا باز ارزان کرد")
        await watch.until("بستهٔ دیجی‌کالا رسید", "دیجی‌کالا باز ارزان کرد")
        state = await watch.state(number)
    assert await watch.alerts() == 2
    assert state.cursor == str(last)
    assert state.error is None
    assert jetstream.opened[0]["wantedCollections"] == "app.bsky.feed.post"
    assert "cursor" not in jetstream.opened[0]


async def test_what_is_said_during_a_break_is_read_after_it_and_nothing_twice(
    watch: Watch, jetstream: Jetstream
) -> None:
    number = await watch.add()
    async with watch.running():
        await until(lambda: bool(jetstream.opened))
        before = jetstream.publish("دیجی‌کالا یک")
        await watch.until("دیجی‌کالا یک")
        await jetstream.drop()
        jetstream.publish("دیجی‌کالا دو")
        await watch.until("دیجی‌کالا یک", "دیجی‌کالا دو")
        await jetstream.drop()
        jetstream.publish("دیجی‌کالا سه")
        await watch.until("دیجی‌کالا یک", "دیجی‌کالا دو", "دیجی‌کالا سه")
        await watch.connected(number)
    assert int(jetstream.opened[1]["cursor"]) == before - REWIND
    assert jetstream.sent > 3  # some of it was sent again
    assert await watch.alerts() == 3


async def test_a_restart_goes_on_where_the_last_run_ended(watch: Watch, jetstream: Jetstream) -> None:
    await watch.add()
    async with watch.running():
        await until(lambda: bool(jetstream.opened))
        jetstream.publish("دیجی‌کالا یک")
        await watch.until("دیجی‌کالا یک")
    jetstream.publish("دیجی‌کالا در خاموشی")
    async with watch.running():
        await watch.until("دیجی‌کالا یک", "دیجی‌کالا در خاموشی")
    assert await watch.alerts() == 2


async def test_the_cursor_moves_on_where_nothing_is_kept(watch: Watch, jetstream: Jetstream) -> None:
    number = await watch.add()
    async with watch.running():
        await until(lambda: bool(jetstream.opened))
        async with asyncio.timeout(10):
            while not (cursor := (await watch.state(number)).cursor):
                last = jetstream.publish("صبح بخیر")
                await asyncio.sleep(0.05)
    assert last - 3_000_000 <= int(cursor) <= last
    assert await watch.titles() == []


async def test_a_server_that_closes_at_once_is_told_of_once_and_left_alone_for_longer_each_time(
    watch: Watch, jetstream: Jetstream
) -> None:
    jetstream.next.extend([close_at_once] * 4)
    number = await watch.add()
    with capture_logs() as logs:
        async with watch.running():
            await watch.failing(number, "disconnected")
            await until(lambda: len(jetstream.opened) == 5)
            jetstream.publish("دیجی‌کالا")
            await watch.until("دیجی‌کالا")
            assert (await watch.state(number)).error is None
            await until(lambda: any(line["event"] == "source_back" for line in logs))
    events = [line["event"] for line in logs]
    assert events.count("source_down") == 1
    assert events.count("source_back") == 1


def test_waits_double_up_to_the_longest_and_are_never_shorter_than_asked() -> None:
    persistence = Persistence(first=1, longest=300)
    for failures, wait in ((1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (5000, 300)):
        assert wait * 0.8 <= persistence.wait(failures, None) <= wait * 1.2
    assert persistence.wait(1, 90.0) == 90
    assert persistence.wait(1, 1e9) == 86_400


async def test_garbage_among_posts_is_passed_over(watch: Watch, jetstream: Jetstream) -> None:
    await watch.add()
    async with watch.running():
        await until(lambda: bool(jetstream.opened))
        jetstream.say("{")
        jetstream.say("[1, 2")
        jetstream.publish("دیجی‌کالا")
        jetstream.say('{"time_us": 1, "commit": {"record": 7}}')
        await watch.until("دیجی‌کالا")


async def test_nothing_but_garbage_is_an_error_and_no_news(watch: Watch, jetstream: Jetstream) -> None:
    jetstream.next.append(saying("<html>Bad gateway</html>", b"\xff\xfe\x00"))
    number = await watch.add()
    async with watch.running():
        await watch.failing(number, "not_the_answer <html>Bad gateway")
        await until(lambda: len(jetstream.opened) > 1)
        jetstream.publish("دیجی‌کالا")
        await watch.until("دیجی‌کالا")


async def test_a_message_that_is_too_large_ends_the_connection_and_not_the_stream(
    watch: Watch, jetstream: Jetstream
) -> None:
    jetstream.next.append(saying("x" * 3_000_000))
    number = await watch.add()
    async with watch.running():
        await watch.failing(number, "body_too_large")
        await until(lambda: len(jetstream.opened) > 1)
        jetstream.publish("دیجی‌کالا")
        await watch.until("دیجی‌کالا")


async def test_a_server_that_hangs_is_noticed_by_its_heartbeat(watch: Watch, jetstream: Jetstream) -> None:
    jetstream.next.append(hang)
    watch.patience = Patience(gather=0.05, heartbeat=1.0)
    number = await watch.add()
    async with watch.running():
        await watch.failing(number, "timed_out")
        await until(lambda: len(jetstream.opened) > 1)
        jetstream.publish("دیجی‌کالا")
        await watch.until("دیجی‌کالا")


async def test_refusals_are_kept_with_their_status_and_waits(watch: Watch, jetstream: Jetstream) -> None:
    jetstream.next.extend([refusing(503), refusing(429, Retry_After="3600")])
    number = await watch.add()
    async with watch.running():
        await watch.failing(number, "http_status 429")
        await asyncio.sleep(0.6)
    assert len(jetstream.opened) == 2
    assert (await watch.state(number)).failures == 2


async def test_a_page_where_a_stream_should_be_is_no_stream(watch: Watch, jetstream: Jetstream) -> None:
    jetstream.next.append(refusing(200))
    number = await watch.add()
    async with watch.running():
        await watch.failing(number, "not_the_answer HTTP 200")


async def test_gone_for_good_is_not_opened_again(watch: Watch, jetstream: Jetstream) -> None:
    jetstream.next.append(refusing(410))
    number = await watch.add()
    async with watch.running():
        await watch.failing(number, "gone")
        await asyncio.sleep(1.5)
    assert len(jetstream.opened) == 1


async def test_a_removed_stream_is_hung_up_and_a_new_one_opened_while_all_goes_on(
    watch: Watch, jetstream: Jetstream
) -> None:
    async with watch.running() as streams:
        number = await watch.add()
        await until(lambda: bool(jetstream.opened))
        jetstream.publish("دیجی‌کالا")
        await watch.until("دیجی‌کالا")
        assert streams.connected_since(number)
        async with watch.database.write() as connection:
            await sources.remove(connection, number)
        await until(lambda: streams.connected_since(number) is None)


async def test_a_paused_stream_is_hung_up_and_resumed_where_it_ended(watch: Watch, jetstream: Jetstream) -> None:
    async with watch.running() as streams:
        number = await watch.add()
        await until(lambda: bool(jetstream.opened))
        jetstream.publish("دیجی‌کالا")
        await watch.until("دیجی‌کالا")
        async with watch.database.write() as connection:
            await tending.pause(connection, number, NOW)
        await until(lambda: streams.connected_since(number) is None)
        jetstream.publish("دیجی‌کالا در خواب")
        async with watch.database.write() as connection:
            await tending.resume(connection, number, NOW)
        await watch.until("دیجی‌کالا", "دیجی‌کالا در خواب")


async def test_read_now_means_connect_now(watch: Watch, jetstream: Jetstream) -> None:
    jetstream.next.append(refusing(429, Retry_After="3600"))
    number = await watch.add()
    async with watch.running():
        await watch.failing(number, "http_status 429")
        async with watch.database.write() as connection:
            await tending.retry(connection, number, NOW)
        await watch.connected(number)


async def test_stopping_takes_less_than_a_second_even_from_a_server_that_hangs(
    watch: Watch, jetstream: Jetstream
) -> None:
    jetstream.next.append(hang)
    await watch.add()
    clock = asyncio.get_running_loop().time
    async with watch.running():
        await until(lambda: bool(jetstream.opened))
        await asyncio.sleep(0.2)
        stopped = clock()
    assert clock() - stopped < 1


async def test_while_nothing_can_be_written_the_server_waits_and_nothing_piles_up(
    watch: Watch, jetstream: Jetstream
) -> None:
    await watch.add()
    async with watch.running():
        await until(lambda: bool(jetstream.opened))
        async with watch.database.write():  # the one writer is kept from writing
            for _ in range(600):
                jetstream.publish("دیجی‌کالا", padding=60_000)
            sent = -1
            async with asyncio.timeout(10):
                while jetstream.sent != sent:
                    sent = jetstream.sent
                    await asyncio.sleep(0.5)
            assert sent < 300  # what the two ends' sockets hold, of 36 MB
        async with asyncio.timeout(60):
            while len(await watch.titles()) < 600:
                await asyncio.sleep(0.2)
    assert len(await watch.titles()) == 600


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.02)
