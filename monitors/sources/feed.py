"""The kind "feed": a place that publishes RSS 0.9x/1.0/2.0, Atom or JSON Feed. An address is the feed's URL.

What lives here is the way through the formats; they have a file each (feed_xml.py, feed_json.py, feed_repair.py), and
entries.py makes Items of what they read.
"""

import re

from monitors.errors import HardToParse, NotAFeed
from monitors.kinds import Body, Family, Page, Request
from monitors.sources import blogs, discovery
from monitors.sources.encoding import decode
from monitors.sources.entries import Document, page_of, web_url
from monitors.sources.feed_json import read_json
from monitors.sources.feed_repair import read_anyhow
from monitors.sources.feed_xml import read_xml
from monitors.sources.mending import mended

_WINDOW = 100_000  # characters in which a document shows what it is
_NATURE = re.compile(
    r"<(?:\w+:)?(rss|rdf|feed|channel|html|body|opml|urlset|sitemapindex)\b|<!doctype\s+(html)\b", re.IGNORECASE
)
_CERTAIN = re.compile(r"<(?:rss[\s>]|rdf:rdf\b)", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)\b", re.IGNORECASE)
_BARE_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?].*)?", re.IGNORECASE)
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"


class Feed:
    """See monitors.kinds.SourceKind."""

    kind = "feed"
    family: Family = "place"
    needs = ()
    pace = 0.0

    def recognise(self, text: str) -> str | None:
        """Any http(s) URL, and a bare domain ("example.ir/rss"): whether a feed is there is seen when it is read. Of blogs on
        known hosts the feed."""
        text = re.sub(r"^feed:(//)?", "", text.strip())
        if _BARE_DOMAIN.fullmatch(text):
            text = f"https://{text}"
        url = None if re.search(r"\s", text) else web_url(text)
        return url and (blogs.feed_of(url) or url)

    def request(self, address: str, cursor: str | None) -> Request:
        """The feed itself."""
        return Request(address, (("Accept", _ACCEPT),))

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """Well-formed feeds. A web page raises NotAFeed with the feeds that it announces."""
        url = body.url if web_url(body.url) else address
        text = decode(body.content, body.content_type).strip("\ufeff \t\r\n\0")
        return page_of(_read(text, url), url)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """Feeds that are broken: mended and read again, or by feedparser."""
        url = body.url if web_url(body.url) else address
        text = decode(body.content, body.content_type)
        if text.lstrip().startswith(("{", "[")):
            return page_of(read_json(text), url)
        text = mended(text)
        try:
            document = _read(text, url)
        except HardToParse:
            document = read_anyhow(text)
        return page_of(document, url)

    def link(self, address: str) -> str:
        """The feed's own address: its homepage is known after the first poll only."""
        return address


def _read(text: str, url: str) -> Document:
    if text.startswith(("{", "[")):
        return read_json(text)
    nature = _nature(text)
    if nature in {"html", "body"}:
        raise NotAFeed("a web page", discovery.announced(text, url))
    if nature in {"opml", "urlset", "sitemapindex", ""}:
        raise NotAFeed(nature or "no feed's beginning")
    return read_xml(text.encode("utf-8", "replace"))


def _nature(text: str) -> str:
    """The first element by which a document tells what it is; "" where there is none.

    A page in front of <rss> is an error message that leaked into the feed.
    """
    if _CERTAIN.search(text, 0, _WINDOW):
        return "rss"
    if found := _NATURE.search(text, 0, _WINDOW):
        return (found[1] or found[2]).lower()
    return "item" if _ENTRY.search(text, 0, _WINDOW) else ""
