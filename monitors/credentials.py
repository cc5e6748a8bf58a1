"""Credentials of networks: put into requests at the last moment, and traded for tokens where a network wants that.

What lives here: the values of settings, and tokens while they last. What does not: sockets (fetch.py), which network wants
what (sources/). No kind, log or stored address ever holds a secret.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from time import monotonic
from urllib.parse import urlsplit

from monitors.errors import HttpStatus, NeedsCredentials
from monitors.kinds import Fetched, Login, Request

EARLY = 60.0  # seconds before its end that a token is renewed

type Ask = Callable[[Request], Awaitable[Fetched]]


@dataclass(frozen=True, slots=True)
class Token:
    """What a login gave, good until then (monotonic seconds)."""

    value: str
    until: float


class Credentials:
    """The values of the settings that requests' `secrets` name, and what logins made of them."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})
        self._tokens: dict[str, Token] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def signed(self, request: Request, ask: Ask) -> Request:
        """The request with its secrets among its headers, or what it says is to be asked `otherwise`. `ask` makes the
        request of a login. Raises NeedsCredentials where a setting is empty, and what `ask` raises."""
        if not (request.secrets or request.login or request.host or request.only_at):
            return request
        try:
            values = self._values | (await self._token(request.login, ask) if request.login else {})
            secrets = tuple((name, value.format_map(values)) for name, value in request.secrets)
            url = self._placed(request)
        except KeyError as missing:
            if request.otherwise:
                return await self.signed(request.otherwise, ask)
            raise NeedsCredentials(str(missing.args[0])) from None
        return replace(request, url=url, headers=(*request.headers, *secrets))

    def serve(self, request: Request) -> bool:
        """Whether the request wants credentials, and the settings for them are filled in."""
        try:
            token = {request.login.token: ""} if request.login and request.login.request(self._values) else {}
            self._placed(request)
            return bool([value.format_map(self._values | token) for _, value in request.secrets])
        except KeyError:
            return False

    def _placed(self, request: Request) -> str:
        """The URL, on the host of a setting where it is to be. Raises KeyError for a host that may not see the secrets."""
        if not request.only_at and not request.host:
            return request.url
        url = urlsplit(request.url)
        if request.only_at and self._values[request.only_at] != url.netloc:
            raise KeyError(request.only_at)
        return url._replace(netloc=self._values[request.host]).geturl() if request.host else request.url

    def forget(self, login: Login) -> None:
        """The network did not take the token: the next request logs in again."""
        self._tokens.pop(login.token, None)

    async def _token(self, login: Login, ask: Ask) -> dict[str, str]:
        """The login's token by its name; one login at a time. Raises KeyError where a setting is empty."""
        async with self._turns[login.token]:
            token = self._tokens.get(login.token)
            if token is None or token.until <= monotonic():
                token = self._tokens[login.token] = await self._log_in(login, ask)
            return {login.token: token.value}

    async def _log_in(self, login: Login, ask: Ask) -> Token:
        answer = await ask(login.request(self._values))
        if answer.body is None:
            raise HttpStatus(304)
        value, seconds = login.read(answer.body)
        return Token(value, monotonic() + max(seconds - EARLY, EARLY))
