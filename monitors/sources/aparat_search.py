"""The kind "aparat_search": videos on Aparat about the tracked terms, by its public API. An address is a term.

The API sorts by its own idea of what fits best and knows no operators, so each term is a search. What climbs into view at a
later poll may be years old, which is no news: only the first poll reads it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from monitors.kinds import Body, Family, Page, Request
from monitors.sources.aparat import SITE, listing, videos

_NEWS = timedelta(days=7)  # that a video may stand behind others at first
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 100  # characters of a term


class AparatSearch:
    """See monitors.kinds.SourceKind."""

    kind = "aparat_search"
    family: Family = "search"
    needs = ()
    pace = 2.0

    def recognise(self, text: str) -> str | None:
        """Any term, its spaces made single; a slash would begin another variable of the API."""
        term = " ".join(text.replace("/", " ").split())
        return term if 0 < len(term) <= _LONGEST else None

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """One search a term."""
        return tuple(dict.fromkeys(address for term in terms if (address := self.recognise(term))))

    def request(self, address: str, cursor: str | None) -> Request:
        """The first fifty results."""
        return listing("videoBySearch", "text", address)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The results as videos of their channels."""
        page = videos(body, "videobysearch", cursor)
        since = datetime.now(UTC) - _NEWS if cursor else _EVER
        found = (item for item in page.items if (item.published_at or since) >= since)
        return replace(page, items=tuple(replace(item, outlet=item.author) for item in found))

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The search on the site."""
        return f"{SITE}/search/{quote(address, safe='')}"
