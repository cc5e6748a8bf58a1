"""One source as its admin tends it: looked at, read at once, paused, renamed, moved; lists by health, kind and name."""

import asyncio
import re

import pytest

from bot.direction import MARKS
from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Feed, Web

pytestmark = pytest.mark.acceptance


async def until_polled(feed: Feed, more: int = 1) -> None:
    polls = feed.polls
    async with asyncio.timeout(30):
        while feed.polls < polls + more:
            await asyncio.sleep(0.1)


async def test_the_three_newest_are_shown_with_their_time(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    for title in ("دوم", "سوم", "چهارم"):
        feed.publish(f"خبر {title}")
    offer = await rasad.ask(f"/addsource {web.url('agency')}")
    lines = [line for line in offer.text.splitlines() if line.startswith("•")]
    assert [line.partition(" — ")[0] for line in lines] == ["• خبر چهارم", "• خبر سوم", "• خبر دوم"]
    assert all(re.search(r"، [۰-۹]{2}:[۰-۹]{2}$", line) for line in lines), lines


async def test_a_source_is_renamed_paused_and_read_at_once(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    await rasad.people.press(await rasad.ask("/sources"), "۱")
    await rasad.people.press(await rasad.hear("آخرین خواندن درست"), "نام")
    await rasad.hear("نام تازهٔ «خبرگزاری آزمون»")
    renamed = await rasad.ask("آژانس من")
    assert "✅ آژانس من — خوراک" in renamed.text
    await rasad.people.press(renamed, "توقف موقت")
    paused = await rasad.hear("موقتاً متوقف است")
    await asyncio.sleep(2.5)  # what was on the wire is over, and twice its interval
    polls = feed.polls
    await asyncio.sleep(2.5)
    assert feed.polls == polls
    assert "⏸ ۱. آژانس من" in (await rasad.ask("/sources آژانس")).text
    await rasad.people.press(paused, "ادامه")
    await until_polled(feed, 2)
    assert "✅ ۱. آژانس من" in (await rasad.ask("/sources")).text
    await rasad.ask("/removesource آژانس من")
    await rasad.people.press(paused, "حالا بخوان")
    await rasad.hear("این منبع دیگر نیست")
    await asyncio.sleep(1.5)
    assert "هنوز منبعی نیست" in (await rasad.ask("/sources")).text


async def test_a_moved_source_keeps_its_name_and_archive_and_its_new_backlog_is_quiet(rasad: Rasad, web: Web) -> None:
    old = web.feed("old", "خبرگزاری آزمون")
    await rasad.watch(web.url("old"))
    await rasad.ask("/track اسنپ")
    old.status = 404
    async with asyncio.timeout(30):
        while "خطای 404" not in (listed := await rasad.ask("/sources failing")).text:
            await asyncio.sleep(0.5)
    assert "نشانی عوض شده است" in listed.text
    new = web.feed("new", "نامی دیگر")
    new.publish("اسنپ در بایگانی نشانی تازه")
    await rasad.people.press(listed, "۱")
    await rasad.people.press(await rasad.hear("❗️"), "نشانی")
    await rasad.hear("نشانی تازهٔ «خبرگزاری آزمون»")
    offer = await rasad.ask(web.url("new"))
    assert "اسنپ در بایگانی نشانی تازه" in offer.text
    await rasad.people.press(offer, "به این نشانی برود")
    await rasad.hear("از این پس از نشانی تازه خوانده می‌شود")
    await until_polled(new, 2)
    new.publish("اسنپ خبر تازه داد")
    await rasad.hear("اسنپ خبر تازه داد")
    alerts = rasad.heard("اسنپ در بایگانی نشانی تازه")
    assert [message.id for message in alerts] == [offer.id] or alerts == []
    listed = await rasad.ask("/sources")
    assert "✅ ۱. خبرگزاری آزمون" in listed.text
    assert "برای ۱ رصد خبر آورده" in listed.text


async def test_lists_are_filtered_and_say_when_nothing_fits(rasad: Rasad, web: Web) -> None:
    for number in range(1, 10):
        web.feed(f"outlet{number}", f"رسانهٔ {number}")
        await rasad.people.press(await rasad.ask(f"/addsource {web.url(f'outlet{number}')}"), "✅")
    first = await rasad.ask("/sources")
    assert "منبع‌ها: ۹، ناسالم: ۰" in first.text
    assert "۸. رسانهٔ 8" in first.text
    await rasad.people.press(first, "بعدی")
    await rasad.hear("۹. رسانهٔ 9")
    assert "همهٔ منبع‌ها سالم‌اند" in (await rasad.ask("/sources failing")).text
    assert "منبع‌ها • خوراک: ۹" in (await rasad.ask("/sources خوراک")).text
    assert "رسانهٔ 7" in (await rasad.ask("/sources رسانه 7")).text
    assert "منبعی با «ناشناس» پیدا نشد" in (await rasad.ask("/sources ناشناس")).text
    await rasad.ask("/language en")
    english = await rasad.ask("/sources")
    assert "Sources: 9, failing: 0" in english.text
    await rasad.people.press(english, "1")
    await rasad.hear("Last read well")


async def test_what_is_not_understood_is_answered_with_what_would_be(rasad: Rasad) -> None:
    unknown = await rasad.ask("/addsource چیزی دیگر")
    assert "نشناختم" in unknown.text
    assert "google_news" in unknown.text
    assert unknown.button("رصد «چیزی دیگر»")
    misread = await rasad.ask("/addsource mastodon #digikala")
    assert "docs/sources/mastodon.md" in misread.text
    assert "چه چیزی افزوده شود؟" in (await rasad.ask("/addsource")).text
    await rasad.ask("/cancel")
    await rasad.ask("/language en")
    assert "What shall be added?" in (await rasad.ask("/addsource")).text
    assert "I do not recognise “two words”" in (await rasad.ask("two words")).text
    assert "خوراک" not in (await rasad.ask("/addsource feed")).text


async def test_a_bare_name_is_asked_about_and_a_network_without_its_key_says_what_it_needs(rasad: Rasad) -> None:
    choice = await rasad.ask("/addsource digikala")
    assert "«digikala» چند معنا دارد" in choice.text
    labels = [seen_label(button.text) for row in choice.keyboard for button in row]
    assert "کانال تلگرام: digikala" in labels
    assert "کانال ایتا: digikala" in labels
    assert "🎯 رصد «digikala» در همهٔ منبع‌ها" in labels
    needy = next(label for label in labels if "#digikala" in label)
    assert labels.index(needy) > labels.index("کانال ایتا: digikala")
    await rasad.people.press(choice, "#digikala")
    needs = await rasad.hear("🔑")
    assert "INSTAGRAM_TOKEN" in seen(needs)
    assert "docs/sources/instagram.md" in seen(needs)
    tag = await rasad.ask("/addsource #digikala")
    assert "INSTAGRAM_TOKEN" in tag.text
    assert tag.button("رصد «digikala»")
    alone = await rasad.ask("/addsource x")
    assert "X_BEARER_TOKEN" in alone.text
    await rasad.people.press(choice, "🎯")
    await rasad.hear("«digikala» رصد می‌شود")
    await rasad.ask("/language en")
    assert "may mean several things" in (await rasad.ask("/addsource digikala")).text
    assert "X_BEARER_TOKEN" in (await rasad.ask("/addsource x")).text


def seen_label(label: str) -> str:
    return MARKS.sub("", label)
