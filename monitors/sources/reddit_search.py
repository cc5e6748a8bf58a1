"""The kind "reddit_search": posts on all of Reddit that hold a tracked term, newest first. An address is one or more terms.

Terms share a search: `paknosh OR (bank AND namoone)`. Comments cannot be searched; the kind "reddit" reads those of a
subreddit. The cursor is the time of the newest post: pages are read backwards until one reaches it.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from monitors.kinds import Body, Family, Page, Request
from monitors.sources.batches import packed, terms_of
from monitors.sources.reddit_listing import PACE, SITE, asking, goes_on, listing

_LONGEST = 500  # characters of a query; Reddit takes 512
_TOGETHER = 20  # terms in a search
_WORD = re.compile(r"\w+")
_OPERATORS = frozenset({"AND", "OR", "NOT"})


class RedditSearch:
    """See monitors.kinds.SourceKind."""

    kind = "reddit_search"
    family: Family = "search"
    needs = ()
    pace = PACE

    def recognise(self, text: str) -> str | None:
        """The address of a term."""
        return next(iter(self.addresses((text,))), None)

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """As few searches as hold all terms."""
        return packed(terms, lambda batch: len(batch) <= _TOGETHER and 0 < len(_query(batch)) <= _LONGEST)

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest hundred posts."""
        return _request(address)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts of a page."""
        return _page(body, address, cursor)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """As `parse`, for a broken feed."""
        return _page(body, address, cursor, anyhow=True)

    def link(self, address: str) -> str:
        """The search's page."""
        return f"{SITE}/search/?{urlencode({'q': _query(terms_of(address)), 'sort': 'new'})}"


def _request(address: str, after: str = "") -> Request:
    return asking("/search", "/search.rss", after, q=_query(terms_of(address)), sort="new", type="link")


def _page(body: Body, address: str, cursor: str | None, *, anyhow: bool = False) -> Page:
    page = listing(body, address, anyhow=anyhow)
    after = goes_on(page, cursor)
    return Page(page.items, cursor=page.cursor, more=_request(address, after) if after else None)


def _query(batch: Sequence[str]) -> str:
    """Terms with OR between them; of a term of several words all must stand in the post."""
    terms = [[_word(word) for word in term.replace("#", " ").split() if _WORD.search(word)] for term in batch]
    joined = [" AND ".join(words) for words in terms if words]
    return " OR ".join(f"({words})" if " " in words and len(joined) > 1 else words for words in joined)


def _word(word: str) -> str:
    """A word that is no operator and no field of the search: all but letters and digits is quoted."""
    return word if _WORD.fullmatch(word) and word not in _OPERATORS else f'"{word}"'
