"""The rules of matching, each from both sides: cases.tsv is the table, and may be read as the specification."""

from pathlib import Path

import pytest

from monitors.errors import QueryError
from monitors.language.match import Matcher
from monitors.language.query import parse
from monitors.language.text import detect_language, fold_document

LINES = Path(__file__).with_name("cases.tsv").read_text("utf-8").splitlines()
CASES = [line.split("\t") for line in LINES if not line.startswith("# ")]


@pytest.mark.parametrize(("query", "text", "expected", "why"), CASES, ids=[" ".join(case[3:]) for case in CASES])
def test_a_query_and_a_text(query: str, text: str, expected: str, why: str) -> None:
    if expected.startswith("error:"):
        with pytest.raises(QueryError) as caught:
            parse(query)
        assert caught.value.reason == expected.removeprefix("error:"), why
    else:
        found = Matcher([(1, parse(query))]).find(fold_document("", text), language=detect_language(text))
        assert len(found) == int(expected), why


def test_the_table_is_large_and_says_each_thing_once() -> None:
    assert len(CASES) >= 150
    assert len({(query, text) for query, text, *_ in CASES}) == len(CASES)
