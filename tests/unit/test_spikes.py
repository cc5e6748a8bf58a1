"""Warnings of what is said more often than usual, on simulated months: tests/benchmarks/spikes.py makes and measures years."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitors.spikes import HOUR, Hour, Kind, Sensitivity, Spike, current, warnings
from tests.benchmarks.spikes import BRANDS, START, Brand, Year, false_alarms, found, year

LARGE = next(brand for brand in BRANDS if brand.name == "large")


def simulated(brand: Brand, days: int = 60) -> list[Hour]:
    return list(year(brand, 1, storms=False, days=days).hours)


def warned(hours: list[Hour], sensitivity: Sensitivity = "middle") -> list[Spike]:
    return list(warnings(hours, sensitivity)[sensitivity])


def raised(hours: list[Hour], begin: int, length: int, times: int) -> list[Hour]:
    """The hours with a storm in them."""
    return [
        replace(hour, mentions=hour.mentions * times + times) if begin <= place < begin + length else hour
        for place, hour in enumerate(hours)
    ]


@pytest.mark.parametrize("brand", BRANDS, ids=[brand.name for brand in BRANDS])
def test_false_alarms_are_at_most_one_a_month_at_the_middle_level(brand: Brand) -> None:
    assert false_alarms(year(brand, 11, storms=False), "middle") <= 1.0


def test_threefold_storms_of_a_large_brand_are_found_within_two_hours() -> None:
    hits, storms = map(sum, zip(*(found(year(LARGE, seed, storms=True), "middle") for seed in range(3)), strict=True))
    assert hits >= 0.95 * storms > 20


def test_a_higher_sensitivity_warns_at_least_as_often() -> None:
    months: Year = year(LARGE, 3, storms=True, days=60)
    low, middle, high = map(len, warnings(months.hours, "low", "middle", "high").values())
    assert low <= middle <= high
    assert low < high


def test_the_second_day_is_judged_by_the_first() -> None:
    hours = raised(simulated(LARGE, 2), 34, 3, 5)
    found = warned(hours)
    assert [spike.kind for spike in found][:1] == ["mentions"]
    assert found[0].start in {START + 34 * HOUR, START + 35 * HOUR}
    assert not warned(hours[:34]), "the first morning rush is no spike"


def test_one_storm_is_told_once_and_again_when_it_has_doubled() -> None:
    noon = 40 * 24 + 12
    steady = raised(simulated(LARGE), noon, 5, 4)
    of_steady = [spike for spike in warned(steady) if spike.start >= START + noon * HOUR]
    assert len([spike for spike in of_steady if spike.kind == "mentions"]) == 1
    rising = raised(steady, noon + 2, 3, 4)
    of_rising = [spike for spike in warned(rising) if spike.start >= START + noon * HOUR]
    assert len([spike for spike in of_rising if spike.kind == "mentions"]) == 2
    assert of_rising[-1].since <= START + (noon + 1) * HOUR, "it goes back to where it began"


def test_negative_mentions_are_watched_apart() -> None:
    noon = 40 * 24 + 12
    hours = simulated(LARGE)
    angry = [replace(hour, negative=hour.mentions) if noon <= i < noon + 3 else hour for i, hour in enumerate(hours)]
    assert {spike.kind for spike in warned(angry) if spike.start >= START + noon * HOUR} == {"negative"}


def test_an_outage_and_what_follows_it_are_no_spike() -> None:
    hours = [hour for place, hour in enumerate(simulated(LARGE)) if not 700 <= place < 760]
    after = START + 700 * HOUR
    assert not [s for s in warned(hours) if after <= s.start < after + timedelta(days=4)]


def test_the_running_hour_is_judged_like_the_past_ones() -> None:
    storm = 40 * 24 + 12
    hours = raised(simulated(LARGE), storm, 2, 5)[: storm + 1]
    (spike,) = current(hours, "middle", {})
    assert (spike.start, spike.kind) == (START + storm * HOUR, "mentions")
    assert spike.times > 3
    before: dict[Kind, Spike] = {"mentions": spike}
    assert current(hours, "middle", before) == ()


@pytest.mark.parametrize("sensitivity", ["low", "middle", "high"])
def test_nothing_said_is_nothing_to_warn_of(sensitivity: Sensitivity) -> None:
    silent = [Hour(START + place * HOUR, 0, 0) for place in range(24 * 10)]
    assert not warned(silent, sensitivity)
    assert not warned([], sensitivity)
    moment: datetime = START
    assert not warned([Hour(moment, 500, 500)], sensitivity), "nobody knows yet what is usual"
