import json
from urllib.parse import parse_qs, urlsplit

import pytest

from monitors.kinds import Body
from monitors.sources.x import X
from monitors.sources.x_account import XAccount
from tests.shared import SHARED, needs_shared

SEARCH = X()
SAMPLES = SHARED / "data" / "samples" / "x_twitter"
RECENT = "1" + "0" * 18


def query(address: str) -> str:
    return parse_qs(urlsplit(SEARCH.request(address, None).url).query)["query"][0]


@pytest.mark.parametrize(
    ("term", "asked"),
    [
        ("پاکنوش", "پاکنوش -is:retweet"),
        ("بانک  نمونه", "بانک نمونه -is:retweet"),
        ("دیجی‌نمونه", "دیجی‌نمونه -is:retweet"),
        ("#پاکنوش", "#پاکنوش -is:retweet"),
        ("A OR B-C (D) from:e", 'A "OR" "B-C" "(D)" "from:e" -is:retweet'),
        ('say "no"', "say no -is:retweet"),
    ],
)
def test_all_words_of_a_term_are_searched_and_none_is_an_operator(term: str, asked: str) -> None:
    (address,) = SEARCH.addresses([term])
    assert query(address) == asked


def test_terms_share_a_query_while_it_holds_them() -> None:
    (address,) = SEARCH.addresses(["پاکنوش", "بانک نمونه"])
    assert query(address) in {
        "(پاکنوش OR (بانک نمونه)) -is:retweet",
        "((بانک نمونه) OR پاکنوش) -is:retweet",
    }
    terms = [f"{letter * 60}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    addresses = SEARCH.addresses(terms)
    assert sorted(" | ".join(addresses).split(" | ")) == terms
    assert 4 <= len(addresses) <= 10
    assert max(len(query(address)) for address in addresses) <= 512


def test_a_term_that_no_query_holds_is_not_searched() -> None:
    assert SEARCH.addresses(["", '""', "x" * 501, "y" * 500]) == ("y" * 500,)
    assert len(query("y" * 500)) == 512


@pytest.mark.parametrize(("code", "language"), [("fa", "fa"), ("en", "en"), ("ar", None), ("und", None), ("de", None)])
def test_a_language_is_taken_over_where_x_knows_it(code: str, language: str | None) -> None:
    post = {"id": RECENT, "text": "سلام", "lang": code}
    body = json.dumps({"data": [post], "meta": {"result_count": 1}}).encode()
    (item,) = SEARCH.parse(Body(body, "https://api.x.com/"), "سلام", None).items
    assert item.language == language


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://x.com/Nemoone", "nemoone"),
        ("twitter.com/nemoone/status/1993301000000000006?s=20", "nemoone"),
        ("https://mobile.twitter.com/@nemoone", "nemoone"),
        ("https://x.com/i/status/1993301000000000006", None),
        ("https://x.com/search?q=a", None),
        ("https://netflix.com/nemoone", None),
        ("@nemoone", None),
    ],
)
def test_an_account_is_recognised_by_its_link(text: str, address: str | None) -> None:
    assert XAccount().recognise(text) == address


def test_links_are_shown_as_they_lead_on() -> None:
    links = [
        {"url": "https://t.co/a", "expanded_url": "https://example.com/"},
        {"url": "https://t.co/b", "expanded_url": "https://x.com/n/status/1/photo/1", "media_key": "3_1"},
    ]
    post = {"id": RECENT, "text": "سلام https://t.co/a https://t.co/b", "entities": {"urls": links}}
    body = json.dumps({"data": [post], "meta": {"result_count": 1}}).encode()
    (item,) = SEARCH.parse(Body(body, "https://api.x.com/"), "سلام", None).items
    assert item.text == "سلام https://example.com/"


@needs_shared
@pytest.mark.parametrize("name", ["search_recent_tweets", "search_all_tweets"])
def test_captured_answers_are_read(name: str) -> None:
    captured = json.loads((SAMPLES / f"tweepy_test_client_{name}.decoded.json").read_text("utf-8"))
    for exchange in captured:
        page = SEARCH.parse(Body(json.dumps(exchange["body"]).encode(), exchange["uri"]), "Tweepy", RECENT)
        data, meta = exchange["body"]["data"], exchange["body"]["meta"]
        assert [(item.guid, item.text) for item in page.items] == [(post["id"], post["text"]) for post in data]
        assert page.cursor == meta["newest_id"]
        assert page.more is not None
        assert f"next_token={meta['next_token']}" in page.more.url
