"""Terms share searches, and stay where they are when others come and go."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from monitors.sources.batches import packed, terms_of

WORDS = st.text("abcdefابپت", min_size=1, max_size=8)
TERMS = st.sets(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), max_size=40)


def fits(terms: Sequence[str]) -> bool:
    return len(terms) <= 5 and len(" OR ".join(terms)) <= 60


def test_terms_share_a_search_as_far_as_they_fit() -> None:
    assert packed(["پاکنوش", "تک‌سان", "بانک نمونه"], fits) == ("بانک نمونه | تک‌سان | پاکنوش",)
    assert terms_of("بانک نمونه | تک‌سان | پاکنوش") == ("بانک نمونه", "تک‌سان", "پاکنوش")
    assert packed([], fits) == ()


def test_signs_of_query_languages_are_no_part_of_a_term() -> None:
    assert packed(['"pak" | nosh', "pak  nosh", ' "'], fits) == ("pak nosh",)


def test_what_fits_nowhere_is_left_out() -> None:
    assert packed(["x" * 61, "pak"], fits) == ("pak",)


@given(TERMS)
def test_every_term_is_searched_for_once(terms: set[str]) -> None:
    addresses = packed(terms, fits)
    found = [term for address in addresses for term in terms_of(address)]
    assert sorted(found) == sorted(terms)
    assert all(fits(terms_of(address)) for address in addresses)


@given(TERMS)
def test_the_order_of_the_terms_changes_nothing(terms: set[str]) -> None:
    assert packed(sorted(terms), fits) == packed(sorted(terms, reverse=True), fits)


@given(TERMS.filter(bool))
def test_a_term_that_comes_or_goes_changes_one_search(terms: set[str]) -> None:
    one = min(terms)
    without, all_of_them = set(packed(terms - {one}, fits)), set(packed(terms, fits))
    assert len(without - all_of_them) <= 1, "coming, it changes or divides one"
    assert len([address for address in all_of_them - without if one in terms_of(address)]) == 1


def test_searches_are_few() -> None:
    terms = [f"brand{number}" for number in range(1000)]
    sizes = [len(terms_of(address)) for address in packed(terms, fits)]
    assert len(sizes) < 1000 / 5 * 2
