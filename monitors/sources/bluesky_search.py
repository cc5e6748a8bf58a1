"""The kind "bluesky_search": posts about tracked terms, found by Bluesky's search. An address is a term.

The search asks for an account, so each request carries the token that a handle and an app password are traded for; it lasts
two hours. `since` is inclusive and the index is some minutes late, so that a search begins a little before the newest post of
the last one; what comes twice is known. Lexicons: app.bsky.feed.searchPosts, com.atproto.server.createSession.
"""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from monitors.errors import NotTheAnswer
from monitors.kinds import Body, Family, Login, Page, Request
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.bluesky_posts import SITE, from_view, moment, noted

_HOST = "https://bsky.social/xrpc"
_LIMIT = 100  # posts a page
_LONGEST = 200  # characters of a term
_LATE = timedelta(minutes=10)
_PLAIN_WORD = re.compile(r"[#@]?[\w\u200c]+")
_OPERATORS = frozenset({"OR", "AND", "NOT"})
_TOKEN_SECONDS = 3600.0  # where a token does not say how long it lasts


class BlueskySearch:
    """See monitors.kinds.SearchKind."""

    kind = "bluesky_search"
    family: Family = "search"
    needs = ("BLUESKY_HANDLE", "BLUESKY_APP_PASSWORD")
    pace = 1.0  # 3,000 requests in five minutes are allowed

    def recognise(self, text: str) -> str | None:
        """Any term, its spaces made single."""
        term = " ".join(text.replace('"', " ").split())
        return term if 0 < len(term) <= _LONGEST else None

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """One search a term: there is no "or"."""
        return tuple(address for term in terms if (address := self.recognise(term)))

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest hundred posts since the bookmark."""
        return _request(address, cursor)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts of a page."""
        answer = read(body)
        posts = list(wanted(answer, "posts"))
        times = [time for post in posts if (time := post["indexedAt"].time)]
        since, further = moment(cursor), answer["cursor"].raw
        return Page(
            items=tuple(item for post in posts if (item := from_view(post))),
            cursor=noted(max([*times, *([since] if since else [])], default=None)),
            more=_request(address, cursor, further) if since and further and posts else None,
            homepage=self.link(address),
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The search on the site."""
        return f"{SITE}/search?{urlencode({'q': address})}"


def _request(address: str, cursor: str | None, further: str = "") -> Request:
    asked = {"q": " ".join(map(_word, address.split())), "sort": "latest", "limit": str(_LIMIT)}
    if since := moment(cursor):
        asked["since"] = (since - _LATE).isoformat(timespec="seconds").replace("+00:00", "Z")
    if further:
        asked["cursor"] = further
    return Request(
        f"{_HOST}/app.bsky.feed.searchPosts?{urlencode(asked)}",
        secrets=(("Authorization", "Bearer {BLUESKY_TOKEN}"),),
        login=_LOGIN,
    )


def _word(word: str) -> str:
    """A word of the query; what would be an operator ("-x", "from:x") is quoted."""
    return word if _PLAIN_WORD.fullmatch(word) and word not in _OPERATORS else f'"{word}"'


# ── logging in ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _session(values: Mapping[str, str]) -> Request:
    given = {"identifier": values["BLUESKY_HANDLE"].removeprefix("@"), "password": values["BLUESKY_APP_PASSWORD"]}
    return Request(f"{_HOST}/com.atproto.server.createSession", body=json.dumps(given))


def _token(body: Body) -> tuple[str, float]:
    token = read(body)["accessJwt"].raw
    if not token or not token.isascii():
        raise NotTheAnswer("no accessJwt")
    return token, _lasts(token)


def _lasts(token: str) -> float:
    """Seconds between a JWT's `iat` and `exp` (RFC 7519): the server's clock is not ours. It may not be one at all."""
    try:
        payload = token.split(".")[1]
        claims = Answer(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))
    except (IndexError, ValueError, RecursionError):
        return _TOKEN_SECONDS
    issued, ends = claims["iat"].number, claims["exp"].number
    return float(ends - issued) if issued and ends and ends > issued else _TOKEN_SECONDS


_LOGIN = Login("BLUESKY_TOKEN", _session, _token)
