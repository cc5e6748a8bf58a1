"""The kind "reddit": the newest posts of a subreddit, or the newest comments in it. An address is "r/name" or "r/name/comments".

The cursor is the time of the newest post: pages are read backwards until one reaches it.
"""

import re
from urllib.parse import urlsplit

from monitors.errors import ChannelUnavailable
from monitors.kinds import Body, Family, Page, Request
from monitors.sources.reddit_listing import PACE, SITE, asking, goes_on, listing

_PLACE = re.compile(r"/?r/([a-z0-9]\w{1,20})(?:/.*)?", re.IGNORECASE | re.ASCII)
_COMMENTS = re.compile(r"[^/]*/[^/]*/comments(?:/\.rss)?/?")
_ELSEWHERE = "/subreddits/search"  # where Reddit leads those who ask for a subreddit that does not exist


class Reddit:
    """See monitors.kinds.SourceKind."""

    kind = "reddit"
    family: Family = "place"
    needs = ()
    pace = PACE

    def recognise(self, text: str) -> str | None:
        """r/name, r/name/comments, and links to a subreddit or into it."""
        path = _path(text.strip())
        found = _PLACE.fullmatch(path)
        if found is None:
            return None
        return f"r/{found[1].lower()}{'/comments' if _COMMENTS.fullmatch(path.strip('/')) else ''}"

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest hundred."""
        return _request(address)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """Posts or comments. Raises ChannelUnavailable where there is no such subreddit."""
        return _page(body, address, cursor)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """As `parse`, for a broken feed."""
        return _page(body, address, cursor, anyhow=True)

    def link(self, address: str) -> str:
        """The subreddit's page, or that of its comments."""
        return f"{SITE}/{address}"


def _path(text: str) -> str:
    """The path of a link to Reddit; what is no link stays what it is."""
    if "reddit.com" not in text.lower():
        return text
    try:
        url = urlsplit(text if "//" in text else f"https://{text}")
        host = url.hostname or ""
    except ValueError:
        return ""
    return url.path if host == "reddit.com" or host.endswith(".reddit.com") else ""


def _request(address: str, after: str = "") -> Request:
    path = f"/{address}" if address.endswith("/comments") else f"/{address}/new"
    return asking(path, f"{path}/.rss", after)


def _page(body: Body, address: str, cursor: str | None, *, anyhow: bool = False) -> Page:
    if urlsplit(body.url).path.startswith(_ELSEWHERE):
        raise ChannelUnavailable(f"no {address}")
    page = listing(body, address, anyhow=anyhow)
    after = goes_on(page, cursor)
    return Page(page.items, title=address, cursor=page.cursor, more=_request(address, after) if after else None)
