"""Full texts as an admin meets them: switched on for a source, and an alert of what only the article says."""

import pytest

from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance

TEXT = "شرکت پاک‌نوش در این گزارش از رونق بازار نوشیدنی‌ها در سال گذشته و برنامه‌های سال آینده سخن گفت. " * 5


async def test_an_article_that_names_the_brand_is_told_once_its_source_is_switched_on(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/track پاک‌نوش")
    offer = await rasad.ask("/fulltext")
    assert "۰ منبع از ۱ منبع" in offer.text
    await rasad.people.press(offer, "▫️ خبرگزاری آزمون")
    assert (await rasad.hear("۱ منبع از ۱ منبع")).button("✅ خبرگزاری آزمون")
    await rasad.people.press(await rasad.ask("/source 1"), "متن کامل: روشن")
    await rasad.people.press(await rasad.ask("/source 1"), "متن کامل: خاموش")
    assert (await rasad.ask("/source 1")).button("متن کامل: روشن")
    guid = feed.publish("گزارشی از بازار", "چکیده‌ای که نامی نمی‌برد")
    feed.pages[guid] = TEXT
    alert = await rasad.hear("گزارشی از بازار")
    assert "شرکت پاک‌نوش در این گزارش" in seen(alert)
    assert "۱ خوانده" in seen(await rasad.ask("/status"))
