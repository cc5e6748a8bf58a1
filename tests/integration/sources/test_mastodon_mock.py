"""Mastodon's kinds against mastodon_mock, a server that others wrote: what we ask for is what such servers answer."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from monitors import live
from monitors.fetch import Fetcher
from monitors.kinds import SourceKind
from monitors.parsing import Parser
from monitors.sources.mastodon import Mastodon
from monitors.sources.mastodon_search import MastodonSearch
from monitors.sources.mastodon_stream import MastodonStream
from monitors.streams import as_body
from tests.integration.sources.network import Watched

HOST = "127.0.0.1"
INSTANCE = "social.example"
TOKEN = "mock_token"
PATIENCE = 30.0  # seconds for the server to start


@dataclass
class Instance:
    """A running mastodon_mock, and somebody who writes there."""

    url: str
    writer: aiohttp.ClientSession
    fetcher: Fetcher
    parser: Parser

    async def call(self, method: str, path: str, **fields: str) -> dict[str, str]:
        async with self.writer.request(method, f"{self.url}/api/v1/{path}", data=fields) as answer:
            assert answer.status == 200, await answer.text()
            told: dict[str, str] = await answer.json()
            return told

    async def say(self, text: str, **fields: str) -> dict[str, str]:
        return await self.call("POST", "statuses", status=text, **fields)

    async def awake(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await self.call("GET", "accounts/verify_credentials")
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.1)
                else:
                    return

    def watch(self, kind: SourceKind, address: str) -> Watched:
        return Watched(kind, address, self.fetcher, self.parser)


@pytest.fixture
async def instance() -> AsyncIterator[Instance]:
    port = unused_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mastodon_mock", "serve", "--in-memory", "--host", HOST, "--port", str(port)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    url = f"http://{HOST}:{port}"
    reach = Fetcher(
        mirrors={INSTANCE: url},
        allowed=frozenset({(HOST, port)}),
        credentials={"MASTODON_INSTANCE": INSTANCE, "MASTODON_TOKEN": TOKEN},
    )
    signed = {"Authorization": f"Bearer {TOKEN}"}
    try:
        async with aiohttp.ClientSession(headers=signed) as writer, reach as fetcher, Parser() as parser:
            instance = Instance(url, writer, fetcher, parser)
            await instance.awake()
            yield instance
    finally:
        process.kill()  # it would wait for its streams
        await process.wait()


async def test_a_hashtag_with_what_was_said_since_the_last_poll_and_what_was_edited(instance: Instance) -> None:
    tag = instance.watch(Mastodon(), f"#milk@{INSTANCE}")
    first = await instance.say("پاکنوش یک #milk", spoiler_text="شیر", language="fa")
    (item,) = await tag.poll()
    assert (item.guid, item.title, item.text) == (first["uri"], "شیر", "شیر\n\nپاکنوش یک #milk")
    assert (item.author, item.outlet, item.language) == ("Test User", f"@testuser@{INSTANCE}", "fa")
    assert item.metrics.likes == 0
    rush = [(await instance.say(f"پاکنوش {number} #milk"))["uri"] for number in range(60)]
    found = await tag.guids()
    assert found == [*reversed(rush), first["uri"]]
    assert await tag.poll() == ()  # nothing has changed
    last = await instance.say("پاکنوش اشتباه #milk")
    await tag.poll()
    await instance.call("PUT", f"statuses/{last['id']}", status="پاکنوش درست شد #milk")
    await instance.call("POST", f"statuses/{last['id']}/favourite")
    edited = (await tag.poll())[0]
    assert (edited.guid, edited.text, edited.metrics.likes) == (last["uri"], "پاکنوش درست شد #milk", 1)


async def test_an_account_and_a_boost_of_it(instance: Instance) -> None:
    mine = await instance.say("پاکنوش از خود می‌گوید")
    account = instance.watch(Mastodon(), f"@testuser@{INSTANCE}")
    (item,) = await account.poll()
    assert (item.guid, item.outlet) == (mine["uri"], None)
    await instance.call("POST", f"statuses/{mine['id']}/reblog")
    boost = next(item for item in await account.poll() if item.guid != mine["uri"])
    assert boost.text == "پاکنوش از خود می‌گوید"
    assert boost.origin == boost.url == mine["url"]
    assert account.state.cursor
    assert account.state.cursor.startswith(f"{(await instance.call('GET', 'accounts/verify_credentials'))['id']}:")


async def test_the_public_timelines(instance: Instance) -> None:
    said = await instance.say("پاکنوش همگانی")
    await instance.say("پنهان", visibility="private")
    for address in (f"@{INSTANCE}", f"*@{INSTANCE}"):
        assert await instance.watch(Mastodon(), address).guids() == [said["uri"]]


async def test_search(instance: Instance) -> None:
    said = await instance.say("شیر پاکنوش ترش است")
    await instance.say("چیز دیگر")
    search = instance.watch(MastodonSearch(), "پاکنوش")
    assert await search.guids() == [said["uri"]]
    assert search.items[0].outlet == f"@testuser@{INSTANCE}"


async def test_a_stream_says_what_is_written(instance: Instance) -> None:
    kind, address = MastodonStream(), f"@{INSTANCE}"
    async with live.opened(instance.fetcher, kind.request(address, None)) as connection:
        assert await connection.batch(10) == []
        said = await instance.say("پاکنوش زنده است")
        messages = await connection.batch(1)
        page = kind.parse(as_body(messages), address, None)
        assert [item.guid for item in page.items] == [said["uri"]]
        assert page.cursor == said["id"]
