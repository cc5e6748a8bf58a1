"""Periods as people write them, alone and behind other words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.bulletin import UnknownPeriod, closing, latest, period
from bot.calendar import Clock
from bot.numbers import whole_days

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLOCK = Clock(ZoneInfo("Asia/Tehran"), "fa")


@pytest.mark.parametrize(
    ("words", "name"),
    [("", "today"), ("دیروز", "yesterday"), ("۷", "7d"), ("30D", "30d"), ("ماه", "30d"), ("۹۰d", "90d")],
)
def test_a_period_is_named(words: str, name: str) -> None:
    found = period(words, NOW, CLOCK)
    assert found
    assert found.name == name


@pytest.mark.parametrize(
    ("words", "rest", "name"),
    [
        ("ایران خودرو 7d", "ایران خودرو", "7d"),
        ("اسنپ ۱ آذر ۱۴۰۵", "اسنپ", "day"),
        ("اسنپ ۱ آذر", "اسنپ", "day"),
        ("اسنپ 1405/09/01", "اسنپ", "day"),
        ("Snapp yesterday", "Snapp", "yesterday"),
        ("30d", "", "30d"),
        ("اسنپ ۱ آبان تا ۵ آبان", "اسنپ", "range"),
        ("اسنپ ۱ آبان ۱۴۰۵ تا ۵ آبان ۱۴۰۵", "اسنپ", "range"),
        ("Snapp 2026-11-01 to 2026-11-10", "Snapp", "range"),
        ("3 2026-11-01..2026-11-10", "3", "range"),
        ("آیفون 7", "آیفون 7", None),
        ("بیمه ماه", "بیمه ماه", None),
        ('"دنیای امروز"', '"دنیای امروز"', None),
        ("", "", None),
    ],
)
def test_a_period_closes_other_words(words: str, rest: str, name: str | None) -> None:
    left, found = closing(words, NOW, CLOCK)
    assert (left, found.name if found else None) == (rest, name)


def test_a_length_that_there_is_not_is_no_word() -> None:
    with pytest.raises(UnknownPeriod, match="5w"):
        closing("اسنپ 5w", NOW, CLOCK)


def test_the_length_before_is_as_long() -> None:
    found = period("30d", NOW, CLOCK)
    assert found
    assert found.before == (NOW - timedelta(days=60), NOW - timedelta(days=30))


def test_a_range_holds_both_its_days_and_is_asked_for_again_by_them() -> None:
    found = period("۱ آبان تا ۵ آبان", NOW, CLOCK)
    assert found
    assert (found.since, found.until) == (
        datetime(2026, 10, 22, 20, 30, tzinfo=UTC), datetime(2026, 10, 27, 20, 30, tzinfo=UTC)
    )  # fmt: skip
    assert found.before[1] == found.since
    assert found.call == "2026-10-23..2026-10-27"
    assert period(found.call, NOW, CLOCK) == found


@pytest.mark.parametrize(
    "words", ["۵ آبان تا ۱ آبان", "2020-01-01..2026-01-01", "۱ آبان تا", "1..2", "۱ آبان تا ۳۵ آبان"]
)
def test_what_is_no_range_is_none(words: str) -> None:
    assert period(words, NOW, CLOCK) is None


@pytest.mark.parametrize("name", ["7d", "30d", "90d"])
def test_charts_count_whole_days_and_compare_with_as_many(name: str) -> None:
    days = int(name[:-1])
    found = whole_days(latest(name, NOW), CLOCK)
    assert found.since == datetime(2026, 11, 21, 20, 30, tzinfo=UTC) - timedelta(days=days - 1)
    assert found.until == NOW
    assert found.before == (found.since - timedelta(days=days), NOW - timedelta(days=days))


@pytest.mark.parametrize("words", ["today", "yesterday", "24h", "1405/09/01"])
def test_short_periods_stay_as_they_are(words: str) -> None:
    found = period(words, NOW, CLOCK)
    assert found
    assert whole_days(found, CLOCK) == found
    again = period(found.call, NOW, CLOCK)
    assert again == found
