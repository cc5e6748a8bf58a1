"""What the full-text index proposes holds everything that the query would accept."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import QueryError
from monitors.language.archive import candidates
from monitors.language.query import parse
from monitors.language.terms import suffixes
from monitors.language.text import fold, fold_document
from tests.unit.language.strategies import PERSIAN, ZWNJ, names, queries


def proposes(query: str, title: str, text: str) -> bool:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE VIRTUAL TABLE archive USING fts5(folded, tokenize = 'unicode61 remove_diacritics 0')")
        database.execute("INSERT INTO archive VALUES (?)", (fold_document(title, text).folded,))
        return bool(
            database.execute("SELECT 1 FROM archive WHERE archive MATCH ?", (candidates(parse(query)),)).fetchall()
        )


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("دیجی‌کالا", "فروش ديجي كالاي ایران"),
        ("دیجیکالا", "#دیجی_کالا"),
        ("دیجی کالا", "دیجیکالاها"),
        ("آپ", "آپی‌ها"),
        ("پژو", "پژو۲۰۶"),
        ("ایران‌خودرو ۲۰۷", "ایران خودرو207"),
        ("AT&T | C++", "c++"),
        ("4.5G", "شبکهٔ ۴٫۵G"),
        ("snapp", "Snappها"),
        ("#تخفیف", "#تخفیف"),
        ('"اسنپ" - فود', "اسنپ"),
        ("title:اسنپ + lang:fa", "اسنپ"),
        ("از + اسنپ ~3 گران", "اسنپ گران"),
        ("علی‌بابا", "علي بابا"),
        ("علی‌بابا", "علی باب ا"),
    ],
)
def test_it_proposes_every_spelling(query: str, text: str) -> None:
    assert proposes(query, "", text)


@pytest.mark.parametrize(("query", "text"), [("ترب", "تربیت بیشتر بود"), ("اسنپ + تپسی", "اسنپ"), ("آپ", "آپارات")])
def test_it_does_not_propose_everything(query: str, text: str) -> None:
    assert not proposes(query, "", text)


@given(names, st.data())
def test_what_the_matcher_accepts_is_proposed(name: list[str], data: st.DataObject) -> None:
    written = data.draw(st.sampled_from(["", " ", ZWNJ, "_"])).join(name)
    at = data.draw(st.integers(1, len(written) - 1))
    written = written[:at] + data.draw(st.sampled_from(["", "", " ", ZWNJ])) + written[at:]
    joined = "".join(name)
    written += data.draw(st.sampled_from(["", *sorted(suffixes(joined))]))
    query = f"{' '.join(name)} | نام دیگر"
    try:
        accepted = parse(query).satisfied(fold_document("", f"در {written}، به"))
    except QueryError:
        return
    assert proposes(query, "", f"در {written}، به") >= accepted


@given(queries, st.lists(st.text(PERSIAN, min_size=1, max_size=5), max_size=5))
def test_every_query_becomes_an_expression_that_the_index_can_read(query: str, words: list[str]) -> None:
    try:
        accepted = parse(query).satisfied(fold_document(fold(query), " ".join(words)), source="isna.ir", language="fa")
    except QueryError:
        return
    assert proposes(query, fold(query), " ".join(words)) >= accepted


def test_the_longest_query_is_no_burden() -> None:
    query = "|".join(f"نام{number} دیگر" for number in range(160))
    assert proposes(query, "", "نام۱۵۹ دیگر")
