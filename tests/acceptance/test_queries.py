"""Queries as people meet them: tried, explained, mended, changed."""

import pytest

from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance


async def test_a_query_is_tried_before_it_is_tracked(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    for number in range(4):
        feed.publish(f"اسنپ‌فود خبر {number}" if number % 2 else f"اسنپ خبر {number}")
    await rasad.watch(web.url("agency"))
    tried = await rasad.ask("/test اسنپ - فود")
    assert "۲ یادکرد" in tried.text
    assert "هنوز نامی رصد نمی‌شود" in (await rasad.ask("/list")).text
    await rasad.people.press(tried, "رصدش کن")
    await rasad.hear("رصد می‌شود")


async def test_why_tells_what_matched_and_what_blocked(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/track ما = ديجي كالا - استخدام")
    feed.publish("دیجی‌کالا خبر داد")
    alert = await rasad.hear("دیجی‌کالا خبر داد")
    answer = await rasad.ask("/why", reply_to=alert)
    assert "با «ما» می‌خواند و خبر داده شد" in answer.text
    assert "در متن: «دیجی کالا»" in answer.text
    guid = feed.publish("استخدام در دیجی‌کالا")
    feed.publish("دیجی‌کالا باز خبر داد")
    await rasad.hear("باز خبر داد")
    answer = await rasad.ask(f"/why {web.address}/agency/{guid}")
    assert "نمی‌خواند" in answer.text
    assert "کنار گذاشته شد، چون استخدام" in answer.text
    assert "در بایگانی نیست" in (await rasad.ask("/why https://news.example/absent")).text


async def test_a_tracker_is_edited_by_buttons(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/track اسنپ")
    card = await rasad.ask("/edit اسنپ")
    await rasad.people.press(card, "رقیب")
    await rasad.hear("اسنپ — رقیب")
    await rasad.people.press(card, "پرسش")
    question = await rasad.hear("پرسش تازه را بنویسید")
    changed = await rasad.ask("تپسی", reply_to=question)
    assert "تپسی" in changed.text
    feed.publish("اسنپ خبر داد")
    feed.publish("تپسی خبر داد")
    await rasad.hear("تپسی خبر داد")
    assert [seen(one) for one in rasad.heard("اسنپ خبر داد")] == []


async def test_names_that_are_common_words_and_queries_that_are_too_broad(rasad: Rasad) -> None:
    warned = await rasad.ask("/track بله")
    assert "واژه‌ای همگانی هم هست" in warned.text
    assert "بله + (" in warned.text
    refused = await rasad.ask("/track از")
    assert "در بیشتر خبرها هست" in refused.text
    assert "از" not in (await rasad.ask("/list")).text.split("\n")[2:]
