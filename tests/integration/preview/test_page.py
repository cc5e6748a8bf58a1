"""The page's own requests: what it is told, what it may ask for, and who else may not."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import bot.platforms.preview.page as page_room
from bot.platforms.preview import PREVIEW_USER_ID, PreviewServer
from tests.integration.preview.conftest import Api
from tests.integration.preview.test_bot_api import png

ME = PREVIEW_USER_ID


@pytest.fixture
async def browser(preview: PreviewServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(preview.url) as session:
        yield session


async def events(response: aiohttp.ClientResponse, count: int) -> list[tuple[str, Any]]:
    """The next `count` server-sent events."""
    seen: list[tuple[str, Any]] = []
    while len(seen) < count:
        name = (await response.content.readline()).decode().removeprefix("event: ").strip()
        data = (await response.content.readline()).decode().removeprefix("data: ")
        await response.content.readline()
        seen.append((name, json.loads(data)))
    return seen


async def test_everything_first_and_then_what_changes(
    preview: PreviewServer, browser: aiohttp.ClientSession, api: Api
) -> None:
    preview.people.say("پیش از باز شدن صفحه")
    async with asyncio.timeout(5), browser.get("/preview/events") as response:
        ((name, state),) = await events(response, 1)
        assert (name, [message["text"] for message in state["messages"]]) == ("state", ["پیش از باز شدن صفحه"])
        assert state["messages"][0]["mine"]
        sent = (await api("sendMessage", chat_id=ME, text="یک"))["result"]
        await api("editMessageText", chat_id=ME, message_id=sent["message_id"], text="دو")
        await api("sendChatAction", chat_id=ME, action="typing")
        await api("deleteMessage", chat_id=ME, message_id=sent["message_id"])
        await api("setMyCommands", commands=[{"command": "start", "description": "آغاز"}])
        told = await events(response, 7)
        assert [name for name, _ in told] == ["message", "asked", "message", "asked", "action", "deleted", "person"]
        assert [told[0][1]["text"], told[2][1]["text"]] == ["یک", "دو"]
        assert told[6][1]["commands"] == [{"command": "start", "description": "آغاز"}]
        await browser.post("/preview/language", json={"language": "en"})
        assert (await events(response, 1))[0][1]["person"]["language"] == "en"


async def test_other_chats_stay_out_of_the_page(preview: PreviewServer, browser: aiohttp.ClientSession) -> None:
    async with browser.get("/preview/events") as response:
        await events(response, 1)
        preview.people.say("راز", user=preview.people.person(1001, "Sara"))
        preview.people.say("آشکار")
        told = await asyncio.wait_for(events(response, 1), 5)
    assert told[0][1]["text"] == "آشکار"


async def test_saying_pressing_and_sending_files(
    preview: PreviewServer, browser: aiohttp.ClientSession, api: Api
) -> None:
    await browser.post("/preview/say", json={"text": " "})
    await browser.post("/preview/say", json={"text": "/start"})
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", b"<opml/>", filename="منبع.opml")
    await browser.post("/preview/file", data=form)
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    sent = (await api("sendMessage", chat_id=ME, text="x", reply_markup=keyboard))["result"]
    where = {"message_id": sent["message_id"], "row": 0, "column": 0}
    pressing = asyncio.create_task(browser.post("/preview/press", json=where))
    await preview.people.wait_until(lambda: preview.world.queries)
    updates = (await api("getUpdates"))["result"]
    assert [update.get("message", {}).get("text") for update in updates] == ["/start", None, None]
    assert updates[1]["message"]["document"]["file_name"] == "منبع.opml"
    await api("answerCallbackQuery", callback_query_id=updates[2]["callback_query"]["id"], text="باشه", show_alert=True)
    assert await (await pressing).json() == {"text": "باشه", "alert": True, "url": ""}
    gone = await browser.post("/preview/press", json=where | {"message_id": 5})
    assert (gone.status, await gone.json()) == (200, {})


async def test_what_was_sent_never_runs_in_the_page(preview: PreviewServer, browser: aiohttp.ClientSession) -> None:
    page = await browser.get("/")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"https?://|<script>|style=", await page.text()), "nothing from elsewhere, nothing inline"
    evil = preview.people.send_file("x.html", b"<script>alert(1)</script>").file
    assert evil
    download = await browser.get(f"/preview/file/{evil.id}")
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert (download.content_type, download.headers["X-Content-Type-Options"]) == (
        "application/octet-stream",
        "nosniff",
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_other_pages_cannot_use_it(
    preview: PreviewServer, browser: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    for path in ("/preview/say", f"/bot{preview.token}/getMe"):
        refused = await browser.post(path, json={"text": "x"}, headers=headers)
        assert refused.status == 403
    assert preview.people.chat().messages == {}
    own = await browser.post("/preview/say", json={"text": "x"}, headers={"Origin": preview.url})
    assert own.status == 200


async def test_pictures_are_shown(browser: aiohttp.ClientSession, preview: PreviewServer, api: Api) -> None:
    form = aiohttp.FormData({"chat_id": str(ME)})
    form.add_field("photo", png(), filename="a.png")
    answer = await (await browser.post(f"/bot{preview.token}/sendPhoto", data=form)).json()
    picture = await browser.get(f"/preview/file/{answer['result']['photo'][0]['file_id']}")
    assert (picture.content_type, await picture.read()) == ("image/png", png())
    assert "Content-Disposition" not in picture.headers
    assert (await browser.get("/preview/file/nothing")).status == 404
    for path in ("/preview/style.css", "/preview/app.js", "/preview/icon.svg", "/preview/Vazirmatn.woff2"):
        assert (await browser.get(path)).status == 200


def test_the_page_says_the_same_in_both_languages() -> None:
    script = (Path(page_room.__file__).parent / "app.js").read_text("utf-8")
    texts = script[script.index("TEXTS = {") : script.index("};")]
    persian, english = (set(re.findall(r"(\w+): \"", part)) for part in texts.split("\n  en: "))
    assert persian == english
    assert len(english) > 10
