"""Dates, numbers and spans of time as a Persian and an English chat read them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.calendar import Clock, parse_day

TEHRAN = ZoneInfo("Asia/Tehran")
FA, EN = Clock(TEHRAN, "fa"), Clock(TEHRAN, "en")
AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def test_a_moment_is_jalali_and_in_tehran() -> None:
    assert FA.moment(AT) == "دوشنبه ۱۱ اسفند، ۱۸:۳۰"
    assert EN.moment(AT) == "Monday 2 March, 18:30"


def test_a_day_has_its_year() -> None:
    assert FA.day(date(2026, 3, 3)) == "سه‌شنبه ۱۲ اسفند ۱۴۰۴"
    assert EN.day(date(2026, 3, 3)) == "Tuesday 3 March 2026"


def test_a_day_begins_at_midnight_in_tehran() -> None:
    since, until = FA.bounds(date(2026, 3, 3))
    assert since == datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
    assert until - since == timedelta(days=1)
    assert FA.today(since) == date(2026, 3, 3)
    assert FA.today(since - timedelta(seconds=1)) == date(2026, 3, 2)


def test_numbers_and_shares() -> None:
    assert FA.number(1284) == "۱٬۲۸۴"
    assert EN.number(1284) == "1,284"
    assert FA.number(2.5) == "۲٫۵"
    assert FA.percent(0.376) == "\u061c۳۸٪"
    assert EN.percent(0.376) == "38%"


@pytest.mark.parametrize(
    ("span", "fa", "en"),
    [
        (timedelta(0), "۰ ثانیه", "0 s"),
        (timedelta(seconds=42), "۴۲ ثانیه", "42 s"),
        (timedelta(hours=3, minutes=5, seconds=9), "۳ ساعت و ۵ دقیقه", "3 h 5 min"),
        (timedelta(days=2), "۲ روز", "2 d"),
    ],
)
def test_durations_say_their_two_largest_units(span: timedelta, fa: str, en: str) -> None:
    assert FA.duration(span) == fa
    assert EN.duration(span) == en


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("1405/09/01", date(2026, 11, 22)),
        ("۱۴۰۵/۰۹/۰۱", date(2026, 11, 22)),
        ("١٤٠٥-٩-١", date(2026, 11, 22)),
        ("2026-11-22", date(2026, 11, 22)),
        ("۱ آذر", date(2026, 11, 22)),
        ("1 آذر 1404", date(2025, 11, 22)),
        ("1405/13/01", None),
        ("1404/12/30", None),
        ("روزی", None),
    ],
)
def test_days_are_read_as_people_write_them(words: str, day: date | None) -> None:
    assert parse_day(words, date(2026, 11, 25)) == day
