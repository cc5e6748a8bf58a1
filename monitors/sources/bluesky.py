"""The kind "bluesky": what an account of Bluesky posts and reposts, by the public API. An address is its handle or its DID.

The cursor is the time at which the network saw the newest post (or repost) of the feed. Pages are read back until one reaches
it; the API's own cursor only leads from page to page. Lexicon: app.bsky.feed.getAuthorFeed.
"""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.bluesky_posts import DID, SITE, from_view, moment, name_of, noted

_API = "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed"
_HANDLE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LIMIT = 50  # posts a page
_REPOST, _PIN = "app.bsky.feed.defs#reasonRepost", "app.bsky.feed.defs#reasonPin"


class Bluesky:
    """See monitors.kinds.SourceKind."""

    kind = "bluesky"
    family: Family = "place"
    needs = ()
    pace = 0.2  # 3,000 requests in five minutes are allowed; a few a second are plenty

    def recognise(self, text: str) -> str | None:
        """@handle (a domain), a profile's or a post's address on bsky.app, at://…"""
        text = text.strip()
        name = text.removeprefix("@") if text.startswith("@") else _name_in_link(text)
        if name is None:
            return None
        return name if DID.fullmatch(name) else name.lower() if _HANDLE.fullmatch(name.lower()) else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest posts, replies and reposts."""
        return _request(address)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts of a page."""
        answer = read(body)
        entries = list(wanted(answer, "feed"))
        times = [time for entry in entries if (time := _seen_at(entry))]
        since, further = moment(cursor), answer["cursor"].raw
        gap = since and times and min(times) > since
        own = next((entry["post", "author"] for entry in entries if not _is_repost(entry)), Answer())
        return Page(
            items=tuple(item for entry in entries if (item := _item(entry))),
            title=name_of(own),
            cursor=noted(max([*times, *([since] if since else [])], default=None)),
            more=_request(address, further) if gap and further else None,
            homepage=self.link(address),
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The profile."""
        return f"{SITE}/profile/{address}"


def _request(address: str, further: str = "") -> Request:
    asked = {"actor": address, "limit": _LIMIT, "filter": "posts_with_replies"} | (
        {"cursor": further} if further else {}
    )
    return Request(f"{_API}?{urlencode(asked)}")


def _name_in_link(text: str) -> str | None:
    if text.startswith("at://"):
        return text.removeprefix("at://").partition("/")[0]
    try:
        url = urlsplit(text if "//" in text else f"https://{text}")
    except ValueError:
        return None
    parts = url.path.split("/")
    profile = (
        url.scheme in {"http", "https"} and url.hostname in {"bsky.app", "www.bsky.app"} and parts[1:2] == ["profile"]
    )
    return parts[2] if profile and len(parts) > 2 else None


def _is_repost(entry: Answer) -> bool:
    return entry["reason", "$type"].raw == _REPOST


def _seen_at(entry: Answer) -> datetime | None:
    """When the network saw it, which no author can choose. A pinned post stands first and is old: it says nothing."""
    if entry["reason", "$type"].raw == _PIN:
        return None
    return (entry["reason"] if _is_repost(entry) else entry["post"])["indexedAt"].time


def _item(entry: Answer) -> Item | None:
    """A post; a repost is its original's words and address under a guid of its own."""
    post = from_view(entry["post"])
    if post is None or not _is_repost(entry):
        return post and replace(post, outlet=None)
    by = entry["reason", "by", "did"].raw[:400]
    return replace(
        post, guid=f"{by} {post.guid}"[:512], origin=post.url, published_at=_seen_at(entry) or post.published_at
    )
