import json
from urllib.parse import parse_qs, urlsplit

import pytest

from monitors.kinds import Body
from monitors.sources.reddit import Reddit
from monitors.sources.reddit_search import RedditSearch
from tests.shared import SHARED, needs_shared

PLACE, SEARCH = Reddit(), RedditSearch()
SAMPLES = SHARED / "data" / "samples" / "reddit"


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("r/Iran", "r/iran"),
        ("/r/Iran/", "r/iran"),
        ("https://www.reddit.com/r/Iran/new/?x=1", "r/iran"),
        ("old.reddit.com/r/Iran/comments/", "r/iran/comments"),
        ("r/iran/comments", "r/iran/comments"),
        ("https://www.reddit.com/r/iran/comments/.rss", "r/iran/comments"),
        ("https://reddit.com/r/iran/comments/1pzz004/title/", "r/iran"),
        ("https://notreddit.com/r/iran", None),
        ("https://reddit.com.example/r/iran", None),
        ("https://www.reddit.com/user/mina", None),
        ("r/i", None),
        ("r/ایران", None),
        ("example.ir/r/iran", None),
    ],
)
def test_what_means_a_subreddit(words: str, address: str | None) -> None:
    assert PLACE.recognise(words) == address


def test_terms_share_a_search_in_reddits_language() -> None:
    terms = ["paknosh", "bank namoone", "#taksan", "AT&T", "fish OR", "-", "دیجی‌نمونه"]
    (address,) = SEARCH.addresses(terms)
    query = parse_qs(urlsplit(SEARCH.request(address, None).url).query)["q"][0]
    alternatives = ["paknosh", "(bank AND namoone)", "taksan", '"AT&T"', '(fish AND "OR")', '"دیجی‌نمونه"']
    assert sorted(query.split(" OR ")) == sorted(alternatives)


def test_no_query_is_longer_than_reddit_takes() -> None:
    addresses = SEARCH.addresses([*(f"brand number{number}" for number in range(200)), "x" * 501])
    queries = [parse_qs(urlsplit(SEARCH.request(one, None).url).query)["q"][0] for one in addresses]
    assert max(map(len, queries)) <= 512
    assert len(queries) < 40
    assert sum(query.count("AND") for query in queries) == 200


@needs_shared
def test_captured_listings_are_read() -> None:
    body = (SAMPLES / "praw_subreddit_search.json").read_bytes()
    page = SEARCH.parse(Body(body, "https://oauth.reddit.com/search"), "praw", None)
    children = [child["data"] for child in json.loads(body)["data"]["children"]]
    assert [(one.guid, one.title) for one in page.items] == [(one["name"], one["title"]) for one in children]
    assert [one.metrics.replies for one in page.items] == [one["num_comments"] for one in children]
    assert all(one.url and "?" not in one.url for one in page.items)


@needs_shared
def test_captured_feeds_are_read() -> None:
    body = (SAMPLES / "feed-rs_atom_mediarss_reddit_1.xml").read_bytes()
    page = PLACE.parse(Body(body, "https://www.reddit.com/r/homelab/new/.rss"), "r/homelab", None)
    assert len(page.items) == 25
    assert page.items[0].text.endswith("access to all of the 1G resources.")
    assert not any("submitted by" in item.text for item in page.items)
    assert {item.outlet for item in page.items} == {"r/homelab"}
