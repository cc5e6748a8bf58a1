"""RSS 0.9x, 1.0 (RDF), 2.0 and Atom 0.3, 1.0, well-formed → Document, by lxml, entry by entry.

Elements are known by their local name and a short prefix for their namespace ("dc:date"), because feeds misuse
namespaces more than names. Nothing is loaded or expanded from outside: no DTD, no entities, no network; a document
that declares a DOCTYPE is not parsed here at all. What is not well-formed raises HardToParse (see feed_repair.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

from lxml import etree

from monitors.errors import HardToParse, NotAFeed
from monitors.model import NO_METRICS, Metrics
from monitors.sources.entries import ENTRIES, MARKUP, Document, Entry
from monitors.sources.markup import clean, looks_like_markup, one_line, plain

type Element = etree._Element  # noqa: SLF001 – lxml has no public name for it
type Fields = dict[str, list[Element]]

ROOTS = frozenset({"rss", "rdf", "feed", "channel", "item", "entry"})
_ENTRY_TAGS = ("{*}item", "{*}entry", "{*}Item", "{*}ITEM")
_SECONDS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}

_XML = "{http://www.w3.org/XML/1998/namespace}"
_CORE = frozenset(
    {
        "",
        "http://www.w3.org/2005/atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0",
        "http://my.netscape.com/rdf/simple/0.9",
        "http://channel.netscape.com/rdf/simple/0.9",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    }
)
_PREFIXES = {
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/rss/1.0/modules/slash": "slash",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/xhtml": "xhtml",
}

# Candidates for each part of an entry, most trusted first.
_TITLES = ("title", "dc:title", "media:title", "itunes:title")
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
    if reading.root is None or (kind := _local(reading.root)) not in ROOTS:
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
            if _namespace(item.tag) not in _PREFIXES:  # content:item and its like are no entries
                yield item
        self.root = events.root


def _closing_tags(content: bytes, item: Element) -> int:
    name = str(item.tag).rpartition("}")[2]
    prefix = f"{item.prefix}:" if item.prefix else ""
    return content.count(f"</{prefix}{name}>".encode())


# ── the head ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _document(reading: _Reading, root: Element, *, atom: bool) -> Document:
    channel = next((child for child in root if _local(child) == "channel"), root)
    head = _fields(channel)
    return Document(
        entries=tuple(reading.entries),
        title=_title(head),
        language=_text(head, "language") or _text(head, "dc:language") or root.get(f"{_XML}lang") or "",
        homepage=_link(head),
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
    minutes = _text(head, "ttl")
    if minutes.isdecimal() and len(minutes) < 6:
        return int(minutes) * 60 or None
    period = _SECONDS.get(_text(head, "sy:updateperiod").lower())
    frequency = _text(head, "sy:updatefrequency") or "1"
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
    fields = _fields(item)
    _unfold_media(fields)
    author, author_url = _author(fields)
    guid = _text(fields, "guid") or _text(fields, "id") or _attribute(item, "about")
    return Entry(
        guid=guid,
        link=_link(fields) or _permalink(fields),
        title=_title(fields),
        text=_longest(fields),
        base=(fields["link"][0] if "link" in fields else item).base or "",
        author=author,
        author_url=author_url,
        outlet=_outlet(fields),
        dates=tuple(_text(fields, name) for name in _DATES if name in fields),
        metrics=_metrics(fields),
    )


def _fields(parent: Element) -> Fields:
    """The children of `parent` by name; those of a namespace that means nothing to us get the prefix "?"."""
    fields: Fields = {}
    home = _namespace(parent.tag)
    for child in parent:
        if isinstance(child.tag, str):
            fields.setdefault(_name(child.tag, home), []).append(child)
    return fields


def _unfold_media(fields: Fields) -> None:
    """Media RSS keeps a video's title, description and views in groups of groups: YouTube's texts are nowhere else."""
    for group in (*fields.get("media:group", ()), *fields.get("media:content", ())):
        for nested in group.iter("{*}title", "{*}description", "{*}statistics"):
            fields.setdefault(_name(nested.tag, ""), []).append(nested)


@lru_cache(maxsize=4096)
def _name(tag: str, home: str) -> str:
    """ "dc:date" for a tag as lxml spells it; no prefix for the feed formats' own namespaces and for the parent's."""
    namespace, _, local = tag.rpartition("}")
    namespace = namespace[1:].lower().rstrip("/")
    if prefix := _PREFIXES.get(namespace):
        return f"{prefix}:{local.lower()}"
    return local.lower() if namespace in _CORE or namespace == home else f"?:{local.lower()}"


def _namespace(tag: str) -> str:
    return tag.rpartition("}")[0][1:].lower().rstrip("/")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _text(fields: Fields, name: str) -> str:
    """The text of the first non-empty element of that name."""
    for element in fields.get(name, ()):
        if text := (element.text or "").strip():
            return text
    return ""


def _attribute(item: Element, name: str) -> str:
    return next((str(value) for key, value in item.items() if str(key).rpartition("}")[2] == name), "").strip()


def _title(fields: Fields) -> str:
    for name in _TITLES:
        for element in fields.get(name, ()):
            if title := one_line(_plain(element)):
                return title
    return ""


def _longest(fields: Fields) -> str:
    """The fullest of the texts that an entry offers of itself."""
    for names in (_TEXTS, _SECOND_TEXTS):
        texts = [_plain(element) for name in names for element in fields.get(name, ())]
        if text := max(texts, key=len, default=""):
            return text
    return ""


def _plain(element: Element) -> str:
    """What a reader sees of an element's content, whether it is text, escaped HTML or XHTML."""
    if len(element):
        markup = etree.tostring(element, encoding="unicode", with_tail=False)
        return plain(str(markup)[:MARKUP])
    text = (element.text or "")[:MARKUP]
    declared = element.get("type", "").lower()
    return plain(text) if "html" in declared or looks_like_markup(text) else clean(text)


def _link(fields: Fields) -> str:
    """RSS's link is text; Atom's is an attribute, "alternate" where it says nothing else."""
    links = fields.get("link", ())
    for link in links:
        if text := (link.text or "").strip():
            return text
    alternates = [link for link in links if link.get("rel", "alternate").lower() == "alternate" and link.get("href")]
    pages = [link for link in alternates if "html" in link.get("type", "text/html")]
    return (pages or alternates)[-1].get("href", "") if alternates else ""


def _permalink(fields: Fields) -> str:
    """A guid that is a link, as RSS 2.0 says it is unless it says otherwise; an Atom id that looks like one."""
    for guid in (*fields.get("guid", ()), *fields.get("id", ())):
        if _attribute(guid, "isPermaLink").lower() != "false":
            text = (guid.text or "").strip()
            return text if text.startswith("http") else ""
    return ""


def _author(fields: Fields) -> tuple[str, str]:
    """Name and address of the first author: Atom's person, "mail@example.ir (Name)" of RSS, or plain text."""
    for element in (element for name in _AUTHORS for element in fields.get(name, ())):
        person = _fields(element)
        name = one_line(plain(_text(person, "name") or element.text or ""))
        in_brackets = re.fullmatch(r"\S+@\S+ \((.+)\)", name)
        if name:
            return (in_brackets[1] if in_brackets else name), _text(person, "uri") or _text(person, "url")
    return "", ""


def _outlet(fields: Fields) -> str:
    """Who published an entry that is repeated here: RSS's source is text, Atom's is the head of another feed."""
    for source in fields.get("source", ()):
        if name := _title(_fields(source)) or one_line(source.text or ""):
            return name
    return ""


def _metrics(fields: Fields) -> Metrics:
    replies = _count(_text(fields, "slash:comments") or _text(fields, "thr:total"))
    views = next((_count(media.get("views", "")) for media in fields.get("media:statistics", ())), None)
    return NO_METRICS if replies is None and views is None else Metrics(views=views, replies=replies)


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 16 else None
