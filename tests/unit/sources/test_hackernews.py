import json
from urllib.parse import parse_qs, urlsplit

import pytest

from monitors.errors import NotTheAnswer
from monitors.kinds import Body
from monitors.sources.hackernews import HackerNews
from tests.shared import SHARED, needs_shared

SEARCH = HackerNews()
SAMPLES = SHARED / "data" / "samples" / "hackernews_algolia"


def asked(address: str, cursor: str | None = None) -> dict[str, str]:
    query = parse_qs(urlsplit(SEARCH.request(address, cursor).url).query)
    return {name: values[0] for name, values in query.items()}


def test_single_words_share_a_search_and_names_do_not() -> None:
    addresses = SEARCH.addresses(["paknosh", "#taksan", "bank namoone", "C++", "دیجی‌نمونه"])
    assert set(addresses) == {"#taksan | paknosh", "bank namoone", "C++", "دیجی‌نمونه"}
    together = asked("#taksan | paknosh")
    assert together["query"] == together["optionalWords"] == "taksan paknosh"
    alone = asked("bank namoone")
    assert (alone["query"], "optionalWords" in alone) == ("bank namoone", False)


def test_many_words_are_few_searches() -> None:
    addresses = SEARCH.addresses([f"brand{number}" for number in range(200)])
    assert 10 <= len(addresses) <= 25
    assert all(len(asked(address)["query"].encode()) <= 512 for address in addresses)


def test_what_no_query_holds_is_not_searched() -> None:
    assert SEARCH.addresses(["", "#", "_", "x" * 501]) == ()


def test_a_bookmark_that_is_none_is_passed_over() -> None:
    assert "numericFilters" not in asked("paknosh", "soon")
    assert asked("paknosh", "7200")["numericFilters"] == "created_at_i>3600"


@needs_shared
def test_captured_answers_are_read() -> None:
    body = (SAMPLES / "python-hacker-news_1.1.json").read_bytes()
    page = SEARCH.parse(Body(body, "https://hn.algolia.com/api/v1/search_by_date"), "x", None)
    hits = json.loads(body)["hits"]
    assert [item.guid for item in page.items] == [hit["objectID"] for hit in hits]
    assert page.items[0].text.startswith("Your example perfectly illustrates why")
    assert "left/right check when my signal comes on.\n\nI don't have to" in page.items[0].text
    assert page.cursor == "1542316234"


@needs_shared
def test_another_document_of_the_same_network_is_no_answer() -> None:
    with pytest.raises(NotTheAnswer):
        SEARCH.parse(Body((SAMPLES / "python-hacker-news_item.json").read_bytes(), ""), "x", None)
