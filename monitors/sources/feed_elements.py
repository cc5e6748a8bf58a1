"""Elements of RSS and Atom by their short names, and what stands in them. Knows no document and no entry.

Elements are known by their local name and a short prefix for their namespace ("dc:date"), because feeds misuse
namespaces more than names.
"""

from functools import lru_cache

from lxml import etree

from monitors.sources.entries import MARKUP
from monitors.sources.markup import clean, looks_like_markup, one_line, plain

type Element = etree._Element  # noqa: SLF001 – lxml has no public name for it
type Fields = dict[str, list[Element]]

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
MODULES = {
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

_TITLES = ("title", "dc:title", "media:title", "itunes:title")


def fields_of(parent: Element) -> Fields:
    """The children of `parent` by name; those of a namespace that means nothing to us get the prefix "?"."""
    fields: Fields = {}
    home = namespace_of(parent.tag)
    for child in parent:
        tag = child.tag
        if isinstance(tag, str):
            name = name_of(tag, home)
            if name in fields:
                fields[name].append(child)
            else:
                fields[name] = [child]
    return fields


@lru_cache(maxsize=4096)
def name_of(tag: str, home: str) -> str:
    """ "dc:date" for a tag as lxml spells it; no prefix for the feed formats' own namespaces and for the parent's."""
    namespace, local = namespace_of(tag), tag.rpartition("}")[2]
    if prefix := MODULES.get(namespace):
        return f"{prefix}:{local.lower()}"
    return local.lower() if namespace in _CORE or namespace == home else f"?:{local.lower()}"


@lru_cache(maxsize=4096)
def namespace_of(tag: str) -> str:
    """The namespace of a tag as lxml spells it, without the differences that feeds make."""
    return tag.rpartition("}")[0][1:].lower().rstrip("/")


def local_name(element: Element) -> str:
    """The name without its namespace, in small letters."""
    return str(element.tag).rpartition("}")[2].lower()


def text_of(fields: Fields, name: str) -> str:
    """The text of the first non-empty element of that name."""
    for element in fields.get(name, ()):
        if text := (element.text or "").strip():
            return text
    return ""


def attribute_of(item: Element, name: str) -> str:
    """An attribute of whatever namespace (rdf:about)."""
    return next((str(value) for key, value in item.items() if str(key).rpartition("}")[2] == name), "").strip()


def title_of(fields: Fields) -> str:
    """The title of an entry or a feed, on one line."""
    for name in _TITLES:
        for element in fields.get(name, ()):
            if title := one_line(plain_of(element)):
                return title
    return ""


def link_of(fields: Fields) -> str:
    """RSS's link is text; Atom's is an attribute, "alternate" where it says nothing else."""
    links = fields.get("link", ())
    for link in links:
        if text := (link.text or "").strip():
            return text
    alternates = [link for link in links if link.get("rel", "alternate").lower() == "alternate" and link.get("href")]
    pages = [link for link in alternates if "html" in link.get("type", "text/html")]
    return (pages or alternates)[-1].get("href", "") if alternates else ""


def plain_of(element: Element) -> str:
    """What a reader sees of an element's content, whether it is text, escaped HTML or XHTML."""
    if len(element):
        markup = etree.tostring(element, encoding="unicode", with_tail=False)
        return plain(str(markup)[:MARKUP])
    text = (element.text or "")[:MARKUP]
    declared = element.get("type", "").lower()
    return plain(text) if "html" in declared or looks_like_markup(text) else clean(text)
