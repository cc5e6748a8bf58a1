import pytest

from monitors.sources import PLACES
from monitors.sources.virgool import Virgool


def recognised(text: str) -> tuple[str, str]:
    return next((place.kind, found) for place in PLACES if (found := place.recognise(text)))


@pytest.mark.parametrize(
    ("text", "feed"),
    [
        ("nemoone.blogfa.com", "https://nemoone.blogfa.com/rss"),
        ("http://www.nemoone.blogfa.com/post/12/یک-نوشته", "https://nemoone.blogfa.com/rss"),
        ("https://nemoone.blogfa.com/rss.aspx", "https://nemoone.blogfa.com/rss.aspx"),
        ("https://nemoone.blog.ir/1405/08/21/x", "https://nemoone.blog.ir/rss/"),
        ("https://nemoone.blog.ir/category/شیر/ماست/", "https://nemoone.blog.ir/rss/category/شیر/ماست/"),
        ("http://nemoone.mihanblog.com/", "https://nemoone.mihanblog.com/post/rss/"),
        ("http://nemoone.persianblog.ir/", "https://nemoone.persianblog.ir/rss.xml"),
        ("https://nemoone.wordpress.com/tag/milk/", "https://nemoone.wordpress.com/tag/milk/feed/"),
        ("https://nemoone.blogspot.com/2026/11/x.html", "https://nemoone.blogspot.com/feeds/posts/default"),
        ("https://medium.com/@nemoone/a-post-1a2b3c", "https://medium.com/feed/@nemoone"),
        ("https://medium.com/tag/milk", "https://medium.com/feed/tag/milk"),
        ("https://medium.com/feed/@nemoone", "https://medium.com/feed/@nemoone"),
        ("https://nemoone.substack.com/p/x", "https://nemoone.substack.com/feed"),
        ("https://www.blogfa.com/", "https://www.blogfa.com/"),
        ("https://medium.com/p/1a2b3c", "https://medium.com/p/1a2b3c"),
        ("https://example.ir/nemoone.blogfa.com", "https://example.ir/nemoone.blogfa.com"),
    ],
)
def test_a_blogs_address_means_its_feed(text: str, feed: str) -> None:
    assert recognised(text) == ("feed", feed)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("virgool.io/@Nemoone", "@Nemoone"),
        ("https://virgool.io/@nemoone/%D9%BE%D8%A7%DA%A9-ab12cd34ef56", "@nemoone"),
        ("https://virgool.io/feed/@nemoone", "@nemoone"),
        ("https://virgool.io/nemoone-pub/%D9%BE-ab12cd34ef56", "nemoone-pub"),
        ("https://virgool.io/topic/%D8%A8%D8%A7%D8%B2%D8%A7%D8%B1%20%D8%B4%DB%8C%D8%B1", "topic/بازار شیر"),
    ],
)
def test_addresses_on_virgool_mean_whose_they_are(text: str, address: str) -> None:
    assert recognised(text) == ("virgool", address)


@pytest.mark.parametrize(
    "text", ["https://virgool.io/", "https://virgool.io/login", "https://example.com/@nemoone", "@nemoone"]
)
def test_what_is_nobodys_on_virgool_is_not_recognised(text: str) -> None:
    assert Virgool().recognise(text) is None
