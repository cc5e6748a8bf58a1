"""Messages fit Telegram's limit, and no cut breaks a tag."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.direction import MARKS
from bot.fit import MESSAGE_LIMIT, cut, length, pack
from bot.texts import Html, html

WORDS = st.text(st.sampled_from("ab <&>\n😀نم "), max_size=300)


def visible(message: str) -> str:
    return MARKS.sub("", re.sub("<[^>]*>", "", message))


def test_length_counts_what_is_seen_in_utf_16_units() -> None:
    assert length('<b>سلام</b> <a href="https://example.ir/">x</a> &amp; 😀') == len("سلام x & ") + 2


@given(WORDS, st.integers(20, 60))
def test_pieces_are_short_enough_whole_and_balanced(words: str, limit: int) -> None:
    message = f"<b>{html(words)}</b> <blockquote expandable><i>{html(words)}</i></blockquote>"
    pieces = cut(message, limit)
    assert all(length(piece) <= limit for piece in pieces)
    assert re.sub(r"\s", "", "".join(map(visible, pieces))) == re.sub(r"\s", "", visible(message))
    for piece in pieces:
        opened: list[str] = []
        for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", piece):
            assert not closing or opened.pop() == name
            if not closing:
                opened.append(name)
        assert not opened


def test_blocks_stay_whole_where_they_can() -> None:
    blocks = [Html(f"<b>{number}</b> " + "متن " * 200) for number in range(12)]
    messages = pack(blocks, "fa")
    assert len(messages) == 3
    assert all(length(message.html) <= MESSAGE_LIMIT for message in messages)
    assert sum(message.html.count("<b>") for message in messages) == 12
