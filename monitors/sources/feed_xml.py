"""RSS 0.9x, 1.0 (RDF), 2.0 and Atom 0.3, 1.0, well-formed → Document, by lxml, entry by entry.

Nothing is loaded or expanded from outside: no DTD, no entities, no network; a document
that declares a DOCTYPE is not parsed here at all. What is not well-formed raises HardToParse (see feed_repair.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from monitors.errors import HardToParse, NotAFeed
from monitors.model import NO_METRICS, Metrics
from monitors.sources.entries import ENTRIES, Document, Entry
from monitors.sources.feed_elements import (
    MODULES,
    Element,
    Fields,
    attribute_of,
    fields_of,
    link_of,
    local_name,
    name_of,
    namespace_of,
    plain_of,
    text_of,
    title_of,
)
from monitors.sources.markup import one_line, plain

ROOTS = frozenset({"rss", "rdf", "feed", "channel", "item", "entry"})
_ENTRY_TAGS = ("{*}item", "{*}entry", "{*}Item", "{*}ITEM")
_SECONDS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

# Candidates for each part of an entry, most trusted first.
_TEXTS = ("content:encoded", "content", "description", "summary", "xhtml:body", "body")
_SECOND_TEXTS = ("dc:description", "media:description", "itunes:summary", "subtitle")
_AUTHORS = ("author", "dc:creator", "creator", "itunes:author", "dc:author")
_DATES = (
    *("pubdate", "published", "issued", "dcterms:issued", "dc:date", "date"),
    *("updated", "modified", "dcterms:modified", "created", "dcterms:created", "lastbuilddate"),
)


def read_xml(content: bytes) -> Document:
    """The feed in `content` (UTF-8, without byte order mark). Raises HardToParse, or NotAFeed for another vocabulary."""
    if b"<!DOCTYPE" in content:
        raise HardToParse("a document type: its entities may be anything")
    reading = _Reading()
    try:
        reading.read(content)
    except etree.XMLSyntaxError as error:
        raise HardToParse(str(error)) from error
    if reading.root is None or (kind := local_name(reading.root)) not in ROOTS:
        raise NotAFeed("XML of another vocabulary")
    return _document(reading, reading.root, atom=kind in {"feed", "entry"})


@dataclass(slots=True)
class _Reading:
    """The entries of a document and, when they are read, its head."""

    root: Element | None = None
    entries: list[Entry] = field(default_factory=list)
    discarded: int = 0

    def read(self, content: bytes) -> None:
        for item in self._items(content):
            if self.root is None:
                self.root = item.getroottree().getroot()
            self.entries.append(_entry(item))
            item.clear()
            if len(self.entries) == ENTRIES:
                self.discarded = _closing_tags(content, item) - ENTRIES
                break

    def _items(self, content: bytes) -> Iterator[Element]:
        events = etree.iterparse(
            BytesIO(content),
            tag=_ENTRY_TAGS,
            encoding="utf-8",
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for _, item in events:
            if namespace_of(item.tag) not in MODULES:  # content:item and its like are no entries
                yield item
        self.root = events.root


def _closing_tags(content: bytes, item: Element) -> int:
    name = str(item.tag).rpartition("}")[2]
    prefix = f"{item.prefix}:" if item.prefix else ""
    return content.count(f"</{prefix}{name}>".encode())


# ── the head ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _document(reading: _Reading, root: Element, *, atom: bool) -> Document:
    channel = next((child for child in root if local_name(child) == "channel"), root)
    head = fields_of(channel)
    return Document(
        entries=tuple(reading.entries),
        title=title_of(head),
        language=text_of(head, "language") or text_of(head, "dc:language") or root.get(_LANGUAGE) or "",
        homepage=link_of(head),
        base=channel.base or "",
        site_first=not atom,
        ttl=_ttl(head),
        skip_hours=_skip_hours(head),
        hub=_related(head, "hub"),
        topic=_related(head, "self"),
        discarded=reading.discarded,
    )


def _ttl(head: Fields) -> int | None:
    """Seconds between polls that the publisher asks for: RSS's ttl (minutes) or the syndication module's period."""
    minutes = text_of(head, "ttl")
    if minutes.isdecimal() and len(minutes) < 6:
        return int(minutes) * 60 or None
    period = _SECONDS.get(text_of(head, "sy:updateperiod").lower())
    frequency = text_of(head, "sy:updatefrequency") or "1"
    if period is None or not frequency.isdecimal() or not 0 < len(frequency) < 5:
        return None
    return period // max(int(frequency), 1)


def _skip_hours(head: Fields) -> frozenset[int]:
    """UTC hours 0–23. RSS 0.91 counted 1–24, so 24 is midnight."""
    hours = [(hour.text or "").strip() for element in head.get("skiphours", ()) for hour in element]
    return frozenset(int(hour) % 24 for hour in hours if re.fullmatch(r"[01]?\d|2[0-4]", hour, re.ASCII))


def _related(head: Fields, relation: str) -> str:
    links = head.get("link", ())
    return next((link.get("href", "") for link in links if link.get("rel", "").lower() == relation), "")


# ── an entry ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _entry(item: Element) -> Entry:
    fields = fields_of(item)
    _unfold_media(fields)
    author, author_url = _author(fields)
    guid = text_of(fields, "guid") or text_of(fields, "id") or attribute_of(item, "about")
    return Entry(
        guid=guid,
        link=link_of(fields) or _permalink(fields),
        title=title_of(fields),
        text=_longest(fields),
        base=(fields["link"][0] if "link" in fields else item).base or "",
        author=author,
        author_url=author_url,
        outlet=_outlet(fields),
        dates=tuple(text_of(fields, name) for name in _DATES if name in fields),
        metrics=_metrics(fields),
    )


def _unfold_media(fields: Fields) -> None:
    """Media RSS keeps a video's title, description and counts in groups of groups: YouTube's texts are nowhere else."""
    for group in (*fields.get("media:group", ()), *fields.get("media:content", ())):
        for nested in group.iter("{*}title", "{*}description", "{*}statistics", "{*}starRating"):
            fields.setdefault(name_of(nested.tag, ""), []).append(nested)


def _longest(fields: Fields) -> str:
    """The fullest of the texts that an entry offers of itself."""
    for names in (_TEXTS, _SECOND_TEXTS):
        texts = [plain_of(element) for name in names for element in fields.get(name, ())]
        if text := max(texts, key=len, default=""):
            return text
    return ""


def _permalink(fields: Fields) -> str:
    """A guid that is a link, as RSS 2.0 says it is unless it says otherwise; an Atom id that looks like one."""
    for guid in (*fields.get("guid", ()), *fields.get("id", ())):
        if attribute_of(guid, "isPermaLink").lower() != "false":
            text = (guid.text or "").strip()
            return text if text.startswith("http") else ""
    return ""


def _author(fields: Fields) -> tuple[str, str]:
    """Name and address of the first author: Atom's person, "mail@example.ir (Name)" of RSS, or plain text."""
    for element in (element for name in _AUTHORS for element in fields.get(name, ())):
        person = fields_of(element)
        name = one_line(plain(text_of(person, "name") or element.text or ""))
        in_brackets = re.fullmatch(r"\S+@\S+ \((.+)\)", name)
        if name:
            return (in_brackets[1] if in_brackets else name), text_of(person, "uri") or text_of(person, "url")
    return "", ""


def _outlet(fields: Fields) -> str:
    """Who published an entry that is repeated here: RSS's source is text, Atom's is the head of another feed. Bing's has a
    namespace of its own, in which the search stands."""
    for source in (*fields.get("source", ()), *fields.get("?:source", ())):
        if name := title_of(fields_of(source)) or one_line(source.text or ""):
            return name
    return ""


def _metrics(fields: Fields) -> Metrics:
    replies = _count(text_of(fields, "slash:comments") or text_of(fields, "thr:total"))
    views = next((_count(media.get("views", "")) for media in fields.get("media:statistics", ())), None)
    likes = next((_count(media.get("count", "")) for media in fields.get("media:starrating", ())), None)
    counts = (views, likes, replies)
    return NO_METRICS if counts == (None, None, None) else Metrics(views=views, likes=likes, replies=replies)


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 16 else None
