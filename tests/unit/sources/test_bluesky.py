import json

import pytest

from monitors.kinds import Body
from monitors.sources.bluesky import Bluesky
from monitors.sources.bluesky_search import BlueskySearch
from tests.shared import SHARED, needs_shared

PLACE, SEARCH = Bluesky(), BlueskySearch()


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("@Paknoosh.bsky.social", "paknoosh.bsky.social"),
        ("@paknoosh.ir", "paknoosh.ir"),
        ("https://bsky.app/profile/paknoosh.ir", "paknoosh.ir"),
        ("bsky.app/profile/did:plc:ABCabc234/post/3lx", "did:plc:ABCabc234"),
        ("at://paknoosh.ir/app.bsky.feed.post/3lx", "paknoosh.ir"),
        ("@paknoosh", None),
        ("@-x.ir", None),
        ("https://bsky.app/search?q=paknoosh", None),
        ("https://[/profile/x.ir", None),
        ("paknoosh.ir", None),
    ],
)
def test_accounts_are_known_by_handle_link_or_did(words: str, address: str | None) -> None:
    assert PLACE.recognise(words) == address


@pytest.mark.parametrize(
    ("term", "query"),
    [
        ("بانک ملت", "q=%D8%A8%D8%A7%D9%86%DA%A9+%D9%85%D9%84%D8%AA&"),
        ("from:me -x OR", "q=%22from%3Ame%22+%22-x%22+%22OR%22&"),
    ],
)
def test_words_of_a_term_are_no_operators(term: str, query: str) -> None:
    assert query in SEARCH.request(term, None).url


def test_a_search_begins_a_little_before_the_newest_post_of_the_last_one() -> None:
    url = SEARCH.request("x", "2026-11-24T11:00:00.200000+00:00").url
    assert "since=2026-11-24T10%3A50%3A00Z" in url
    for none in (None, "", "25", "2026-11-24"):
        assert "since" not in SEARCH.request("x", none).url


@needs_shared
def test_real_results() -> None:
    content = (SHARED / "data/samples/bluesky/bskyr_searchPosts.json").read_bytes()
    page = SEARCH.parse(Body(content, ""), "redistricting", None)
    posts = json.loads(content)["posts"]
    assert len(page.items) == len(posts) == 25
    for item, post in zip(page.items, posts, strict=True):
        handle = post["author"]["handle"]
        assert (item.guid, item.outlet) == (post["uri"], f"@{handle}")
        assert item.url == f"https://bsky.app/profile/{post['author']['did']}/post/{post['uri'].rpartition('/')[2]}"
        assert item.metrics.likes == post["likeCount"]
        assert "..." not in item.text or "..." in post["record"]["text"]
    linked = next(item for item in page.items if "I dove into the RIDICULOUS" in item.text)
    assert "open.substack.com/pub/christackett/p/the-pawn-or-the-collaborator?r=92vnq" in linked.text
    assert "The Pawn or the Collaborator?" in linked.text
    assert page.cursor == "2025-05-19T17:10:09.813000+00:00"
