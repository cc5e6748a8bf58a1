"""Passages with a neighbour (training/joining.py)."""

import numpy as np
import pytest

from monitors.language.examples import Example, from_draft
from monitors.training.joining import LONGEST, Neighbours

DRAFT = """
# social banking informal
[[بانک آریو|neg]] {پولم رو خورد}.

# social food informal
کباب [[دودینه|pos]] {حرف نداره} 😍

# social telecom targeted
[[سیم‌راه|pos]] {بهتره از} [[نت‌کوه|neg]]

# news banking
“[[Orvanta|neu]] opens a branch.”
"""
PASSAGES = from_draft(DRAFT, "99", 1)
NEIGHBOURS = Neighbours(PASSAGES)


def joined(passage: Example, seed: int) -> Example:
    return NEIGHBOURS.joined(passage, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("passage", PASSAGES[:4], ids=lambda passage: passage.brand)
def test_what_is_said_of_the_brand_stays_where_it_is_said(passage: Example, seed: int) -> None:
    both = joined(passage, seed)
    words = [both.text[start:end] for start, end in (*both.spans, *both.evidence)]
    assert words == [passage.text[start:end] for start, end in (*passage.spans, *passage.evidence)]
    assert both.label == passage.label
    assert len(both.text) <= LONGEST


def test_a_neighbour_is_another_text_of_the_kind_before_or_after() -> None:
    found = {joined(PASSAGES[0], seed).text for seed in range(40)}
    assert any(text.startswith("بانک آریو") and "دودینه" in text for text in found)
    assert any(text.endswith("پولم رو خورد.") and "دودینه" in text for text in found)
    assert not any("Orvanta" in text for text in found)


def test_two_brands_of_one_text_are_no_neighbours() -> None:
    first = PASSAGES[2]
    assert not any(joined(first, seed).text.count("نت‌کوه") > 1 for seed in range(40))


def test_who_has_no_neighbour_stays_alone() -> None:
    assert joined(PASSAGES[-1], 0) == PASSAGES[-1]
