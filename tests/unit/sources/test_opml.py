import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import ParseError
from monitors.sources import opml
from monitors.sources.opml import Outline

TITLES = st.text(max_size=40).map(str.strip).filter(lambda title: title.isprintable() and title)


def test_nested_groups_case_and_repetition() -> None:
    content = b"""<?xml version="1.0"?><opml version="1.0"><body>
      <outline text="group"><outline text="A &amp; B" xmlUrl="https://example.ir/a"/>
        <outline title="C" text="c" XMLURL="https://example.ir/c?x=1&amp;y=2"/></outline>
      <outline text="again" xmlUrl="https://example.ir/a"/>
      <outline text="no feed" htmlUrl="https://example.ir"/><outline xmlUrl="javascript:alert(1)"/>
      <outline xmlUrl="https://example.ir/nameless"/></body></opml>"""
    assert opml.read(content) == (
        Outline("A & B", "https://example.ir/a"),
        Outline("C", "https://example.ir/c?x=1&y=2"),
        Outline("https://example.ir/nameless", "https://example.ir/nameless"),
    )


def test_bare_ampersands_and_wrong_encodings_are_put_right() -> None:
    text = '<opml version="1.0"><body><outline text="خبر & نظر" xmlUrl="https://example.ir/?a=1&b=2"/></body></opml>'
    assert opml.read(text.encode("cp1256")) == (Outline("خبر & نظر", "https://example.ir/?a=1&b=2"),)


@pytest.mark.parametrize(
    "content",
    [b"", b"<rss><channel/></rss>", b"not xml", b"{}", b'<!DOCTYPE opml SYSTEM "file:///etc/passwd"><html>&x;</html>'],
)
def test_what_is_no_opml_is_an_error(content: bytes) -> None:
    with pytest.raises(ParseError):
        opml.read(content)


def test_entities_of_a_file_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa">]><opml><body><outline text="&a;&a;" xmlUrl="https://example.ir/"/></body></opml>'
    assert all("aaaa" not in outline.title for outline in opml.read(bomb))


@given(st.lists(st.tuples(TITLES, st.integers(0, 10**9)), max_size=20, unique_by=lambda pair: pair[1]))
def test_what_was_written_is_read_back(subscriptions: list[tuple[str, int]]) -> None:
    outlines = tuple(Outline(title, f"https://example.ir/?feed={n}&x=<y>") for title, n in subscriptions)
    read = opml.read(opml.write(outlines))
    assert [outline.address for outline in read] == [outline.address for outline in outlines]
    assert [" ".join(outline.title.split()) for outline in read] == [
        " ".join(outline.title.split()) for outline in outlines
    ]


def test_other_kinds_stand_beside_the_feeds_and_other_readers_pass_them_over() -> None:
    outlines = (
        Outline("خبرگزاری", "https://example.ir/rss"),
        Outline("کانال", "example", "telegram_channel", "https://t.me/s/example"),
    )
    written = opml.write(outlines)
    assert b"https://t.me/s/example" in written
    assert written.count(b"xmlUrl") == 1
    feed, channel = opml.read(written)
    assert feed == outlines[0]
    assert (channel.kind, channel.address, channel.title) == ("telegram_channel", "example", "کانال")


@given(st.binary(max_size=500))
def test_no_bytes_make_it_fail_otherwise(content: bytes) -> None:
    for whole in (content, b"<opml><body>" + content):
        try:
            opml.read(whole)
        except ParseError:
            continue
