"""A live stream as its admin meets it: shown before it is added, told from its first post on, its health in /sources."""

import asyncio
from pathlib import Path

import pytest

from bot.platforms.preview.server import PreviewServer
from tests.acceptance.rasad import Rasad
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


async def _talk(jetstream: Jetstream) -> None:
    while True:
        jetstream.publish("هوا امروز خوب است")
        await asyncio.sleep(0.1)
