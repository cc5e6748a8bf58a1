"""Networks as their people meet them: found by a link, switched on as a search, or said to lack their credentials."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer

from bot.platforms.preview.server import PreviewServer
from tests.acceptance.rasad import Rasad
from tests.integration.sources import x_api, youtube_servers
from tests.unit.sources.golden import FIXTURES

pytestmark = pytest.mark.acceptance

ENTRY = """<entry><id>yt:video:example_009</id><title>پاکنوش و سه دستور تازه</title>
<link rel="alternate" href="https://www.youtube.com/watch?v=example_009"/><published>2026-11-25T10:00:00+00:00</published>
<media:group><media:title>پاکنوش و سه دستور تازه</media:title><media:description>کیک و ماست</media:description></media:group></entry>
"""


async def happened(condition: Callable[[], bool]) -> None:
    """Waits for what is not said to people."""
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.1)


async def test_a_channel_is_found_by_its_link_and_its_new_video_told(telegram: PreviewServer, tmp_path: Path) -> None:
    site = youtube_servers.Site()
    published: list[str] = []
    polls: list[str] = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/feeds/videos.xml":
            polls.append(request.path_qs)
            feed = (FIXTURES / "youtube" / "feed.xml").read_text("utf-8")
            return web.Response(
                text=feed.replace("<entry>", f"{''.join(published)}<entry>", 1), content_type="text/xml"
            )
        return await site.answer(request)

    async with RawTestServer(answer, host="127.0.0.1") as server:
        mirror = f"www.youtube.com=http://127.0.0.1:{server.port}"
        async with Rasad(telegram, tmp_path, SOURCE_MIRRORS=mirror) as rasad:
            await rasad.ask("/track پاکنوش")
            offer = await rasad.ask("/addsource youtube.com/@Nemoone")
            assert "آشپزخانهٔ" in offer.text
            assert "مقایسهٔ شیر پاکنوش" in offer.text
            await rasad.people.press(offer, "✅")
            await rasad.hear("افزوده شد. مطلب‌های پیشین")
            await happened(lambda: len(polls) > 1)
            published.append(ENTRY)
            told = await rasad.hear("پاکنوش و سه دستور تازه")
            assert told.button("اصل خبر").url == "https://www.youtube.com/watch?v=example_009"
            assert site.asked.count("/@nemoone") == 2, "the name is looked up by the offer and by the first poll"


async def test_posts_on_x_are_told_once_it_is_switched_on(telegram: PreviewServer, tmp_path: Path) -> None:
    network = x_api.Network()
    network.posts = [x_api.snowflake(3600)]
    async with RawTestServer(network.answer, host="127.0.0.1") as server:
        mirror = f"api.x.com=http://127.0.0.1:{server.port}"
        async with Rasad(telegram, tmp_path, SOURCE_MIRRORS=mirror, X_BEARER_TOKEN=x_api.TOKEN) as rasad:
            await rasad.ask("/track پاکنوش")
            assert "روشن شد" in (await rasad.ask("/addsource x")).text
            new = x_api.snowflake(0)
            await happened(lambda: bool(network.asked))
            network.posts.append(new)
            told = await rasad.hear(f"پاکنوش {new}")
            assert told.button("اصل خبر").url == f"https://x.com/i/status/{new}"
            assert str(network.posts[0]) not in " ".join(message.text for message in rasad.people.messages())
            assert x_api.TOKEN not in rasad.log


async def test_a_network_without_credentials_says_which_setting_it_lacks(rasad: Rasad) -> None:
    assert "X_BEARER_TOKEN" in (await rasad.ask("/addsource https://x.com/nemoone")).text
    assert "YOUTUBE_API_KEY" in (await rasad.ask("/addsource https://youtu.be/example_001")).text
    assert "INSTAGRAM_TOKEN" in (await rasad.ask("/addsource instagram.com/nemoone")).text
    assert "LINKEDIN_TOKEN" in (await rasad.ask("/addsource linkedin.com/company/nemoone")).text
