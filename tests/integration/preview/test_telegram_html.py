"""The preview reads parse_mode=HTML as TDLib does: the same text and entities, or an error in both."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.platforms.preview import telegram_html
from bot.platforms.preview.entities import Entity, in_order
from tests import tdlib

type Outcome = tuple[str, tuple[Entity, ...]] | str


def ours(markup: str) -> Outcome:
    try:
        text, entities = telegram_html.parse(markup)
    except telegram_html.BadMarkup as error:
        return str(error)
    return text, tuple(replace(entity, detail="") for entity in entities)


def theirs(markup: str) -> Outcome:
    try:
        return tdlib.parse_html(markup)
    except tdlib.Refused as error:
        return str(error)


CASES = """
<b>سلام</b> <i>دنیا <u>و</u></i>
<b>x
</b>
<foo>x</foo>
a<br>b
<p>x</p>
<h1>x</h1>
<b/>
<b
<
a<
</
</b
<>
< b>a</b>
<!-- x -->
<b  >a</b  >
<b>x</>
<B>x</b>
<b>x</B>
<b></b>x
<b></ b>
<b>x</b y>
<i>a<b>b</i>c</b>
<b x=>a</b>
<b =x>a</b>
<b x= y>a</b>
<b x y=z>a</b>
<b x
<b x=
<b x='
<b x='a
<b x='a'
<b x=a!>c</b>
<i><b>x</b></i><b><i>y</i></b>
<u><s><i><b>x</b></i></s></u>
<strong>a</strong><em>b</em><ins>c</ins><strike>d</strike><del>e</del><s>f</s>
<span class="tg-spoiler">s</span>
<span class=tg-spoiler id=3>x</span>
<span class="other">s</span>
<span>s</span>
<tg-spoiler><code>x</code></tg-spoiler>
<blockquote>a</blockquote>b<blockquote expandable>c</blockquote>
<blockquote x expandable>a</blockquote>
<blockquote EXPANDABLE>a</blockquote>
<blockquote expandable='x'>a</blockquote>
<blockquote><blockquote>x</blockquote></blockquote>
<b><blockquote>q</blockquote>x</b>
<pre><code class="language-python">x</code></pre>
<code class='language-c'><pre>x</pre></code>
<pre><code>x</code></pre>
<pre><code class='python'>x</code></pre>
<pre>a<code class="language-x">b</code></pre>
<code class="language-x">y</code>
<code>a<b>b</b></code>
<a href="https://x.ir/خبر?a=1&amp;b=2">x</a>
<a href='example.com'>x</a>
<a>example.com</a>
<a href>example.com</a>
<a href='not a url'>x</a>
<a href='HTTP://EXample.com:080/a b?q#f'>x</a>
<a href='ftp://x.com'>x</a>
<a href='localhost/x'>x</a>
<a href='http://127.0.0.1:8081/x'>x</a>
<a href='http://[::1]/'>x</a>
<a href='http://[zz]/'>x</a>
<a href='http://x.com:99999/'>x</a>
<a href='http://x.com:0/'>x</a>
<a href='http://u:p@x.com/'>x</a>
<a href='mailto:x@y.z'>x</a>
<a href='javascript:alert(1)'>x</a>
<a href='tg://resolve?domain=x'>x</a>
<a href='tg:resolve/y'>x</a>
<a href='tg://user?id=5'>x</a>
<a href='tg:user?id=5&x=1'>x</a>
<a href='tg://user?id=05'>x</a>
<a href='tg://user?id=-5'>x</a>
<a href='x.com'><b>x</b></a>
<a href="x.com" href="y.com">x</a>
<a href="http://x.com/<b>">x</a>
<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>
<tg-emoji emoji-id='abc'>x</tg-emoji>
<tg-emoji>x</tg-emoji>
<tg-time unix="1647531900" format="wDT">x</tg-time>
<tg-time unix='a'>x</tg-time>
<tg-time unix=5 format=q>x</tg-time>
&lt;b&gt; &amp; &quot; &apos; &nbsp; &AMP; &amp &ltx &#1705;&#x6a9; &#0; &#x110000; &#128512; &#10; &#; &#x; &bad;
&#55296;
😀<b>😀</b>نیم\u200cفاصله<i>\u200f</i>
""".strip("\n").split("\n")


@pytest.mark.parametrize("markup", CASES)
def test_the_same_as_tdlib(markup: str) -> None:
    assert ours(markup) == theirs(markup)


PIECES = [
    "<",
    ">",
    "</",
    "/",
    "=",
    "'",
    '"',
    " ",
    "\n",
    "\t",
    "&",
    ";",
    "&lt;",
    "&#1705;",
    "&#x1F600;",
    "😀",
    "سلام",
    "x",
    "\x0b",
]
TAGS = [
    "b",
    "i",
    "u",
    "s",
    "a",
    "code",
    "pre",
    "span",
    "tg-spoiler",
    "blockquote",
    "tg-emoji",
    "strong",
    "del",
    "br",
    "B",
]
ATTRIBUTES = [
    " href='x.com'",
    ' href="http://a.ir/b c"',
    " expandable",
    " class=language-py",
    " class='tg-spoiler'",
    " emoji-id=12",
]
WHOLE = [f"<{tag}{attribute}>" for tag in TAGS for attribute in ("", *ATTRIBUTES)] + [f"</{tag}>" for tag in TAGS]

nested = st.recursive(
    st.sampled_from(["", "x", "سلام 😀", "&amp;", "\n"]),
    lambda inner: st.builds(
        lambda tag, attribute, parts: f"<{tag}{attribute}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS[:11]),
        st.sampled_from(["", *ATTRIBUTES]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


def same_or_twins(markup: str) -> None:
    """TDLib sorts twins (one kind, one range) in no particular order; ours are compared with them in ours."""
    mine, judge = ours(markup), theirs(markup)
    if isinstance(mine, tuple) and isinstance(judge, tuple):
        assert mine[0] == judge[0]
        assert in_order(sorted(mine[1], key=repr)) == in_order(sorted(judge[1], key=repr))
    else:
        assert mine == judge


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES + WHOLE), max_size=12).map("".join))
@example("<b \0>x</b>")
@example("a\0b<i>\0</i>")
def test_broken_markup_is_refused_with_the_same_words(markup: str) -> None:
    same_or_twins(markup)


@settings(max_examples=600, deadline=None)
@given(st.lists(nested, max_size=4).map("".join))
def test_nested_markup_gives_the_same_entities(markup: str) -> None:
    same_or_twins(markup)


@settings(max_examples=600, deadline=None)
@given(
    st.text(st.sampled_from("htps:/.[]@?#&%=azAZ09-_~ 1خ"), max_size=24),
    st.sampled_from(["", "http://", "https://", "tg:", "tg://", "ton://", "x.ir"]),
)
@example("EXample.com:080/a b?q#f", "HTTP://")
def test_addresses_are_taken_or_dropped_alike(address: str, start: str) -> None:
    same_or_twins(f'<a href="{start}{address}">x</a>')
