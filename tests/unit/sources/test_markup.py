import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.sources.markup import clean, looks_like_markup, one_line, plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>مهم</b> <script>x</script> &amp; &#1705;", "مهم & ک"),
        ('<a href="https://t.me/x">خبر</a>', "خبر"),
        ("<p>یک</p><p>دو<br>سه</p>", "یک\n\nدو\nسه"),
        ("<ul><li>یک</li><li>دو</li></ul>", "یک\nدو"),
        ("<table><tr><td>یک</td><td>دو</td></tr></table>", "یک دو"),
        ("a&nbsp;b&laquo;c&raquo;", "a b«c»"),
        ("نمی&zwnj;شود", "نمی\u200cشود"),
        ('<a title="x > y">t</a>', "t"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("<!-- hidden --><p\nclass=x>seen</p><style>p{}</style>", "seen"),
        ("<script>never closed", ""),
        ('text cut in a <a href="https://exam', "text cut in a"),
        ("<tg-emoji emoji-id='1'>😀</tg-emoji>", "😀"),
        ("plain\n\nparagraphs\n\n\n\nstay", "plain\n\nparagraphs\n\nstay"),
    ],
)
def test_what_a_reader_sees(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_bidi_overrides_go_and_zwnj_and_marks_stay() -> None:
    assert one_line("خبر \u202e\u2066abc\u2069 می\u200cشود\u200f\ufeff\x00") == "خبر abc می\u200cشود\u200f"


@pytest.mark.parametrize("text", ["R&D in C<T>", "List<String> is a type", "a < b", "متن ساده", "The <entry> element"])
def test_plain_text_is_not_taken_for_markup(text: str) -> None:
    assert not looks_like_markup(text)


@pytest.mark.parametrize("text", ["<b>x</b>", "a<br/>b", "&zwnj;", '<img src="x">', "<p>unclosed"])
def test_markup_is_recognised(text: str) -> None:
    assert looks_like_markup(text)


@given(st.text(alphabet=st.sampled_from("<>&;/!-[]\"'= \n\tabpscriptCDATA#1٣ی\u202e"), max_size=300))
def test_no_text_makes_it_fail_and_nothing_dangerous_is_left(text: str) -> None:
    for result in (plain(text), clean(text), one_line(text)):
        assert not set(result) & {"\u202e", "\x00", "\r"}
        assert result == result.strip()


@pytest.mark.parametrize(
    "piece", ["<a", '<a "', "<script>", "<!--", "<svg ", " \n", "<", "&a", "&#1;", "<![", "]]>", "<br "]
)
def test_time_is_linear_in_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        start = time.process_time()
        plain(text)
        looks_like_markup(text)
        return time.process_time() - start

    seconds(1000)
    assert seconds(200_000) < 1.0  # quadratic would take minutes


def test_a_tidy_text_is_cleaned_as_an_untidy_one_is() -> None:
    for character in map(chr, range(0x10000)):
        assert clean(f"علی{character}بابا نو") == clean(f"علی{character}بابا  نو")
        assert one_line(f"علی{character}بابا نو") == one_line(f"علی{character}بابا  نو")
