"""The kind "page": places without a feed. An address says how the page is to be read:

    sitemap:URL                                          a news sitemap, or a plain one with its index
    list:URL                                             a page that lists articles; the list is found by its structure
    list:URL item=CSS; title=CSS; link=CSS; date=CSS     … or by CSS selectors; all but `item` may be left out
    watch:URL                                            one page, whose changes are the news
    watch:URL part=CSS                                   … or a part of it
What lives here: that syntax and who reads what. What does not: the reading (page_sitemap.py, page_listing.py, page_watch.py).
"""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from monitors.errors import HardToParse, NothingFound
from monitors.kinds import Body, Family, Page, Request
from monitors.sources import page_listing, page_sitemap, page_watch
from monitors.sources.entries import web_url

_SELECTORS = {"sitemap": (), "list": ("item", "title", "link", "date"), "watch": ("part",)}  # in canonical order
ANYHOW = ""
_WORDS = re.compile(r"(sitemap|list|watch)(?:\s*:\s*|\s+)(\S+)(?:\s+(.+))?", re.IGNORECASE | re.DOTALL)
_BARE_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?].*)?", re.IGNORECASE)
_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"
_LONGEST = 2_000  # characters of an address

SITEMAPS = frozenset({"urlset", "sitemapindex"})


@dataclass(frozen=True, slots=True)
class Way:
    """An address, taken apart."""

    how: str
    url: str
    selectors: Mapping[str, str] = MappingProxyType({})

    def __str__(self) -> str:
        named = "; ".join(f"{name}={self.selectors[name]}" for name in _SELECTORS[self.how] if name in self.selectors)
        return f"{self.how}:{self.url} {named}".rstrip()


class WebPage:
    """See monitors.kinds.SourceKind."""

    kind = "page"
    family: Family = "place"
    needs = ()
    pace = 0.0

    def recognise(self, text: str) -> str | None:
        """What begins with "sitemap", "list" or "watch" and a URL; a bare URL is a feed's until it has none."""
        way = _way(text)
        return str(way) if way and len(str(way)) <= _LONGEST else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The page itself."""
        return Request(_known(address).url, (("Accept", _ACCEPT),))

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """Sitemaps and lists without selectors; the rest may take long and is left to `repair`."""
        way = _known(address)
        if way.how == "sitemap" or (way.how == ANYHOW and page_sitemap.is_one(body)):
            return page_sitemap.read(body)
        if way.how == "list" and not way.selectors:
            return page_listing.read(body)
        if way.how == ANYHOW:
            with contextlib.suppress(NothingFound):
                return page_listing.read(body)
        raise HardToParse("selectors, and the main text of a page, are read in the worker")

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """Broken sitemaps, lists with selectors, watched pages."""
        way = _known(address)
        if way.how == "sitemap" or (way.how == ANYHOW and page_sitemap.is_one(body)):
            return page_sitemap.read(body, anyhow=True)
        if way.how == "list":
            return page_listing.read(body, way.selectors)
        return page_watch.read(body, cursor, way.selectors.get("part"))

    def link(self, address: str) -> str:
        """The page itself."""
        return _known(address).url


def instead_of_feed(url: str, what: str) -> tuple[str, ...]:
    """Addresses under which a URL that turned out to be no feed (NotAFeed's `what`) may be read, best first."""
    if what in SITEMAPS:
        return (f"sitemap:{url}",)
    return (f"list:{url}", f"watch:{url}")


def _known(address: str) -> Way:
    """The way of an address that `recognise` made; of all else the page itself says what it is."""
    return _way(address) or Way(ANYHOW, address)


def _way(text: str) -> Way | None:
    found = _WORDS.fullmatch(text.strip())
    if found is None:
        return None
    how, link, rest = found[1].lower(), found[2], found[3] or ""
    url = web_url(f"https://{link}" if _BARE_DOMAIN.fullmatch(link) else link)
    pairs = [pair.partition("=") for pair in rest.split(";") if pair.strip()]
    selectors = {name.strip().lower(): " ".join(css.split()) for name, _, css in pairs}
    complete = all(selectors.values()) and (not selectors or how != "list" or "item" in selectors)
    return Way(how, url, selectors) if url and complete and selectors.keys() <= set(_SELECTORS[how]) else None
