"""The kind "bing_news": a search in Bing News' feeds, newest first. An address is a term in an edition (news_search.py).

Every result is another outlet's article: the outlet stands in <News:Source>, the article's own address in a parameter of
Bing's link, and the description is the article's beginning. The link's other parameters change from answer to answer, so
that the article's address is what identifies it.
"""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item
from monitors.sources.entries import GUID, hashed, web_url
from monitors.sources.news_search import addresses_of, in_edition, read_feed, term_of

_NAME = "Bing News"
_SITE = "https://www.bing.com/news/search"
_NEWEST_FIRST = 'sortbydate="1"'
# Language of the interface and country.
_EDITIONS = {
    "fa": {"setlang": "fa", "cc": "IR"},
    "en": {"setlang": "en-US", "cc": "US"},
    "ar": {"setlang": "ar", "cc": "AE"},
}
_REDIRECT = "/news/apiclick.aspx"
_REPUBLISHED = " on MSN"


class BingNews:
    """See monitors.kinds.SourceKind."""

    kind = "bing_news"
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
        """The search's feed: its newest results."""
        return Request(f"{_query(address)}&format=rss")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The results as articles of their outlets."""
        return _results(read_feed(body, address))

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """As `parse`, for a broken answer."""
        return _results(read_feed(body, address, anyhow=True))

    def link(self, address: str) -> str:
        """The search's page."""
        return _query(address)


def _query(address: str) -> str:
    edition, term = in_edition(address)
    return f"{_SITE}?{urlencode({'q': term, 'qft': _NEWEST_FIRST, **_EDITIONS[edition]})}"


def _results(page: Page) -> Page:
    return replace(page, items=tuple(map(_result, page.items)), title=None)


def _result(item: Item) -> Item:
    url = _leads_to(item.url or "")
    guid = url or item.guid
    return replace(
        item,
        guid=guid if len(guid) <= GUID else hashed(guid),
        url=url,
        outlet=(item.outlet or _NAME).removesuffix(_REPUBLISHED),
    )


def _leads_to(link: str) -> str | None:
    """Where Bing's link leads on to; another link stays what it is."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    return web_url(parse_qs(parts.query).get("url", [""])[0] if parts.path.lower() == _REDIRECT else link)
