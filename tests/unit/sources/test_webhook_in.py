"""What tools may post: shapes, cleaning, and words about what is wrong."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import BadItems
from monitors.sources.posted import MOST_ITEMS, items_of
from monitors.sources.webhook_in import is_name


def problems(value: Any) -> dict[str, str]:
    with pytest.raises(BadItems) as caught:
        items_of(value if isinstance(value, bytes) else json.dumps(value).encode())
    return dict(caught.value.problems)


@pytest.mark.parametrize("shape", [lambda one: one, lambda one: [one], lambda one: {"items": [one]}])
def test_one_item_a_list_and_items_are_the_same(shape: Any) -> None:
    (item,) = items_of(json.dumps(shape({"title": "خبر", "guid": "1"})).encode())
    assert (item.title, item.guid, item.url) == ("خبر", "1", None)


def test_text_is_cleaned_and_cut() -> None:
    (item,) = items_of(json.dumps({"title": "a\u202e b\n c", "text": "x\x00" * 30_000, "guid": "g" * 900}).encode())
    assert item.title == "a b c"
    assert len(item.text) == 20_000
    assert item.guid.startswith("hash:")


@pytest.mark.parametrize(
    ("value", "at", "said"),
    [
        (b"{", "", "no JSON"),
        (b"\xff", "", "no JSON"),
        ("text", "items.0", "should be an object"),
        ([], "items", "1 to 100 items at a time"),
        ([{"title": "x"}] * (MOST_ITEMS + 1), "items", "1 to 100 items at a time"),
        ({"guid": "1"}, "items.0", "a title or a text is needed"),
        ({"title": " ", "text": ""}, "items.0", "a title or a text is needed"),
        ([{"title": "x"}, {"title": 7}], "items.1.title", "should be a valid string"),
        ({"title": "x", "url": "ftp://x"}, "items.0.url", "should be an address that begins with http:// or https://"),
        ({"title": "x", "url": 7}, "items.0.url", "should be an address that begins with http:// or https://"),
        ({"title": "x", "published_at": "soon"}, "items.0.published_at", "should be a date as in"),
        ({"title": "x", "published_at": True}, "items.0.published_at", "should be a date as in"),
        ({"title": "x", "language": "de"}, "items.0.language", "should be 'fa', 'en' or 'ar'"),
        ({"title": "x", "metrics": {"views": "1"}}, "items.0.metrics.views", "should be a valid integer"),
        ({"title": "x", "metrics": {"views": -1}}, "items.0.metrics.views", "should be greater than or equal to 0"),
        ({"title": "x", "metrics": {"claps": 1}}, "items.0.metrics.claps", "extra inputs are not permitted"),
        ({"titel": "x", "text": "y"}, "items.0.titel", "extra inputs are not permitted"),
        ({"title": "x", "guid": ""}, "items.0.guid", "string should have at least 1 character"),
        ({"title": "\ud800"}, "items.0.title", "should be a valid string"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(value: Any, at: str, said: str) -> None:
    assert problems(value)[at].startswith(said)


def test_not_more_than_ten_problems_are_told() -> None:
    assert len(problems([{"text": n} for n in range(50)])) == 10


def test_names() -> None:
    assert all(map(is_name, ("a", "help-desk_2", "7")))
    assert not any(map(is_name, ("", "A", "-a", "a/b", "a" * 41, "کار", "a\n")))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["title", "url", "metrics", "items"]), inner)
    ),
    max_leaves=20,
)


@given(JSON)
def test_no_json_makes_it_fail(value: Any) -> None:
    with contextlib.suppress(BadItems):
        assert all(item.guid and (item.title or item.text) for item in items_of(json.dumps(value).encode()))
