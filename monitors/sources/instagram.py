"""The kind "instagram": what is said of an account of one's own ("@name"), or with a hashtag ("#tag"), by the Graph API."""

import re
from urllib.parse import quote

from monitors.kinds import Body, Family, Page, Request
from monitors.sources import instagram_account, instagram_hashtag
from monitors.sources.instagram_graph import NAME, NEEDS, PACE
from monitors.sources.links import link_to

TAG = re.compile(r"\w{2,100}")
_SITE = "https://www.instagram.com"
_RESERVED = frozenset({"p", "reel", "reels", "tv", "stories", "explore", "accounts", "direct", "about", "developer"})


class Instagram:
    """See monitors.kinds.SourceKind."""

    kind = "instagram"
    family: Family = "place"
    needs = NEEDS
    pace = PACE

    def recognise(self, text: str) -> str | None:
        """An account's link, a hashtag or its link (explore/tags/TAG)."""
        text = text.strip()
        if text.startswith("#"):
            return text.lower() if TAG.fullmatch(text[1:]) else None
        link = link_to("instagram.com", text)
        path = link.path if link else ()
        if path[:2] == ("explore", "tags") and len(path) == 3:
            return self.recognise(f"#{path[2]}")
        name = path[0].lower() if len(path) == 1 else ""
        return f"@{name}" if NAME.fullmatch(name) and name not in _RESERVED else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The first request that is still needed."""
        if address.startswith("#"):
            return instagram_hashtag.request(address[1:], cursor)
        return instagram_account.request(cursor)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """Posts and comments."""
        if address.startswith("#"):
            return instagram_hashtag.parse(body, address[1:], cursor)
        return instagram_account.parse(body, address[1:], cursor)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The account or the hashtag on the site."""
        path = f"explore/tags/{quote(address[1:])}" if address.startswith("#") else quote(address[1:])
        return f"{_SITE}/{path}/"
