"""The one socket that others may knock at: a small HTTP server for what posts to us (hooks.py, websub.py).

What lives here: opening it, its limits, errors as JSON, and that it stops within a second. What does not: what is posted.
It is off unless the settings name a port, and belongs behind a proxy that speaks TLS.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Self

import structlog
from aiohttp import web

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

GRACE = 0.3  # seconds for requests in hand when it is told to stop; aiohttp takes them twice
BODY_SECONDS = 15.0  # for a body to arrive
LARGEST = 10 * 1024 * 1024  # bytes of a body

log = structlog.get_logger()


class Listener:
    """Serves `routes` on host and port (0: one that is free; None: nowhere); an async context manager, so that a port that is
    taken is known at the start."""

    def __init__(self, host: str, port: int | None, routes: Sequence[web.RouteDef]) -> None:
        self._host, self._asked_port = host, port
        application = web.Application(client_max_size=LARGEST, middlewares=[_in_json])
        application.add_routes(routes)
        self._runner = web.AppRunner(
            application,
            access_log=None,
            shutdown_timeout=GRACE,
            keepalive_timeout=15,
            lingering_time=1,
            handler_cancellation=True,
        )

    @property
    def port(self) -> int:
        """The port that it listens on."""
        port: int = self._runner.addresses[0][1]
        return port

    async def run(self, stopping: asyncio.Event) -> None:
        """Serves until `stopping`; what is in hand then has a little while."""
        await stopping.wait()
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        """Raises OSError where the port cannot be had."""
        if self._asked_port is None:
            return self
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._asked_port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        log.info("listening", host=self._host, port=self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()


async def body_of(request: web.Request, largest: int) -> bytes:
    """The body as it was sent. Raises HTTPRequestEntityTooLarge, and HTTPRequestTimeout where it does not arrive."""
    if (request.content_length or 0) > largest:
        raise web.HTTPRequestEntityTooLarge(largest, request.content_length or 0)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.content.iter_any():
                body += piece
                if len(body) > largest:
                    raise web.HTTPRequestEntityTooLarge(largest, len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)


@web.middleware
async def _in_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """HTTP errors as {"error": …}."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return web.json_response({"error": error.reason.lower()}, status=error.status)
