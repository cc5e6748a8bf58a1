"""Whatever bytes come, a kind of source ends in Items or in an error of ours, in time; on every page, at every cursor."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import ParseError
from monitors.kinds import Body, Page, SourceKind
from monitors.sources import SOURCES, kind_named, parse_body
from tests.unit.sources.golden import payloads, read, whence

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
            '<div class="etme_page_title">',
            '<div data-post="a/99999999999999999999">',
            '<div class="js-message_text">',
            "</div>",
            "<br>",
        ),
        *(
            '<span class="tgme_widget_message_views">',
            "4.85K",
            '<span class="etme_widget_message_views" data-count="9e9">',
            "۱٫۲ هزار",
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


CURSORS = st.sampled_from(
    [None, "", "7", "7-9", "-", "9" * 400, "7 9", "2026-11-20T08:00:00+00:00", '{"app": 7, "ids": [{}], "at": []}', "["]
)
# What a parser may run over again and again, were it careless: repeated to 200 kB.
SLOW = (
    *("<", "<a", "<a ", "<!--", "&", '"', "[", "{", '{"a":', '[{"items":', "<b><i>", "<![CDATA[", "<item><title>x"),
    *('<div data-post="a/1">', '<div class="js-message_text">', '<a class="tgme_widget_message_reply">', "<p><div>"),
    *('"messages":[', '"messages":[{"message":{', "self.__next_f.push([1,", '<script id="__NEXT_DATA__"', "<title "),
    *('<meta property="og:title" ', ")]}'\n[", "x-y.z/", "1405/08/21 ", "۱٬۲", "http://", " \n", "\\u0000", "\x00"),
)
LONGEST = 3.0  # seconds of the processor


def check(kind: SourceKind, content: bytes, url: str = URL, address: str = URL, cursor: str | None = "7") -> None:
    page = checked(kind, content, url, address, cursor)
    if page and page.more:
        assert page.more.url.startswith(("http://", "https://"))
        checked(kind, content, page.more.url, address, cursor)
    if page and page.cursor is not None:
        assert kind.request(address, page.cursor).url
        checked(kind, content, url, address, page.cursor)


def checked(kind: SourceKind, content: bytes, url: str, address: str, cursor: str | None) -> Page | None:
    try:
        page = parse_body(kind, Body(content, url), address, cursor)
    except ParseError:
        return None
    for item in page.items:
        assert item.guid
        assert item.url is None or item.url.lower().startswith(("http://", "https://"))
        assert item.published_at is None or item.published_at.tzinfo is not None
        json.dumps([item.title, item.text, item.guid], ensure_ascii=False).encode()
    return page


def test_every_kind_has_a_payload_to_change() -> None:
    """So that the tests below leave none out."""
    assert {payload.parent.name for payload in payloads()} == {kind.kind for kind in SOURCES}


@pytest.mark.parametrize("kind", SOURCES, ids=lambda kind: kind.kind)
def test_no_repetition_takes_long(kind: SourceKind) -> None:
    for piece in SLOW:
        content = (piece * (200_000 // len(piece))).encode()
        started = time.process_time()
        checked(kind, content, URL, URL, None)
        took = time.process_time() - started
        assert took < LONGEST, f"{piece!r} took {took:.1f} s"


@given(st.sampled_from(SOURCES), st.lists(PIECES, max_size=40).map("".join))
def test_no_pieces_of_feeds_make_it_fail(kind: SourceKind, text: str) -> None:
    check(kind, text.encode())
    check(kind, f"<rss><channel>{text}".encode())


@given(st.sampled_from(SOURCES), st.binary(max_size=300))
def test_no_bytes_make_it_fail(kind: SourceKind, content: bytes) -> None:
    check(kind, content)
    check(kind, b"<rss><channel><item><title>" + content + b"</title></item></channel></rss>")


@given(st.sampled_from(SOURCES), st.lists(POST, max_size=40).map("".join), CURSORS)
def test_no_pieces_of_posts_make_it_fail(kind: SourceKind, text: str, cursor: str | None) -> None:
    check(kind, text.encode(), cursor=cursor)


@given(JSON)
def test_no_json_makes_it_fail(value: object) -> None:
    (feed,) = (kind for kind in SOURCES if kind.kind == "feed")
    check(feed, json.dumps(value).encode())
    item = {"id": value, "title": value, "authors": value, "date_published": value}
    check(feed, json.dumps({"items": [value, item], "title": value, "hubs": value}).encode())


LINKS = st.sampled_from(
    [
        *("", "@", "t.me/", "https://", "feed:", "tg://resolve?domain=", "eitaa.com/", "ble.ir/s/", "http://["),
        *("apps.apple.com/us/app/id", "play.google.com/store/apps/details?id=", "cafebazaar.ir/app/", "//"),
    ]
)


@given(st.text(max_size=60), LINKS)
def test_no_words_make_recognising_fail(text: str, prefix: str) -> None:
    for kind in SOURCES:
        address = kind.recognise(prefix + text)
        if address is not None:
            assert address == address.strip()
            assert kind.request(address, None).url.startswith(("http://", "https://"))
            assert kind.link(address)


@given(st.sampled_from(payloads()), CURSORS)
def test_no_cursor_makes_a_payload_fail(payload: Path, cursor: str | None) -> None:
    """A cursor of another version of Rasad, or of another kind."""
    own = read(payload).cursor
    for old in (cursor, own, f"{own}{cursor}"):
        check(kind_named(payload.parent.name), payload.read_bytes(), *whence(payload), old)


@given(st.sampled_from(payloads()), CURSORS, st.data())
def test_no_mutation_of_a_payload_makes_it_fail(payload: Path, cursor: str | None, data: st.DataObject) -> None:
    content = payload.read_bytes()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.integers(0, 60)))
        piece = data.draw(
            st.sampled_from([b"", content[start:end] * 2, b"<", b"&", b"\x00", b"\xff", b"]]>", b"</item>", b'"'])
        )
        content = content[:start] + piece + content[end:]
    check(kind_named(payload.parent.name), content, *whence(payload), cursor)


def answers() -> Iterator[Path]:
    """Payloads in JSON; not those that are broken on purpose."""
    for file in payloads():
        with suppress(ValueError):
            json.loads(file.read_text("utf-8") if file.suffix == ".json" else "")
            yield file


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


@given(st.sampled_from(list(answers())), CURSORS, st.data())
def test_no_value_in_an_answer_makes_it_fail(payload: Path, cursor: str | None, data: st.DataObject) -> None:
    answer = json.loads(payload.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(list(places(answer)) or [([None], 0)]))
        holder[key] = deepcopy(data.draw(VALUES))  # a list drawn twice would come to hold itself
    check(kind_named(payload.parent.name), json.dumps(answer).encode(), *whence(payload), cursor)
