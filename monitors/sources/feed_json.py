"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1) → Document. Raises HardToParse for broken JSON, NotAFeed for other JSON."""

import json
from collections.abc import Iterator
from typing import Any

from monitors.errors import HardToParse, NotAFeed
from monitors.sources.entries import ENTRIES, MARKUP, Document, Entry
from monitors.sources.markup import clean, looks_like_markup, one_line, plain


def read_json(text: str) -> Document:
    """The feed that `text` is. A value of another type than the format asks for counts as absent."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HardToParse(f"JSON: {error}") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise NotAFeed("JSON")
    items = [item for item in feed["items"] if isinstance(item, dict)]
    return Document(
        entries=tuple(_entry(item) for item in items[:ENTRIES]),
        title=_line(feed, "title"),
        language=_string(feed, "language"),
        homepage=_string(feed, "home_page_url"),
        site_first=False,
        hub=next((_string(hub, "url") for hub in _objects(feed, "hubs") if _string(hub, "type") == "WebSub"), ""),
        topic=_string(feed, "feed_url"),
        discarded=max(len(items) - ENTRIES, 0),
    )


def _entry(item: dict[str, Any]) -> Entry:
    people = [*_objects(item, "authors"), *_objects(item, "author")]
    author = next((person for person in people if _string(person, "name")), {})
    return Entry(
        guid=_string(item, "id"),
        link=_string(item, "url") or _string(item, "external_url"),
        title=_line(item, "title"),
        text=_text(item),
        author=_line(author, "name"),
        author_url=_string(author, "url"),
        dates=(_string(item, "date_published"), _string(item, "date_modified")),
    )


def _text(item: dict[str, Any]) -> str:
    """The fullest of the item's texts as plain text."""
    texts = (
        plain(_string(item, "content_html")[:MARKUP]),
        clean(_string(item, "content_text")[:MARKUP]),
        clean(_string(item, "summary")[:MARKUP]),
    )
    return max(texts, key=len)


def _line(holder: dict[str, Any], key: str) -> str:
    text = _string(holder, key)[:MARKUP]
    return one_line(plain(text) if looks_like_markup(text) else text)


def _string(holder: dict[str, Any], key: str) -> str:
    """A string, or a number where a string belongs (version 1.0 let ids be numbers)."""
    value = holder.get(key)
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _objects(holder: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    """The objects of a list, or the one that stands in its place (1.0 has an author, 1.1 authors)."""
    value = holder.get(key)
    yield from (entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, dict))
