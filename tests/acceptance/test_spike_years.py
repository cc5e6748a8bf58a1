"""Warnings of months, as a stranger would judge them who only has the command and a table of counts."""

import pytest

from tests.benchmarks.spike_years import NOISES, judged, year

pytestmark = pytest.mark.acceptance


def test_threefold_storms_are_found_within_two_hours_at_few_false_alarms() -> None:
    score = judged([year(20.0, NOISES[0], seed=90).first(days=120)])
    assert score.found >= 0.95 * score.possible > 10
    assert score.false <= 4, "one a month"
