"""Other tools post items over real HTTP: signed, limited, told once."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import func, select

from monitors.hooks import Allowance, Hooks
from monitors.listening import Listener
from monitors.parsing import Parser
from monitors.recorder import Recorder
from monitors.roster import Roster
from monitors.schedule import Bounds
from monitors.store import sources, tending
from monitors.store.engine import Database
from monitors.store.tables import alerts, articles
from tests.integration.world import NOW, World

SECRET = "a secret of some length"


class Tool:
    """Posts to a listener as a tool would."""

    def __init__(self, port: int, session: aiohttp.ClientSession) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._session = session

    async def post(
        self, value: Any, name: str = "crm", *, at: float = NOW.timestamp(), secret: str = SECRET, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """The status and the answer."""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        stamp = str(int(at))
        signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        signed = {"X-Rasad-Timestamp": stamp, "X-Rasad-Signature": f"sha256={signature}", **headers}
        async with self._session.post(f"{self.url}/hooks/{name}", data=BytesIO(body), headers=signed) as answer:
            assert answer.content_type == "application/json"
            return answer.status, await answer.json()


class Office:
    """A listener and a recorder over a database with one tracker."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.raised = 0

    async def open(self, stack: AsyncExitStack, allowance: Allowance | None = None) -> Tool:
        world = World(self.database)
        await world.chat()
        await world.track("پاک‌نوش")
        roster = Roster(self.database, ())
        await roster.load(NOW)
        recorder = Recorder(self.database, roster, Bounds(60, 3600), lambda: NOW, on_alerts=self._on_alerts)
        recording = asyncio.create_task(recorder.run())
        stack.push_async_callback(asyncio.wait, [recording])
        stack.callback(recording.cancel)
        parser = await stack.enter_async_context(Parser())
        hooks = Hooks(self.database, parser, recorder, SECRET, lambda: NOW, allowance)
        listener = await stack.enter_async_context(Listener("127.0.0.1", 0, hooks.routes()))
        return Tool(listener.port, await stack.enter_async_context(aiohttp.ClientSession()))

    def _on_alerts(self) -> None:
        self.raised += 1

    async def count(self, table: Any) -> int:
        async with self.database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
async def tool(office: Office) -> AsyncIterator[Tool]:
    async with AsyncExitStack() as stack:
        yield await office.open(stack)


async def test_a_posted_item_is_an_article_that_alerts_once(office: Office, tool: Tool) -> None:
    item = {"guid": "1", "title": "شکایتی از پاک‌نوش", "url": "https://crm.example/1"}
    assert await tool.post([item, {"text": "چیزی دیگر"}]) == (200, {"received": 2})
    assert await tool.post([item, {"text": "چیزی دیگر"}]) == (200, {"received": 2}), "a tool may repeat itself"
    assert (await office.count(articles), await office.count(alerts), office.raised) == (2, 1, 1)
    async with office.database.read() as connection:
        source = await sources.by_address(connection, "webhook_in", "crm")
    assert source
    assert (source.title, source.state.last_success_at, source.state.last_item_at) == ("crm", NOW, NOW)


async def test_the_same_guid_with_other_words_is_an_edit(office: Office, tool: Tool) -> None:
    await tool.post({"guid": "1", "title": "شکایت"})
    await tool.post({"guid": "1", "title": "شکایت از پاک‌نوش"})
    await tool.post({"guid": "1", "title": "شکایت سخت از پاک‌نوش"})
    assert (await office.count(articles), await office.count(alerts)) == (1, 1)


async def test_each_name_is_a_source(office: Office, tool: Tool) -> None:
    for name in ("crm", "help-desk"):
        assert (await tool.post({"guid": "1", "title": "خبر"}, name))[0] == 200
    assert await office.count(articles) == 2


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"secret": "another secret of some length"}, "x-rasad-signature does not fit"),
        ({"at": NOW.timestamp() - 301}, "x-rasad-timestamp is more than five minutes off"),
        ({"at": NOW.timestamp() + 301}, "x-rasad-timestamp is more than five minutes off"),
        ({"X-Rasad-Timestamp": "now"}, "x-rasad-timestamp should be seconds since 1970"),
        ({"X-Rasad-Timestamp": str(int(NOW.timestamp()) + 1)}, "x-rasad-signature does not fit"),
        ({"X-Rasad-Signature": ""}, "x-rasad-signature does not fit"),
        ({"X-Rasad-Signature": "sha1=" + "0" * 40}, "x-rasad-signature does not fit"),
        ({"X-Rasad-Signature": "\u00e9"}, "x-rasad-signature does not fit"),
    ],
)
async def test_what_is_not_signed_now_leaves_no_trace(office: Office, tool: Tool, how: Any, error: str) -> None:
    assert await tool.post({"title": "خبر"}, **how) == (401, {"error": error})
    async with office.database.read() as connection:
        assert await sources.is_empty(connection)


async def test_schema_errors_take_nothing_of_a_body(office: Office, tool: Tool) -> None:
    status, answer = await tool.post([{"title": "درست"}, {"title": "نادرست", "url": "x"}])
    assert status == 422
    assert answer["problems"] == [
        {"at": "items.1.url", "error": "should be an address that begins with http:// or https://"}
    ]
    assert await tool.post(b"{") == (
        422,
        {"error": "items that cannot be read", "problems": [{"at": "", "error": "no JSON"}]},
    )
    assert await office.count(articles) == 0


async def test_other_paths_and_methods_are_refused_in_json(tool: Tool) -> None:
    assert (await tool.post({"title": "x"}, "NAME"))[0] == 404
    assert (await tool.post({"title": "x"}, "a/b"))[0] == 404
    async with aiohttp.ClientSession() as session, session.get(f"{tool.url}/hooks/crm") as answer:
        assert (answer.status, await answer.json()) == (405, {"error": "method not allowed"})


async def test_large_bodies_are_refused_whether_announced_or_not(tool: Tool) -> None:
    large = b"[" + b" " * 1_100_000 + b"]"
    assert (await tool.post(large))[0] == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    headers = {"X-Rasad-Timestamp": str(int(NOW.timestamp()))}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{tool.url}/hooks/crm", data=pieces(), headers=headers) as answer,
    ):
        assert answer.status == 413


async def test_too_many_posts_and_names_are_refused(office: Office) -> None:
    async with AsyncExitStack() as stack:
        tool = await office.open(stack, Allowance(a_minute=2, names=2))
        assert [(await tool.post({"title": "x"}))[0] for _ in range(3)] == [200, 200, 429]
        assert [(await tool.post({"title": "x"}, name))[0] for name in ("b", "c")] == [200, 403]


async def test_a_paused_and_a_removed_source_take_nothing(office: Office, tool: Tool) -> None:
    await tool.post({"title": "خبر"})
    async with office.database.write() as connection:
        source = await sources.by_address(connection, "webhook_in", "crm")
        assert source
        await tending.pause(connection, source.id, NOW)
    assert await tool.post({"title": "دوم"}) == (409, {"error": "this source is paused"})
    async with office.database.write() as connection:
        await tending.resume(connection, source.id, NOW)
        await sources.remove(connection, source.id)
    assert await tool.post({"title": "سوم"}) == (410, {"error": "this source was removed"})
    assert await office.count(articles) == 1


async def test_polls_pass_it_by(office: Office, tool: Tool) -> None:
    await tool.post({"title": "خبر"})
    async with office.database.read() as connection:
        due = await sources.due(connection, NOW + timedelta(days=1), (), {"feed", "page"}, 9)
    assert due == ()


@pytest.mark.parametrize("busy", [False, True])
async def test_it_stops_within_a_second(busy: bool) -> None:
    async def never(_: Any) -> Any:
        await asyncio.sleep(60)

    stopping = asyncio.Event()
    async with Listener("127.0.0.1", 0, [web.get("/slow", never)]) as listener, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{listener.port}/slow"
        asked = asyncio.create_task(session.get(url).__aenter__()) if busy else None
        await asyncio.sleep(0.2)
        stopping.set()
        started = time.monotonic()
        await listener.run(stopping)
        assert time.monotonic() - started < 1.0
        if asked:
            with pytest.raises(aiohttp.ClientError):
                await asked


async def test_a_port_that_is_taken_is_known_at_once_and_no_port_is_no_listener() -> None:
    async with Listener("127.0.0.1", 0, []) as listener, Listener("127.0.0.1", None, []):
        with pytest.raises(OSError, match="in use"):
            await Listener("127.0.0.1", listener.port, []).__aenter__()
