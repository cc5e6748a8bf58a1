"""The query language: what is read, how it is printed, which words it gives away, and what is said of mistakes."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitors.errors import QueryError
from monitors.language.explain import explain
from monitors.language.expression import Near
from monitors.language.query import Query, parse
from monitors.language.text import fold_document
from monitors.model import Span
from tests.unit.language.strategies import any_text, queries, scribbles, texts


def parsed(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError as refused:
        error = refused
    assert 0 <= error.position <= len(text)
    assert f'"{error.reason}"' in (QueryError.__doc__ or "")
    return None


PRINTED = [
    ("دیجی   کالا", "دیجی کالا"),
    ("a1|b1", "a1 | b1"),
    ("a1 OR b1 AND c1 NOT d1", "a1 | (b1 + c1 - d1)"),
    ("-b1 + a1", "a1 - b1"),
    ("a1 | a1", "a1"),
    ("((a1 + (b1 + c1)))", "a1 + b1 + c1"),
    ("a1 | (b1 | c1)", "a1 | b1 | c1"),
    ("«دیجی‌کالا» #تخفیف", '"دیجی‌کالا" + #تخفیف'),
    ("a1 ~۵ b1 ~3 c1", "a1 ~5 b1 + b1 ~3 c1"),
    ("عنوان:(a1 | b1) منبع:isna.ir زبان:فارسی", "(title:a1 | title:b1) + source:isna.ir + lang:fa"),
    ("a1 - (b1 - c1)", "a1 - (b1 - c1)"),
    ("a1 - (- b1)", "a1 + b1"),
    ("Yahoo!", "Yahoo"),
]


@pytest.mark.parametrize(("text", "printed"), PRINTED)
def test_a_query_prints_in_one_way(text: str, printed: str) -> None:
    assert str(parse(text)) == printed


@given(st.one_of(queries, scribbles, any_text))
@example("a1 - (- (- b1))")
@example('title:"a b" ~3 (c1|d1) - lang:fa')
def test_printing_and_reading_agree(text: str) -> None:
    query = parsed(text)
    if query is not None:
        again = parse(str(query))
        assert again == query
        assert str(again) == str(query)


@given(st.one_of(queries, scribbles, any_text), texts, texts)
def test_whatever_is_asked_of_whatever_text_there_is_an_answer(text: str, title: str, body: str) -> None:
    query = parsed(text)
    if query is None:
        return
    document = fold_document(title, body)
    explained = explain(query, document, source="isna.ir", language="fa")
    assert explained.satisfied == query.satisfied(document, source="isna.ir", language="fa")
    if explained.satisfied:
        assert explained.found
    assert query.terms
    assert query.search_terms


@given(st.text("ab اب\u200c_ٔـ", min_size=1, max_size=20))
def test_plain_words_mean_what_the_grammar_makes_of_them(text: str) -> None:
    """Queries of nothing but words are read without the parser: parentheses send them through it."""
    plain, read = parsed(text), parsed(f"({text})")
    assert plain == read


MISTAKES = [
    ("اسنپ | (تپسی", "unclosed_parenthesis", 7, "("),
    ('اسنپ "تپسی', "unclosed_quote", 5, '"تپسی'),
    ("اسنپ + | تپسی", "missing_operand", 5, "+"),
    ("اسنپ | از", "too_broad", 7, "از"),
    ("اسنپ، تپسی", "comma", 4, "،"),
    ("اسنپ ~ تپسی", "bad_distance", 5, "~"),
    ("اسنپ lang:xx", "bad_restriction", 10, "xx"),
    ("اسنپ site:x", "bad_restriction", 5, "site:x"),
    ("اسنپ title:", "missing_operand", 5, "title:"),
    ("اسنپ )", "unexpected", 5, ")"),
    ("اسنپ | -تپسی", "only_negative", 7, "- تپسی"),
    ("اسنپ #", "bad_tag", 5, "#"),
    ("(" * 30 + "اسنپ" + ")" * 30, "too_deep", 20, "("),
    ("اسنپ ~5 " * 11, "too_long", 85, "~"),
    ("اسنپ " * 500, "too_long", 2000, "اسنپ اسنپ اسنپ اسنپ "),
]


@pytest.mark.parametrize(
    ("text", "reason", "position", "fragment"),
    MISTAKES,
    ids=[f"{reason}-{position}" for _, reason, position, _ in MISTAKES],
)
def test_a_mistake_is_pointed_at(text: str, reason: str, position: int, fragment: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.reason, caught.value.position, caught.value.fragment) == (reason, position, fragment)


def test_terms_are_the_positive_ones() -> None:
    query = parse('دیجی‌کالا | "اسنپ" + #تخفیف - (استخدام - آگهی) title:تپسی lang:fa source:ایسنا')
    assert [str(term) for term in query.terms] == ["دیجی‌کالا", '"اسنپ"', "#تخفیف", "title:تپسی"]


SEARCHES = [
    ("دیجی کالا", ("دیجی کالا",)),
    ('دیجی‌کالا | "Digikala" - استخدام', ("دیجی‌کالا", "Digikala")),
    ("بله + (پیام‌رسان | اپلیکیشن) lang:fa", ("بله پیام‌رسان", "بله اپلیکیشن")),
    ("بله ~5 پیام‌رسان", ("بله پیام‌رسان",)),
    ("(a1|a2|a3|a4) (b1|b2|b3|b4) longest", ("longest",)),
]


@pytest.mark.parametrize(("text", "searches"), SEARCHES)
def test_what_a_network_is_searched_for(text: str, searches: tuple[str, ...]) -> None:
    assert parse(text).search_terms == searches


def test_near_needs_both_in_one_part() -> None:
    query = parse("اسنپ ~5 گران")
    assert isinstance(query.expression, Near)
    assert not query.satisfied(fold_document("اسنپ", "گران شد"))
    assert query.satisfied(fold_document("اسنپ", "گران شد اسنپ"))


def test_near_looks_at_every_pair() -> None:
    far = " کلمه" * 20
    assert parse("اسنپ ~2 گران").satisfied(fold_document("", f"اسنپ{far} گران{far} اسنپ هم گران"))
    assert not parse("اسنپ ~2 گران").satisfied(fold_document("", f"اسنپ{far} گران{far} اسنپ"))


def test_restrictions() -> None:
    document = fold_document("خبری از اسنپ", "و از تپسی")
    assert parse("title:اسنپ").satisfied(document)
    assert not parse("title:تپسی").satisfied(document)
    assert parse("تپسی - title:تپسی").satisfied(document)
    assert parse("اسنپ source:ایسنا").satisfied(document, source="خبرگزاری ایسنا https://www.isna.ir/1")
    assert parse("اسنپ source:isna.ir").satisfied(document, source="خبرگزاری ایسنا https://www.isna.ir/1")
    assert not parse("اسنپ source:ایرنا").satisfied(document, source="خبرگزاری ایسنا https://www.isna.ir/1")
    assert not parse("اسنپ - source:ایسنا").satisfied(document, source="ایسنا")
    assert parse("اسنپ lang:fa").satisfied(document, language="fa")
    assert not parse("اسنپ lang:fa").satisfied(document)


def test_why_an_article_matched() -> None:
    why = explain(parse("دیجی‌کالا | اسنپ"), fold_document("فروش ديجي كالاي ایران", ""))
    assert why.satisfied
    assert [(found.term, found.folded, found.span) for found in why.found] == [
        ("دیجی‌کالا", "دیجی کالای", Span("title", 5, 15))
    ]
    assert why.missing == ("اسنپ",)
    assert not why.blocking
    assert not why.unmet


def test_why_an_article_did_not_match() -> None:
    why = explain(parse("اسنپ - (فود | گروسری) lang:en"), fold_document("", "اسنپ فودی خورد"), language="fa")
    assert not why.satisfied
    assert [found.folded for found in why.found] == ["اسنپ"]
    assert [(found.term, found.folded) for found in why.blocking] == [("فود", "فودی")]
    assert why.unmet == ("lang:en",)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000,
        '"' * 1999,
        "a1 " * 600,
        "|" * 2000,
        "a1|" * 600,
        "- " * 1000,
        "~" * 2000,
        "#" * 2000,
        "a1 ~3 " * 300 + "a1",
        "a1 ~1 a1 ~2 a1 ~3 a1 ~4 a1 ~5 a1 ~6 a1 ~7 a1 ~8 a1 ~9 a1 ~10 a1",
    ],
)
def test_a_hostile_query_takes_no_time(text: str) -> None:
    document = fold_document("", "a1 " * 5000)
    started = time.process_time()
    query = parsed(text)
    if query is not None:
        query.satisfied(document)
        explain(query, document)
    assert time.process_time() - started < 2
