"""The way of one request through its redirects: where to ask next, and what may be said there.

What lives here: following by hand, since every hop passes the guard. What does not: making the requests (fetch.py).
"""

import re
from urllib.parse import unquote, urlsplit

import aiohttp
from yarl import URL

from monitors import headers
from monitors.errors import AddressRefused, HttpStatus
from monitors.kinds import Request

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
SAME_METHOD = frozenset({307, 308})
MAX_REDIRECTS = 10
_ESCAPED = re.compile(r"/(?:[\w.~:/@!$&'()*+,;=?-]|%[0-9A-F]{2})*+", re.ASCII | re.IGNORECASE)  # a path with its query


class Route:
    """Where a request is on its way: `url`, the `headers` and the `body` (None: a GET) to send there, and `moved_to`, if it
    came there for good."""

    def __init__(self, request: Request) -> None:
        """Raises AddressRefused for what is no URL."""
        try:
            self.url = _as_written(request.url)
        except ValueError as error:
            raise AddressRefused(request.url) from error
        self.headers = dict(request.headers) | ({} if request.body is None else {"Content-Type": request.content_type})
        self.body = request.body
        self.moved_to: str | None = None
        self._cookies: aiohttp.CookieJar | None = None
        self._been = {(self.url, 0)}
        self._permanent = True

    def cookies(self, target: URL) -> dict[str, str] | None:
        """Cookies that were set on the way (some CDNs let nobody in without) and are meant for the target."""
        if self._cookies is None:
            return None
        return {name: morsel.value for name, morsel in self._cookies.filter_cookies(target).items()}

    def turn(self, response: aiohttp.ClientResponse) -> None:
        """Follows a redirect; raises HttpStatus where it leads nowhere, in a circle or on and on."""
        if response.cookies:
            self._cookies = self._cookies or aiohttp.CookieJar()
            self._cookies.update_cookies(response.cookies, response.url)
        try:
            target = self.url.join(URL(headers.location(response.headers["Location"]))).with_fragment(None)
        except (KeyError, ValueError) as error:
            raise HttpStatus(response.status) from error
        self._go(target)
        if response.status not in SAME_METHOD:
            self.body = None
        here = (self.url, len(self._cookies or ()))
        if here in self._been or len(self._been) > MAX_REDIRECTS:
            raise HttpStatus(response.status)
        self._been.add(here)
        self._permanent = self._permanent and response.status in PERMANENT
        self.moved_to = str(self.url) if self._permanent else None

    def _go(self, target: URL) -> None:
        if not _same_site(self.url, target):
            self.headers, self.body = {}, None
        elif target.user is None and self.url.user is not None:
            target = target.with_user(self.url.user).with_password(self.url.password)
        self.url = target


def _as_written(text: str) -> URL:
    """The URL with its escapes as they are. yarl undoes those that could do without (%3A), and there are servers that tell the
    two apart (LinkedIn's, whose paths hold urns)."""
    url = URL(text)
    if str(url) == text:  # as nearly always: nothing was undone
        return url
    written = urlsplit(text)
    same = unquote(url.raw_path) == unquote(written.path) and unquote(url.raw_query_string) == unquote(written.query)
    if not same or not _ESCAPED.fullmatch(f"{written.path}?{written.query}"):
        return url
    return URL.build(
        scheme=url.scheme,
        authority=url.raw_authority,
        path=written.path,
        query_string=written.query,
        fragment=url.raw_fragment,
        encoded=True,
    )


def _same_site(here: URL, there: URL) -> bool:
    """Whether credentials for `here` may be shown `there`: the same origin, or the same host behind TLS at last."""
    upgraded = here.scheme == "http" and there.scheme == "https" and here.is_default_port() and there.is_default_port()
    return here.host == there.host and ((here.scheme, here.port) == (there.scheme, there.port) or upgraded)
