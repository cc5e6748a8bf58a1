"""Whatever bytes come, a kind of source ends in Items or in an error of ours."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import ParseError
from monitors.model import Body, SourceKind
from monitors.sources import SOURCES, kind_named, parse_body
from tests.unit.sources.golden import WHENCE, payloads

URL = "https://news.example.ir/feeds/rss.xml"
PIECES = st.sampled_from(
    [
        *("<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "</link>", "<guid>", "</guid>"),
        *("<feed>", "<entry/>", "<![CDATA[", "]]>", "<!--", "-->", "&amp;", "&nbsp;", "&#0;", "&", "<", ">", '"'),
        *("xmlns:a='b'", "<a:b>", "<?xml", "<!DOCTYPE", "http://[x", "{", "}", "[", "]", '"items":', '"id":1', ","),
        *("1405/08/21", "خبر", "\x00", "\ud7ff", "<p>", "</rss>", "<html", "<pubDate>", "</pubDate>", "xml:base='//['"),
    ]
)
POST = st.sampled_from(
    [
        *(
            '<div data-post="a/1">',
            '<div data-post="a/99999999999999999999">',
            '<div class="js-message_text">',
            "</div>",
            "<br>",
        ),
        *(
            '<span class="tgme_widget_message_views">',
            "4.85K",
            "1e9M",
            "٣K",
            "</span>",
            '<a class="tgme_widget_message_date">',
        ),
        *(
            '<time datetime="1405-99-99">',
            "خبر",
            '<div data-post="/">',
            '<div data-post="a/b" class="service_message">',
            "&#0;",
        ),
    ]
)
KEYS = st.sampled_from(
    ["items", "id", "url", "title", "content_html", "authors", "name", "date_published", "hubs", "type"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


def check(kind: SourceKind, content: bytes, url: str = URL) -> None:
    try:
        page = parse_body(kind, Body(content, url), url, "7")
    except ParseError:
        return
    for item in page.items:
        assert item.guid
        assert item.url is None or item.url.lower().startswith(("http://", "https://"))
        assert item.published_at is None or item.published_at.tzinfo is not None
        json.dumps([item.title, item.text, item.guid], ensure_ascii=False).encode()


@given(st.sampled_from(SOURCES), st.lists(PIECES, max_size=40).map("".join))
def test_no_pieces_of_feeds_make_it_fail(kind: SourceKind, text: str) -> None:
    check(kind, text.encode())
    check(kind, f"<rss><channel>{text}".encode())


@given(st.sampled_from(SOURCES), st.binary(max_size=300))
def test_no_bytes_make_it_fail(kind: SourceKind, content: bytes) -> None:
    check(kind, content)
    check(kind, b"<rss><channel><item><title>" + content + b"</title></item></channel></rss>")


@given(st.sampled_from(SOURCES), st.lists(POST, max_size=40).map("".join))
def test_no_pieces_of_posts_make_it_fail(kind: SourceKind, text: str) -> None:
    check(kind, text.encode())


@given(JSON)
def test_no_json_makes_it_fail(value: object) -> None:
    (feed,) = (kind for kind in SOURCES if kind.kind == "feed")
    check(feed, json.dumps(value).encode())
    item = {"id": value, "title": value, "authors": value, "date_published": value}
    check(feed, json.dumps({"items": [value, item], "title": value, "hubs": value}).encode())


@given(st.text(max_size=60), st.sampled_from(["", "@", "t.me/", "https://", "feed:", "tg://resolve?domain="]))
def test_no_words_make_recognising_fail(text: str, prefix: str) -> None:
    for kind in SOURCES:
        address = kind.recognise(prefix + text)
        if address is not None:
            assert address == address.strip()
            assert kind.request(address, None).url.startswith(("http://", "https://"))
            assert kind.link(address)


@given(st.sampled_from(payloads()), st.data())
def test_no_mutation_of_a_payload_makes_it_fail(payload: Path, data: st.DataObject) -> None:
    content = payload.read_bytes()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.integers(0, 60)))
        piece = data.draw(
            st.sampled_from([b"", content[start:end] * 2, b"<", b"&", b"\x00", b"\xff", b"]]>", b"</item>", b'"'])
        )
        content = content[:start] + piece + content[end:]
    check(kind_named(payload.parent.name), content)


def answers() -> Iterator[tuple[str, str]]:
    """Payloads in JSON, each with its kind; not those that are broken on purpose."""
    for file in payloads():
        text = file.read_text("utf-8") if file.suffix == ".json" else ""
        with suppress(ValueError):
            yield file.parent.name, json.dumps(json.loads(text))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where values stand in an answer: the object or list, and the key."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


VALUES = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    st.sampled_from(
        [[], {}, [[]], [None], {"id": []}, "http://[", "https://x/%zz", "1" * 400, "-1", "۱٫۲ هزار", 10**40]
    ),
)


@given(st.sampled_from(list(answers())), st.data())
def test_no_value_in_an_answer_makes_it_fail(payload: tuple[str, str], data: st.DataObject) -> None:
    kind, text = payload
    answer = json.loads(text)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(list(places(answer)) or [([None], 0)]))
        holder[key] = data.draw(VALUES)
    check(kind_named(kind), json.dumps(answer).encode(), WHENCE[kind][0])
