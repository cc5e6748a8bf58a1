"""The kind "virgool": what somebody, a publication, or anybody on a topic writes on Virgool.

An address is `@user`, a publication's name, or `topic/TAG`. The first two have feeds; a topic's page lists its posts.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote, urlsplit

from monitors.errors import AccountUnavailable, NotAFeed, NothingFound
from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item
from monitors.sources import page_listing
from monitors.sources.feed import Feed
from monitors.sources.links import link_to

_SITE = "https://virgool.io"
_HOSTS = frozenset({"virgool.io", "www.virgool.io"})
_USER = re.compile(r"@[\w.-]{1,60}", re.ASCII)
_PUBLICATION = re.compile(r"[a-z][\w-]{1,60}", re.ASCII | re.IGNORECASE)
_TOPIC = re.compile(r"[\w\u200c .-]{1,80}")
_RESERVED = frozenset(
    {
        *("topic", "topics", "tag", "feed", "p", "u", "me"),
        *("login", "register", "search", "help", "about", "terms", "dashboard"),
    }
)
_POST = re.compile(r"/(@?[\w.-]{2,60})/[^/]*-([a-z0-9]{8,20})/?", re.ASCII)
_FEED = Feed()


class Virgool:
    """See monitors.kinds.SourceKind."""

    kind = "virgool"
    family: Family = "place"
    needs = ()
    pace = 2.0

    def recognise(self, text: str) -> str | None:
        """Links to a user, a publication, a topic, a feed or a post of one of them."""
        link = link_to("virgool.io", text)
        if link is None or not link.path:
            return None
        path = link.path
        if path[0] in {"topic", "tag"} and len(path) == 2:
            topic = " ".join(path[1].split())
            return f"topic/{topic}" if _TOPIC.fullmatch(topic) else None
        name = path[1] if path[0] == "feed" and len(path) == 2 else path[0]
        known = _USER.fullmatch(name) or (_PUBLICATION.fullmatch(name) and name.lower() not in _RESERVED)
        return name if known else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The feed, or the topic's page."""
        if address.startswith("topic/"):
            return Request(self.link(address))
        return Request(f"{_SITE}/feed/{quote(address, safe='@')}")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts. Raises AccountUnavailable for a page where a feed should be, NothingFound for a topic without
        any."""
        if address.startswith("topic/"):
            return _topic(body, address)
        return _feed(_FEED.parse, body, address, cursor)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """As `parse`, for a broken feed."""
        return _feed(_FEED.repair, body, address, cursor)

    def link(self, address: str) -> str:
        """The user, publication or topic on the site."""
        return f"{_SITE}/{quote(address, safe='@/')}"


def _feed(read: Callable[[Body, str, str | None], Page], body: Body, address: str, cursor: str | None) -> Page:
    try:
        return read(body, address, cursor)
    except NotAFeed:
        raise AccountUnavailable(f"no feed of {address}") from None


def _topic(body: Body, address: str) -> Page:
    page = page_listing.read(body)
    items = tuple(_posts(page.items))
    if not items:
        raise NothingFound(f"no post on {address}")
    return replace(page, items=items, title=f"#{address.removeprefix('topic/')}", language="fa")


def _posts(listed: tuple[Item, ...]) -> Iterator[Item]:
    """Those of a page's links that lead to posts, known by the post's id and with whose they are."""
    for item in listed:
        try:
            url = urlsplit(item.url or "")
        except ValueError:
            continue
        if url.hostname in _HOSTS and (found := _POST.fullmatch(url.path)):
            author = found[1]
            yield replace(
                item,
                guid=found[2],
                url=f"{_SITE}{url.path}",
                author=author,
                author_url=f"{_SITE}/{author}",
                outlet=author,
            )
