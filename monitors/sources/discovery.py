"""A web page → the feeds that it announces, and guesses where one may be; a robots.txt → the news sitemaps that it names.

Reads texts, asks nobody.
"""

import re
from urllib.parse import urljoin, urlsplit

from lxml import etree

from monitors.sources.entries import web_url

_HEAD = 500_000  # characters of a page that are looked at
_MOST = 20  # alternates that are told
_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml")
_COMMENTS = re.compile(r"comment|دیدگاه|نظر|پاسخ", re.IGNORECASE)
_LOOKS_LIKE_FEED = re.compile(
    r"/(?:feed|rss|atom)(?:/|$)|/rss/|(?:rss|feed|atom|index)\.(?:xml|rss|atom|json)$", re.IGNORECASE
)

_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_ABOUT_NEWS = re.compile(r"news|latest|khabar|خبر", re.IGNORECASE)

# Where Iranian CMSs (Saba, IranSamaneh), WordPress and static generators put it, most common first.
_USUAL = ("/feed", "/rss", "/fa/rss/allnews", "/feed/", "/rss.xml", "/atom.xml", "/index.xml", "/feed.xml")


def announced(page: str, url: str) -> tuple[str, ...]:
    """Absolute URLs of the feeds that an HTML page names: first its <link rel=alternate>, then links that look like one.

    Feeds of comments come last.
    """
    root = _tree(page[:_HEAD])
    if root is None:
        return ()
    base = urljoin(url, next((href for element in root.iter("base") if (href := element.get("href"))), ""))
    links = [link for link in root.iter("link") if _is_alternate(link)]
    anchors = [link for link in root.iter("a") if _LOOKS_LIKE_FEED.search(_path(link.get("href", "")))]
    links.sort(key=lambda link: bool(_COMMENTS.search(link.get("title", "") + link.get("href", ""))))
    found = (web_url(link.get("href", ""), base) for link in [*links, *anchors])
    return tuple(dict.fromkeys(feed for feed in found if feed and feed != url))[:_MOST]


def guesses(url: str) -> tuple[str, ...]:
    """Addresses on the page's site where feeds usually are; nothing says that one is there."""
    return tuple(urljoin(url, path) for path in _USUAL) if web_url(url) else ()


def robots(url: str) -> str:
    """Where the page's site names its sitemaps (sitemaps.org/protocol.html#submit_robots)."""
    return urljoin(url, "/robots.txt")


def news_sitemaps(robots_txt: str) -> tuple[str, ...]:
    """Absolute URLs of the sitemaps that a robots.txt names and that are called so as if they held news."""
    named = (web_url(found[1]) for found in _SITEMAP.finditer(robots_txt[:_HEAD]))
    return tuple(dict.fromkeys(url for url in named if url and _ABOUT_NEWS.search(urlsplit(url).path)))[:_MOST]


def _path(link: str) -> str:
    """The path of a link, "" for what is no link."""
    try:
        return urlsplit(link.strip()).path
    except ValueError:
        return ""


def _is_alternate(link: etree._Element) -> bool:
    relations = link.get("rel", "").lower().split()
    return ("alternate" in relations or "feed" in relations) and link.get("type", "").lower().startswith(_TYPES)


def _tree(page: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        return etree.fromstring(page.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
