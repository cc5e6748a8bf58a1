import json

import pytest

from monitors.errors import NotTheAnswer
from monitors.kinds import Body
from monitors.sources.bluesky_stream import BlueskyStream
from tests.shared import SHARED, needs_shared

STREAM = BlueskyStream()
PUBLIC = "jetstream2.us-east.bsky.network"


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("bluesky_stream", PUBLIC),
        (" Jetstream ", PUBLIC),
        ("wss://jetstream1.us-west.bsky.network/subscribe", "jetstream1.us-west.bsky.network"),
        ("wss://jet.example:6008/subscribe?wantedCollections=*", "jet.example:6008"),
        ("https://jet.example/subscribe", None),
        ("wss://user@jet.example/subscribe", None),
        ("wss://jet.example/other", None),
        ("wss://[/subscribe", None),
        ("bluesky", None),
    ],
)
def test_it_is_known_by_its_name_and_other_servers_by_their_address(words: str, address: str | None) -> None:
    assert STREAM.recognise(words) == address


def test_a_connection_goes_on_a_little_before_the_cursor() -> None:
    url = STREAM.request(PUBLIC, "1795599485849960").url
    assert url.startswith(f"https://{PUBLIC}/subscribe?")
    assert url.endswith("&cursor=1795599480849960")
    for none in (None, "", "x", "-1"):
        assert "cursor" not in STREAM.request(PUBLIC, none).url


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"error": "AuthMissing"}', b'{"time_us": "soon"}\n7'])
def test_what_is_no_event_is_no_answer(content: bytes) -> None:
    with pytest.raises(NotTheAnswer):
        STREAM.parse(Body(content, ""), PUBLIC, None)


@needs_shared
@pytest.mark.parametrize("name", ["jetstream_golden_v1.jsonl", "jetstream_expected_v1.jsonl"])
def test_real_events(name: str) -> None:
    content = (SHARED / "data/samples/bluesky" / name).read_bytes()
    page = STREAM.parse(Body(content, ""), PUBLIC, None)
    events = [json.loads(line) for line in content.splitlines()]
    posts = [
        event["commit"]["record"]
        for event in events
        if event.get("commit", {}).get("collection") == "app.bsky.feed.post" and "record" in event["commit"]
    ]
    assert page.cursor == str(max(event["time_us"] for event in events))
    assert page.items
    spoken = [record for record in posts if record["text"].strip()]
    assert len(spoken) <= len(page.items) <= len(posts)
    for item in page.items:
        assert item.url
        assert item.published_at
        assert item.published_at.year == 2026
