"""The kind "youtube": a channel's or playlist's newest videos, by its feed and without a key.

An address is the channel's id (UC…), a playlist's (PL…), or a name (`@handle`, `c/name`, `user/name`). A name's page tells
its id, which the cursor keeps, so that the page is read once.
"""

import html
import re
from dataclasses import replace
from urllib.parse import parse_qs, quote, unquote, urlsplit

from monitors.errors import NotTheAnswer
from monitors.model import Body, Family, Page, Request
from monitors.sources.encoding import decode
from monitors.sources.entries import TITLE, shortened
from monitors.sources.feed import Feed
from monitors.sources.markup import one_line
from monitors.sources.youtube_api import CHANNEL, channel_page

_SITE = "https://www.youtube.com"
_HOSTS = frozenset({"youtube.com", "m.youtube.com"})
_HUB = "https://pubsubhubbub.appspot.com/"  # developers.google.com/youtube/v3/guides/push_notifications
_NO_COOKIES = (("Cookie", "SOCS=CAI"),)  # the answer to the question that Europeans see instead of a page
_LONGEST = 100  # characters of a name
_PLAYLIST = re.compile(r"(?:PL|UU|FL|OL)[\w-]{10,60}", re.ASCII)
_ID_OF_PAGE = re.compile(
    r'(?:feeds/videos\.xml\?channel_id=|"externalId":"|rel="canonical" href="[^"]{0,60}/channel/)(UC[\w-]{22})'
)
_NAME_OF_PAGE = re.compile(r'<meta property="og:title" content="([^"]{1,300})"')
_TITLE_OF_PAGE = re.compile(r"<title>([^<]{0,300})")
_FEED = Feed()


class YouTube:
    """See monitors.model.SourceKind."""

    kind = "youtube"
    family: Family = "place"
    needs = ()
    pace = 1.0

    def recognise(self, text: str) -> str | None:
        """Links to a channel, a playlist or their feed; no video."""
        text = text.strip()
        if CHANNEL.fullmatch(text) or _PLAYLIST.fullmatch(text):
            return text
        try:
            url = urlsplit(text if "//" in text else f"https://{text}")
            host = (url.hostname or "").removeprefix("www.")
        except ValueError:
            return None
        if host not in _HOSTS:
            return None
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/feeds/videos.xml":
            return self.recognise(query.get("channel_id") or query.get("playlist_id") or "")
        if url.path == "/playlist":
            return self.recognise(query.get("list", ""))
        return _named([part for part in unquote(url.path).split("/") if part])

    def request(self, address: str, cursor: str | None) -> Request:
        """The feed, or the page of a name that is not known yet."""
        number = cursor if cursor and CHANNEL.fullmatch(cursor) else address
        if CHANNEL.fullmatch(number):
            return Request(f"{_SITE}/feeds/videos.xml?channel_id={number}")
        if _PLAYLIST.fullmatch(number):
            return Request(f"{_SITE}/feeds/videos.xml?playlist_id={number}")
        return Request(self.link(address), _NO_COOKIES)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The fifteen videos of a feed, or of a channel's page the way to its feed."""
        text = decode(body.content, body.content_type)
        return _channel(text) if "<html" in text[:2000].lower() else _pushed(_FEED.parse(body, address, cursor))

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """As `parse`, for a broken feed."""
        return _pushed(_FEED.repair(body, address, cursor))

    def link(self, address: str) -> str:
        """The channel or playlist on the site."""
        if CHANNEL.fullmatch(address):
            return channel_page(address)
        return (
            f"{_SITE}/playlist?list={address}"
            if _PLAYLIST.fullmatch(address)
            else f"{_SITE}/{quote(address, safe='/@')}"
        )


def _named(path: list[str]) -> str | None:
    """The address that a channel's path names: @handle, channel/UC…, c/name, user/name."""
    if path and path[0].startswith("@") and 3 < len(path[0]) <= _LONGEST and not re.search(r"\s", path[0]):
        return path[0].lower()
    if len(path) < 2 or len(path[1]) > _LONGEST or re.search(r"[\s.]", path[1]):
        return None
    if path[0] == "channel":
        return path[1] if CHANNEL.fullmatch(path[1]) else None
    return f"{path[0]}/{path[1]}" if path[0] in {"c", "user"} else None


def _channel(page: str) -> Page:
    """The way to the feed of a channel's page. Raises NotTheAnswer for any other page."""
    found = _ID_OF_PAGE.search(page)
    if found is None:
        title = _TITLE_OF_PAGE.search(page)
        raise NotTheAnswer(one_line(html.unescape(title[1])) if title else "a web page")
    name = _NAME_OF_PAGE.search(page)
    return Page(
        items=(),
        title=shortened(one_line(html.unescape(name[1])), TITLE) or None if name else None,
        cursor=found[1],
        more=Request(f"{_SITE}/feeds/videos.xml?channel_id={found[1]}"),
        homepage=channel_page(found[1]),
    )


def _pushed(page: Page) -> Page:
    """The feed of a channel with the hub that announces its changes, which it does not name itself."""
    if "channel_id=" not in (page.topic or ""):
        return page
    return replace(page, hub=_HUB, topic=re.sub(r"^http:", "https:", page.topic or ""))
