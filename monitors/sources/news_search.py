"""What searches for news have in common: a term is searched in an edition, and the answer is a feed of articles.

An address is a term, in the Persian edition, or "en:term", "ar:term". What lives here: those addresses, and the reading of
such feeds. What does not: what a network calls an edition, and what its entries mean (google_news.py, bing_news.py).
"""

import re
from collections.abc import Iterable

from monitors.errors import NotAFeed, NotTheAnswer
from monitors.kinds import Body, Page
from monitors.sources.encoding import decode
from monitors.sources.feed import Feed
from monitors.sources.markup import one_line, plain

EDITIONS = ("fa", "en", "ar")
LONGEST = 200  # characters of a term
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_WINDOW, _LONGEST_WORDS = 50_000, 120  # characters of a page that is no feed: looked through, and told
_FEED = Feed()


def term_of(text: str) -> str | None:
    """The address that a user's text means: its spaces are made single."""
    term = " ".join(text.split())
    return term if 0 < len(term) <= LONGEST else None


def addresses_of(terms: Iterable[str]) -> tuple[str, ...]:
    """A search for each term in the Persian edition; for one without a letter of Arabic script, in the English one too."""
    known = dict.fromkeys(term for text in terms if (term := term_of(text)))
    return tuple(dict.fromkeys(address for term in known for address in _in_editions(term)))


def in_edition(address: str) -> tuple[str, str]:
    """The edition and the term of an address."""
    edition, colon, term = address.partition(":")
    return (edition, term) if colon and edition in EDITIONS else (EDITIONS[0], address)


def read_feed(body: Body, address: str, *, anyhow: bool = False) -> Page:
    """The feed of an answer; `anyhow` mends a broken one. Raises NotTheAnswer, with its own words, where it is none."""
    try:
        return (_FEED.repair if anyhow else _FEED.parse)(body, address, None)
    except NotAFeed as error:
        said = one_line(plain(decode(body.content, body.content_type)[:_WINDOW]))[:_LONGEST_WORDS]
        raise NotTheAnswer(said or error.what) from None


def _in_editions(term: str) -> tuple[str, ...]:
    return (term,) if _ARABIC.search(term) or in_edition(term)[1] != term else (term, f"en:{term}")
