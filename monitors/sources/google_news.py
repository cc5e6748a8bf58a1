"""The kind "google_news": a search in Google News' feeds. An address is a term in an edition (news_search.py).

Every result is another outlet's article: the outlet stands in <source> and again behind the headline. The description is a
list of links to the same and to *related* articles, whose words are no part of this one, so an item's text stays empty.
Results are the hundred that Google finds most relevant, so only those of the last days are asked for.
"""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item
from monitors.sources.news_search import addresses_of, in_edition, read_feed, term_of

_NAME = "Google News"
_SITE = "https://news.google.com"
_RECENT = " when:7d"
# Language of the interface, country, and both as Google writes them.
_EDITIONS = {
    "fa": {"hl": "fa", "gl": "IR", "ceid": "IR:fa"},
    "en": {"hl": "en-US", "gl": "US", "ceid": "US:en"},
    "ar": {"hl": "ar", "gl": "AE", "ceid": "AE:ar"},
}


class GoogleNews:
    """See monitors.kinds.SourceKind."""

    kind = "google_news"
    family: Family = "search"
    needs = ()
    pace = 1.0

    def recognise(self, text: str) -> str | None:
        """Any term; "en:term" names an edition."""
        return term_of(text)

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """One search a term and edition."""
        return addresses_of(terms)

    def request(self, address: str, cursor: str | None) -> Request:
        """The search's feed: up to 100 results."""
        return Request(f"{_SITE}/rss/search?{_query(address, _RECENT)}")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The results as articles of their outlets."""
        return _results(read_feed(body, address))

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """As `parse`, for a broken answer."""
        return _results(read_feed(body, address, anyhow=True))

    def link(self, address: str) -> str:
        """The search's page."""
        return f"{_SITE}/search?{_query(address)}"


def _query(address: str, more: str = "") -> str:
    edition, term = in_edition(address)
    return urlencode({"q": term + more, **_EDITIONS[edition]}, safe=":")


def _results(page: Page) -> Page:
    return replace(page, items=tuple(map(_result, page.items)), title=None)


def _result(item: Item) -> Item:
    outlet = item.outlet or item.title.rpartition(" - ")[2]
    headline = item.title.removesuffix(f" - {outlet}")
    return replace(item, title=headline, text="", outlet=outlet if headline != item.title or item.outlet else _NAME)
