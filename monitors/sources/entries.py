"""Entries as a feed document spells them → Items: identity, absolute links, dates, caps. Every format ends here.

What does not live here: the formats themselves (feed_xml.py, feed_json.py, feed_repair.py) and HTML (markup.py).
"""

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from monitors.kinds import Page
from monitors.model import NO_METRICS, Item, Language, Metrics
from monitors.sources.dates import parse_date, zone_of

ENTRIES = 1_000  # a document's entries beyond this are counted, not read
MARKUP = 100_000  # characters of an entry's HTML that are looked at
TITLE = 1_000  # characters
TEXT = 20_000  # characters
GUID = 512  # characters; a longer one is replaced by its hash
URL = 4_000  # characters; a longer one is dropped

_LANGUAGES: dict[str, Language] = {
    "fa": "fa",
    "per": "fa",
    "fas": "fa",
    "en": "en",
    "eng": "en",
    "ar": "ar",
    "ara": "ar",
}
_WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_TO_HOST = r"https?://[\d.-]*[^\W\d_][\w.-]*(?::\d+)?"  # of nearly all URLs
_NAMED_HOST = re.compile(_TO_HOST + r"(?:[/?#]|\Z)", re.IGNORECASE)
_WHOLE = re.compile(_TO_HOST + r"(?:[/?#][^\s\x00-\x1f\x7f]*)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BLANK = re.compile(r"[\x00-\x1f\x7f]+")


class Entry(NamedTuple):
    """One entry: `title` and `text` are plain already, links and dates are as written.

    `base` is the xml:base in force, "" where there is none. `dates` are candidates, most trusted first.
    """

    guid: str = ""
    link: str = ""
    title: str = ""
    text: str = ""
    base: str = ""
    author: str = ""
    author_url: str = ""
    outlet: str = ""
    dates: tuple[str, ...] = ()
    metrics: Metrics = NO_METRICS


@dataclass(frozen=True, slots=True)
class Document:
    """A feed as read. `site_first`: relative links are the site's (RSS), not the document's (Atom, JSON Feed)."""

    entries: tuple[Entry, ...]
    title: str = ""
    language: str = ""
    homepage: str = ""
    base: str = ""
    site_first: bool = True
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    hub: str = ""
    topic: str = ""
    discarded: int = 0


def page_of(document: Document, address: str) -> Page:
    """The Page that `document`, fetched from `address`, is. Entries that say nothing at all are left out."""
    homepage = web_url(document.homepage, address, document.base)
    bases = (homepage or "", address) if document.site_first else (address, homepage or "")
    base = next((base for base in bases if _WEB.match(base)), "")
    zone = zone_of(document.language, document.homepage, address)
    intranet = _is_private(address)
    said = [entry for entry in document.entries if entry.guid or entry.link or entry.title or entry.text]
    items = [_item(entry, base, zone, document.title, intranet=intranet) for entry in said]
    return Page(
        items=tuple(_told_apart(items)),
        title=document.title[:TITLE] or None,
        language=language_of(document.language),
        ttl=document.ttl,
        skip_hours=document.skip_hours,
        homepage=homepage,
        hub=web_url(document.hub, address, document.base),
        topic=web_url(document.topic, address, document.base),
        discarded=document.discarded,
    )


def web_url(link: str, *bases: str) -> str | None:
    """`link` as an absolute http(s) URL, resolved against the bases from the last to the first; None for all else."""
    if not link:
        return None
    if _WHOLE.fullmatch(link) and len(link) <= URL:  # nearly all are
        return link
    link = _BLANK.sub("", link.strip()).replace(" ", "%20")
    if not link or len(link) > URL:
        return None
    if not _WEB.match(link):
        if _SCHEME.match(link):
            return None
        try:
            for base in reversed(bases):
                link = urljoin(base, link)
        except ValueError:
            return None
    return link if _WEB.match(link) and _has_host(link) else None


def language_of(code: str) -> Language | None:
    """The language that a code such as "fa-IR" or "en_us" names, where it is one of ours."""
    return _LANGUAGES.get(re.split(r"[-_]", code.strip().lower())[0])


def hashed(*parts: str) -> str:
    """A guid for what has none: the same parts give the same guid in every poll."""
    return "hash:" + blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _item(entry: Entry, base: str, zone: tzinfo, title: str, *, intranet: bool) -> Item:
    url = web_url(entry.link, base, entry.base)
    if url and not intranet and _is_private(url):
        url = None  # a public feed has no business sending readers into their own network
    guid = entry.guid or url or hashed(entry.title, entry.text)
    dates = (parse_date(date, zone) for date in entry.dates)
    return Item(
        guid=guid if len(guid) <= GUID else hashed(guid),
        url=url,
        title=shortened(entry.title, TITLE),
        text=shortened(entry.text, TEXT),
        author=entry.author[:200] or None,
        published_at=next((date for date in dates if date), None),
        author_url=web_url(entry.author_url, base, entry.base),
        outlet=entry.outlet[:200] if entry.outlet and entry.outlet != title else None,
        metrics=entry.metrics,
    )


def shortened(text: str, limit: int) -> str:
    """`text` cut at `limit` characters, with an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _told_apart(items: Sequence[Item]) -> Iterator[Item]:
    """Items whose guid stands on different articles of the same document are known by guid and link (or title) instead.

    Some systems write one constant guid everywhere; taken at its word, only the first news item would ever be seen.
    """
    articles: dict[str, set[str]] = defaultdict(set)
    for item in items:
        articles[item.guid].add(item.url or item.title)
    for item in items:
        constant = len(articles[item.guid]) > 1
        yield replace(item, guid=hashed(item.guid, item.url or item.title)) if constant else item


def _has_host(url: str) -> bool:
    try:
        return bool(_NAMED_HOST.match(url) or urlsplit(url).hostname)
    except ValueError:
        return False


def _is_private(url: str) -> bool:
    """Whether the URL spells out an address that is not on the public internet; names are not resolved."""
    try:
        return not _NAMED_HOST.match(url) and not ipaddress.ip_address(urlsplit(url).hostname or "").is_global
    except ValueError:
        return False
