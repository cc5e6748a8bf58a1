"""Warnings of a year, as a stranger would judge them who only has the command and a table of counts."""

import pytest

from tests.benchmarks.spike_years import NOISES, judged, year

pytestmark = pytest.mark.acceptance


def test_threefold_storms_are_found_within_two_hours_at_few_false_alarms() -> None:
    years = [year(volume, noise, seed=90) for volume, noise in ((20.0, NOISES[0]), (50.0, NOISES[2]))]
    score = judged(years)
    assert score.found >= 0.95 * score.possible > 60
    assert score.false / len(years) <= 12, "one a month"
