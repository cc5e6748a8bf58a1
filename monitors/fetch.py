"""The only inbound socket: conditional GETs within limits of time and size, through the guard, courteous to hosts.

What lives here: requests. What does not: the proxy and mirrors (sessions.py), redirects (route.py), which addresses are
refused (guard.py), codings (decompress.py), when to ask (schedule.py), and what the bytes mean.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from typing import NamedTuple, Self
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from monitors import headers
from monitors.credentials import Credentials
from monitors.decompress import ACCEPTED, STEP, Decompressor
from monitors.errors import BodyTooLarge, HttpStatus
from monitors.guard import Endpoint, Guard
from monitors.kinds import Body, Fetched, Request
from monitors.refusal import refusal
from monitors.route import REDIRECTS, Route
from monitors.sessions import LIBRARY_ERRORS, Sessions, fetch_error

USER_AGENT = f"Mozilla/5.0 (compatible; Rasad/{version('rasad')})"
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"

WITH_BODY = frozenset({200, 203})
UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for connecting, for a gap between two reads and for the whole GET; bytes of a body, also decompressed."""

    connect: float = 10
    read: float = 15
    whole: float = 45
    body: int = 10 * 1024 * 1024


class Known(NamedTuple):
    """What the last answer left to compare the next one with."""

    etag: str | None
    last_modified: str | None
    body_hash: bytes | None

    def conditions(self) -> dict[str, str]:
        """The headers that ask for a 304."""
        same = {"If-None-Match": self.etag} if self.etag else {}
        return same | {"If-Modified-Since": self.last_modified} if self.last_modified else same


class Fetcher:
    """Makes the GETs of all sources: `async with Fetcher() as fetcher: await fetcher.get(request)`.

    `proxy` is an http://, https://, socks5:// or socks5h:// URL; names are resolved behind it, by either SOCKS spelling.
    `allowed` are endpoints (IP address, port) that the guard lets pass and that are reached without the proxy. `mirrors`
    gives for a host, or one page ("t.me/s/name"), the URL that paths are appended to instead. `per_host` requests to a host are made at once, and
    waiting for a turn is not on the clock of `limits`. `resolver` is aiohttp's own where none is given. `credentials` are
    the values of the settings that requests' `secrets` name.
    """

    def __init__(
        self,
        *,
        proxy: str | None = None,
        allow_private: bool = False,
        allowed: frozenset[Endpoint] = frozenset(),
        mirrors: Mapping[str, str] | None = None,
        per_host: int = 2,
        user_agent: str = USER_AGENT,
        limits: Limits | None = None,
        resolver: AbstractResolver | None = None,
        credentials: Mapping[str, str] | None = None,
    ) -> None:
        """Raises ValueError for a proxy that is none of these, or names no port."""
        self._per_host = per_host
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._limits = limits or Limits()
        self.sessions = Sessions(
            Guard(allow_private=allow_private, allowed=allowed),
            aiohttp.ClientTimeout(total=None, connect=self._limits.connect, sock_read=self._limits.read),
            {"User-Agent": user_agent, "Accept": ACCEPT, "Accept-Encoding": ACCEPTED},
            proxy=proxy,
            mirrors=mirrors or {},
            resolver=resolver,
        )
        self.credentials = Credentials(credentials)

    async def __aenter__(self) -> Self:
        await self.sessions.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.sessions.__aexit__(kind, error, trace)

    async def get(
        self,
        request: Request,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        body_hash: bytes | None = None,
    ) -> Fetched:
        """Asks for a URL and follows its redirects; the answer has no body where it is the one that is known.

        Raises a FetchError, and nothing else.
        """
        known = Known(etag, last_modified, body_hash)
        try:
            return await self._get(await self.credentials.signed(request, self.get), known)
        except HttpStatus as error:
            if error.status != UNAUTHORIZED or request.login is None:
                raise
        self.credentials.forget(request.login)  # it may have ended before its time
        return await self._get(await self.credentials.signed(request, self.get), known)

    async def _get(self, request: Request, known: Known) -> Fetched:
        clock = asyncio.get_running_loop().time
        patience = self._limits.whole
        answer = None
        try:
            route = Route(request)
            while answer is None:
                target = self.sessions.target(route.url)
                async with self._turn(target):
                    started = clock()
                    async with asyncio.timeout(patience):
                        answer = await self._hop(route, target, known)
                    patience -= clock() - started
        except LIBRARY_ERRORS as error:
            raise fetch_error(error) from error
        return answer

    async def _hop(self, route: Route, target: URL, known: Known) -> Fetched | None:
        """One request and its answer; None where it is a redirect, which the route has taken."""
        session = await self.sessions.towards(target)
        sent = route.headers | known.conditions()
        if target.scheme == "https":
            sent["Connection"] = "close"  # an idle TLS connection costs 310 kB, and the next poll is minutes away
        method = "GET" if route.body is None else "POST"
        cookies = route.cookies(target)
        async with session.request(
            method, target, headers=sent, data=route.body, cookies=cookies, allow_redirects=False
        ) as response:
            if response.status not in REDIRECTS:
                return await self._answer(response, route, known)
            route.turn(response)
            return None

    async def _answer(self, response: aiohttp.ClientResponse, route: Route, known: Known) -> Fetched:
        given = response.headers
        etag, last_modified = headers.validator(given.get("ETag")), headers.validator(given.get("Last-Modified"))
        content: bytes | None = None
        digest = known.body_hash
        if response.status == 304 and (known.etag or known.last_modified):
            etag, last_modified = etag or known.etag, last_modified or known.last_modified
        elif response.status in WITH_BODY:
            content, digest = await self._read(response)
        else:
            raise await refusal(response)
        links = headers.links(",".join(given.getall("Link", ())), str(route.url))
        body = None
        if content is not None and digest != known.body_hash:
            content_type = given.get("Content-Type", "").encode("ascii", "replace").decode()
            body = Body(content, str(route.url.with_user(None)), content_type)
        return Fetched(
            body=body,
            etag=etag,
            last_modified=last_modified,
            body_hash=digest,
            max_age=headers.max_age(",".join(given.getall("Cache-Control", ())), given.get("Age", "")),
            moved_to=route.moved_to,
            hub=links.get("hub"),
            topic=links.get("self"),
        )

    async def _read(self, response: aiohttp.ClientResponse) -> tuple[bytes, bytes]:
        """The decompressed body and its hash. The loop gets its turn between steps, however far a chunk unfolds."""
        decompressor = Decompressor(response.headers.get("Content-Encoding", ""))
        pieces = []
        digest = hashlib.blake2b(digest_size=16)
        received = unfolded = 0
        async for chunk in response.content.iter_any():
            received += len(chunk)  # counted too: there are streams that never unfold to anything
            for piece in decompressor.feed(chunk):
                unfolded += len(piece)
                if unfolded > self._limits.body:
                    break
                pieces.append(piece)
                digest.update(piece)
                if len(piece) >= STEP:
                    await asyncio.sleep(0)
            if max(received, unfolded) > self._limits.body:
                raise BodyTooLarge(self._limits.body)
        for piece in decompressor.finish():
            pieces.append(piece)
            digest.update(piece)
        return b"".join(pieces), digest.digest()

    def _turn(self, target: URL) -> asyncio.Semaphore:
        """The queue for a host, which is forgotten when nobody stands in it."""
        host = target.raw_host or ""
        turn = self._turns.get(host)
        if turn is None:
            self._turns[host] = turn = asyncio.Semaphore(self._per_host)
        return turn
