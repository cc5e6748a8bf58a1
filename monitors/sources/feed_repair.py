"""Feeds that no strict parser takes, not even mended → Document, by feedparser. Slow: runs in a worker process."""

import re
from io import BytesIO
from typing import Any

from monitors.errors import NotAFeed
from monitors.sources.entries import ENTRIES, MARKUP, Document, Entry
from monitors.sources.markup import clean, looks_like_markup, one_line, plain

_ENTRY_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)


def read_anyhow(text: str) -> Document:
    """What feedparser makes of `text`, which may be anything. Raises NotAFeed where it makes nothing of it."""
    ends = list(_ENTRY_END.finditer(text))
    if len(ends) > ENTRIES:
        text = text[: ends[ENTRIES - 1].end()]
    import feedparser  # only the worker process needs it, and its memory

    result: Any = feedparser.parse(
        BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not result.entries and not result.version:
        raise NotAFeed("nothing that can be read")
    feed = result.feed
    return Document(
        entries=tuple(_entry(entry) for entry in result.entries[:ENTRIES]),
        title=_line(feed.get("title")),
        language=feed.get("language") or "",
        homepage=feed.get("link") or "",
        site_first=not result.version.startswith("atom"),
        hub=_related(feed, "hub"),
        topic=_related(feed, "self"),
        discarded=max(len(ends) - ENTRIES, 0),
    )


def _entry(entry: Any) -> Entry:
    texts = [entry.get("summary"), *(content.get("value") for content in entry.get("content") or ())]
    return Entry(
        guid=entry.get("id") or "",
        link=entry.get("link") or "",
        title=_line(entry.get("title")),
        text=max((_words(text) for text in texts), key=len),
        author=_line((entry.get("author_detail") or {}).get("name") or entry.get("author")),
        author_url=(entry.get("author_detail") or {}).get("href") or "",
        outlet=_line((entry.get("source") or {}).get("title")),
        # A plain look-up: asked for "updated", feedparser's own answers "published", with a warning.
        dates=tuple(date for name in ("published", "updated", "created") if (date := dict.get(entry, name))),
    )


def _related(feed: Any, relation: str) -> str:
    return next((link.get("href") or "" for link in feed.get("links") or () if link.get("rel") == relation), "")


def _line(text: str | None) -> str:
    return one_line(_words(text))


def _words(text: str | None) -> str:
    text = (text or "")[:MARKUP]
    return plain(text) if looks_like_markup(text) else clean(text)
