"""What the kind "feed" promises beside its golden pairs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import HardToParse, NotAFeed, ParseError
from monitors.kinds import Body, Page
from monitors.model import Item
from monitors.sources import parse_body
from monitors.sources.entries import ENTRIES, GUID, TEXT, TITLE
from monitors.sources.feed import Feed
from monitors.sources.feed_repair import read_anyhow
from monitors.sources.feed_xml import read_xml
from monitors.sources.mending import mended
from tests.unit.sources.golden import FIXTURES

FEED = Feed()
URL = "https://news.example.ir/feeds/rss.xml"


def read(content: str | bytes, url: str = URL) -> Page:
    return parse_body(FEED, Body(content.encode() if isinstance(content, str) else content, url), url)


def only(item: str, channel: str = "", url: str = URL) -> Item:
    (read_item,) = read(f"<rss><channel><title>t</title>{channel}<item>{item}</item></channel></rss>", url).items
    return read_item


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.ir/feed?a=1", "https://example.ir/feed?a=1"),
        (" http://example.ir/feed ", "http://example.ir/feed"),
        ("example.ir", "https://example.ir"),
        ("www.example.ir/rss", "https://www.example.ir/rss"),
        ("feed:https://example.ir/rss", "https://example.ir/rss"),
        ("feed://example.ir/rss", "https://example.ir/rss"),
        ("دیجی‌کالا", None),
        ("two words.ir", None),
        ("ftp://example.ir/feed", None),
        ("javascript:alert(1)", None),
        ("@channel", None),
        ("", None),
    ],
)
def test_any_web_address_may_be_a_feed(text: str, address: str | None) -> None:
    assert FEED.recognise(text) == address


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/news/1", "https://example.ir/news/1"),
        ("../2", "https://example.ir/2"),
        ("//cdn.example.ir/3", "https://cdn.example.ir/3"),
        ("?id=4", "https://example.ir/fa/?id=4"),
        (" https://other.ir/a b\n", "https://other.ir/a%20b"),
        ("HTTPS://EXAMPLE.ir/5", "HTTPS://EXAMPLE.ir/5"),
    ],
)
def test_links_are_absolute_by_the_site_s_address(link: str, url: str) -> None:
    assert only(f"<title>x</title><link>{link}</link>", "<link>https://example.ir/fa/</link>").url == url


def test_without_a_site_links_are_absolute_by_the_feed_s_address() -> None:
    assert only("<title>x</title><link>1.html</link>").url == "https://news.example.ir/feeds/1.html"
    assert only("<title>x</title><link>/1</link>", url="payload.xml").url is None


@pytest.mark.parametrize(
    "link",
    [
        *(
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "tg://resolve?domain=x",
            "http://",
            "http://[::1",
        ),
        *("https:///x", "http://127.0.0.1:22/", "http://169.254.169.254/latest", "http://[::1]/", "http://10.0.0.1/"),
        "https://example.ir/" + "x" * 5000,
    ],
)
def test_links_that_lead_nowhere_or_inwards_are_dropped_and_the_item_stays(link: str) -> None:
    item = only(f"<title>x</title><link>{link}</link><guid isPermaLink='false'>g</guid>")
    assert (item.url, item.guid) == (None, "g")


def test_a_feed_of_an_intranet_may_link_to_it() -> None:
    link = "<title>x</title><link>http://127.0.0.1:8080/1</link>"
    assert only(link, url="http://127.0.0.1:8080/feed").url == "http://127.0.0.1:8080/1"


# ── identity and size ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_guid_is_the_link_or_made_of_the_words() -> None:
    assert only("<title>x</title><link>https://example.ir/1</link>").guid == "https://example.ir/1"
    wordy = "<title>x</title><description>متن</description>"
    assert only(wordy).guid == only(wordy).guid
    assert only(wordy).guid != only(wordy.replace("متن", "دیگر")).guid


def test_a_guid_that_is_a_link_serves_as_one_unless_it_says_otherwise() -> None:
    assert only("<title>x</title><guid>https://example.ir/1</guid>").url == "https://example.ir/1"
    assert only("<title>x</title><guid isPermaLink='false'>https://example.ir/1</guid>").url is None
    assert only("<title>x</title><guid>12</guid>").url is None


def test_what_is_huge_is_cut() -> None:
    item = only(
        f"<title>{'خ' * 60_000}</title><guid isPermaLink='false'>{'g' * 500_000}</guid><description>{'م' * 90_000}</description>"
    )
    assert (len(item.title), len(item.text)) == (TITLE, TEXT)
    assert len(item.guid) <= GUID
    assert item.title.endswith("…")
    assert only(f"<title>x</title><guid>{'g' * 500_001}</guid>").guid != item.guid


def test_entries_beyond_the_cap_are_counted_and_not_read() -> None:
    items = "".join(f"<item><title>{n}</title></item>" for n in range(ENTRIES + 7))
    page = read(f"<rss><channel><title>t</title>{items}</channel></rss>")
    assert (len(page.items), page.discarded) == (ENTRIES, 7)
    broken = read(f"<rss version=2><channel><title>t & u</title>{items}</channel></rss>")
    assert (len(broken.items), broken.discarded) == (ENTRIES, 7)


def test_the_fuller_of_an_entry_s_texts_is_its_text() -> None:
    assert (
        only("<title>x</title><description>بلندتر از آن</description><content>کوتاه</content>").text == "بلندتر از آن"
    )


# ── what is no feed ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_names_its_feeds_and_comments_come_last() -> None:
    page = """<!doctype html><html><head><base href="/fa/">
      <link rel="alternate" type="application/rss+xml" title="نمونه &raquo; دیدگاه‌ها" href="comments/feed">
      <link rel="stylesheet" href="/x.css"><link rel="alternate" type="application/json" href="/wp-json/1">
      <link rel="alternate" type="application/atom+xml" href="feed.atom"><link rel="alternate" hreflang="en" href="/en">
      <link rel="ALTERNATE" type="application/feed+json; charset=utf-8" href="https://example.ir/feed.json"></head>
      <body><a href="/rss/economy.xml">اقتصاد</a> <a href="javascript:rss()">x</a><a href="http://[x">y</a></body></html>"""
    with pytest.raises(NotAFeed) as caught:
        read(page, "https://example.ir/")
    assert caught.value.alternates == (
        "https://example.ir/fa/feed.atom",
        "https://example.ir/feed.json",
        "https://example.ir/fa/comments/feed",
        "https://example.ir/rss/economy.xml",
    )


@pytest.mark.parametrize(
    "content",
    [
        "",
        "   \n ",
        "سلام",
        '{"error": "rate limited"}',
        "[1, 2]",
        '<opml version="1.0"><body><outline xmlUrl="https://example.ir/feed"/></body></opml>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://example.ir</loc></url></urlset>',
        "<html><body>در حال انتقال به سایت</body></html>",
        "<svg/>",
        bytes(range(256)) * 50,
    ],
)
def test_other_documents_are_told_from_feeds(content: str | bytes) -> None:
    with pytest.raises(NotAFeed):
        read(content)


def test_broken_json_is_an_error() -> None:
    with pytest.raises(HardToParse):
        read('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1}, {"id"')
    with pytest.raises(HardToParse):
        read("[" * 100_000)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read("<rss><channel><title>خالی</title></channel></rss>") == Page((), title="خالی")


# ── attacks ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;',
        '<!ENTITY x "expanded">',
    ],
)
@pytest.mark.parametrize("prolog", ["", "<!-- <a --> ", "<?a <rss?> "])
def test_entities_of_a_document_are_expanded_nowhere(prolog: str, declaration: str) -> None:
    feed = f"{prolog}<!DOCTYPE rss [{declaration}]><rss><channel><title a='&x;'>t</title><item><title>&x;</title></item></channel></rss>"
    page = read(feed)
    assert all("root:" not in item.title and "expanded" not in item.title for item in page.items)
    for trial in (feed, feed.replace("</title></item>", "")):
        with pytest.raises(HardToParse):
            FEED.parse(Body(trial.encode(), URL), URL, None)


def test_nothing_is_included_from_elsewhere() -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    assert only(f"<title>x</title><description>{include}</description>").text == ""


# ── both ways read the same ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["rss20_agency.xml", "rdf10.xml", "atom03.xml"])
def test_feedparser_leads_to_the_same_entries_as_the_fast_path(name: str) -> None:
    content = (FIXTURES / "feed" / name).read_text("utf-8")
    fast, tolerant = read_xml(content.encode()), read_anyhow(mended(content))
    told = [(one.guid, one.title, one.text, one.link, one.author, one.outlet) for one in fast.entries]
    heard = [(one.guid, one.title, one.text, one.link, one.author, one.outlet) for one in tolerant.entries]
    assert heard == told
    assert (tolerant.title, tolerant.homepage, tolerant.hub) == (fast.title, fast.homepage, fast.hub)


@given(st.data())
def test_a_feed_cut_anywhere_keeps_whole_entries_and_invents_none(data: st.DataObject) -> None:
    whole = (FIXTURES / "feed" / "rss20_agency.xml").read_bytes()
    guids = {item.guid for item in read(whole).items}
    cut = data.draw(st.integers(0, len(whole)))
    try:
        page = read(whole[:cut])
    except ParseError:
        return
    finished = whole[:cut].count(b"</item>")
    assert len(page.items) >= min(finished, 3)
    made_of_words = [item for item in page.items if item.guid not in guids]
    assert all(item.guid.startswith(("hash:", "https://www.example.ir/fa/news/1001")) for item in made_of_words)
