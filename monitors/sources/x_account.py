"""The kind "x_account": what an account on X (Twitter) writes, its answers to others too. An address is its name.

By the same search as the kind "x" (from:NAME), so that it needs no more than that.
"""

from dataclasses import replace

from monitors.kinds import Body, Family, Page, Request
from monitors.sources import x_posts
from monitors.sources.links import link_to

# First parts of paths that are no accounts.
_PAGES = frozenset(
    {"i", "search", "home", "explore", "hashtag", "intent", "share", "settings", "messages", "login", "tos"}
)


class XAccount:
    """See monitors.kinds.SourceKind."""

    kind = "x_account"
    family: Family = "place"
    needs = x_posts.NEEDS
    pace = x_posts.PACE

    def recognise(self, text: str) -> str | None:
        """A link to an account or to a post of it."""
        link = link_to("x.com", text) or link_to("twitter.com", text)
        name = link.path[0].removeprefix("@").lower() if link and link.path else ""
        return name if x_posts.NAME.fullmatch(name) and name not in _PAGES else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest hundred posts since the bookmark."""
        return x_posts.asking(_query(address), cursor)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts of a page."""
        return replace(x_posts.posts(body, _query(address), cursor), title=f"@{address}")

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The account on the site."""
        return f"https://x.com/{address}"


def _query(address: str) -> str:
    return f"from:{address} -is:retweet"
