"""The kind "google_news": a search in Google News' feeds, one for each tracked term. An address is the term.

`دیجی‌کالا` searches the Persian edition; `en:digikala` another one (EDITIONS). Every result is another outlet's
article: the outlet stands in <source> and again behind the headline. The description is a list of links to the same
and to *related* articles, whose words are no part of this one, so an item's text stays empty.
"""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from monitors.model import Body, Family, Item, Page, Request
from monitors.sources.feed import Feed

_SITE = "https://news.google.com"
# Language of the interface, country, and both as Google writes them.
EDITIONS = {
    "fa": {"hl": "fa", "gl": "IR", "ceid": "IR:fa"},
    "en": {"hl": "en-US", "gl": "US", "ceid": "US:en"},
    "ar": {"hl": "ar", "gl": "AE", "ceid": "AE:ar"},
}
_LONGEST = 200  # characters of a term
_FEED = Feed()


class GoogleNews:
    """See monitors.model.SourceKind."""

    kind = "google_news"
    family: Family = "search"
    needs = ()
    pace = 1.0

    def recognise(self, text: str) -> str | None:
        """Any term, its spaces made single; "en:term" names an edition."""
        term = " ".join(text.split())
        return term if 0 < len(term) <= _LONGEST else None

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """One search a term."""
        return tuple(address for term in terms if (address := self.recognise(term)))

    def request(self, address: str, cursor: str | None) -> Request:
        """The search's feed: up to 100 results."""
        return Request(f"{_SITE}/rss/search?{_query(address)}")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The results as articles of their outlets."""
        return _results(_FEED.parse(body, address, cursor))

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """As `parse`, for a broken answer."""
        return _results(_FEED.repair(body, address, cursor))

    def link(self, address: str) -> str:
        """The search's page."""
        return f"{_SITE}/search?{_query(address)}"


def _query(address: str) -> str:
    edition, colon, term = address.partition(":")
    if not colon or edition not in EDITIONS:
        edition, term = "fa", address
    return urlencode({"q": term, **EDITIONS[edition]}, safe=":")


def _results(page: Page) -> Page:
    return replace(page, items=tuple(_result(item) for item in page.items))


def _result(item: Item) -> Item:
    outlet = item.outlet or item.title.rpartition(" - ")[2]
    headline = item.title.removesuffix(f" - {outlet}")
    return replace(item, title=headline, text="", outlet=outlet if headline != item.title or item.outlet else None)
