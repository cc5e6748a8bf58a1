"""A web of feeds that tests write to, on 127.0.0.1, behaving as real ones: ETag, 304, errors on demand."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Self

from aiohttp import web


@dataclass
class Feed:
    """One feed of the test's web; change it at will. `status` other than 200 is what its readers get. `pages` are the main
    texts of its articles, by guid."""

    title: str
    entries: list[tuple[str, str, str]] = field(default_factory=list)  # guid, title, text
    pages: dict[str, str] = field(default_factory=dict)
    status: int = 200
    hub: str = ""
    polls: int = 0

    def publish(self, title: str, text: str = "", guid: str = "") -> str:
        """A new entry at the top; returns its guid."""
        guid = guid or f"item-{len(self.entries) + 1}-{hashlib.sha256(title.encode()).hexdigest()[:6]}"
        self.entries.insert(0, (guid, title, text))
        return guid

    def rewrite(self, guid: str, title: str, text: str = "") -> None:
        """Changes an entry, as an editor would."""
        self.entries = [(guid, title, text) if entry[0] == guid else entry for entry in self.entries]

    def _links(self, home: str) -> str:
        space = 'xmlns:atom="http://www.w3.org/2005/Atom"'
        links = (("hub", self.hub), ("self", f"{home}/rss"))
        return "".join(f'<atom:link {space} rel="{rel}" href="{to}"/>' for rel, to in links) if self.hub else ""

    def document(self, home: str) -> bytes:
        """The feed as RSS."""
        now = format_datetime(datetime.now(UTC), usegmt=True)
        items = "".join(
            f"<item><guid isPermaLink='false'>{guid}</guid><title>{escape(title)}</title><link>{home}/{guid}</link>"
            f"<description>{escape(text)}</description><pubDate>{now}</pubDate></item>"
            for guid, title, text in self.entries
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{escape(self.title)}</title>'
            f"<link>{home}/</link><description/>{self._links(home)}{items}</channel></rss>"
        ).encode()


class Web:
    """Feeds at /<name>/rss."""

    def __init__(self) -> None:
        self.feeds: dict[str, Feed] = {}
        self.pages: dict[str, str] = {}  # HTML at /page/<name>
        application = web.Application()
        application.router.add_get("/page/{name}", self._written)
        application.router.add_get("/{name}/rss", self._answer)
        application.router.add_get("/{name}/", self._page)
        application.router.add_get("/{name}/{guid}", self._article)
        self._runner = web.AppRunner(application, shutdown_timeout=1)
        self.address = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def feed(self, name: str, title: str) -> Feed:
        """A new feed, with an old entry in it."""
        self.feeds[name] = feed = Feed(title)
        feed.publish(f"خبر قدیمی {title}")
        return feed

    def url(self, name: str) -> str:
        """Where the feed is."""
        return f"{self.address}/{name}/rss"

    async def _answer(self, request: web.Request) -> web.Response:
        feed = self.feeds[request.match_info["name"]]
        feed.polls += 1
        if feed.status != 200:
            return web.Response(status=feed.status)
        stable = hashlib.sha256(repr(feed.entries).encode()).hexdigest()[:16]
        if request.headers.get("If-None-Match") == f'"{stable}"':
            return web.Response(status=304)
        body = feed.document(f"{self.address}/{request.match_info['name']}")
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": f'"{stable}"'})

    async def _written(self, request: web.Request) -> web.Response:
        return web.Response(text=self.pages[request.match_info["name"]], content_type="text/html")

    async def _page(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        link = f'<link rel="alternate" type="application/rss+xml" title="RSS" href="/{name}/rss">'
        return web.Response(text=f"<html><head>{link}</head><body>خانه</body></html>", content_type="text/html")

    async def _article(self, request: web.Request) -> web.Response:
        feed = self.feeds.get(request.match_info["name"])
        said = feed.pages.get(request.match_info["guid"]) if feed else None
        if said is None:
            return web.Response(status=404)
        return web.Response(
            text=f"<html><body><article><p>{said}</p></article></body></html>", content_type="text/html"
        )
