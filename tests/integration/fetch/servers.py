"""Servers as they are found out there, on 127.0.0.1, and a resolver that knows the names of a test."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import RawTestServer

type Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
type Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HOST = "127.0.0.1"
ROOT = Path(__file__).parents[3]


class Site:
    """A web server that answers by path (query included) and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[web.BaseRequest] = []
        self._handlers: dict[str, Handler] = {}
        self.port = 0

    def url(self, path: str = "/feed", host: str = HOST) -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(
        self, path: str = "/feed", *, status: int = 200, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        async def handler(_: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=status, body=body, headers=headers)

        self.handle(path, handler)

    def handle(self, path: str, handler: Handler) -> None:
        self._handlers[path] = handler

    async def respond(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
        handler = self._handlers.get(request.path_qs)
        return await handler(request) if handler else web.Response(status=404)


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[Site]:
    async with RawTestServer(site.respond, host=HOST) as server:
        assert server.port is not None
        site.port = server.port
        yield site


@asynccontextmanager
async def scripted(script: Script) -> AsyncIterator[int]:
    """A server that runs a script for each connection; yields its port. A script ends by its end or a broken connection."""
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await script(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            running.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, HOST)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.sleep(0)


def saying(*parts: bytes, pause: float = 0.0) -> Script:
    """A script that reads one request and sends these bytes, with pauses between them."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)

    return script


class Names(AbstractResolver):
    """A resolver that knows these names; each lookup of one with several lists of addresses takes the next list."""

    def __init__(self, known: dict[str, list[list[str]]] | None = None, *, hangs: bool = False) -> None:
        self.asked: list[str] = []
        self._known = known or {}
        self._hangs = hangs

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if self._hangs:
            await asyncio.sleep(3600)
        answers = self._known.get(host)
        if not answers:
            raise OSError(f"no such name: {host}")
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        pass


def here(*names: str) -> Names:
    """A resolver for which these names are this machine."""
    return Names({name: [[HOST]] for name in names})


@dataclass(frozen=True)
class End:
    """How one GET of child.py ended."""

    error: str | None
    length: int
    seconds: float
    peak: float  # MiB of memory, of all GETs so far


async def alone(*urls: str, proxy: str | None = None, **environment: str) -> list[End]:
    """GETs, one after the other, in a process of their own."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.integration.fetch.child", json.dumps(urls), *([proxy] if proxy else [])),
        cwd=ROOT,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await child.communicate()
    return [End(**end) for end in json.loads(output)]
