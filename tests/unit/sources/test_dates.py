from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.sources.dates import TEHRAN, parse_age, parse_date, zone_of

TEN_IN_TEHRAN = datetime(2026, 11, 12, 6, 30, tzinfo=UTC)
TEN_IN_GREENWICH = datetime(2026, 11, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 12 Nov 2026 10:00:00 +0330",
        "12 Nov 2026 10:00:00 +03:30",
        "Xxx, 12 Nov 2026 10:00:00 +0330",
        "Thu, 12 Nov 2026 10:00:00 IRST",
        "Thu, 12 Nov 2026 11:00:00 IRDT",
        "Thu, 12 Nov 26 10:00 +0330",
        "2026-11-12T10:00:00+03:30",
        "2026-11-12 10:00:00 +0330",
        "2026-11-12T06:30:00.000Z",
        "1405/08/21 10:00",
        "۱۴۰۵/۰۸/۲۱ ۱۰:۰۰",
        "۱۰:۰۰ - ۱۴۰۵/۰۸/۲۱",
        "21-08-1405 10:00",
        "1405-08-21T10:00:00+03:30",
        "1405-08-21T10:00",
        "پنجشنبه ۲۱ آبان ۱۴۰۵ - ۱۰:۰۰",
        "پنج‌شنبه، ۲۱ آبان ماه ۱۴۰۵ ساعت ۱۰:۰۰",
        "۲۱ آبان ۰۵ ۱۰:۰۰ ق.ظ",
        "1794465000",
        "1794465000000",
        "Thu Nov 12 2026 10:00:00 GMT+0330 (Iran Standard Time)",
    ],
)
def test_the_same_moment_in_many_spellings(text: str) -> None:
    assert parse_date(text) == TEN_IN_TEHRAN


@pytest.mark.parametrize(
    "text",
    [
        "12 Nov 2026 10:00:00",
        "2026-11-12 10:00:00",
        "11/12/2026 10:00 AM",
        "12.11.2026 10:00",
        "Nov 12, 2026 10:00",
        "۱۲ نوامبر ۲۰۲۶ ۱۰:۰۰",
    ],
)
def test_without_a_zone_the_publisher_s_own_counts(text: str) -> None:
    assert parse_date(text, TEHRAN) == TEN_IN_TEHRAN
    assert parse_date(text) == TEN_IN_GREENWICH


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("۱۴۰۵/۰۹/۰۱", datetime(2026, 11, 22, tzinfo=TEHRAN)),
        ("۱ آذر ۱۴۰۵", datetime(2026, 11, 22, tzinfo=TEHRAN)),
        ("۳۱ اردیبهشت ۱۴۰۵", datetime(2026, 5, 21, tzinfo=TEHRAN)),
        ("30/12/1403", datetime(2025, 3, 20, tzinfo=TEHRAN)),  # the thirtieth of Esfand, in a leap year
    ],
)
def test_a_jalali_day_begins_in_tehran(text: str, day: datetime) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu, 12 Nov 2026 24:00:00 GMT", datetime(2026, 11, 13, tzinfo=UTC)),
        ("Sat, Dec 16 2023 02:02:33 PM", datetime(2023, 12, 16, 14, 2, 33, tzinfo=UTC)),
        ("Sun, 20 Apr 2014 8:19 pm CEST", datetime(2014, 4, 20, 18, 19, tzinfo=UTC)),
        ("Wed, 1st Feb 2006 12:00:00 EST", datetime(2006, 2, 1, 17, tzinfo=UTC)),
        ("2003-12", datetime(2003, 12, 1, tzinfo=UTC)),
        ("Thu, 12 Nov 2099 10:00:00 GMT", datetime(2099, 11, 12, 10, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_spellings_that_other_parsers_miss(text: str, expected: datetime) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "همین حالا",
        "Thu, 32 Nov 2026 10:00:00 GMT",
        "0000-00-00 00:00:00",
        "Thu, 12 Nov 2026 10:00:00 +9999",
        "Thu, 12 Nov 99999 10:00:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "1405/13/01",
        "1404/12/30",  # Esfand has 29 days in a common year
        "1448/05/12",  # lunar Hijri
        "11/12/2026",  # two days, by two habits
        "1" * 2000,
        "٩٩٩٩٩٩٩٩٩٩٩٩٩",
    ],
)
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert parse_date(text) is None


def test_the_year_1405_is_never_the_middle_ages() -> None:
    assert parse_date("1405-08-21") == datetime(2026, 11, 12, tzinfo=TEHRAN)


@given(
    st.datetimes(min_value=datetime(1930, 1, 1), max_value=datetime(2090, 1, 1)),  # noqa: DTZ001 – hypothesis asks for naive bounds
    st.integers(-720, 840),
)
def test_every_rfc822_and_iso_date_is_read_back(moment: datetime, offset: int) -> None:
    zoned = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    assert parse_date(zoned.isoformat()) == zoned
    assert parse_date(zoned.strftime("%a, %d %b %Y %H:%M:%S %z")) == zoned


@given(st.text(alphabet=st.sampled_from("0123456789۰۱۲۴۵:/-+., TZآبانNovpmGMT\u200c"), max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    moment = parse_date(text, TEHRAN)
    assert moment is None or (moment.tzinfo is UTC and 1899 <= moment.year <= 2200)


@pytest.mark.parametrize(
    ("language", "address", "tehran"),
    [
        ("fa-IR", "https://example.com/rss", True),
        ("", "https://www.tabnak.ir/fa/rss/allnews", True),
        ("en", "https://en.irna.ir:443/rss", True),
        ("en-us", "https://example.com/news.ir", False),
        ("", "", False),
    ],
)
def test_persian_and_iranian_publishers_write_in_tehran(language: str, address: str, *, tehran: bool) -> None:
    assert (zone_of(language, address) is TEHRAN) == tehran


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("۳ ساعت پیش", timedelta(hours=3)),
        ("یک روز قبل", timedelta(days=1)),
        ("۲ هفته پیش", timedelta(weeks=2)),
        ("لحظاتی پیش", timedelta()),
        ("دیروز", timedelta(days=1)),
        ("an hour ago", timedelta(hours=1)),
        ("2 years ago", timedelta(days=730.5)),
        ("۳ ساعت", None),
        ("پیش", None),
        ("1" * 200, None),
        ("۶ اردیبهشت ۱۳۹۳", None),
    ],
)
def test_ages_are_read_in_words(text: str, age: timedelta | None) -> None:
    assert parse_age(text) == age
