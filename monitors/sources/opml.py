"""OPML 1.0 and 2.0 (opml.org/spec2): lists of feeds as readers exchange them ↔ frozen entries.

Other kinds of source stand beside the feeds with attributes of our own namespace, which other readers pass over. What an
entry's address means (a feed, a channel's preview) is recognised elsewhere; here are addresses and names only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from monitors.errors import ParseError
from monitors.sources.encoding import decode
from monitors.sources.entries import TITLE, web_url
from monitors.sources.markup import one_line
from monitors.sources.mending import without_faults

_ROOT = re.compile(r"<opml\b", re.IGNORECASE)
MOST = 5_000  # outlines that are read of one file
NAMESPACE = "urn:rasad:opml"  # of `kind` and `address`


@dataclass(frozen=True, slots=True)
class Outline:
    """One subscription: a feed by its absolute http(s) URL, or another `kind` of source by that kind's address. `page` is
    where a person opens it."""

    title: str
    address: str
    kind: str | None = None
    page: str | None = None


def read(content: bytes) -> tuple[Outline, ...]:
    """The subscriptions of a file, each address once, in order. Raises ParseError for a file that is no OPML.

    Exporters forget to escape "&" in addresses, so a file that is not well-formed is mended first.
    """
    text = decode(content)
    start = _ROOT.search(text)
    if start is None:
        raise ParseError("no OPML")
    text = text[start.start() :]  # without a document type: the entities of one are expanded nowhere
    root = _tree(text)
    if root is None:
        root = _tree(without_faults(text))
    if root is None:
        raise ParseError("OPML that cannot be read")
    found: dict[tuple[str | None, str], Outline] = {}
    for element in root.iter("outline", "Outline", "OUTLINE"):
        if outline := _outline(element):
            found.setdefault((outline.kind, outline.address), outline)
    return tuple(found.values())[:MOST]


def write(outlines: Iterable[Outline]) -> bytes:
    """An OPML 2.0 file."""
    root = etree.Element("opml", version="2.0", nsmap={"rasad": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Rasad"
    body = etree.SubElement(root, "body")
    for outline in outlines:
        name = one_line(outline.title)
        element = etree.SubElement(body, "outline", text=name, title=name)
        if outline.page:
            element.set("htmlUrl", outline.page)
        if outline.kind:
            element.set(f"{{{NAMESPACE}}}kind", outline.kind)
            element.set(f"{{{NAMESPACE}}}address", outline.address)
        else:
            element.set("type", "rss")
            element.set("xmlUrl", outline.address)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _tree(text: str) -> etree._Element | None:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _outline(element: etree._Element) -> Outline | None:
    attributes = {str(name).lower(): str(value) for name, value in element.items()}
    kind, ours = (attributes.get(f"{{{NAMESPACE}}}{name}") for name in ("kind", "address"))
    address = ours if kind and ours else web_url(attributes.get("xmlurl", ""))
    if address is None:
        return None
    title = one_line(attributes.get("title") or attributes.get("text") or "")[:TITLE]
    return Outline(title or address, address, kind if address == ours else None)
