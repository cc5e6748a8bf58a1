"""The kind "x": posts on X (Twitter) about the tracked terms. An address is the terms that are searched, with " | " between
them (batches.py).

Reposts are left out: they are counted on the post that they repeat.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from monitors.kinds import Body, Family, Page, Request
from monitors.sources import x_posts
from monitors.sources.batches import packed, terms_of

_ORIGINALS = " -is:retweet"
_LONGEST = 512 - len(_ORIGINALS)  # characters of a query
_PLAIN_WORD = re.compile(r"[#@]?[\w\u200c]+")
_OPERATORS = frozenset({"OR", "AND"})


class X:
    """See monitors.kinds.SourceKind."""

    kind = "x"
    family: Family = "search"
    needs = x_posts.NEEDS
    pace = x_posts.PACE

    def recognise(self, text: str) -> str | None:
        """Any terms that one query holds, with | between them."""
        return next(iter(self.addresses(text.split("|"))), None)

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """As many terms in a search as its query holds."""
        return packed(terms, lambda batch: len(_either(batch)) <= _LONGEST)

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest hundred posts since the bookmark."""
        return x_posts.asking(_query(address), cursor)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts of a page."""
        return x_posts.posts(body, _query(address), cursor)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The search on the site, newest first."""
        return f"https://x.com/search?{urlencode({'q': _either(terms_of(address)), 'f': 'live'})}"


def _query(address: str) -> str:
    return _either(terms_of(address)) + _ORIGINALS


def _either(terms: Sequence[str]) -> str:
    """A query for any of the terms: all words of one, in whatever order; what would be an operator is quoted."""
    searched = [" ".join(map(_word, term.split())) for term in terms]
    grouped = (f"({words})" if " " in words else words for words in searched)
    return searched[0] if len(searched) == 1 else f"({' OR '.join(grouped)})"


def _word(word: str) -> str:
    return word if _PLAIN_WORD.fullmatch(word) and word not in _OPERATORS else f'"{word}"'
