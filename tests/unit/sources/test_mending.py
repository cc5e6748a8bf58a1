import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from monitors.sources.feed_xml import read_xml
from monitors.sources.mending import mended

HEAD = "<rss><channel><title>t</title>"


@pytest.mark.parametrize(
    ("broken", "titles"),
    [
        ("<item><title>R&D &nbsp;5 < 6 &#0;</title></item></channel></rss>", ["R&D 5 < 6"]),
        ("<item><title>&lt;b&gt; &amp;amp; <![CDATA[a & b &nbsp;]]></title></item></channel></rss>", ["& a & b"]),
        ("<item><title>a</titel><link>x</link></item><item><title>b</title></item></channel></rss>", ["a", "b"]),
        ("<item><title>a<link>x</link></item><item><title>b</title></item></channel></rss>", ["a", "b"]),
        ("<item><title>a</title><item><title>b</title></item></channel></rss>", ["a", "b"]),
        ("<item><description><p>x</b><br>y</description><title>a</title></item></channel></rss>", ["a"]),
        ("<item><media:title>a</media:title></item></channel></rss>", ["a"]),
        ("<item><title>a\x0b\x00</title></item></channel></rss><script>x</script>", ["a"]),
        ("<item><title>a</title></item><item><title>b</title><link>https://exam", ["a", "b"]),
        ("<item><title>a</title></item><item><title>b</ti", ["a", "b"]),
        ("<item><title>a</title></item><item><title>half a ti", ["a", ""]),
        ("<item><title><![CDATA[a]]></title><description><![CDATA[half", ["a"]),
        ("<item><title>a</title></item></channel><!-- cut", ["a"]),
        ("<item><title>a</title><x y='<'></item></channel></rss>", ["a"]),
    ],
)
def test_known_breaks_are_mended(broken: str, titles: list[str]) -> None:
    document = read_xml(mended(f"<br/>Warning<?xml version='1.0'?><!DOCTYPE rss>{HEAD}{broken}").encode())
    assert [entry.title for entry in document.entries] == titles


@given(
    st.lists(
        st.sampled_from(["<a>", "</a>", "<b>", "</b>", "<item>", "</item>", "<title>", "</titel>", "<c/>", "&", "x"])
    )
)
def test_every_beginning_gets_its_end(pieces: list[str]) -> None:
    etree.fromstring(mended(HEAD + "".join(pieces) + "</channel></rss>").encode())


@pytest.mark.parametrize(
    "piece",
    [
        "<a>",
        "</a>",
        "&",
        "<![CDATA[",
        "<!--",
        "<",
        '<a "',
        "<item>",
        "<a x=1 ",
        "]]>",
        "<?x",
        "<!DOCTYPE ",
        "&a;",
        "<a:b>",
        "<a></b>",
    ],
)
@pytest.mark.parametrize("end", ["", "</channel></rss>"])
def test_mending_takes_time_in_proportion_to_the_text(piece: str, end: str) -> None:
    text = "<rss><channel><title>t</title>" + piece * (100_000 // len(piece)) + end
    start = time.process_time()
    mended(text)
    assert time.process_time() - start < 1.5  # quadratic would take minutes
