"""The kind "youtube": a channel's or playlist's newest videos, by its feed and without a key.

An address is the channel's id (UC…), a playlist's (PL…), or a name (`@handle`, `c/name`, `user/name`). A name's page tells
its id, which the cursor keeps, so that the page is read once.
"""

import html
import re
from dataclasses import replace
from urllib.parse import quote

from monitors.errors import NotTheAnswer
from monitors.kinds import Body, Family, Page, Request
from monitors.sources.encoding import decode
from monitors.sources.entries import TITLE, shortened
from monitors.sources.feed import Feed
from monitors.sources.links import link_to
from monitors.sources.markup import one_line
from monitors.sources.youtube_api import CHANNEL, channel_page

_SITE = "https://www.youtube.com"
_IDS = {("feeds", "videos.xml"): ("channel_id", "playlist_id"), ("playlist",): ("list",)}  # parameters that hold them
_HUB = "https://pubsubhubbub.appspot.com/"  # developers.google.com/youtube/v3/guides/push_notifications
_NO_COOKIES = (("Cookie", "SOCS=CAI"),)  # the answer to the question that Europeans see instead of a page
_NAME = re.compile(r"[\w.·-]{3,100}")
# Paths of the site that are no channel's name.
_PAGES = frozenset(
    {
        *("watch", "results", "feed", "feeds", "shorts", "live", "playlist", "channel", "c", "user", "gaming", "music"),
        *("premium", "about", "trending", "embed", "hashtag", "post", "kids", "news", "sports", "movies", "account"),
        *("upload", "ads", "creators", "press", "terms", "redirect", "signin", "podcasts", "learning", "fashion"),
    }
)
_PLAYLIST = re.compile(r"(?:PL|UU|FL|OL)[\w-]{10,60}", re.ASCII)
_ID_OF_PAGE = re.compile(
    r'(?:feeds/videos\.xml\?channel_id=|"externalId":"|rel="canonical" href="[^"]{0,60}/channel/)(UC[\w-]{22})'
)
_NAME_OF_PAGE = re.compile(r'<meta property="og:title" content="([^"]{1,300})"')
_TITLE_OF_PAGE = re.compile(r"<title>([^<]{0,300})")
_WORDS = 120  # characters of another page that its error holds
_FEED = Feed()


class YouTube:
    """See monitors.kinds.SourceKind."""

    kind = "youtube"
    family: Family = "place"
    needs = ()
    pace = 1.0

    def recognise(self, text: str) -> str | None:
        """Links to a channel, a playlist or their feed; no video."""
        text = text.strip()
        if CHANNEL.fullmatch(text) or _PLAYLIST.fullmatch(text):
            return text
        link = link_to("youtube.com", text)
        if link is None:
            return None
        number = next((link.query[name] for name in _IDS.get(link.path, ()) if name in link.query), None)
        return self.recognise(number) if number else _named(link.path)

    def request(self, address: str, cursor: str | None) -> Request:
        """The feed, or the page of a name that is not known yet."""
        number = cursor if cursor and CHANNEL.fullmatch(cursor) else address
        if CHANNEL.fullmatch(number):
            return Request(f"{_SITE}/feeds/videos.xml?channel_id={number}")
        if _PLAYLIST.fullmatch(number):
            return Request(f"{_SITE}/feeds/videos.xml?playlist_id={number}")
        return Request(self.link(address), _NO_COOKIES)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The fifteen videos of a feed, or of a channel's page the way to its feed. Raises NotTheAnswer for what YouTube's hub
        pushes: titles only, which would wipe out the texts that are known. Whoever gets it polls then."""
        text = decode(body.content, body.content_type)
        if "<html" in text[:2000].lower():
            return _channel(text)
        if "<entry" in text and "<media:group" not in text:
            raise NotTheAnswer("a notice without the video's text")
        return _with_hub(_FEED.parse(body, address, cursor))

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """As `parse`, for a broken feed."""
        return _with_hub(_FEED.repair(body, address, cursor))

    def link(self, address: str) -> str:
        """The channel or playlist on the site."""
        if CHANNEL.fullmatch(address):
            return channel_page(address)
        if _PLAYLIST.fullmatch(address):
            return f"{_SITE}/playlist?list={address}"
        return f"{_SITE}/{quote(address, safe='/@')}"


def _named(path: tuple[str, ...]) -> str | None:
    """The address that a channel's path names: @handle, channel/UC…, c/name, user/name, or the name alone."""
    match path:
        case (handle, *_) if handle.startswith("@"):
            return handle.lower() if _NAME.fullmatch(handle[1:]) else None
        case ("channel", number, *_):
            return number if CHANNEL.fullmatch(number) else None
        case ("c" | "user" as way, name, *_):
            return f"{way}/{name}" if _NAME.fullmatch(name) else None
        case (name,):
            return name if _NAME.fullmatch(name) and name.lower() not in _PAGES else None
        case _:
            return None


def _channel(page: str) -> Page:
    """The way to the feed of a channel's page. Raises NotTheAnswer for any other page."""
    found = _ID_OF_PAGE.search(page)
    if found is None:
        title = _TITLE_OF_PAGE.search(page)
        raise NotTheAnswer(one_line(html.unescape(title[1] if title else page[:_WORDS])))
    name = _NAME_OF_PAGE.search(page)
    return Page(
        items=(),
        title=shortened(one_line(html.unescape(name[1])), TITLE) or None if name else None,
        cursor=found[1],
        more=Request(f"{_SITE}/feeds/videos.xml?channel_id={found[1]}"),
        homepage=channel_page(found[1]),
    )


def _with_hub(page: Page) -> Page:
    """The feed of a channel with the hub that announces its changes, which it does not name itself."""
    if "channel_id=" not in (page.topic or ""):
        return page
    return replace(page, hub=_HUB, topic=re.sub(r"^http:", "https:", page.topic or ""))
