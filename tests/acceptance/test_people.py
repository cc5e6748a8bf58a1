"""Who may use it, in which chats and languages, and what it says to wrong words: as people meet it."""

import re
from pathlib import Path

import pytest

from bot.direction import MARKS
from bot.platforms.preview.server import PreviewServer
from tests.acceptance.rasad import Rasad
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance


async def test_a_stranger_gets_one_polite_line_and_nothing_else(rasad: Rasad) -> None:
    stranger = rasad.people.person(2000, "غریبه")
    for words in ("/start", "/track دیجی‌کالا", "/status"):
        answer = await rasad.ask(words, user=stranger)
        assert "این ربات خصوصی است" in answer.text
        assert not answer.buttons
    for _ in range(3):
        rasad.people.say("/bulletin", user=stranger)
    assert "هنوز نامی رصد نمی‌شود" in (await rasad.ask("/list")).text
    assert len(rasad.people.messages(stranger)) == 3


async def test_the_first_admin_comes_by_the_printed_code_once(telegram: PreviewServer, tmp_path: Path) -> None:
    async with Rasad(telegram, tmp_path, ADMIN_IDS="") as rasad:
        found = re.search(r"/start (\S+)", rasad.log)
        assert found
        assert "خصوصی" in (await rasad.ask("/start wrong-code")).text
        assert "نخستین مدیر" in (await rasad.ask(f"/start {found[1]}")).text
        late = rasad.people.person(2001, "دیرآمده")
        assert "خصوصی" in (await rasad.ask(f"/start {found[1]}", user=late)).text
        await rasad.stop()
        await rasad.start()
        assert rasad.log.count("/start ") == 1
        assert "رصد" in (await rasad.ask("/help")).text


async def test_start_leads_to_a_first_tracker_by_buttons(rasad: Rasad) -> None:
    welcome = await rasad.ask("/start")
    assert len(welcome.buttons) == 3
    await rasad.people.press(welcome, "رقیب")
    question = await rasad.hear("نام رقیب را بنویسید")
    tracked = await rasad.ask("اسنپ", reply_to=question)
    assert "رقیب «اسنپ» رصد می‌شود" in tracked.text
    listed = await rasad.ask("/list")
    assert "اسنپ — رقیب" in listed.text


async def test_cancel_and_plain_words(rasad: Rasad) -> None:
    await rasad.ask("/track")
    assert "رها شد" in (await rasad.ask("/cancel")).text
    offer = await rasad.ask("تپسی")
    assert "برای رصد یک نام بنویسید" in offer.text
    await rasad.people.press(offer, "تپسی")
    await rasad.hear("«تپسی» رصد می‌شود")


async def test_wrong_words_get_helpful_answers(rasad: Rasad) -> None:
    assert "/track" in (await rasad.ask("/trak دیجی‌کالا")).buttons[0].text
    broken = await rasad.ask("/track (دیجی‌کالا | اسنپ")
    assert "پرانتز بسته نشده" in broken.text
    assert "نمونهٔ درست" in broken.text
    assert "هنوز نیامده است" in (await rasad.ask("/bulletin ۱۴۸۰/۰۱/۰۱")).text
    assert "بازهٔ «فلان» را نمی‌شناسم" in (await rasad.ask("/track تپسی") and await rasad.ask("/bulletin فلان")).text
    assert "رصدی به نام «نیست»" in (await rasad.ask("/untrack نیست")).text
    assert "نشناختم" in (await rasad.ask("/addsource چیزی دیگر")).text


async def test_untrack_by_name_in_any_spelling_and_by_button(rasad: Rasad) -> None:
    await rasad.ask("/track دیجی‌کالا")
    await rasad.ask("/track ما = اسنپ | تپسی - بازی")
    assert "پایان یافت" in (await rasad.ask("/untrack ديجي كالا")).text
    listed = await rasad.ask("/list")
    assert "دیجی‌کالا" not in listed.text
    await rasad.people.press(listed, "🗑")
    sure = await rasad.hear("پایان یابد؟")
    assert sure.id == listed.id, "the message is edited in place"
    await rasad.people.press(sure, "بله")
    await rasad.hear("/track ما = اسنپ | تپسی - بازی")


async def test_english_is_a_word_away(rasad: Rasad, web: Web) -> None:
    assert "I write English" in (await rasad.ask("/language english")).text
    feed = web.feed("agency", "Example Agency")
    await rasad.watch(web.url("agency"))
    await rasad.ask("/track Snapp")
    feed.publish("Snapp opens an office", "The ride-hailing firm Snapp said so.")
    alert = await rasad.hear("Snapp opens an office")
    assert "Example Agency" in alert.text
    assert "Mentions: 1" in (await rasad.ask("/bulletin")).text
    assert "Up for" in (await rasad.ask("/status")).text
    await rasad.ask("/track ride-hailing")
    feed.publish("Snapp hires drivers", "The ride-hailing firm said so.")
    assert "• Snapp, ride-hailing" in (await rasad.hear("Snapp hires drivers")).text


async def test_a_group_is_let_in_by_a_member_and_then_anybody_there_may_read(rasad: Rasad, web: Web) -> None:
    colleague = rasad.people.person(2002, "همکار")
    group = rasad.people.group("روابط عمومی", colleague)
    rasad.people.add_bot(group)
    await rasad.hear("رصد", chat=group)
    assert "رصد می‌شود" in (await rasad.ask("/track@rasad_preview_bot اسنپ", chat=group, user=colleague)).text
    assert "فقط از اعضای آن" in (await rasad.ask("/addsource @x", chat=group, user=colleague)).text
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    feed.publish("اسنپ خبر داد")
    await rasad.hear("اسنپ خبر داد", chat=group)
    supergroup = rasad.people.migrate(group)
    feed.publish("اسنپ باز خبر داد")
    await rasad.hear("اسنپ باز خبر داد", chat=supergroup)


async def test_menus_are_registered_in_both_languages(rasad: Rasad) -> None:
    await rasad.ask("/help")
    calls = [request.parameters for request in rasad.telegram.calls("setMyCommands")]
    assert {str(call.get("language_code") or "") for call in calls} == {"", "fa", "en"}
    assert all("bulletin" in str(call["commands"]) for call in calls)


async def test_users_words_are_escaped_and_every_persian_line_is_marked(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "A&B <b>News</b>")
    await rasad.watch(web.url("agency"))
    assert "<script>" in (await rasad.ask("/track <script>alert(1)</script>")).text
    await rasad.ask("/track Snapp")
    feed.publish("Snapp <i>& friends</i> &lt;ok&gt;", "x < y && Snapp > z")
    await rasad.hear("& friends")
    for call in rasad.telegram.calls("sendMessage"):
        for line in str(call.parameters["text"]).split("\n"):
            assert re.match(r"(<[^>]*>)*\u200f", line), line
            assert MARKS.sub("", line).count("\u202b") == 0
