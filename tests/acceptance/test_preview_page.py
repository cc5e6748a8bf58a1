"""The chat page in headless Chromium: letters in the right order on the glass, buttons, files, live edits."""

import shutil
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect
from telegram import Bot, BotCommand, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from bot.platforms.preview import PREVIEW_USER_ID, PreviewServer

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),  # one browser, which lives on one event loop, for all
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: chromium)"),
]

ME = PREVIEW_USER_ID
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]

# Where a piece of the last message's text stands: the rectangle of its glyphs.
PLACE = """(piece) => {
  const walker = document.createTreeWalker([...document.querySelectorAll(".message .text")].at(-1), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const at = node.data.indexOf(piece);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + piece.length);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    return { left, right, top, bottom };
  }
  throw new Error(`not shown: ${piece}`);
}"""


@pytest_asyncio.fixture(loop_scope="module")
async def preview() -> AsyncIterator[PreviewServer]:
    async with PreviewServer() as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def bot(preview: PreviewServer) -> AsyncIterator[Bot]:
    async with Bot(preview.token, base_url=preview.api_url) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, preview: PreviewServer) -> AsyncIterator[Page]:
    """The page, open; a mistake in its script, or anything that it asks of another host, fails the test."""
    opened = await browser.new_page(viewport={"width": 900, "height": 1000}, timezone_id="Asia/Tehran")
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    opened.on("request", lambda request: None if request.url.startswith(preview.url) else wrong.append(request.url))
    await opened.goto(preview.url)
    await opened.wait_for_selector("#start:visible")
    await opened.evaluate("document.fonts.ready")
    yield opened
    await opened.close()
    assert wrong == []


async def place(page: Page, piece: str) -> dict[str, float]:
    found: dict[str, float] = await page.evaluate(PLACE, piece)
    return found


def keyboard(*rows: dict[str, str]) -> InlineKeyboardMarkup:
    """Rows of buttons, each label with its callback data or address."""

    def button(label: str, what: str) -> InlineKeyboardButton:
        aim: dict[str, Any] = {"url" if what.startswith("http") else "callback_data": what}
        return InlineKeyboardButton(label, **aim)

    return InlineKeyboardMarkup([[button(*each) for each in row.items()] for row in rows])


async def test_persian_and_latin_stand_in_reading_order(page: Page, bot: Bot) -> None:
    text = "شرکت نمونه نسخهٔ API v3.1 را برای کاربران ۴۲ شهر منتشر کرد\nHTTP 503 نخست خطای\n\u200f@tech_fa سه خبر\n<b>پایان</b> (تمام)"
    await bot.send_message(ME, text, parse_mode="HTML")
    await page.wait_for_selector(".theirs .text b")
    order = [await place(page, piece) for piece in ("شرکت", "نمونه", "API", "را", "۴۲", "شهر", "منتشر")]
    assert all(later["right"] <= earlier["left"] for earlier, later in pairwise(order))
    inside = [await place(page, piece) for piece in ("A", "P", "v3", ".1")]
    assert all(earlier["right"] <= later["left"] + 1 for earlier, later in pairwise(inside))
    four, two = await place(page, "۴"), await place(page, "۲")
    assert four["right"] <= two["left"] + 1, "numbers read left to right within a Persian line"

    box = await page.evaluate(
        "[...document.querySelectorAll('.message .text')].at(-1).getBoundingClientRect().toJSON()"
    )
    latin_line, marked_line, last = await place(page, "HTTP"), await place(page, "@tech_fa"), await place(page, "پایان")
    assert latin_line["left"] - box["left"] < 2, "a line that begins in Latin runs left to right"
    assert box["right"] - marked_line["right"] < 2, "U+200F makes a line that begins with a handle run right to left"
    assert box["right"] - last["right"] < 2
    assert order[0]["top"] < latin_line["top"] < marked_line["top"] < last["top"]
    opening, closing = await place(page, "(تمام"), await place(page, "تمام)")
    assert closing["left"] < opening["left"], "brackets close on the left"


async def test_quotes_fold_and_open(page: Page, bot: Bot) -> None:
    quote = "<blockquote expandable>" + "\n".join(f"سطر {number}" for number in range(12)) + "</blockquote>"
    await bot.send_message(ME, f"پیش از نقل\n{quote}\nپس از نقل", parse_mode="HTML")
    block = page.locator("blockquote")
    await expect(block).to_have_class("folded")
    before, after = await place(page, "پیش از نقل"), await place(page, "پس از نقل")
    folded = await block.bounding_box()
    assert folded
    line = before["bottom"] - before["top"]
    assert folded["height"] < 5 * line
    assert after["top"] - folded["y"] - folded["height"] < line, "no empty line where the block ends"
    assert (await block.evaluate("element => getComputedStyle(element).borderRightWidth")) == "3px"
    await block.click()
    opened = await block.bounding_box()
    assert opened
    assert opened["height"] > 2 * folded["height"]


async def test_a_conversation_with_buttons(page: Page, bot: Bot, preview: PreviewServer) -> None:
    await page.click("#start")
    await expect(page.locator(".mine .text")).to_have_text("/start")
    await bot.send_message(
        ME, "سلام", reply_markup=keyboard({"نخست": "a", "دوم": "b"}, {"خبر": "https://example.com/x"})
    )
    first, second = page.get_by_role("button", name="نخست"), page.get_by_role("button", name="دوم")
    left, right = await first.bounding_box(), await second.bounding_box()
    assert left
    assert right
    assert left["x"] < right["x"], "rows run from left to right, as on Telegram"
    link = page.get_by_role("link", name="خبر")
    assert await link.get_attribute("href") == "https://example.com/x"
    assert (await link.get_attribute("target"), await link.get_attribute("rel")) == ("_blank", "noopener noreferrer")

    await first.click()
    await preview.people.wait_until(lambda: preview.world.queries)
    query = (await bot.get_updates())[-1].callback_query
    assert query
    await query.answer("انجام شد")
    await expect(page.locator("#toast")).to_have_text("انجام شد")
    await query.edit_message_text("<b>ویرایش</b> شد", parse_mode="HTML")
    await expect(page.locator(".theirs .text")).to_have_text("ویرایش شد")
    await expect(page.locator(".theirs .meta")).to_contain_text("ویرایش‌شده")
    await expect(page.locator(".row")).to_have_count(0)

    await bot.send_message(ME, "هشدار؟", reply_markup=keyboard({"نشان بده": "c"}))
    await page.get_by_role("button", name="نشان بده").click()
    await preview.people.wait_until(lambda: preview.world.queries)
    alerted = (await bot.get_updates())[-1].callback_query
    assert alerted
    await alerted.answer("مهم است", show_alert=True)
    await expect(page.locator("dialog")).to_contain_text("مهم است")
    await page.locator("dialog button").click()
    await expect(page.locator("dialog")).to_be_hidden()


async def test_commands_are_completed_and_questions_answered(page: Page, bot: Bot, preview: PreviewServer) -> None:
    await bot.set_my_commands([BotCommand("track", "پایش"), BotCommand("latest", "تازه‌ها")], language_code="fa")
    await bot.set_my_commands([BotCommand("track", "Track a name")])
    await page.click("#start")
    await page.fill("#input", "/t")
    await expect(page.locator("#menu li")).to_have_count(1)
    await page.press("#input", "Tab")
    assert await page.input_value("#input") == "/track "
    await page.keyboard.type("دیجی‌کالا")
    await page.press("#input", "Enter")
    said = await preview.people.wait_until(
        lambda: [m for m in preview.people.chat().messages.values() if "track" in m.text]
    )
    assert said[0].text == "/track دیجی‌کالا"
    await page.click("#language")
    await expect(page.locator("html")).to_have_attribute("dir", "ltr")
    await page.fill("#input", "/")
    await expect(page.locator("#menu")).to_contain_text("Track a name")
    await page.fill("#input", "")

    question = await bot.send_message(ME, "نام؟", reply_markup=ForceReply(input_field_placeholder="نام = پرسش"))
    await expect(page.locator("#input")).to_have_attribute("placeholder", "نام = پرسش")
    await page.fill("#input", "بانک")
    await page.press("#input", "Enter")
    await expect(page.locator("#reply")).to_be_hidden()
    answer = list(preview.people.chat().messages.values())[-1]
    assert (answer.text, answer.reply_to) == ("بانک", question.id)


async def test_markup_in_a_text_stays_text(page: Page, bot: Bot, preview: PreviewServer) -> None:
    evil = "<script>document.title = 'owned'</script><img src=x onerror=alert(1)>"
    preview.people.say(evil)
    await bot.send_message(ME, evil)
    await expect(page.locator(".theirs .text")).to_have_text(evil)
    await expect(page.locator(".mine .text")).to_have_text(evil)
    assert await page.locator("#messages img, #messages script").count() == 0
    assert await page.title() == "رصد"


async def test_files_go_both_ways(page: Page, bot: Bot, preview: PreviewServer) -> None:
    await page.click("#start")
    upload: Any = {"name": "feeds.opml", "mimeType": "text/xml", "buffer": b"<opml/>"}
    await page.set_input_files("#file", upload)
    await expect(page.locator(".mine .document")).to_contain_text("feeds.opml")
    sent = await preview.people.wait_until(lambda: [m.file for m in preview.people.chat().messages.values() if m.file])
    assert sent[0].content == b"<opml/>"
    await bot.send_document(ME, b"%PDF-", filename="بولتن.pdf")
    async with page.expect_download() as download:
        await page.locator(".theirs .document").click()
    assert (await download.value).suggested_filename == "بولتن.pdf"


async def test_the_end_of_the_chat_stays_in_view_unless_one_reads_above(page: Page, bot: Bot) -> None:
    for number in range(25):
        await bot.send_message(ME, f"پیام {number}\n" + "متن " * 40)
    await expect(page.locator(".message")).to_have_count(25)
    await expect(page.locator(".message").last).to_be_in_viewport()
    await page.evaluate("document.getElementById('scroll').scrollTop = 0")
    await expect(page.locator(".message").first).to_be_in_viewport()
    await bot.send_message(ME, "تازه")
    await expect(page.locator("#down")).to_have_text("۱")
    await expect(page.locator(".message").last).not_to_be_in_viewport()
    await page.click("#down")
    await expect(page.locator(".message").last).to_be_in_viewport()
    await expect(page.locator("#down")).to_be_hidden()


async def test_it_fits_a_telephone_and_makes_a_picture(page: Page, bot: Bot) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await bot.send_message(
        ME, "متن بلند " * 60 + "https://example.com/" + "x" * 90, reply_markup=keyboard({"یک": "1", "دو": "2"})
    )
    await expect(page.locator(".message")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    width = await page.evaluate(
        "document.getElementById('scroll').scrollWidth - document.getElementById('scroll').clientWidth"
    )
    assert width == 0
    picture = await page.screenshot()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 10_000
