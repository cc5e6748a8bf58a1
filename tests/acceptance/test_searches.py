"""A search on a network, as people meet it: switched on, shared by all trackers, and none of their posts lost when these change."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import RawTestServer

from bot.platforms.preview.server import PreviewServer
from tests.acceptance.rasad import Rasad
from tests.integration.sources.algolia import Algolia

pytestmark = pytest.mark.acceptance

DAY = 86_400


@pytest.fixture
async def algolia() -> AsyncIterator[tuple[Algolia, str]]:
    network = Algolia()
    async with RawTestServer(network.answer, host="127.0.0.1") as server:
        yield network, f"http://127.0.0.1:{server.port}"


async def asked_for(network: Algolia, *words: str) -> None:
    """Waits until the network was searched for exactly these words, once they were asked for."""
    async with asyncio.timeout(30):
        while not network.asked or set(network.asked[-1]["query"].split()) != set(words):
            await asyncio.sleep(0.1)


async def test_posts_between_two_trackers_are_told_and_old_ones_are_not(
    telegram: PreviewServer, tmp_path: Path, algolia: tuple[Algolia, str]
) -> None:
    network, address = algolia
    network.post("paknosh of last year", age=300 * DAY)
    async with Rasad(telegram, tmp_path, SOURCE_MIRRORS=f"hn.algolia.com={address}") as rasad:
        await rasad.ask("/track paknosh")
        assert network.asked == [], "nobody has switched it on"
        assert "هکرنیوز" in (await rasad.ask("/addsource hackernews")).text
        await asked_for(network, "paknosh")
        network.post("taksan of last year", age=300 * DAY)
        network.post("paknosh in the meantime")
        await rasad.ask("/track taksan - fridge")
        await asked_for(network, "paknosh", "taksan")
        told = await rasad.hear("paknosh in the meantime")
        assert told.button("اصل خبر").url == "https://news.ycombinator.com/item?id=1002"
        network.post("taksan today")
        await rasad.hear("taksan today")
        heard = " ".join(message.text for message in rasad.people.messages())
        assert "of last year" not in heard
        await rasad.ask("/removesource hackernews")
        searches = len(network.asked)
        await asyncio.sleep(3)
        assert len(network.asked) <= searches + 1
