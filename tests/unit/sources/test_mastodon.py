import json

import pytest

from monitors.kinds import Body
from monitors.sources.mastodon import Mastodon
from monitors.sources.mastodon_search import MastodonSearch
from monitors.sources.mastodon_stream import MastodonStream
from tests.shared import SHARED, needs_shared

PLACE, STREAM, SEARCH = Mastodon(), MastodonStream(), MastodonSearch()


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("#پاکنوش@mastodon.social", "#پاکنوش@mastodon.social"),
        ("#شیر\u200cتازه@social.example", "#شیر\u200cتازه@social.example"),
        ("@Sara@other.example", "@Sara@other.example"),
        ("@social.example", "@social.example"),
        ("*@social.example", "*@social.example"),
        ("https://mastodon.social/tags/milk", "#milk@mastodon.social"),
        ("https://mastodon.social/tags/%D9%BE%D8%A7%DA%A9", "#پاک@mastodon.social"),
        ("https://mastodon.social/@sara", "@sara@mastodon.social"),
        ("https://mastodon.social/@sara/1156010000", "@sara@mastodon.social"),
        ("https://mastodon.social/@sara@other.example", "@sara@other.example"),
        ("https://mastodon.social/public/local", "@mastodon.social"),
        ("https://mastodon.social/public", "*@mastodon.social"),
        ("https://news.example.ir/tags/milk", None),
        ("https://medium.com/@sara", None),
        ("@sara", None),
        ("#milk", None),
        ("sara@social.example", None),
        ("#a b@social.example", None),
        ("https://[/tags/x", None),
    ],
)
def test_timelines_are_known_by_address_and_by_page(words: str, address: str | None) -> None:
    assert PLACE.recognise(words) == address
    if address and not address.startswith("@Sara") and not address.startswith("@sara"):
        assert STREAM.recognise(words) == address


def test_accounts_have_no_stream() -> None:
    assert STREAM.recognise("@sara@social.example") is None


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("#شیر@social.example", "https://social.example/api/v1/streaming?stream=hashtag&tag=%D8%B4%DB%8C%D8%B1"),
        ("@social.example", "https://social.example/api/v1/streaming?stream=public%3Alocal"),
        ("*@social.example", "https://social.example/api/v1/streaming?stream=public"),
    ],
)
def test_a_stream_asks_for_its_timeline(address: str, url: str) -> None:
    assert STREAM.request(address, "7").url == url


def test_words_of_a_term_are_no_operators() -> None:
    assert "q=%22from%3Ame%22+%22-x%22+%D8%B4%DB%8C%D8%B1&" in SEARCH.request("from:me -x شیر", None).url


@needs_shared
def test_a_real_timeline() -> None:
    content = (SHARED / "data/samples/mastodon/Mastodon.py_test_hashtag_tl.decoded.json").read_text()
    statuses = next(call["body"] for call in json.loads(content) if "timelines/tag" in call["uri"])
    body = Body(json.dumps(statuses).encode(), "https://social.example/api/v1/timelines/tag/hoot?limit=40")
    page = PLACE.parse(body, "#hoot@social.example", None)
    (item,) = page.items
    assert item.text == "#hoot (hashtag toot)"
    assert item.url == "http://localhost:3000/@mastodonpy_test_2/117020593741189701"
    assert (item.author, item.outlet) == ("mastodonpy_test_2", "@mastodonpy_test_2@social.example")
    assert (item.metrics.likes, item.metrics.reposts, item.metrics.followers) == (0, 0, 0)
    assert page.cursor == "117020593741189701"


@needs_shared
@pytest.mark.parametrize("name", ["local", "direct"])
def test_a_real_stream(name: str) -> None:
    """A recorded event stream, as the messages that a WebSocket would have brought."""
    content = (SHARED / f"data/samples/mastodon/Mastodon.py_test_stream_user_{name}.decoded.json").read_text()
    spoken = next(call["body"] for call in json.loads(content) if "/api/v1/streaming/user" in call["uri"])
    messages, event = [], ""
    for line in spoken.splitlines():
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            messages.append(json.dumps({"stream": ["user"], "event": event, "payload": line.removeprefix("data: ")}))
    page = STREAM.parse(Body("\n".join(messages).encode(), ""), "@social.example", None)
    said = [json.loads(json.loads(one)["payload"]) for one in messages if json.loads(one)["event"] == "update"]
    assert said
    assert [item.guid for item in page.items][: len(said)] == [status["uri"] for status in said]
    assert page.cursor == max((status["id"] for status in said), key=int)
