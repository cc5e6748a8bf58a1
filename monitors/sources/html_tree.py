"""A web page as a tree, and what is asked of one: its title and language, where its links lead, its text in lines.

What does not live here: HTML inside of feeds (markup.py), the main text of an article (article_text.py).
"""

from collections.abc import Iterator
from typing import cast
from urllib.parse import urljoin

import cssselect
from lxml import etree

from monitors.errors import BadSelector, NothingFound
from monitors.kinds import Body
from monitors.sources.encoding import decode
from monitors.sources.entries import web_url
from monitors.sources.markup import one_line, plain

type Element = etree._Element  # noqa: SLF001 – lxml has no public name for it

_UNSEEN = ("script", "style", "template", "noscript", "svg", "iframe", "object")
_TRANSLATOR = cssselect.HTMLTranslator()


def tree_of(body: Body) -> Element:
    """The root of a page, without what nobody sees. Raises NothingFound where there is no HTML at all."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(decode(body.content, body.content_type).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise NothingFound("no page")
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    return root


def base_of(root: Element, url: str) -> str:
    """What the page's links are relative to: its <base>, its address, or what it calls its address where we do not know."""
    written = next((href for element in root.iter("base") if (href := element.get("href"))), "")
    try:
        return urljoin(url or _canonical(root), written)
    except ValueError:
        return url


def _canonical(root: Element) -> str:
    links = (link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical")
    return next(filter(None, links), "")


def title_of(root: Element) -> str:
    """The page's title, on one line."""
    element = next(root.iter("title"), None)
    return one_line(text_of(element)) if element is not None else ""


def language_code(root: Element) -> str:
    """The language that the page says it is in: "fa-IR"."""
    return root.get("lang") or ""


def link_of(element: Element, base: str) -> str | None:
    """Where the element leads: an absolute http(s) URL without its fragment."""
    url = web_url(element.get("href") or "", base)
    return url.partition("#")[0] if url else None


def lines(element: Element) -> tuple[str, ...]:
    """The element's text as a reader sees it, a paragraph or a line each, blank ones left out."""
    text = plain(etree.tostring(element, encoding="unicode", with_tail=False))
    return tuple(line for line in text.split("\n") if line)


def text_of(element: Element) -> str:
    """The element's text on one line."""
    return one_line(" ".join(cast("Iterator[str]", element.itertext())))


def selected(root: Element, css: str) -> list[Element]:
    """The elements that a selector names, in the document's order. Raises BadSelector."""
    try:
        found = root.xpath(_TRANSLATOR.css_to_xpath(css, prefix="descendant-or-self::"))
    except (cssselect.SelectorError, etree.XPathError) as error:
        raise BadSelector(css) from error
    return [element for element in cast("list[Element]", found) if etree.iselement(element)]
