"""A page that lists articles → Items: by CSS selectors, or by structure: what is built alike, again and again, and leads
to other pages of the site with words enough for a headline, is its list.

    links with headlines → groups by the path of tags and classes above them → the group with most headline text
    → the smallest element that holds the group → each link's block: as much around it as holds no other link
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from urllib.parse import urlsplit

from monitors.errors import NothingFound
from monitors.kinds import Body, Page
from monitors.model import Item
from monitors.sources.dates import parse_date, zone_of
from monitors.sources.entries import ENTRIES, GUID, TEXT, TITLE, hashed, language_of, shortened
from monitors.sources.html_tree import (
    Element,
    base_of,
    language_code,
    lines,
    link_of,
    selected,
    text_of,
    title_of,
    tree_of,
)

_LINKS = 5_000  # of a page, that are looked at
_ASIDE = ("nav", "footer", "aside", "form")
_WHOLE = frozenset({"html", "body"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LEAST_ALIKE = 3  # links that make a list
_LEAST_WORDS, _LEAST_LETTERS = 3, 15  # of a headline
_PATH = 12  # elements above a link that tell lists apart
_COUNTED = 120  # characters of a headline, at most: a long text is not a better list
_LONGEST_DATE = 60  # characters
_LEAST_LINE = 25  # characters of a line that is more than a button or a section's name
# Classes of one item that its neighbours need not have.
_MODIFIER = re.compile(r"\d|^(?:first|last|odd|even|active|sticky|featured|current|even-row|odd-row)$")


def read(body: Body, selectors: Mapping[str, str] | None = None) -> Page:
    """The articles that a page lists. Raises NothingFound where there are none, BadSelector for what is no selector."""
    root = tree_of(body)
    base, code = base_of(root, body.url), language_code(root)
    zone = zone_of(code, body.url)
    blocks = _by_selectors(root, base, selectors) if selectors else _by_structure(root, base)
    found: dict[str, Item] = {}
    for block in blocks:
        if block.title and block.url not in found:
            found[block.url] = _item(block, zone)
        if len(found) == ENTRIES:
            break
    if not found:
        raise NothingFound("no list of articles")
    return Page(tuple(found.values()), title=title_of(root)[:TITLE] or None, language=language_of(code))


@dataclass(frozen=True, slots=True)
class Block:
    """One article in the list: the lines of its text, and candidates for its date, most trusted first."""

    url: str
    title: str
    lines: tuple[str, ...]
    dates: tuple[str, ...]


def _item(block: Block, zone: tzinfo) -> Item:
    dates = ((date, parse_date(date, zone)) for date in block.dates)
    written, published_at = next(((date, time) for date, time in dates if time), ("", None))
    text = _rest(block, written)
    return Item(
        guid=block.url if len(block.url) <= GUID else hashed(block.url),
        url=block.url,
        title=shortened(block.title, TITLE),
        text=shortened(text, TEXT),
        published_at=published_at,
    )


def _rest(block: Block, date: str) -> str:
    """What the list says of the article beside its headline."""
    return "\n".join(
        line for line in block.lines if len(line) >= _LEAST_LINE and line not in block.title and line != date
    )


def _block(url: str, title: str, element: Element, dated: Sequence[Element] = ()) -> Block:
    written = lines(element)
    marked = [word for time in dated or element.iter("time") for word in (_machine_date(time), text_of(time))]
    return Block(url, title, written, (*marked, *(() if dated else filter(_is_short, written))))


def _machine_date(element: Element) -> str:
    return element.get("datetime") or element.get("content") or ""


def _is_short(line: str) -> bool:
    return len(line) <= _LONGEST_DATE


# ── by selectors ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _by_selectors(root: Element, base: str, selectors: Mapping[str, str]) -> Iterator[Block]:
    for element in selected(root, selectors["item"]):
        links = selected(element, selectors["link"]) if "link" in selectors else [element, *element.iter("a")]
        link = next((link for link in links if link_of(link, base)), None)
        url = link_of(link, base) if link is not None else None
        if link is None or url is None:
            continue
        named = selected(element, selectors["title"]) if "title" in selectors else []
        title = text_of(named[0]) if named else _headline(element, text_of(link))
        dated = selected(element, selectors["date"]) if "date" in selectors else []
        yield _block(url, title, element, dated)


def _headline(element: Element, otherwise: str) -> str:
    heading = next(element.iter(*_HEADINGS), None)
    return (text_of(heading) if heading is not None else "") or otherwise


# ── by structure ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Headline:
    """A link with words enough for a headline."""

    url: str
    text: str
    link: Element


def _by_structure(root: Element, base: str) -> Iterator[Block]:
    headlines = list(_headlines(root, base))
    listed: dict[str, Headline] = {}
    for one in _listed(headlines):
        if one.url not in listed or len(listed[one.url].text) < len(one.text):  # a picture and a headline, linked alike
            listed[one.url] = one
    urls_in: defaultdict[Element, set[str]] = defaultdict(set)
    for one in listed.values():
        for above in (one.link, *one.link.iterancestors()):
            urls_in[above].add(one.url)
    for one in listed.values():
        block = one.link
        for above in one.link.iterancestors():
            if len(urls_in[above]) > 1 or above.tag in _WHOLE:
                break
            block = above
        yield _block(one.url, _headline(block, one.text), block)


def _listed(headlines: list[Headline]) -> list[Headline]:
    """The headlines of the page's list: its most telling group, and what else stands inside the element around it."""
    groups: defaultdict[str, dict[str, Headline]] = defaultdict(dict)
    for one in headlines:
        groups[_path(one.link)].setdefault(one.url, one)
    lists = [list(group.values()) for group in groups.values() if len(group) >= _LEAST_ALIKE]
    if not lists:
        return []
    best = max(lists, key=lambda some: sum(min(len(one.text), _COUNTED) for one in some))
    around = _around(best)
    return best if around.tag in _WHOLE else [one for one in headlines if around in one.link.iterancestors()]


def _around(group: list[Headline]) -> Element:
    """The smallest element that holds all these links."""
    shared = list(group[0].link.iterancestors())
    for one in group[1:]:
        above = set(one.link.iterancestors())
        shared = [element for element in shared if element in above]
    return shared[0]


def _headlines(root: Element, base: str) -> Iterator[Headline]:
    site = _site(base)
    for number, link in enumerate(root.iter("a")):
        if number == _LINKS:
            return
        text = text_of(link)
        if len(text) < _LEAST_LETTERS or len(text.split()) < _LEAST_WORDS:
            continue
        url = link_of(link, base)
        if url and url != base and _site(url) == site and not _stands_aside(link):
            yield Headline(url, text, link)


def _stands_aside(link: Element) -> bool:
    return next(link.iterancestors(*_ASIDE), None) is not None


def _site(url: str) -> str:
    """The host without what sets apart its mobile and www spellings."""
    try:
        return re.sub(r"^(?:www|m)\.", "", urlsplit(url).hostname or "")
    except ValueError:
        return ""


def _path(link: Element) -> str:
    """The tags above a link with those of their classes that name a kind of thing."""
    return "/".join(f"{element.tag}.{_classes(element)}" for element in (link, *islice(link.iterancestors(), _PATH)))


def _classes(element: Element) -> str:
    names = (element.get("class") or "").split()
    return ".".join(sorted(name for name in names if not _MODIFIER.search(name)))
