"""Broken feeds: the text is mended where the break has a known cause, and feedparser reads what is still no XML.

Slow and tolerant; runs in a worker process with limits (monitors/parsing.py). Both ways end in the same Document as
feed_xml.py's. Mending is done by expressions that are linear in the text, since broken feeds may be hostile ones.
"""

import html.entities
import re
from collections import Counter
from io import BytesIO
from itertools import islice
from typing import Any

import feedparser

from monitors.errors import NotAFeed
from monitors.sources.entries import ENTRIES, MARKUP, Document, Entry
from monitors.sources.markup import clean, looks_like_markup, one_line, plain

_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)
_END = re.compile(r"</(?:\w+:)?(?:rss|rdf|feed)\s*>", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)

# CDATA sections and comments are passed over; of the rest, references that mean nothing in XML and the "&" and "<"
# that begin nothing.
_SUSPECT = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|(?P<open>\Z))|<!--.*?(?:-->|\Z)"
    r"|&\#(?P<decimal>\d{1,8});|&\#[xX](?P<hex>[0-9a-fA-F]{1,7});|&(?P<name>[a-zA-Z]\w{1,31});|(?P<bare>&|<(?![a-zA-Z_/!?]))",
    re.DOTALL,
)
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})

_TAG = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?[^<>]*>|<(?P<end>/?)(?P<name>[^\s/<>!?]+)(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+>",
    re.DOTALL,
)

_PREFIXES = re.compile(r"</?([A-Za-z_][\w.-]*):[A-Za-z_]|\s([A-Za-z_][\w.-]*):[\w.-]+\s*=\s*[\"']")
_DECLARED = re.compile(r"\sxmlns:([A-Za-z_][\w.-]*)\s*=")
_MOST_PREFIXES = 50
_NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


# ── mending ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def mended(text: str) -> str:
    """A feed with what usually breaks feeds put right: junk around the root, a DOCTYPE with its entities, and the
    faults below."""
    root = _ROOT.search(text)
    text = text[root.start() :] if root else text
    ends = list(_END.finditer(text))
    return without_faults(text[: ends[-1].end()] if ends else _uncut(text))


def without_faults(text: str) -> str:
    """XML with control characters, references to nothing, bare "&" and "<" and undeclared prefixes put right, and an
    end for every beginning."""
    # What is left of document types stands inside the root, where it is quoted or wrong: it must not look like one.
    text = _ILLEGAL.sub("", text).replace("<!DOCTYPE", "<!doctype")
    return _balanced(_declared(_SUSPECT.sub(_harmless, text)))


def _harmless(found: re.Match[str]) -> str:
    whole = found[0]
    if found["bare"]:
        return "&amp;" if whole == "&" else "&lt;"
    if name := found["name"]:
        meant = html.entities.html5.get(f"{name};")
        return whole if name in _XML_NAMES else _references(meant) if meant else f"&amp;{name};"
    if found["decimal"] or found["hex"]:
        code = int(found["decimal"] or found["hex"], 10 if found["decimal"] else 16)
        return whole if code < 0x110000 and not _ILLEGAL.match(chr(code)) else ""
    return f"{whole}]]>" if found["open"] is not None else whole


def _references(characters: str) -> str:
    return "".join(f"&#{ord(character)};" for character in characters)


def _declared(text: str) -> str:
    """`text` with its root declaring the prefixes that nobody declares."""
    used = dict.fromkeys(one or other for one, other in _PREFIXES.findall(text))
    missing = used.keys() - set(_DECLARED.findall(text)) - {"xml", "xmlns"}
    root = _ROOT.match(text)
    if root is None or not missing:
        return text
    names = islice((prefix for prefix in used if prefix in missing), _MOST_PREFIXES)
    declarations = "".join(f' xmlns:{prefix}="{_NAMESPACES.get(prefix, f"urn:{prefix}")}"' for prefix in names)
    return f"{text[: root.end()]}{declarations}{text[root.end() :]}"


def _uncut(text: str) -> str:
    """A text that was cut off, without the element that was being written.

    Half a guid or half a link would make another article of it at the next poll.
    """
    section = text.rfind("<![CDATA[")
    if section > text.rfind("]]>"):
        return text[: max(text.rfind("<", 0, section), 0)]
    if text.rfind("<") > text.rfind(">"):
        text, _, cut = text.rpartition("<")
        if cut.startswith("/"):
            return text
    written = text[text.rfind(">") + 1 :]
    return text[: max(text.rfind("<"), 0)] if written.strip() else text


def _balanced(text: str) -> str:
    """`text` with an end for every beginning: elements left open are closed with what holds them, an end that fits
    nothing open is taken for a misspelt one of the innermost."""
    pieces: list[str] = []
    open_names: list[str] = []
    depths: Counter[str] = Counter()  # so that a stray end is known without a search through the open elements
    done = 0
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if name is None or tag[0].endswith("/>"):
            continue
        if not tag["end"]:
            open_names.append(name)
            depths[name] += 1
            continue
        closing = name if depths[name] else open_names[-1] if open_names else None
        pieces.append(text[done : tag.start()])
        done = tag.end()
        while closing is not None:
            pieces.append(f"</{open_names[-1]}>")
            innermost = open_names.pop()
            depths[innermost] -= 1
            closing = None if innermost == closing else closing
    return "".join((*pieces, text[done:], *(f"</{name}>" for name in reversed(open_names))))


# ── feedparser ───────────────────────────────────────────────────────────────────────────────────────────────────────


def read_anyhow(text: str) -> Document:
    """What feedparser makes of `text`, which may be anything. Raises NotAFeed where it makes nothing of it."""
    ends = list(_ENTRY_END.finditer(text))
    if len(ends) > ENTRIES:
        text = text[: ends[ENTRIES - 1].end()]
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
