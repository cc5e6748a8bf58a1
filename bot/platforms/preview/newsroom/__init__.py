"""The sample newsroom: five fictional outlets and a channel, served beside the preview, in which news keeps appearing.

    /newsroom/agency/feed.rss    /newsroom/economy/feed.rss   /newsroom/daily/feed.rss
    /newsroom/tech/feed.atom     /newsroom/blog/feed.json     /newsroom/t.me/s/rasad_sample
    /newsroom/OUTLET/            the front page, which announces the feed   /newsroom/OUTLET/NUMBER   an article

A new item appears every 10 to 20 seconds, one that names دیجی‌کالا at least every 35 (script.py). ETag and
Last-Modified are honoured. With the mirror {"t.me/s/rasad_sample": newsroom.address + "/t.me"} the channel is readable,
and all others stay where they are.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

from aiohttp import web

from bot.platforms.preview.newsroom import formats
from bot.platforms.preview.newsroom.script import Entry, script

CHANNEL = "rasad_sample"
_FEEDS = {"agency": "rss", "economy": "rss", "tech": "atom", "blog": "json", "daily": "rss"}
_FORMATS = {"rss": formats.rss, "atom": formats.atom, "json": formats.json_feed}
_CHANNEL_PAGE = 20  # posts
_STYLE = Path(__file__).parent / "style.css"


class SampleSource(NamedTuple):
    """A source of the newsroom, as monitors.model.Source names its parts."""

    kind: str
    address: str
    title: str


class Newsroom:
    """Serves the sample news; `address` is its URL up to /newsroom, known once the server listens."""

    channel = CHANNEL

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._script = script()
        self.address = ""

    @property
    def sources(self) -> tuple[SampleSource, ...]:
        """All that can be watched here: five feeds and a channel."""
        feeds = [SampleSource("feed", self._feed(outlet), self._script.outlets[outlet]) for outlet in _FEEDS]
        return (*feeds, SampleSource("telegram_channel", CHANNEL, self._script.outlets["channel"]))

    def entries(self, outlet: str) -> list[Entry]:
        """What an outlet shows now, newest first."""
        return self._script.entries(outlet, self._clock())

    def routes(self) -> list[web.RouteDef]:
        """To be added to the application."""
        return [
            web.get("/newsroom/style.css", _style),
            web.get(f"/newsroom/t.me/s/{CHANNEL}", self._serve_channel),
            web.get(r"/newsroom/{outlet}/feed.{format:rss|atom|json}", self._serve_feed),
            web.get(r"/newsroom/{outlet}/{number:\d*}", self._serve_article),
        ]

    def _home(self, outlet: str) -> str:
        return f"{self.address}/{outlet}"

    def _feed(self, outlet: str) -> str:
        return f"{self._home(outlet)}/feed.{_FEEDS[outlet]}"

    async def _serve_feed(self, request: web.Request) -> web.StreamResponse:
        outlet, asked = request.match_info["outlet"], request.match_info["format"]
        if _FEEDS.get(outlet) != asked:
            raise web.HTTPNotFound
        entries = self.entries(outlet)
        language = "en" if outlet == "daily" else "fa"
        body = _FORMATS[asked](self._script.outlets[outlet], self._home(outlet), language, entries)
        return _fresh(request, body, entries, formats.feed_type(request.path))

    async def _serve_channel(self, request: web.Request) -> web.StreamResponse:
        """A page of the channel."""
        before = request.query.get("before", "")
        entries = [entry for entry in self.entries("channel") if not before.isdigit() or entry.number < int(before)]
        page = entries[:_CHANNEL_PAGE]
        return _fresh(request, formats.channel(self._script.outlets["channel"], CHANNEL, page), page, "text/html")

    async def _serve_article(self, request: web.Request) -> web.StreamResponse:
        outlet, number = request.match_info["outlet"], request.match_info["number"]
        if outlet not in _FEEDS:
            raise web.HTTPNotFound
        entries = self.entries(outlet)
        entry = next((entry for entry in entries if str(entry.number) == number), None)
        if number and entry is None:
            raise web.HTTPNotFound
        page = formats.article(self._script.outlets[outlet], self._home(outlet), self._feed(outlet), entry, entries[:8])
        return web.Response(body=page, content_type="text/html", charset="utf-8")


async def _style(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(_STYLE)


def _fresh(request: web.Request, body: bytes, entries: Sequence[Entry], kind: str) -> web.Response:
    """The document with its validators, or 304 where the client's copy is still good (RFC 9110, section 13)."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    changed = entries[0].at if entries else datetime.fromtimestamp(0, UTC)
    validators = {"ETag": etag, "Last-Modified": format_datetime(changed, usegmt=True), "Cache-Control": "no-cache"}
    known, since = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
    if known == etag or (known is None and since and _not_after(changed, since)):
        return web.Response(status=304, headers=validators)
    return web.Response(body=body, headers=validators, content_type=kind, charset="utf-8")


def _not_after(changed: datetime, since: str) -> bool:
    try:
        return changed <= parsedate_to_datetime(since)
    except ValueError:
        return False
