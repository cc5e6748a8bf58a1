"""/release as people use it: a text, a file or a link is handed in; reprints are found before and after; it closes by itself."""

import io
import sqlite3
import zipfile

import pytest

from tests.acceptance.rasad import PATIENCE, Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance

HEADLINE = "نخستین کارخانهٔ باتری شرکت نمونه افتتاح شد"
LEAD = (
    "شرکت نمونه امروز نخستین کارخانهٔ باتری لیتیومی خود را با ظرفیت سالانهٔ پنج هزار مگاوات‌ساعت در شهرک صنعتی شیراز افتتاح کرد و "
    "برای هشتصد نفر شغل تازه پدید آورد."
)
REST = (
    "مدیرعامل این شرکت در آیین گشایش گفت که نیمی از محصول به کشورهای همسایه صادر می‌شود و فاز دوم تا پایان سال آینده به بهره‌برداری "
    "می‌رسد. او از همراهی استانداری و بانک‌های خصوصی در تأمین سرمایهٔ طرح سپاسگزاری کرد."
)
RELEASE = f"{HEADLINE}\n{LEAD}\n{REST}"


async def send(rasad: Rasad, name: str, content: bytes, caption: str = "") -> str:
    """Sends a file; what the bot answers."""
    sent = rasad.people.send_file(name, content, caption=caption)
    return seen(await rasad.people.wait_for_message(chat=sent.chat_id, after=sent, within=PATIENCE))


def word(*paragraphs: str) -> bytes:
    """A Word document of these paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>" for paragraph in paragraphs)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return file.getvalue()


async def test_reprints_are_found_before_and_after_and_it_closes_by_itself(rasad: Rasad, web: Web) -> None:
    for name in ("one", "two"):
        web.feed(name, f"رسانهٔ {name}")
    web.feeds["one"].publish(HEADLINE, f"{LEAD} {REST}")
    web.feeds["one"].publish("افتتاحی دیگر", "شرکتی دیگر امروز کارخانهٔ سیمان خود را در شهرک صنعتی یزد افتتاح کرد.")
    for name in ("one", "two"):
        await rasad.watch(web.url(name))
    question = await rasad.ask("/release")
    assert "سطر نخست: تیتر" in question.text
    taken = await rasad.ask(RELEASE, reply_to=question)
    assert "بیانیه دریافت شد" in taken.text
    assert "۱ مطلب در ۱ رسانه" in taken.text
    assert "با همان تیتر: ۱" in taken.text
    assert "از پیش دنبال می‌کنم" in (await rasad.ask(f"/release {RELEASE}")).text

    web.feeds["two"].publish("هشتصد شغل تازه در شیراز", f"به گزارش رسانهٔ دو، {LEAD}")
    web.feeds["two"].publish("پس از آن", "چیزی دیگر")
    await rasad.ask("/track «پس از آن»")
    await rasad.hear("پس از آن")
    listed = await rasad.ask("/release")
    assert HEADLINE in listed.text
    assert "پیگیری تا" in listed.text
    await rasad.people.press(listed, "📊")
    report = seen(await rasad.hear("۲ مطلب در ۲ رسانه"))
    assert "«هشتصد شغل تازه در شیراز»" in report
    assert "پس از ثبت" in report

    await rasad.stop()
    with sqlite3.connect(rasad.database) as database:
        database.execute("UPDATE releases SET closes_at = created_at + 60000")
        database.execute("UPDATE releases SET created_at = created_at - 60000, closes_at = created_at")
    database.close()
    await rasad.start()
    final = seen(await rasad.hear("گزارش پایانی"))
    assert "۲ مطلب در ۲ رسانه" in final
    await rasad.stop()
    await rasad.start()
    closed = await rasad.ask("/release")
    assert "بسته شد" in closed.text
    assert len(rasad.heard("گزارش پایانی")) == 1
    await rasad.people.press(closed, "📊")
    asked = await rasad.hear("گزارش پایانی", after=closed)
    await rasad.people.press(asked, "برداشتن")
    await rasad.people.press(await rasad.hear("برداشته شود؟"), "بله")
    await rasad.hear("برداشته شد.")


async def test_the_first_reprint_is_told_at_once(rasad: Rasad, web: Web) -> None:
    await rasad.ask("/language en")
    feed = web.feed("agency", "Test Agency")
    await rasad.watch(web.url("agency"))
    assert "No reprint was found" in (await rasad.ask(f"/release {RELEASE}")).text
    feed.publish(f"{HEADLINE} + عکس", f"{LEAD} {REST}")
    note = seen(await rasad.hear("First reprint of"))
    assert "Test Agency" in note
    assert "after you sent it" in note


async def test_files_and_links_are_read_and_what_is_no_text_is_said(rasad: Rasad, web: Web) -> None:
    web.pages["release"] = (
        f"<html lang='fa'><head><title>{HEADLINE}</title></head><body><nav>خانه | درباره</nav><article><h1>{HEADLINE}</h1>"
        f"<p>{LEAD}</p><p>{REST}</p></article></body></html>"
    )
    assert HEADLINE in (await rasad.ask(f"/release {web.address}/page/release")).text
    absent = await rasad.ask(f"/release {web.address}/nowhere")
    assert "خوانده نشد" in absent.text
    assert "بیانیه دریافت شد" in await send(rasad, "a.docx", word("بیانیهٔ یک", LEAD, REST), "/release")
    question = await rasad.ask("/release")
    await rasad.people.press(question, "بیانیهٔ تازه")
    await rasad.hear("سطر نخست")
    assert "بیانیهٔ دو" in await send(rasad, "b.txt", f"بیانیهٔ دو\n{REST}\n{LEAD}".encode("utf-16"))
    assert "متن نیست" in await send(rasad, "photo.png", b"\x89PNG\r\n\x1a\n\0\0\0", "/release")
    assert "متن نیست" in await send(rasad, "c.docx", b"PK\x03\x04 broken", "/release")
    assert "کوتاه‌تر" in (await rasad.ask("/release سه واژه بیشتر نیست")).text
