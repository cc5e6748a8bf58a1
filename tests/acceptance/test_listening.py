"""What comes by itself: a tool's post and a hub's push, from outside of the process to the chat."""

import hashlib
import hmac
import json
import socket
import time
from pathlib import Path

import aiohttp
import pytest

from bot.platforms.preview.server import PreviewServer
from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Web
from tests.integration.hub import hub_opened

pytestmark = pytest.mark.acceptance

SECRET = "a secret of some length"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


async def test_posts_of_a_tool_are_told_and_their_source_is_tended_as_others(
    telegram: PreviewServer, tmp_path: Path
) -> None:
    port = free_port()
    async with Rasad(telegram, tmp_path, LISTEN_PORT=str(port), WEBHOOK_SECRET=SECRET) as rasad:
        assert f"http://127.0.0.1:{port}/hooks/NAME" in (await rasad.ask("/addsource webhook_in")).text
        await rasad.ask("/track پاک‌نوش")
        body = json.dumps({"guid": "1", "title": "شکایت از پاک‌نوش", "url": "https://crm.example/1"}).encode()
        stamp = str(int(time.time()))
        signature = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {"X-Rasad-Timestamp": stamp, "X-Rasad-Signature": f"sha256={signature}"}
        async with aiohttp.ClientSession() as session:
            async with session.post(f"http://127.0.0.1:{port}/hooks/crm", data=body, headers=headers) as answer:
                assert (answer.status, await answer.json()) == (200, {"received": 1})
            await rasad.hear("شکایت از پاک‌نوش")
            async with session.post(f"http://127.0.0.1:{port}/hooks/crm", data=body) as answer:
                assert answer.status == 401
        assert "crm" in (await rasad.ask("/sources")).text
        assert (await rasad.command("sources", "check"))[0] == 0
        assert SECRET not in rasad.log
        assert await rasad.stop() < 5


async def test_a_feed_with_a_hub_is_pushed(telegram: PreviewServer, tmp_path: Path, web: Web) -> None:
    port = free_port()
    settings = {"LISTEN_PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}", "POLL_MAX_SECONDS": "600"}
    async with hub_opened() as hub, Rasad(telegram, tmp_path, **settings) as rasad:
        feed = web.feed("agency", "خبرگزاری آزمون")
        feed.hub = hub.url
        await rasad.watch(web.url("agency"))
        await rasad.ask("/track پاک‌نوش")
        await hub.until_asked(1)
        assert hub.asked[0].echoed
        pushed = (
            '<rss version="2.0"><channel><title>F</title><item><guid>p1</guid><title>پاک‌نوش به بازار آمد</title></item>'
            "</channel></rss>"
        )
        assert await hub.push(pushed.encode()) == 204
        await rasad.hear("پاک‌نوش به بازار آمد")
        assert "WebSub" in seen(await rasad.ask("/source 1"))
        await rasad.ask("/removesource خبرگزاری آزمون")
        await hub.until_asked(2)
        assert (hub.asked[1].mode, hub.asked[1].echoed) == ("unsubscribe", True)


async def test_a_port_that_is_taken_ends_the_start_with_a_word(telegram: PreviewServer, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(AssertionError, match="could not start"):
            async with Rasad(telegram, tmp_path, LISTEN_PORT=str(taken.getsockname()[1]), WEBHOOK_SECRET=SECRET):
                pass
