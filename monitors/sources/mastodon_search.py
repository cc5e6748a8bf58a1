"""The kind "mastodon_search": statuses about tracked terms, as one's own instance finds them. An address is a term.

What it finds is what the instance knows of and whose authors let themselves be found. The cursor is the id of the newest status;
a search begins with the newest page and goes back by max_id until one reaches it. Method: docs.joinmastodon.org/methods/search.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from monitors.kinds import Body, Family, Page, Request
from monitors.sources.answer import read, wanted
from monitors.sources.mastodon_statuses import before_gap, items, newest

_INSTANCE = "instance.example"  # stands for that of the settings
_LIMIT = 40
_LONGEST = 200  # characters of a term
_PLAIN_WORD = re.compile(r"#?[\w\u200c]+")


class MastodonSearch:
    """See monitors.kinds.SearchKind."""

    kind = "mastodon_search"
    family: Family = "search"
    needs = ("MASTODON_INSTANCE", "MASTODON_TOKEN")
    pace = 2.0  # an instance allows 300 requests in five minutes, and timelines and streams ask it, too

    def recognise(self, text: str) -> str | None:
        """Any term, its spaces made single."""
        term = " ".join(text.replace('"', " ").split())
        return term if 0 < len(term) <= _LONGEST else None

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """One search a term: there is no "or"."""
        return tuple(address for term in terms if (address := self.recognise(term)))

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest page."""
        return _request(address)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The statuses of a page."""
        statuses = list(wanted(read(body), "statuses"))
        before = before_gap(statuses, cursor or "")
        return Page(
            items=items(statuses, _instance(body)),
            cursor=newest(statuses, cursor or "") or None,
            more=_request(address, before) if before else None,
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """A search on the largest instance, which shows it to its members."""
        return f"https://mastodon.social/search?{urlencode({'q': address, 'type': 'statuses'})}"


def _request(address: str, before: str = "") -> Request:
    asked = {"q": " ".join(map(_word, address.split())), "type": "statuses", "limit": str(_LIMIT)}
    asked |= {"max_id": before} if before else {}
    return Request(
        f"https://{_INSTANCE}/api/v2/search?{urlencode(asked)}",
        host="MASTODON_INSTANCE",
        secrets=(("Authorization", "Bearer {MASTODON_TOKEN}"),),
    )


def _word(word: str) -> str:
    """A word of the query; what would be an operator ("-x", "from:x") is quoted."""
    return word if _PLAIN_WORD.fullmatch(word) else f'"{word}"'


def _instance(body: Body) -> str:
    return body.url.partition("://")[2].partition("/")[0]
