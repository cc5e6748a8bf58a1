"""/stats, /compare and /top as people use them: pictures with their figures, buttons that change the period and the tracker."""

import struct

import pytest

from bot.platforms.preview.model import Message
from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance


@pytest.fixture
async def watched(rasad: Rasad, web: Web) -> Rasad:
    """Our brand, with four mentions at two outlets, and a competitor with two."""
    agency, paper = web.feed("agency", "خبرگزاری آزمون"), web.feed("paper", "روزنامهٔ نمونه")
    for name in ("agency", "paper"):
        await rasad.watch(web.url(name))
    await rasad.ask("/track دیجی‌کالا")
    await rasad.people.press(await rasad.ask("/start"), "رقیب")
    await rasad.ask("اسنپ", reply_to=await rasad.hear("نام رقیب را بنویسید"))
    for place, headline in enumerate(
        ("انبار تازهٔ دیجی‌کالا در یزد", "گفت‌وگو با مدیر دیجی‌کالا", "سهام دیجی‌کالا در فرابورس")
    ):
        agency.publish(headline, guid=f"d{place}")
    paper.publish("گزارش بلندی دربارهٔ دیجی‌کالا و فروشندگانش")
    paper.publish("اسنپ به کرمان رسید")
    paper.publish("رانندگان اسنپ چه می‌گویند")
    await rasad.people.wait_until(lambda: len(alerts(rasad, "دیجی‌کالا")) >= 4 or None)
    await rasad.people.wait_until(lambda: len(alerts(rasad, "اسنپ")) >= 2 or None)
    return rasad


def alerts(rasad: Rasad, name: str) -> list[Message]:
    return [one for one in rasad.heard(f"• {name}") if "لحن:" in seen(one)]


def picture(message: Message) -> tuple[int, int]:
    """Width and height of the photo that a message is."""
    assert message.file
    assert message.file.kind == "photo"
    width, height = struct.unpack(">II", message.file.content[16:24])
    return width, height


async def test_stats_are_a_picture_with_its_figures_and_change_with_buttons(watched: Rasad) -> None:
    everything = await watched.ask("/stats")
    assert picture(everything) == (960, 1248)
    assert "همهٔ رصدها • ۷ روز گذشته" in everything.text
    assert "کل یادکردها: ۶" in everything.text
    assert "دسترسی تخمینی: حدود ۱٫۸ هزار بار خواندن" in everything.text  # six stories at an outlet of an unknown tier
    assert "دسترسی تخمین است" in everything.text
    assert "خوراک ۶" in everything.text

    await watched.people.press(everything, "دیجی‌کالا")
    one = await watched.hear("آمار • دیجی‌کالا • ۷ روز گذشته")
    assert one.id == everything.id, "the picture takes the place of the one before"
    assert "کل یادکردها: ۴" in seen(one)
    await watched.people.press(one, "دیروز")
    none = await watched.hear("آمار • دیجی‌کالا • دیروز")
    assert none.id == everything.id
    assert "در این بازه یادکردی نبود" in seen(none)
    assert picture(none) == (960, 660)


async def test_a_tracker_and_a_period_are_said_in_words(watched: Rasad) -> None:
    assert "آمار • اسنپ • ۲۴ ساعت گذشته" in (await watched.ask("/stats اسنپ 24h")).text
    assert "تا" in (await watched.ask("/stats ۱ فروردین ۱۴۰۵ تا ۵ فروردین ۱۴۰۵")).text
    assert "رصدی به نام «تپسی» نیست" in (await watched.ask("/stats تپسی 7d")).text
    wrong = await watched.ask("/stats اسنپ 5w")
    assert "بازهٔ «5w» را نمی‌شناسم" in wrong.text
    assert wrong.buttons


async def test_ours_are_compared_with_the_competitors(watched: Rasad) -> None:
    compared = await watched.ask("/compare")
    assert picture(compared)[0] == 960
    lines = compared.text.splitlines()
    assert lines.index("دیجی‌کالا: \u061c۶۷٪ • ۴ یادکرد") < lines.index("اسنپ: \u061c۳۳٪ • ۲ یادکرد")
    named = await watched.ask("/compare اسنپ، دیجی کالا 30d")
    assert "۳۰ روز گذشته" in named.text
    await watched.people.press(named, "۹۰ روز")
    longer = await watched.hear("مقایسه • ۹۰ روز گذشته")
    assert longer.id == named.id
    assert "رصدی به نام «تپسی» نیست" in (await watched.ask("/compare اسنپ، تپسی")).text
    alone = await watched.ask("/compare اسنپ 7d")
    assert "دست‌کم دو رصد" in alone.text
    await watched.people.press(alone, "رقیب")
    await watched.hear("نام رقیب را بنویسید")


async def test_what_stands_out_is_ranked(watched: Rasad) -> None:
    outlets = await watched.ask("/top sources")
    assert "\n۳ یادکرد • 👥 حدود ۹۰۰\n" in outlets.text
    await watched.people.press(outlets, "خبرها")
    stories = await watched.hear("خبرهای برتر")
    assert stories.id == outlets.id
    assert stories.links
    await watched.people.press(stories, "به دسترسی")
    await watched.hear("به ترتیب دسترسی تخمینی")
    assert "نوشته‌ای با نام نویسنده نبود" in (await watched.ask("/top authors دیجی‌کالا 30d")).text


async def test_english_chats_get_english_pictures_and_words(watched: Rasad) -> None:
    await watched.ask("/language en")
    counted = await watched.ask("/stats دیجی‌کالا 7d")
    assert "the last 7 days" in counted.text
    assert "Mentions: 4" in counted.text
    assert picture(counted) == (960, 1248)
    assert "Reach is an estimate" in counted.text
    assert "/compare" in (await watched.ask("/help")).text


async def test_without_trackers_numbers_lead_to_a_first_one(rasad: Rasad) -> None:
    for command in ("/stats", "/top"):
        assert "هنوز نامی رصد نمی‌شود" in (await rasad.ask(command)).text
    assert "دست‌کم دو رصد" in (await rasad.ask("/compare")).text
