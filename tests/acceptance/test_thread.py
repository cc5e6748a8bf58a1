"""The whole thread, as a user sees it: add a source, track a name, be told, read the bulletin; and nothing is lost."""

import asyncio

import pytest

from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance


async def test_from_a_source_to_an_alert_to_the_bulletin(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    feed.publish("گزارشی دربارهٔ دیجی‌کالا", "پیش از رصد", guid="old")
    await rasad.watch(web.url("agency"))

    tracked = await rasad.ask("/track دیجی‌کالا")
    assert "رصد می‌شود" in tracked.text
    assert "۱ یادکرد" in tracked.text
    assert "گزارشی دربارهٔ دیجی‌کالا" in tracked.text

    feed.publish("ديجي كالا فروشگاه تازه‌ای باز کرد", "مدیرعامل #دیجی_کالا امروز در تهران <b>گفت</b> که چنین است.")
    alert = await rasad.hear("ديجي كالا فروشگاه تازه‌ای باز کرد")
    assert "خبرگزاری آزمون" in alert.text
    assert "دیجی_کالا" in alert.marked("bold")
    assert alert.button("اصل خبر").url == f"{web.address}/agency/{feed.entries[0][0]}"
    assert len(rasad.heard("گزارشی دربارهٔ دیجی‌کالا")) == 1, "a backlog alerts nobody"

    bulletin = await rasad.ask("/bulletin")
    assert "کل یادکردها: ۲" in bulletin.text
    assert "خبرگزاری آزمون — ۲ مطلب" in bulletin.text


async def test_an_edited_item_does_not_alert_again(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/track اسنپ")
    guid = feed.publish("اسنپ خبر داد", "متن نخست")
    await rasad.hear("اسنپ خبر داد")
    feed.rewrite(guid, "اسنپ خبر داد (به‌روز شد)", "متن دوم")
    feed.publish("خبر دیگری از اسنپ")
    await rasad.hear("خبر دیگری از اسنپ")
    assert rasad.heard("به‌روز شد") == []
    assert "به‌روز شد" in (await rasad.ask("/latest")).text


async def test_sigterm_ends_it_within_five_seconds_and_a_restart_goes_on(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/track اسنپ")
    assert await rasad.stop() < 5
    feed.publish("اسنپ در غیاب ما")
    await rasad.start()
    await rasad.hear("اسنپ در غیاب ما")
    assert "اسنپ" in (await rasad.ask("/list")).text


async def test_killed_between_store_and_send_it_sends_after_the_restart(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/track اسنپ")
    hold = rasad.telegram.trouble.hold_next("sendMessage", "before")
    feed.publish("اسنپ در لحظهٔ بد")
    await asyncio.wait_for(hold.reached.wait(), 10)
    await rasad.kill()
    hold.release()
    assert rasad.heard("لحظهٔ بد") == []
    await rasad.start()
    await rasad.hear("لحظهٔ بد")


async def test_killed_between_send_and_settle_at_most_that_one_repeats(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/track اسنپ")
    hold = rasad.telegram.trouble.hold_next("sendMessage", "after")
    feed.publish("اسنپ خبر یکم")
    await asyncio.wait_for(hold.reached.wait(), 10)
    feed.publish("اسنپ خبر دوم")
    await asyncio.sleep(2.5)
    await rasad.kill()
    hold.release()
    await rasad.start()
    await rasad.hear("خبر دوم")
    assert 1 <= len(rasad.heard("خبر یکم")) <= 2
    assert len(rasad.heard("خبر دوم")) == 1


async def test_reprints_edit_the_message_and_the_story_can_be_read(rasad: Rasad, web: Web) -> None:
    text = (
        "مدیرعامل اسنپ امروز در نشست خبری گفت که این شرکت در سال آینده خدمات خود را به بیست شهر تازه می‌برد و برای این "
        "کار هزار میلیارد تومان سرمایه کنار گذاشته است؛ او افزود که رانندگان نیز از تسهیلات تازه بهره‌مند خواهند شد."
    )
    for name in ("one", "two", "three"):
        web.feed(name, f"رسانهٔ {name}")
        await rasad.watch(web.url(name))
    await rasad.ask("/track اسنپ")
    web.feeds["one"].publish("اسنپ به بیست شهر تازه می‌رود", text)
    alert = await rasad.hear("به بیست شهر تازه می‌رود")
    web.feeds["two"].publish("بیست شهر در انتظار اسنپ", f"به گزارش رسانهٔ یک، {text}")
    web.feeds["three"].publish("اسنپ به بیست شهر تازه می‌رود", text)
    edited = await rasad.hear("+۲ رسانه")
    assert edited.id == alert.id
    assert rasad.heard("در انتظار اسنپ") == []
    await rasad.people.press(edited, "بازتاب")
    timeline = seen(await rasad.hear("نخستین"))
    assert "رسانهٔ two" in timeline
    assert "بیست شهر در انتظار اسنپ" in timeline
