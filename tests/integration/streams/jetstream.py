"""A server that behaves like Jetstream: it plays events again from a cursor on, then sends those that are published."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import WSMsgType, web
from aiohttp.test_utils import RawTestServer

HOST = "127.0.0.1"
START = 1_795_000_000_000_000  # microseconds: 18 November 2026

type Behaviour = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Jetstream:
    """`opened` holds the query of each connection; `next` what becomes of the next ones, in place of being served."""

    def __init__(self) -> None:
        self.port = 0
        self.opened: list[dict[str, str]] = []
        self.next: deque[Behaviour] = deque()
        self.sent = 0
        self._events: list[tuple[int, str]] = []
        self._sockets: set[web.WebSocketResponse] = set()
        self._published = asyncio.Event()

    def publish(self, text: str, *, operation: str = "create", rkey: str = "", padding: int = 0) -> int:
        """Says a post; returns its time in microseconds."""
        number = len(self._events)
        at = START + number * 1_000_000
        record = {"$type": "app.bsky.feed.post", "createdAt": "2026-11-18T10:00:00Z", "langs": ["fa"], "text": text}
        commit = {
            "rev": f"r{number}", "operation": operation, "collection": "app.bsky.feed.post",
            "rkey": rkey or f"3k{number}", "record": record, "cid": "b" * (5 + padding),
        }  # fmt: skip
        event = {"did": "did:plc:example", "time_us": at, "kind": "commit", "commit": commit}
        self.say(json.dumps(event, ensure_ascii=False), at)
        return at

    def say(self, message: str, at: int = START) -> None:
        """Says anything at all."""
        self._events.append((at, message))
        self._published.set()

    async def drop(self) -> None:
        """Breaks all connections, as a network does: without a farewell."""
        for socket in list(self._sockets):
            request = socket._req
            assert request is not None
            assert request.transport is not None
            request.transport.abort()
        await asyncio.sleep(0)

    async def respond(self, request: web.BaseRequest) -> web.StreamResponse:
        self.opened.append(dict(request.query))
        return await (self.next.popleft() if self.next else self._serve)(request)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        cursor = request.query.get("cursor")
        position = len(self._events)
        if cursor is not None:
            position = next((n for n, (at, _) in enumerate(self._events) if at >= int(cursor)), position)
        self._sockets.add(socket)
        hearing = asyncio.create_task(_hear(socket))
        try:
            while not hearing.done():
                while position < len(self._events):
                    await socket.send_str(self._events[position][1])
                    position += 1
                    self.sent += 1
                self._published.clear()
                waiting = asyncio.create_task(self._published.wait())
                await asyncio.wait({hearing, waiting}, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
        except ConnectionError:
            pass
        finally:
            self._sockets.discard(socket)
            hearing.cancel()
        return socket


async def _hear(socket: web.WebSocketResponse) -> None:
    """Reads what the client says, so that pings and farewells are answered."""
    while (await socket.receive()).type not in {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR}:
        pass


@asynccontextmanager
async def serving[Server: Jetstream](jetstream: Server) -> AsyncIterator[Server]:
    async with RawTestServer(jetstream.respond, host=HOST) as server:
        assert server.port is not None
        jetstream.port = server.port
        yield jetstream


# ── what may become of a connection ──────────────────────────────────────────────────────────────────────────────────


async def close_at_once(request: web.BaseRequest) -> web.StreamResponse:
    """Lets it in and closes the door."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.close(code=1001)
    return socket


def saying(*messages: str | bytes) -> Behaviour:
    """Says this and nothing else, and stays."""

    async def behave(request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for message in messages:
            await (socket.send_bytes(message) if isinstance(message, bytes) else socket.send_str(message))
        await _hear(socket)
        return socket

    return behave


async def hang(request: web.BaseRequest) -> web.StreamResponse:
    """Shakes hands and never says another thing, to no ping and no farewell."""
    socket = web.WebSocketResponse(autoping=False, autoclose=False, timeout=0.1)
    await socket.prepare(request)
    try:
        await asyncio.sleep(20)
    finally:
        if request.transport is not None:
            request.transport.abort()
    return socket


def refusing(status: int, **headers: str) -> Behaviour:
    """An error, or a redirect, in place of a handshake."""

    async def behave(_: web.BaseRequest) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, headers=named, text="no")

    return behave
