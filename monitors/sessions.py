"""The way out: the sessions in which every request and every live connection to a source is made.

What lives here: the proxy, mirrors, and which session a target is reached by. What does not: requests (fetch.py) and live
connections (live.py), which share these; which addresses are refused (guard.py).
"""

import asyncio
import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import aiohttp
import aiohttp_socks
from aiohttp.abc import AbstractResolver
from aiohttp.client_middlewares import ClientHandlerType
from aiohttp.resolver import DefaultResolver
from yarl import URL

from monitors.errors import AddressRefused, FetchError, TimedOut, Unreachable
from monitors.guard import Guard, RefusedByGuard
from monitors.route import REDIRECTS

HTTP_PROXIES = frozenset({"http", "https"})
SOCKS_PROXIES = frozenset({"socks5", "socks5h"})

TIMEOUTS = (TimeoutError, aiohttp_socks.ProxyTimeoutError)
LIBRARY_ERRORS = (
    *TIMEOUTS,
    aiohttp.ClientError,
    aiohttp_socks.ProxyError,
    aiohttp_socks.ProxyConnectionError,
    OSError,
    ValueError,  # a header or a name that cannot be sent
)

KEEP = 5.0  # seconds for which an idle plain connection waits for another feed of its host
LOOKUP = 3.0  # seconds for a name whose answer only the guard wants, since a proxy asks again


class Redirected(Exception):
    """A WebSocket's handshake was answered with a redirect, which the library would have followed past the guard."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        super().__init__(f"HTTP {response.status}")
        self.response = response


class Sessions:
    """Two sessions, one through the proxy and one without it; an async context manager.

    The parameters are those of fetch.Fetcher; `timeout` and the headers `sent` are those of every request.
    """

    def __init__(
        self,
        guard: Guard,
        timeout: aiohttp.ClientTimeout,
        sent: Mapping[str, str],
        *,
        proxy: str | None,
        mirrors: Mapping[str, str],
        resolver: AbstractResolver | None,
    ) -> None:
        """Raises ValueError for a proxy that is none of these, or names no port."""
        self._proxy = _proxy_url(proxy) if proxy else None
        self._guard = guard
        self._timeout = timeout
        self._sent = sent
        self._mirrors = {host: url.rstrip("/") for host, url in mirrors.items()}
        self._given_resolver = resolver

    async def __aenter__(self) -> Self:
        self._resolver = self._given_resolver or DefaultResolver()
        self._direct = self._session(
            aiohttp.TCPConnector(
                limit=0, keepalive_timeout=KEEP, resolver=self._resolver, socket_factory=self._guard.open_socket
            )
        )
        self._outward = self._session_through(self._proxy) if self._proxy else self._direct
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._outward.close()
        await self._direct.close()
        await self._resolver.close()

    def target(self, url: URL) -> URL:
        """What is asked for a URL: its mirror, where its host or its page has one. Raises AddressRefused."""
        host = url.host or ""
        mirror = self._mirrors.get(host + url.path, self._mirrors.get(host))
        target = url if mirror is None else URL(mirror + url.raw_path_qs, encoded=True)
        self._guard.check(target)
        return target

    async def towards(self, target: URL) -> aiohttp.ClientSession:
        """The session for a target. Raises AddressRefused where the proxy would be asked for a host of this network."""
        if self._guard.exempts(target) or self._outward is self._direct:
            return self._direct
        self._guard.check_answers(await self._look_up(target))
        return self._outward

    async def _look_up(self, target: URL) -> list[str]:
        """A name's addresses as resolved here; none where it cannot be, which is left to the proxy."""
        try:
            async with asyncio.timeout(LOOKUP):
                answers = await self._resolver.resolve(target.raw_host or "", target.port or 0, socket.AF_UNSPEC)
        except OSError:  # TimeoutError is one
            return []
        return [answer["host"] for answer in answers]

    def _session_through(self, proxy: URL) -> aiohttp.ClientSession:
        if proxy.scheme in HTTP_PROXIES:
            return self._session(aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP, resolver=self._resolver), proxy)
        url = str(proxy.with_scheme("socks5"))
        return self._session(aiohttp_socks.ProxyConnector.from_url(url, rdns=True, limit=0, keepalive_timeout=KEEP))

    def _session(self, connector: aiohttp.BaseConnector, proxy: URL | None = None) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            proxy=proxy,
            headers=self._sent,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=self._timeout,
            middlewares=(_follow_no_upgrade,),
        )


async def _follow_no_upgrade(request: aiohttp.ClientRequest, handler: ClientHandlerType) -> aiohttp.ClientResponse:
    """Gives redirects of WebSocket handshakes to live.py: `ws_connect` cannot be told to leave them."""
    response = await handler(request)
    if "Upgrade" in request.headers and response.status in REDIRECTS:
        response.close()
        raise Redirected(response)
    return response


def fetch_error(error: Exception) -> FetchError:
    """What a library raised, in the words of monitors/errors.py."""
    if isinstance(error, TIMEOUTS):
        return TimedOut(str(error))
    refused = getattr(error, "os_error", None)
    return AddressRefused(refused.address) if isinstance(refused, RefusedByGuard) else Unreachable(str(error))


def _proxy_url(text: str) -> URL:
    url = URL(text)
    if url.scheme not in HTTP_PROXIES | SOCKS_PROXIES or not url.host or not url.port:
        raise ValueError("a proxy is http://HOST:PORT, or https, socks5 or socks5h for http")
    return url
