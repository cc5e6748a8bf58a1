"""Kinds of sources: each file of a kind says what to request and makes Items of what came; none does I/O of its own.

Adding a kind is a file with a class like Feed (the protocol is monitors.kinds.SourceKind), a line in SOURCES, a golden
pair in tests/fixtures/ and a page in docs/sources/ (whose README tells how).
"""

from monitors.errors import HardToParse, ParsingTooLong
from monitors.kinds import Body, Page, SearchKind, SourceKind, StreamKind
from monitors.sources.aparat import Aparat
from monitors.sources.aparat_search import AparatSearch
from monitors.sources.app_store import AppStore
from monitors.sources.bale_channel import BaleChannel
from monitors.sources.bing_news import BingNews
from monitors.sources.bluesky import Bluesky
from monitors.sources.bluesky_search import BlueskySearch
from monitors.sources.bluesky_stream import BlueskyStream
from monitors.sources.cafe_bazaar import CafeBazaar
from monitors.sources.eitaa_channel import EitaaChannel
from monitors.sources.feed import Feed
from monitors.sources.gdelt import Gdelt
from monitors.sources.google_news import GoogleNews
from monitors.sources.google_play import GooglePlay
from monitors.sources.hackernews import HackerNews
from monitors.sources.instagram import Instagram
from monitors.sources.instagram_search import InstagramSearch
from monitors.sources.linkedin import LinkedIn
from monitors.sources.lobsters import Lobsters
from monitors.sources.mastodon import Mastodon
from monitors.sources.mastodon_search import MastodonSearch
from monitors.sources.mastodon_stream import MastodonStream
from monitors.sources.myket import Myket
from monitors.sources.page import WebPage
from monitors.sources.reddit import Reddit
from monitors.sources.reddit_search import RedditSearch
from monitors.sources.telegram_channel import TelegramChannel
from monitors.sources.virgool import Virgool
from monitors.sources.webhook_in import WebhookIn
from monitors.sources.x import X
from monitors.sources.x_account import XAccount
from monitors.sources.youtube import YouTube
from monitors.sources.youtube_comments import YouTubeComments
from monitors.sources.youtube_search import YouTubeSearch

# Asked in this order what a user's text means: the kinds that know their addresses before the one that takes any URL.
SOURCES: tuple[SourceKind, ...] = (
    TelegramChannel(),
    EitaaChannel(),
    BaleChannel(),
    Mastodon(),
    MastodonStream(),
    MastodonSearch(),
    Bluesky(),
    BlueskyStream(),
    BlueskySearch(),
    AppStore(),
    GooglePlay(),
    CafeBazaar(),
    Myket(),
    GoogleNews(),
    BingNews(),
    Gdelt(),
    HackerNews(),
    Lobsters(),
    Reddit(),
    RedditSearch(),
    X(),
    XAccount(),
    Virgool(),
    LinkedIn(),
    Instagram(),
    InstagramSearch(),
    Aparat(),
    AparatSearch(),
    YouTubeComments(),
    YouTube(),
    YouTubeSearch(),
    WebhookIn(),
    WebPage(),
    Feed(),
)
PLACES = tuple(kind for kind in SOURCES if kind.family == "place")
SEARCHES = tuple(kind for kind in SOURCES if isinstance(kind, SearchKind))
STREAMS = tuple(kind for kind in SOURCES if isinstance(kind, StreamKind))

LARGEST = 10 * 1024 * 1024  # bytes of a body that are parsed at all, as the fetcher lets through


def kind_named(name: str) -> SourceKind:
    """The kind of that name. Raises KeyError."""
    return {kind.kind: kind for kind in SOURCES}[name]


def parse_body(kind: SourceKind, body: Body, address: str, cursor: str | None = None) -> Page:
    """Items of a response, by the fast parser or, where it gives up, by the tolerant one; raises a ParseError.

    Runs here and now, without limits of time and memory: monitors.parsing runs it where those hold.
    """
    if len(body.content) > LARGEST:
        raise ParsingTooLong(f"more than {LARGEST} bytes")
    try:
        return kind.parse(body, address, cursor)
    except HardToParse:
        return kind.repair(body, address, cursor)
