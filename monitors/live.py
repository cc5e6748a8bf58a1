"""Live connections: a WebSocket to a network, through the same guard, proxy and credentials as every request.

What lives here: opening one, and taking its messages in batches. What does not: keeping it open (streams.py), what its
messages mean (sources/). Nothing is queued: while a batch is worked on, the connection is not read, and the server waits.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import aiohttp
from yarl import URL

from monitors import headers
from monitors.errors import BodyTooLarge, Disconnected, FetchError, Gone, HttpStatus, NotTheAnswer, TimedOut
from monitors.fetch import UNAUTHORIZED, Fetcher
from monitors.kinds import Request
from monitors.route import Route
from monitors.sessions import LIBRARY_ERRORS, Redirected, fetch_error

type Socket = aiohttp.ClientWebSocketResponse[Literal[False]]

MESSAGE = 256 * 1024  # bytes of one message
BATCH = 768 * 1024  # bytes after which a batch is full: with its last message it is still parsed in the thread
GONE = 410
OPENING = 20.0  # seconds for the whole handshake, redirects included
GOODBYE = 0.3  # seconds that the server has for its own farewell


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: how long a batch is gathered, and after how many without a sign of life the server is asked for one (and has
    half as long to answer)."""

    gather: float = 1.0
    heartbeat: float = 30.0


class Live:
    """An open connection. `silence` are the seconds without a message after which it counts as dead."""

    def __init__(self, socket: Socket, patience: Patience, silence: float | None) -> None:
        self._socket = socket
        self._patience = patience
        self._silence = silence
        self._clock = asyncio.get_running_loop().time
        self._heard_at = self._clock()
        self._ended: FetchError | None = None

    async def batch(self, most: int) -> list[bytes]:
        """The messages of about a second, at most so many; none where nothing came. What came before the connection ended
        is given first. Raises a FetchError when it has ended, or is silent for too long."""
        messages: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._patience.gather):
                while len(messages) < most and size < BATCH:
                    messages.append(await self._next())
                    size += len(messages[-1])
        except TimeoutError:
            pass
        except FetchError:
            if not messages:
                raise
        if messages:
            self._heard_at = self._clock()
        elif self._silence is not None and self._clock() - self._heard_at > self._silence:
            raise TimedOut(f"no message for {self._silence:.0f} s")
        return messages

    async def _next(self) -> bytes:
        if self._ended is None:
            message = await self._socket.receive()
            if message.type in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
                content: bytes = message.data
                return content
            self._ended = _ending(message.data or self._socket.exception(), self._socket.close_code)
        raise self._ended


@asynccontextmanager
async def opened(
    fetcher: Fetcher, request: Request, silence: float | None = None, patience: Patience | None = None
) -> AsyncIterator[Live]:
    """A connection that is open for the length of the block. Raises a FetchError, or NotTheAnswer, where it cannot be."""
    patience = patience or Patience()
    try:
        async with asyncio.timeout(OPENING):
            socket = await _signed_in(fetcher, request, patience.heartbeat)
    except LIBRARY_ERRORS as error:
        raise fetch_error(error) from error
    try:
        yield Live(socket, patience, silence)
    finally:
        await socket.close()


async def _signed_in(fetcher: Fetcher, request: Request, heartbeat: float) -> Socket:
    """As fetch.Fetcher.get: once more with a new token where the network does not take the old one."""
    try:
        return await _open(fetcher, await fetcher.credentials.signed(request, fetcher.get), heartbeat)
    except HttpStatus as error:
        if error.status != UNAUTHORIZED or request.login is None:
            raise
    fetcher.credentials.forget(request.login)
    return await _open(fetcher, await fetcher.credentials.signed(request, fetcher.get), heartbeat)


async def _open(fetcher: Fetcher, request: Request, heartbeat: float) -> Socket:
    route = Route(replace(request, body=None))
    while True:
        target = fetcher.sessions.target(route.url)
        session = await fetcher.sessions.towards(target)
        try:
            return await session.ws_connect(
                target,
                headers=route.headers,
                heartbeat=heartbeat,
                max_msg_size=MESSAGE,
                decode_text=False,
                timeout=aiohttp.ClientWSTimeout(ws_close=GOODBYE),
            )
        except Redirected as turn:
            _follow(route, turn.response)
        except aiohttp.WSServerHandshakeError as error:
            raise _refusal(error) from error


def _follow(route: Route, response: aiohttp.ClientResponse) -> None:
    """Takes a redirect. Large servers send streams to a host beneath their own, which may see what they may see."""
    here, sent = route.url, route.headers
    route.turn(response)
    if _is_beneath(route.url, here):
        route.headers = sent


def _is_beneath(there: URL, here: URL) -> bool:
    return there.scheme == "https" and (there.host or "").endswith(f".{here.host}")


def _refusal(error: aiohttp.WSServerHandshakeError) -> FetchError | NotTheAnswer:
    if error.status == GONE:
        return Gone()
    if error.status < 400:
        return NotTheAnswer(f"HTTP {error.status}, {error.message}")
    return HttpStatus(error.status, headers.waiting_time(error.headers or {}, datetime.now(UTC)))


def _ending(cause: object, code: int | None) -> FetchError:
    """Why there is no further message, by what the library gave in place of one and the close code (RFC 6455, 7.4)."""
    if code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG:
        return BodyTooLarge(MESSAGE)
    if isinstance(cause, TimeoutError):
        return TimedOut("no answer to a ping")
    return Disconnected(code, str(cause or ""))
