import json

import pytest

from monitors.kinds import Body
from monitors.sources.instagram import Instagram
from monitors.sources.instagram_search import InstagramSearch

RECENT = "https://graph.facebook.com/v25.0/17843/recent_media?user_id=17841"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://www.instagram.com/Paknoosh.Example/", "@paknoosh.example"),
        ("instagram.com/paknoosh?igsh=x", "@paknoosh"),
        ("https://www.instagram.com/explore/tags/%D9%BE%D8%A7%DA%A9%D9%86%D9%88%D8%B4/", "#پاکنوش"),
        ("#Paknoosh", "#paknoosh"),
        ("#a-b", None),
        ("https://www.instagram.com/p/CExample003/", None),
        ("https://www.instagram.com/explore/", None),
        ("https://example.com/paknoosh", None),
        ("@paknoosh", None),
        ("instagram.com", None),
    ],
)
def test_links_to_accounts_and_hashtags_are_recognised(text: str, address: str | None) -> None:
    assert Instagram().recognise(text) == address


def test_terms_are_searched_as_people_write_them_as_hashtags() -> None:
    search = InstagramSearch()
    assert search.addresses(["شیر پاکنوش", "دیجی‌نمونه", "Pak Noosh", "#برند", "🙂", "a-b", "x"]) == (
        "برند",
        "paknoosh",
        "دیجینمونه",
        "شیر_پاکنوش",
    )


def test_no_more_than_thirty_hashtags_are_asked_for_and_the_same_each_time() -> None:
    terms = [f"brand{number:03}" for number in range(100)]
    addresses = InstagramSearch().addresses(terms)
    assert len(addresses) == 30
    assert InstagramSearch().addresses(list(reversed(terms))) == addresses


@pytest.mark.parametrize("host", ["graph.facebook.com", "graph.facebook.com.evil.example", "[", "127.0.0.1"])
def test_the_token_is_shown_to_the_graph_only_and_in_no_address(host: str) -> None:
    media = {"id": "9", "timestamp": "2026-11-25T10:00:00+0000"}
    following = f"https://{host}/v25.0/17843/recent_media?access_token=EAAexample&user_id=17841&after=QVF"
    content = json.dumps({"data": [media], "paging": {"next": following}}).encode()
    page = InstagramSearch().parse(Body(content, RECENT), "x", "17841 17843 2026-11-24T00:00:00+00:00")
    if host != "graph.facebook.com":
        assert page.more is None
        return
    assert page.more is not None
    assert page.more.url == "https://graph.facebook.com/v25.0/17843/recent_media?user_id=17841&after=QVF"
    assert page.more.secrets == (("Authorization", "Bearer {INSTAGRAM_TOKEN}"),)
