"""The kind "instagram_search": posts on Instagram with the tracked terms as hashtags. An address is a hashtag without #.

The API knows no search for words. It lets an account ask for thirty hashtags in seven days: no more terms than that are
searched, the first by alphabet.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote

from monitors.kinds import Body, Family, Page, Request
from monitors.sources import instagram_hashtag
from monitors.sources.instagram import TAG
from monitors.sources.instagram_graph import NEEDS, PACE

_MOST = 30  # hashtags


class InstagramSearch:
    """See monitors.kinds.SourceKind."""

    kind = "instagram_search"
    family: Family = "search"
    needs = NEEDS
    pace = PACE

    def recognise(self, text: str) -> str | None:
        """A term as people write it as a hashtag: شیر پاکنوش → شیر_پاکنوش, Pak Noosh → paknoosh."""
        words = re.sub(r"[\u200c#]", "", text.lower()).split()
        tag = ("" if text.isascii() else "_").join(words)
        return tag if TAG.fullmatch(tag) else None

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """One search a term, thirty at most."""
        return tuple(dict.fromkeys(tag for term in sorted(terms) if (tag := self.recognise(term))))[:_MOST]

    def request(self, address: str, cursor: str | None) -> Request:
        """The first request that is still needed."""
        return instagram_hashtag.request(address, cursor)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts of the last day."""
        return instagram_hashtag.parse(body, address, cursor)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The hashtag on the site."""
        return f"https://www.instagram.com/explore/tags/{quote(address)}/"
