"""Periods as people write them, alone and behind other words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.bulletin import UnknownPeriod, closing, period
from bot.calendar import Clock

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
