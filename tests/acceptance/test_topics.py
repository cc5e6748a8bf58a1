"""/topics as people use it: what is said beside a name, and the mentions behind each number."""

import pytest

from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance

PLACES = ("اصفهان", "شیراز", "تبریز", "مشهد", "رشت", "یزد", "کرمان", "اهواز")


async def test_topics_lead_to_their_mentions(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    for number in range(60):
        feed.publish(f"خبر {number}", f"مدیر آب {PLACES[number % 8]} از بارندگی {number} خبر داد.")
    for place in PLACES:
        feed.publish(f"تازه از {place}", f"مشتریان اسنپ در {place} از افزایش کرایه ناراضی‌اند.")
    await rasad.watch(web.url("agency"))
    assert "هنوز نامی رصد نمی‌شود" in (await rasad.ask("/topics")).text
    await rasad.ask("/track اسنپ")
    found = await rasad.ask("/topics")
    assert "با نام «اسنپ» چه می‌گویند؟" in found.text
    assert "در ۸ یادکرد" in found.text
    assert "افزایش کرایه (۸)" in found.text
    assert "بارندگی" not in found.text
    place = found.text[: found.text.index("افزایش کرایه")].rsplit("\n", 1)[-1].split(".")[0]
    await rasad.people.press(found, place)
    page = await rasad.hear("افزایش کرایه — ۸ یادکرد")
    assert "اسنپ" in page.marked("bold")
    await rasad.people.press(page, "بعدی")
    assert "تازه از" in seen(await rasad.hear("۸. "))


async def test_the_tracker_and_the_period_are_asked_for_and_explained(rasad: Rasad) -> None:
    await rasad.ask("/language en")
    await rasad.ask("/track Snapp")
    await rasad.ask("/track Tapsi")
    every = await rasad.ask("/topics")
    assert "too few mentions" in every.text
    assert "the last 7 days" in every.text
    await rasad.people.press(every, "Tapsi")
    assert "too few mentions" in seen(await rasad.hear("said with “Tapsi”"))
    assert "the last 30 days" in (await rasad.ask("/topics snapp 30d")).text
    assert "“Tapsi”" in (await rasad.ask("/topic tapsi")).text
    assert "“bolt”" in (await rasad.ask("/topics bolt")).text
    assert "I do not know the period “5w”" in (await rasad.ask("/topics snapp 5w")).text
