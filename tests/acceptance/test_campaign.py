"""/campaign as people use it: stored, measured, compared with the one before, listed, removed."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance


def day(ahead: int) -> str:
    return f"{datetime.now(UTC) + timedelta(hours=3, minutes=30, days=ahead):%Y-%m-%d}"


async def test_a_campaign_is_measured_and_compared(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    for number in range(60):
        feed.publish(f"خبر {number}", f"مدیر آب از بارندگی {number} خبر داد.")
    await rasad.watch(web.url("agency"))
    assert "نخست نام برند را رصد کنید" in (await rasad.ask(f"/campaign بهار {day(-9)} {day(-7)}")).text
    await rasad.ask("/track نمونه")
    question = await rasad.ask("/campaign")
    assert "روز آغاز" in question.text
    past = await rasad.ask(f"بهار {day(-9)} {day(-7)}", reply_to=question)
    assert "بهار — پایان‌یافته" in past.text
    for place in ("اصفهان", "شیراز", "تبریز", "مشهد", "رشت"):
        feed.publish(f"{place} و یلدا", f"فروشگاه نمونه در {place} تخفیف شبانه گذاشت.")
    feed.publish("هندوانه", "جشن #شب_چله امشب است.")
    feed.publish("پایان نمونه", "همین.")
    await rasad.hear("پایان نمونه")

    said = rasad.people.say(f"/campaign یلدا {day(0)} {day(3)} #شب_چله")
    taken = await rasad.hear("کمپین ثبت شد", after=said)
    await rasad.ask("/help")
    messages = rasad.people.messages()
    whole = "\n".join(seen(one) for one in messages[[one.id for one in messages].index(taken.id) :])
    assert "یلدا — در جریان" in whole
    assert "(۴ روز)" in whole
    assert "هشتگ‌ها: ۱ یادکرد" in whole
    assert "خبرگزاری آزمون" in whole
    assert "تخفیف شبانه" in whole
    assert "در برابر کمپین پیش از آن، «بهار»" in whole
    assert taken.file, "a picture"
    assert rasad.heard("هندوانه") == [], "hashtags alert nobody"

    await rasad.people.press(taken, "همهٔ کمپین‌ها")
    listed = await rasad.hear("کمپین‌ها (۲)")
    assert "#شب_چله" in seen(listed)
    assert "یلدا" not in (await rasad.ask("/list")).text
    await rasad.people.press(taken, "برداشتن")
    await rasad.people.press(await rasad.hear("برداشته شود؟"), "بله")
    await rasad.hear("برداشته شد.")
    assert "بهار" in (await rasad.ask("/campaign بهار")).text


async def test_what_cannot_be_a_campaign_is_explained(rasad: Rasad) -> None:
    await rasad.ask("/language en")
    assert "Write a campaign like this" in (await rasad.ask("/campaign Yalda")).text
    assert "before it begins" in (await rasad.ask("/campaign Yalda 2026-12-21 2026-12-16")).text
    assert "more than 120 days" in (await rasad.ask("/campaign Yalda 2026-01-01 2026-12-16")).text
    ahead = await rasad.ask(f"/campaign Yalda {day(2)} {day(3)} #SampleYalda")
    assert "Yalda — ahead" in ahead.text
    assert "#SampleYalda" in ahead.text
    assert "There is a campaign called" in (await rasad.ask(f"/campaign Yalda {day(2)} {day(4)}")).text
