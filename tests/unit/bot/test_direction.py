"""Direction marks: each line led, each run of the other direction isolated, nothing else changed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.direction import LRI, LRM, MARKS, PDI, RLI, RLM, direct

TEXT = st.text(
    st.sampled_from("ab Z9.-/@#()«»\n،ابپ۱۲:!?") | st.characters(codec="utf-8", exclude_categories=["Cs", "Co"])
)


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("سلام دنیا", "»سلام دنیا"),
        ("نسخهٔ API v3.1 آمد", "»نسخهٔ [API v3.1] آمد"),
        ("خطای «HTTP 503» بود", "»خطای «[HTTP 503]» بود"),
        ("@tech_fa، ۱۷ بازنشر", "»[@tech_fa]، ۱۷ بازنشر"),
        ("از /track استفاده کنید", "»از [/track] استفاده کنید"),
        ("تا 2026-11-22 و ۱۴۰۵/۰۹/۰۱", "»تا [2026-11-22] و ۱۴۰۵/۰۹/۰۱"),
        ("زبان C++ و (C) و C#.", "»زبان [C++] و ([C]) و [C#]."),
        ("iOS 4.2 با Apple Pay — 42 نفر", "»[iOS 4.2] با [Apple Pay] — 42 نفر"),
        ("Digikala raises prices.", "»[Digikala raises prices.]"),
        ("(Snapp Inc (Iran)) گفت", "»([Snapp Inc (Iran)]) گفت"),
        ("400 میلیون", "»400 میلیون"),
        ("", "»"),
    ],
)
def test_persian_lines(line: str, marked: str) -> None:
    assert direct(line, "fa") == marked.replace("»", RLM, 1).replace("[", LRI).replace("]", PDI)


def test_a_bold_word_inside_a_latin_run_does_not_turn_the_run_around() -> None:
    assert direct("the <b>big</b> day در تهران", "fa") == f"{RLM}{LRI}the <b>big</b> day{PDI} در تهران"


def test_the_mark_goes_inside_a_quote_that_opens_the_line() -> None:
    assert direct("<blockquote expandable>متن</blockquote>", "fa") == f"<blockquote expandable>{RLM}متن</blockquote>"


def test_tags_and_entities_are_left_alone() -> None:
    assert direct('<a href="https://x.ir/?a=1&amp;b=2">خبر</a> AT&amp;T', "fa") == (
        f'<a href="https://x.ir/?a=1&amp;b=2">{RLM}خبر</a> {LRI}AT&amp;T{PDI}'
    )


def test_an_english_chat_isolates_persian_and_leaves_persian_lines_to_themselves() -> None:
    assert direct("3 mentions of دیجی کالا today", "en") == f"{LRM}3 mentions of {RLI}دیجی کالا{PDI} today"
    assert direct("تیتر فارسی", "en") == "تیتر فارسی"


@given(TEXT, st.sampled_from(["fa", "en"]))
def test_only_marks_are_added_and_marking_twice_changes_nothing(text: str, language: str) -> None:
    text = text.replace("<", "").replace("&", "")
    once = direct(text, language)  # type: ignore[arg-type]
    assert MARKS.sub("", once) == MARKS.sub("", text)
    assert direct(once, language) == once  # type: ignore[arg-type]
    assert not re.search("[\u202a-\u202e]", once)
    if language == "fa":
        assert all(line.startswith(RLM) for line in once.split("\n"))
    for line in once.split("\n"):
        assert line.count(LRI) + line.count(RLI) == line.count(PDI)
