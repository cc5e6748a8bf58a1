"""Advice about queries that find too much: names that are common words, and words to exclude."""

import pytest

from monitors.language.advice import homographs, words_to_exclude
from monitors.language.common_words import HOMOGRAPHS
from monitors.language.query import parse
from monitors.language.text import fold_document


@pytest.mark.parametrize("name", ["دیوار", "سامان", "بله", "آپ", "ديوار", "Apple"])
def test_a_name_that_is_a_common_word_is_pointed_out(name: str) -> None:
    (warning,) = homographs(parse(name))
    assert warning.term == name
    assert warning.context


def test_the_proposal_is_a_query_that_tells_the_name_from_the_word() -> None:
    (warning,) = homographs(parse("بله"))
    proposal = parse(warning.proposal)
    assert proposal.satisfied(fold_document("", "پیام‌رسان بله به‌روز شد"))
    assert not proposal.satisfied(fold_document("", "بله، موافقم"))
    assert homographs(proposal) == ()


def test_every_homograph_has_a_proposal_that_can_be_read() -> None:
    for name in HOMOGRAPHS:
        (warning,) = homographs(parse(name))
        assert warning.context == HOMOGRAPHS[name]
        parse(warning.proposal)


@pytest.mark.parametrize(
    "query", ["بله + پیام‌رسان", "بله ~5 اپلیکیشن", "#بله", "پیام‌رسان بله", "دیجی‌کالا", "(سامان | ملت) + بانک"]
)
def test_a_name_in_context_needs_no_warning(query: str) -> None:
    assert homographs(parse(query)) == ()


@pytest.mark.parametrize("query", ["دیجی‌کالا | بله", "بله - نخیر", "بله lang:fa", "title:بله", '"بله"'])
def test_alternatives_exclusions_and_restrictions_are_no_context(query: str) -> None:
    assert [warning.term for warning in homographs(parse(query))] == ["بله"]


def test_words_to_exclude_are_those_that_stand_beside_the_name() -> None:
    query = parse("دیوار")
    walls = [fold_document("", f"کارگران دیوارِ آجری خانهٔ شمارهٔ {n} را خراب کردند و قیمت رفت") for n in range(20)]
    adverts = [fold_document("", f"آگهی شمارهٔ {n} را در دیوار گذاشتند و قیمت رفت") for n in range(20)]
    others = [fold_document("", f"قیمت خانه در محلهٔ {n} بالا رفت") for n in range(100)]
    proposed = words_to_exclude(query, walls + adverts, others)
    assert len(proposed) == 5
    assert {"آجری", "کارگران", "خراب", "کردند", "آگهی", "گذاشتند"} >= set(proposed)
    assert not {"دیوار", "قیمت", "رفت", "را", "خانهٔ"} & set(proposed)


def test_nothing_is_proposed_where_nothing_matches() -> None:
    assert words_to_exclude(parse("دیوار"), [], []) == []
