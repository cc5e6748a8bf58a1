"""Sitemaps → Items: news sitemaps with their headlines, plain ones by the words of their addresses (or the addresses, until
the article's page is read), indexes by the part that holds what is newest.

Formats: sitemaps.org/protocol.html; Google's news extension (sitemap-news/0.9).
"""

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from io import BytesIO
from urllib.parse import unquote, urlsplit

from lxml import etree

from monitors.errors import HardToParse, NotAFeed, NotTheAnswer, ParsingTooLong
from monitors.kinds import Body, Page, Request
from monitors.model import Item
from monitors.sources.dates import parse_date, zone_of
from monitors.sources.encoding import decode
from monitors.sources.entries import ENTRIES, GUID, TEXT, TITLE, hashed, language_of, shortened, web_url
from monitors.sources.markup import clean, one_line

_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_LARGEST = 10 * 1024 * 1024  # bytes of a packed sitemap, unpacked
_ROOT = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)\b")
_BEGINNING = 5_000  # characters in which a document shows what it is
_GZIP = b"\x1f\x8b"
_ABOUT_NEWS = re.compile(r"news|latest|خبر", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST_WORDS = 3  # of an address that tell what its page is about
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_PARTS = 20  # of an index, that are told


def read(body: Body, *, anyhow: bool = False) -> Page:
    """The newest pages of a sitemap, or the part of an index that comes next. `anyhow` reads what is not well-formed.

    Raises HardToParse, NotTheAnswer, and NotAFeed for an index that says of no part when it changed, with its parts.
    """
    text = decode(_unpacked(body.content), body.content_type).strip("\ufeff \t\r\n\0")
    if not _is_one(text):
        raise NotTheAnswer(clean(text[:120]))
    entries = _entries(text.encode("utf-8", "replace"), anyhow=anyhow)
    parts = [entry for entry in entries if _local(entry) == "sitemap"]
    if parts:
        return _index(parts, body.url)
    return _pages([entry for entry in entries if _local(entry) == "url"], body.url)


def is_one(body: Body) -> bool:
    """Whether the bytes look like a sitemap, packed or not."""
    return body.content.startswith(_GZIP) or _is_one(decode(body.content[:_BEGINNING], body.content_type))


def _is_one(text: str) -> bool:
    return "<!DOCTYPE" not in text[:_BEGINNING] and _ROOT.search(text, 0, _BEGINNING) is not None


def _unpacked(content: bytes) -> bytes:
    """Sitemaps are also published as files that are gzip, whatever the HTTP headers say."""
    if not content.startswith(_GZIP):
        return content
    unpacking = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacking.decompress(content, _LARGEST)
    except zlib.error as error:
        raise NotTheAnswer("a damaged gzip file") from error
    if unpacking.unconsumed_tail:
        raise ParsingTooLong(f"more than {_LARGEST} bytes")
    return unpacked


def _entries(content: bytes, *, anyhow: bool) -> list[etree._Element]:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        recover=anyhow,
    )
    try:
        root = etree.parse(BytesIO(content), parser).getroot()
    except etree.XMLSyntaxError as error:
        raise HardToParse(str(error)) from error
    return [] if root is None else [entry for entry in root if isinstance(entry.tag, str)]


# ── an index ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _index(parts: list[etree._Element], address: str) -> Page:
    """The part that was changed last, of those about news where some are named so. Without times the index itself never
    changes, and its parts are sources of their own."""
    zone = zone_of("", address)
    found = [(url, _changed(part, zone)) for part in parts if (url := web_url(_loc(part), address))]
    about_news = [one for one in found if _ABOUT_NEWS.search(urlsplit(one[0]).path)]
    dated = [(time, url) for url, time in about_news or found if time]
    if not dated:
        others = [one for one in found if one not in about_news]
        raise NotAFeed("sitemapindex", tuple(f"sitemap:{url}" for url, _ in [*about_news, *others[::-1]])[:_PARTS])
    return Page((), more=Request(max(dated)[1]))


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _pages(entries: list[etree._Element], address: str) -> Page:
    """The newest by their times; where there are none, those at both ends of the document."""
    zone = zone_of("", address)
    dated = [(_published(entry, zone), entry) for entry in entries]
    if any(time for time, _ in dated):
        dated.sort(key=lambda one: one[0] or _BEFORE_ALL, reverse=True)
        kept = dated[:ENTRIES]
    else:
        kept = dated if len(dated) <= ENTRIES else [*dated[: ENTRIES // 2], *dated[-ENTRIES // 2 :]]
    items = [item for time, entry in kept if (item := _item(entry, time, address))]
    name = next((name for entry in entries if (name := _text(entry, f".//{_NEWS}name"))), "")
    language = next((code for entry in entries if (code := _text(entry, f".//{_NEWS}language"))), "")
    return Page(
        tuple(items), title=name[:TITLE] or None, language=language_of(language), discarded=len(dated) - len(kept)
    )


def _item(entry: etree._Element, time: datetime | None, address: str) -> Item | None:
    url = web_url(_loc(entry), address)
    if url is None:
        return None
    title = _text(entry, f".//{_NEWS}title") or _words_of(url) or one_line(url.partition("://")[2])
    return Item(
        guid=url if len(url) <= GUID else hashed(url),
        url=url,
        title=shortened(title, TITLE),
        text=shortened(_text(entry, f".//{_NEWS}keywords"), TEXT),
        published_at=time,
        language=language_of(_text(entry, f".//{_NEWS}language")),
    )


def _words_of(url: str) -> str:
    """What an address says of its page: "/news/12/دیجی-کالا-عرضه-شد" → "دیجی کالا عرضه شد"; "" where it says little."""
    path = unquote(urlsplit(url).path, errors="replace").replace("\ufffd", " ")
    for part in reversed(path.split("/")):
        words = [word for word in re.split(r"[-_+\s]+|\.\w{2,5}$", part) if _WORD.search(word)]
        if len(words) >= _LEAST_WORDS:
            return one_line(" ".join(words))
    return ""


def _published(entry: etree._Element, zone: tzinfo) -> datetime | None:
    return parse_date(_text(entry, f".//{_NEWS}publication_date"), zone) or _changed(entry, zone)


def _changed(entry: etree._Element, zone: tzinfo) -> datetime | None:
    return parse_date(next(_texts(entry, "lastmod"), ""), zone)


def _loc(entry: etree._Element) -> str:
    return next(_texts(entry, "loc"), "")


def _texts(entry: etree._Element, name: str) -> Iterator[str]:
    """The texts of the entry's own children of that name, in whatever namespace the sitemap is."""
    return ((child.text or "").strip() for child in entry if isinstance(child.tag, str) and _local(child) == name)


def _text(entry: etree._Element, path: str) -> str:
    return one_line(entry.findtext(path) or "")


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
