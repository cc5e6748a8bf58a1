from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from monitors.errors import AskedTooOften, NotTheAnswer
from monitors.kinds import Body
from monitors.sources.gdelt import Gdelt
from tests.shared import SHARED, needs_shared

SEARCH = Gdelt()
SAMPLES = SHARED / "data" / "samples" / "gdelt"


def asked(address: str, cursor: str | None = None) -> dict[str, str]:
    query = parse_qs(urlsplit(SEARCH.request(address, cursor).url).query)
    return {name: values[0] for name, values in query.items()}


@pytest.mark.parametrize(
    ("terms", "query"),
    [
        (["Paknosh"], "Paknosh"),
        (["Paknosh", "taksan", "#digi"], "(digi OR Paknosh OR taksan)"),
        (["bank namoone"], "bank namoone"),
        (["D-Wave drinks"], '"D-Wave" drinks'),
        (["AT&T news"], "news"),
        (["#pak_nosh"], "pak nosh"),
        (["پاکنوش Paknosh"], "Paknosh"),
    ],
)
def test_queries_are_as_gdelt_wants_them(terms: list[str], query: str) -> None:
    (address,) = SEARCH.addresses(terms)
    assert asked(address)["query"] == query


def test_what_gdelt_cannot_search_is_not_searched() -> None:
    assert SEARCH.addresses(["پاکنوش", "AI", "C++", "", "x" * 251]) == ()


def test_many_words_are_few_searches() -> None:
    addresses = SEARCH.addresses([f"brand{number}" for number in range(100)])
    assert 10 <= len(addresses) <= 25


def test_the_window_begins_a_little_before_the_newest_article() -> None:
    assert asked("paknosh")["timespan"] == "1week"
    recently = datetime.now(UTC) - timedelta(hours=5)
    start = asked("paknosh", recently.isoformat())["startdatetime"]
    assert start == (recently - timedelta(hours=2)).strftime("%Y%m%d%H%M%S")


def test_the_window_is_never_longer_than_gdelt_remembers() -> None:
    start = asked("paknosh", "2020-01-01T00:00:00+00:00")["startdatetime"]
    assert datetime.strptime(start, "%Y%m%d%H%M%S").replace(tzinfo=UTC) > datetime.now(UTC) - timedelta(days=90)
    assert asked("paknosh", "soon")["timespan"] == "1week"


@pytest.mark.parametrize(
    "words",
    [
        "The specified phrase is too short.",
        "Queries containing OR'd terms must be surrounded by ().",
        "One or more of your keywords contained an illegal character.",
        "Your query was too short or too long.",
    ],
)
def test_prose_is_an_error_in_its_own_words(words: str) -> None:
    with pytest.raises(NotTheAnswer) as caught:
        SEARCH.parse(Body(words.encode(), ""), "paknosh", None)
    assert caught.value.what == words
    assert not isinstance(caught.value, AskedTooOften)


def test_an_empty_object_is_no_news() -> None:
    page = SEARCH.parse(Body(b"{}", ""), "paknosh", None)
    assert (page.items, page.cursor) == ((), None)


@needs_shared
def test_captured_answers_are_read() -> None:
    page = SEARCH.parse(Body((SAMPLES / "artlist_live_2026-07-27_one_article.json").read_bytes(), ""), "tesla", None)
    (item,) = page.items
    assert item.title == "Besplatan ulaz u Muzej Nikole Tesle za njegov 170. rođendan"
    assert (item.outlet, item.language, item.published_at) == (
        "blic.rs",
        None,
        datetime(2026, 7, 9, 12, tzinfo=UTC),
    )
    assert page.cursor == "2026-07-09T12:00:00+00:00"


@needs_shared
def test_captured_refusals_are_errors() -> None:
    for name, kind in (
        ("error_too_many_records_HTTP200", NotTheAnswer),
        ("error_rate_limit_HTTP429", AskedTooOften),
    ):
        with pytest.raises(kind):
            SEARCH.parse(Body((SAMPLES / f"{name}.txt").read_bytes(), ""), "tesla", None)
