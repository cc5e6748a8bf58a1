"""Bluesky and Mastodon as their admin meets them: shown before they are added, told from their first post on, live or not."""

import asyncio
from pathlib import Path

import pytest
from aiohttp.test_utils import RawTestServer

from bot.platforms.preview.server import PreviewServer
from tests.acceptance.rasad import Rasad
from tests.integration.sources.bluesky_api import ACCOUNT, Network
from tests.integration.streams.instance import Instance
from tests.integration.streams.jetstream import HOST, Jetstream, serving

pytestmark = pytest.mark.acceptance


async def test_bluesky_live(telegram: PreviewServer, tmp_path: Path) -> None:
    async with serving(Jetstream()) as jetstream:
        mirrors = f"jetstream2.us-east.bsky.network=http://{HOST}:{jetstream.port}"
        async with Rasad(telegram, tmp_path, SOURCE_MIRRORS=mirrors) as rasad:
            await rasad.ask("/track اسنپ")
            talking = asyncio.create_task(_talk(jetstream))
            offer = await rasad.ask("/addsource bluesky_stream")
            assert "هوا امروز خوب است" in offer.text
            await rasad.people.press(offer, "✅")
            async with asyncio.timeout(30):
                while "زنده وصل است" not in (await rasad.ask("/sources")).text:
                    await asyncio.sleep(0.3)
            talking.cancel()
            jetstream.publish("اسنپ باز هم گران شد", rkey="3kfirst")
            post = await rasad.hear("اسنپ باز هم گران شد")
            assert post.button("اصل خبر").url == "https://bsky.app/profile/did:plc:example/post/3kfirst"
            assert "آخرین مطلب" in (await rasad.ask("/sources")).text
            await jetstream.drop()
            jetstream.publish("اسنپ هنگام قطعی")
            await rasad.hear("اسنپ هنگام قطعی")
            assert len(rasad.heard("اسنپ باز هم گران شد")) == 1
            assert await rasad.stop() < 2


async def test_a_hashtag_on_mastodon_is_polled_or_live_as_its_admin_says(
    telegram: PreviewServer, tmp_path: Path
) -> None:
    async with serving(Instance()) as instance:
        here = {"SOURCE_MIRRORS": f"social.example=http://{HOST}:{instance.port}"}
        own = {"MASTODON_INSTANCE": "social.example", "MASTODON_TOKEN": "s3cret"}
        async with Rasad(telegram, tmp_path, **here, **own) as rasad:
            await rasad.ask("/track اسنپ")
            instance.post("اسنپ از پیش")
            which = await rasad.ask("/addsource #شیر@social.example")
            await rasad.people.press(which, "ماستودون")
            offer = await rasad.hear("اسنپ از پیش")
            await rasad.people.press(offer, "✅")
            await rasad.hear("افزوده شد. مطلب‌های پیشین")
            async with asyncio.timeout(30):
                while instance.pages < 2:
                    await asyncio.sleep(0.1)
            instance.post("اسنپ در صفحه")
            told = await rasad.hear("اسنپ در صفحه")
            assert told.button("اصل خبر").url == "https://social.example/@sara/101"
            await rasad.people.press(await rasad.ask("/addsource #شیر@social.example"), "جریان زندهٔ ماستودون")
            await rasad.people.press(await rasad.hear("#شیر@social.example — جریان زندهٔ ماستودون"), "✅")
            async with asyncio.timeout(30):
                while "زنده وصل است" not in (await rasad.ask("/sources")).text:
                    await asyncio.sleep(0.3)
            instance.post("اسنپ زنده")
            await rasad.hear("اسنپ زنده")
            await asyncio.sleep(3)  # the pages have been read again by now
            assert len(rasad.heard("اسنپ زنده")) == 1
            assert "s3cret" not in rasad.log


async def test_bluesky_is_searched_with_an_app_password_only(telegram: PreviewServer, tmp_path: Path) -> None:
    network = Network()
    async with RawTestServer(network.answer, host=HOST) as server:
        here = {"SOURCE_MIRRORS": f"bsky.social=http://{HOST}:{server.port}"}
        async with Rasad(telegram, tmp_path, **here, **ACCOUNT) as rasad:
            await rasad.ask("/track پاکنوش")
            assert "روشن شد" in (await rasad.ask("/addsource bluesky_search")).text
            async with asyncio.timeout(30):
                while not network.asked:
                    await asyncio.sleep(0.1)
            network.posts.append(7)
            told = await rasad.hear("پاکنوش 7")
            assert told.button("اصل خبر").url == "https://bsky.app/profile/did:plc:example/post/3l7"
            assert "abcd-efgh" not in rasad.log
        assert len(network.sessions) == 1


async def _talk(jetstream: Jetstream) -> None:
    while True:
        jetstream.publish("هوا امروز خوب است")
        await asyncio.sleep(0.1)
