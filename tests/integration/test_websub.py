"""WebSub against a hub that behaves like a real one, and against some that do not."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import func, select

from monitors.errors import HttpStatus
from monitors.fetch import Fetcher
from monitors.listening import Listener
from monitors.model import Source
from monitors.parsing import Parser
from monitors.poll import poll
from monitors.recorder import Reading, Recorder
from monitors.roster import Roster
from monitors.schedule import Bounds
from monitors.sources import PLACES, kind_named
from monitors.store import sources, tending
from monitors.store.engine import Database
from monitors.store.tables import alerts, articles, websubs
from monitors.websub import Pace, WebSub
from tests.integration.fetch.servers import Site, served
from tests.integration.hub import Hub, hub_opened
from tests.integration.world import NOW, World

FEED = kind_named("feed")
PACE = Pace(look=0.02)


def feed(hub: str, *titles: str, topic: str = "https://news.example/topic") -> bytes:
    items = "".join(f"<item><guid>{title}</guid><title>{title}</title></item>" for title in titles)
    links = f'<atom:link rel="hub" href="{hub}"/><atom:link rel="self" href="{topic}"/>' if hub else ""
    return (
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>F</title>{links}{items}</channel></rss>'
    ).encode()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Reader:
    """A source that was read once, and what keeps its subscription."""

    def __init__(self, database: Database, site: Site) -> None:
        self.database = database
        self.site = site
        self.world = World(database)
        self.now = NOW
        self.port = free_port()
        self.stopping = asyncio.Event()

    async def open(self, stack: AsyncExitStack, hub: Hub) -> None:
        self.fetcher = await stack.enter_async_context(Fetcher(allow_private=True))
        self.parser = await stack.enter_async_context(Parser())
        await self.world.chat()
        await self.world.track("پاک‌نوش")
        roster = Roster(self.database, ())
        await roster.load(self.now)
        self.recorder = Recorder(self.database, roster, Bounds(60, 1800), lambda: self.now)
        recording = asyncio.create_task(self.recorder.run())
        stack.push_async_callback(asyncio.wait, [recording])
        stack.callback(recording.cancel)
        self.site.answer("/feed", body=feed(hub.url, "کهنه"))
        source = await self.world.source(self.site.url("/feed"), seen=False)
        self.source_id = source.id
        await self.poll()

    async def start(self, stack: AsyncExitStack, public_url: str = "") -> None:
        """As a process begins: the listener and the loop."""
        self.stopping = asyncio.Event()
        url = public_url or f"http://127.0.0.1:{self.port}"
        kinds = {kind.kind: kind for kind in PLACES}
        websub = WebSub(self.database, self.fetcher, self.parser, self.recorder, kinds, url, lambda: self.now, PACE)
        listener = await stack.enter_async_context(Listener("127.0.0.1", self.port, websub.routes()))
        running = [asyncio.create_task(websub.run(self.stopping)), asyncio.create_task(listener.run(self.stopping))]
        stack.push_async_callback(asyncio.wait, running)
        stack.callback(self.stopping.set)

    async def source(self) -> Source:
        return await self.world.reread(self.source_id)

    async def poll(self) -> Source:
        source = await self.source()
        polled = await poll(FEED, source.address, source.state, self.fetcher, self.parser.parse)
        await (await self.recorder.submit(Reading(source, polled)))
        return await self.source()

    async def titles(self) -> list[str]:
        async with self.database.read() as connection:
            return list(await connection.scalars(select(articles.c.title).order_by(articles.c.id)))

    async def told(self) -> int:
        async with self.database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(alerts)) or 0

    async def rows(self) -> int:
        async with self.database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(websubs)) or 0

    async def until_rows(self, count: int) -> None:
        async with asyncio.timeout(10):
            while await self.rows() != count:
                await asyncio.sleep(0.01)


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with hub_opened() as hub:
        yield hub


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def reader(database: Database, hub: Hub, stack: AsyncExitStack) -> AsyncIterator[Reader]:
    """Whoever takes it may change the hub's manners and then start it."""
    async with served(Site()) as site:
        reader = Reader(database, site)
        await reader.open(stack, hub)
        async with stack:
            yield reader


async def subscribed(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    await reader.start(stack)
    await hub.until_asked(1)
    assert hub.asked[0].echoed


# ── subscribing ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_a_hub_pushes_is_told_at_once_and_once(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    await subscribed(reader, hub, stack)
    (asked,) = hub.asked
    assert (asked.mode, asked.topic, asked.lease) == ("subscribe", "https://news.example/topic", 864_000)
    assert len(asked.callback.rpartition("/")[2]) >= 32
    assert len(asked.secret) >= 32
    content = feed(hub.url, "پاک‌نوش خبر داد", "کهنه")
    assert await hub.push(content) == 204
    assert await reader.titles() == ["کهنه", "پاک‌نوش خبر داد"]
    assert await hub.push(content) == 204, "hubs repeat themselves"
    reader.site.answer("/feed", body=content)
    await reader.poll()
    assert (await reader.told(), len(await reader.titles())) == (1, 2)


async def test_a_source_that_is_pushed_is_polled_seldom_and_pushes_put_no_poll_off(
    reader: Reader, hub: Hub, stack: AsyncExitStack
) -> None:
    before = await reader.poll()
    assert before.state.next_poll_at - NOW < timedelta(minutes=2)
    await subscribed(reader, hub, stack)
    reader.site.answer("/feed", body=feed(hub.url, "تازه"))
    after = await reader.poll()
    assert after.pushed_until == NOW + timedelta(days=10)
    assert after.state.next_poll_at - NOW >= timedelta(minutes=28)
    await hub.push(feed(hub.url, "تازه‌تر"))
    pushed = await reader.source()
    assert pushed.state.next_poll_at == after.state.next_poll_at
    assert pushed.state.etag == after.state.etag
    assert pushed.state.body_hash == after.state.body_hash
    reader.now += timedelta(days=10, seconds=1)
    reader.site.answer("/feed", body=feed(hub.url, "تازه‌ترین"))
    assert (await reader.poll()).state.next_poll_at - reader.now < timedelta(minutes=2), "the lease is over"


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_hubs_say_yes_in_several_ways(reader: Reader, hub: Hub, stack: AsyncExitStack, status: int) -> None:
    hub.status = status
    await subscribed(reader, hub, stack)
    assert (await reader.source()).pushed_until


async def test_a_hub_that_asks_back_later_is_answered(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    hub.verifies = False
    await reader.start(stack)
    await hub.until_asked(1)
    assert (await reader.source()).pushed_until is None
    assert await hub.push(feed(hub.url, "پاک‌نوش")) == 410, "nothing is taken before it is verified"
    assert await hub.ask_back(hub.asked[0])
    assert await hub.push(feed(hub.url, "پاک‌نوش")) == 204


async def test_a_hub_in_the_headers_counts_before_the_feeds_own(
    reader: Reader, hub: Hub, stack: AsyncExitStack
) -> None:
    headers = {"Link": f'<{hub.url}>; rel="hub", <https://news.example/other>; rel="self"', "ETag": '"1"'}
    reader.site.answer("/feed", body=feed("https://gone.example/hub", "کهنه"), headers=headers)
    await reader.poll()
    reader.site.answer("/feed", status=304)
    await reader.poll()
    await subscribed(reader, hub, stack)
    assert hub.asked[0].topic == "https://news.example/other"


async def test_a_hub_without_a_lease_is_taken_at_our_word(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    hub.lease = None
    await subscribed(reader, hub, stack)
    assert (await reader.source()).pushed_until == NOW + timedelta(days=10)


@pytest.mark.parametrize(
    "lies",
    [
        {"mode": "unsubscribe"},
        {"topic": "https://news.example/other"},
        {"topic": ""},
        {"challenge": ""},
        {"challenge": "x" * 3_000},
        {"mode": "publish"},
    ],
)
async def test_only_what_was_asked_is_confirmed(
    reader: Reader, hub: Hub, stack: AsyncExitStack, lies: dict[str, str]
) -> None:
    hub.verifies = False
    await reader.start(stack)
    await hub.until_asked(1)
    assert not await hub.ask_back(hub.asked[0], **lies)
    assert (await reader.source()).pushed_until is None
    assert await hub.ask_back(hub.asked[0])
    assert not await hub.ask_back(hub.asked[0]), "once asked, once confirmed"


async def test_an_unknown_callback_confirms_and_takes_nothing(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    await subscribed(reader, hub, stack)
    guess = replace(hub.asked[0], callback=hub.asked[0].callback[:-1] + "!")
    assert not await hub.ask_back(guess)
    assert await hub.push(feed(hub.url, "پاک‌نوش"), to=guess.callback) == 410
    assert await reader.titles() == ["کهنه"]


async def test_a_challenge_is_plain_text(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    hub.verifies = False
    hub.challenge = "<script>alert(1)</script>"
    await reader.start(stack)
    await hub.until_asked(1)
    asked = hub.asked[0]
    query = {"hub.mode": "subscribe", "hub.topic": asked.topic, "hub.challenge": hub.challenge}
    async with hub.session.get(asked.callback, params=query) as response:
        assert response.content_type == "text/plain"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


# ── leases ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_lease_is_renewed_before_it_ends(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    hub.lease = 3600
    await subscribed(reader, hub, stack)
    reader.now += timedelta(seconds=2800)
    await asyncio.sleep(0.2)
    assert len(hub.asked) == 1
    reader.now += timedelta(seconds=100)
    await hub.until_asked(2)
    assert hub.asked[1].callback == hub.asked[0].callback
    assert hub.asked[1].echoed
    assert (await reader.source()).pushed_until == reader.now + timedelta(hours=1)


async def test_after_the_lease_nothing_is_taken(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    hub.lease = 3600
    await subscribed(reader, hub, stack)
    hub.status = 503
    reader.now += timedelta(seconds=3601)
    assert await hub.push(feed(hub.url, "پاک‌نوش")) == 410
    assert await reader.titles() == ["کهنه"]


async def test_a_restart_keeps_the_subscription(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    async with AsyncExitStack() as first:
        await subscribed(reader, hub, first)
    await reader.start(stack)
    await asyncio.sleep(0.2)
    assert len(hub.asked) == 1
    assert await hub.push(feed(hub.url, "پاک‌نوش")) == 204
    assert await reader.told() == 1


async def test_another_public_address_means_another_subscription(
    reader: Reader, hub: Hub, stack: AsyncExitStack
) -> None:
    async with AsyncExitStack() as first:
        await subscribed(reader, hub, first)
    await reader.start(stack, f"http://localhost:{reader.port}")
    await hub.until_asked(2)
    assert hub.asked[1].callback.startswith("http://localhost")
    assert (hub.asked[1].mode, await reader.rows()) == ("subscribe", 1)


# ── signatures and content ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_all_methods_of_signing_are_understood(
    reader: Reader, hub: Hub, stack: AsyncExitStack, method: str
) -> None:
    await subscribed(reader, hub, stack)
    assert await hub.push(feed(hub.url, "پاک‌نوش"), method=method) == 204
    assert await reader.told() == 1


@pytest.mark.parametrize(
    "signature", ["", "sha256=" + "0" * 64, "sha256", "md5=d41d8cd98f00b204e9800998ecf8427e", "sha256=é", "=", "new=1"]
)
async def test_what_is_not_signed_is_ignored(reader: Reader, hub: Hub, stack: AsyncExitStack, signature: str) -> None:
    await subscribed(reader, hub, stack)
    assert await hub.push(feed(hub.url, "پاک‌نوش"), signature=signature) == 202
    assert await reader.titles() == ["کهنه"]


@pytest.mark.parametrize("content", [b"", b" \n", b"<html><body>nothing</body></html>", b"\x00\xff"])
async def test_a_push_that_says_nothing_brings_a_poll(
    reader: Reader, hub: Hub, stack: AsyncExitStack, content: bytes
) -> None:
    await subscribed(reader, hub, stack)
    assert await hub.push(content) == 204
    assert (await reader.source()).state.next_poll_at == NOW


async def test_a_push_that_is_too_large_is_refused(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    await subscribed(reader, hub, stack)
    assert await hub.push(b" " * (10 * 1024 * 1024 + 1)) == 413


async def test_an_atom_feed_is_pushed_as_well(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    await subscribed(reader, hub, stack)
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>1</id><title>پاک‌نوش</title></entry></feed>'
    assert await hub.push(atom.encode(), content_type="application/atom+xml") == 204
    assert await reader.told() == 1


# ── hubs that say no ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [400, 404, 500, 503])
async def test_a_hub_that_refuses_is_asked_again_more_and_more_seldom(
    reader: Reader, hub: Hub, stack: AsyncExitStack, status: int
) -> None:
    hub.status = status
    await reader.start(stack)
    await hub.until_asked(1)
    for passed, count in ((599, 1), (2, 2), (1190, 2), (20, 3)):
        reader.now += timedelta(seconds=passed)
        await asyncio.sleep(0.15)
        assert len(hub.asked) == count
    hub.status = 202
    reader.now += timedelta(hours=1)
    await hub.until_asked(4)
    assert await hub.push(feed(hub.url, "پاک‌نوش")) == 204


async def test_a_hub_that_stays_silent_is_asked_again(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    hub.verifies = False
    await reader.start(stack)
    await hub.until_asked(1)
    reader.now += timedelta(minutes=11)
    await hub.until_asked(2)
    assert hub.asked[0].callback == hub.asked[1].callback


async def test_a_hub_that_denies_is_left_alone_for_a_day_and_polls_go_on(
    reader: Reader, hub: Hub, stack: AsyncExitStack
) -> None:
    await subscribed(reader, hub, stack)
    query = {"hub.mode": "denied", "hub.topic": hub.asked[0].topic, "hub.reason": "no"}
    async with hub.session.get(hub.asked[0].callback, params=query) as response:
        assert response.status == 200
    assert (await reader.source()).pushed_until is None
    assert await hub.push(feed(hub.url, "پاک‌نوش")) == 410
    reader.now += timedelta(hours=23)
    await asyncio.sleep(0.15)
    assert len(hub.asked) == 1
    reader.now += timedelta(hours=2)
    await hub.until_asked(2)


async def test_a_feed_that_names_no_hub_asks_nobody(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    reader.site.answer("/feed", body=feed("", "بی‌خبر"))
    await reader.poll()
    await reader.start(stack)
    await asyncio.sleep(0.2)
    assert (hub.asked, await reader.rows()) == ([], 0)


# ── leaving ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["removed", "paused", "silent feed"])
async def test_a_source_that_is_let_go_unsubscribes(reader: Reader, hub: Hub, stack: AsyncExitStack, how: str) -> None:
    await subscribed(reader, hub, stack)
    if how == "silent feed":
        reader.site.answer("/feed", body=feed("", "بی‌خبر"))
        await reader.poll()
    async with reader.database.write() as connection:
        if how == "removed":
            await sources.remove(connection, reader.source_id)
        if how == "paused":
            await tending.pause(connection, reader.source_id, NOW)
    await hub.until_asked(2)
    assert (hub.asked[1].mode, hub.asked[1].topic, hub.asked[1].echoed) == ("unsubscribe", hub.asked[0].topic, True)
    await reader.until_rows(0)
    assert (await reader.source()).pushed_until is None
    assert await hub.push(feed(hub.url, "پاک‌نوش"), to=hub.asked[0].callback) == 410


async def test_a_hub_that_does_not_let_go_is_left_without_its_word(
    reader: Reader, hub: Hub, stack: AsyncExitStack
) -> None:
    await subscribed(reader, hub, stack)
    hub.verifies = False
    async with reader.database.write() as connection:
        await sources.remove(connection, reader.source_id)
    for count in range(2, 6):
        await hub.until_asked(count)
        assert await hub.push(feed(hub.url, "پاک‌نوش")) == 410
        reader.now += timedelta(days=1)
    await reader.until_rows(0)
    assert len(hub.asked) == 5


async def test_a_feed_that_moves_to_another_hub_changes_hubs(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    await subscribed(reader, hub, stack)
    async with hub_opened() as other:
        reader.site.answer("/feed", body=feed(other.url, "کهنه"))
        await reader.poll()
        await hub.until_asked(2)
        await other.until_asked(1)
        assert (hub.asked[1].mode, other.asked[0].mode) == ("unsubscribe", "subscribe")
        assert await other.push(feed(other.url, "پاک‌نوش")) == 204
        reader.stopping.set()


async def test_polls_that_fail_stay_failures_while_a_hub_pushes(
    reader: Reader, hub: Hub, stack: AsyncExitStack
) -> None:
    await subscribed(reader, hub, stack)
    await (await reader.recorder.submit(Reading(await reader.source(), HttpStatus(503))))
    assert await hub.push(feed(hub.url, "پاک‌نوش")) == 204
    state = (await reader.source()).state
    assert (state.failures, state.error) == (1, "http_status 503")
    assert await reader.told() == 1


async def test_a_hub_behind_a_redirect_is_found(reader: Reader, hub: Hub, stack: AsyncExitStack) -> None:
    async def redirect(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": hub.site.url("/there")})

    hub.site.handle("/hub", redirect)
    hub.site.handle("/there", hub.answer)
    await subscribed(reader, hub, stack)
    assert await hub.push(feed(hub.url, "پاک‌نوش")) == 204
