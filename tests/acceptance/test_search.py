"""/search as people use it: pages, both orders, a period, mistakes that are explained."""

import pytest

from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance


async def test_the_archive_is_searched_page_by_page_in_both_orders(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    feed.publish("فولاد مبارکه: فولاد مبارکه رکورد زد", "فولاد مبارکه از تولید فولاد مبارکه گفت.")
    for number in range(6):
        feed.publish(f"خبر شمارهٔ {number}", f"در پایان، مدیر فولاد مباركه گفت که گزارش {number} آماده است.")
    feed.publish("فولاد خوزستان خبر داد")
    await rasad.watch(web.url("agency"))

    found = await rasad.ask("/search فولاد مبارکه")
    assert "۷ مطلب، تازه‌ترین‌ها نخست" in found.text
    assert "همهٔ بایگانی" in found.text
    assert "خبرگزاری آزمون" in found.text
    assert "فولاد خوزستان" not in found.text
    stands = await rasad.hear("۷ مطلب")
    assert "فولاد مباركه" in stands.marked("bold")
    await rasad.people.press(stands, "بعدی")
    second = await rasad.hear("۶. ")
    assert second.id == stands.id, "a page takes the place of the one before"
    await rasad.people.press(second, "مرتبط‌ترین")
    best = await rasad.hear("مرتبط‌ترین‌ها نخست")
    assert "رکورد زد" in seen(best).split("۲. ")[0]
    await rasad.people.press(best, "رصدش کن")
    await rasad.hear("رصد می‌شود")
    again = await rasad.ask("/search فولاد مبارکه")
    assert all("رصدش کن" not in one.text for one in again.buttons)


async def test_a_period_closes_the_query_and_mistakes_are_explained(rasad: Rasad, web: Web) -> None:
    web.feed("agency", "Test Agency").publish("Snapp opens a shop", "Snapp said so.")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/language en")
    assert "Search" in (await rasad.ask("/search Snapp today")).text
    assert "1 found" in (await rasad.ask("/search Snapp today")).text
    missing = await rasad.ask("/search Snapp yesterday")
    assert "Nothing was found" in missing.text
    assert "yesterday" in missing.text
    assert "I do not know the period “5w”" in (await rasad.ask("/search Snapp 5w")).text
    broken = await rasad.ask("/search (Snapp | Tapsi")
    assert "parenthesis is not closed" in broken.text
    question = await rasad.ask("/search")
    assert "What shall I look for" in question.text
    assert "1 found" in (await rasad.ask("snapp 7d", reply_to=question)).text


async def test_a_search_is_still_turned_after_a_restart(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    for number in range(7):
        feed.publish(f"سایپا خبر {number}")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/search سایپا")
    page = await rasad.hear("۷ مطلب")
    await rasad.stop()
    await rasad.start()
    await rasad.people.press(page, "بعدی")
    await rasad.hear("۷. ")
