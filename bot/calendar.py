"""Moments, days and numbers as a chat's language writes them: Jalali and Persian digits, or Gregorian. Pure.

Storage is UTC; a `Clock` is how a chat looks at it: a time zone and a language.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from persiantools import digits
from persiantools.jdatetime import JalaliDate

from bot.chats import ChatLanguage
from bot.direction import ALM

WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")  # Monday first, as date.weekday()
MONTHS = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_DAY_AND_MONTH = re.compile(rf"(\d{{1,2}})\s+({'|'.join(MONTHS)})(?:\s+(\d{{4}}))?$")
FIRST_GREGORIAN_YEAR = 1900  # a year below it is Jalali


@dataclass(frozen=True, slots=True)
class Clock:
    """How a chat reads time."""

    zone: ZoneInfo
    language: ChatLanguage

    def today(self, now: datetime) -> date:
        """The day that `now` falls on here."""
        return now.astimezone(self.zone).date()

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """The UTC moments between which the day lies."""
        start, end = (datetime.combine(some, time(), self.zone) for some in (day, day + timedelta(days=1)))
        return start.astimezone(UTC), end.astimezone(UTC)

    def moment(self, at: datetime) -> str:
        """«دوشنبه ۱۱ اسفند، ۱۸:۳۰», "Monday 2 March, 18:30"."""
        local = at.astimezone(self.zone)
        comma = "،" if self.language == "fa" else ","
        return f"{self._day(local.date(), year=False)}{comma} {self._digits(f'{local:%H:%M}')}"

    def day(self, day: date) -> str:
        """«سه‌شنبه ۱۲ اسفند ۱۴۰۴», "Tuesday 3 March 2026"."""
        return self._day(day, year=True)

    def short_day(self, day: date) -> str:
        """«۱۲ اسفند», "3 Mar": for charts."""
        if self.language == "en":
            return f"{day.day} {day:%b}"
        jalali = JalaliDate(day)
        return self._digits(f"{jalali.day} {MONTHS[jalali.month - 1]}")

    def weekday(self, weekday: int) -> str:
        """The name of a day of the week (0 is Monday), short in English."""
        return WEEKDAYS[weekday] if self.language == "fa" else calendar.day_abbr[weekday]

    def hour(self, at: datetime) -> str:
        """«۱۸:۳۰», "18:30"."""
        return self._digits(f"{at.astimezone(self.zone):%H:%M}")

    def number(self, value: float) -> str:
        """«۱٬۲۸۴», "1,284"; a fraction keeps one decimal."""
        plain = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
        return self._digits(plain).replace(",", "٬").replace(".", "٫") if self.language == "fa" else plain

    def percent(self, share: float) -> str:
        """A share of one as «۳۸٪», "38%". The letter mark before it keeps sign and number together in a chat."""
        whole = round(share * 100)
        return f"{ALM}{self._digits(str(whole))}٪" if self.language == "fa" else f"{whole}%"

    def duration(self, span: timedelta) -> str:
        """The largest two units: «۳ ساعت و ۵ دقیقه», "3 h 5 min"."""
        seconds = max(0, round(span.total_seconds()))
        days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
        fa = self.language == "fa"
        units = (
            (days, "روز" if fa else "d"),
            (hours, "ساعت" if fa else "h"),
            (minutes, "دقیقه" if fa else "min"),
            (seconds % 60, "ثانیه" if fa else "s"),
        )
        first = next((place for place, (count, _) in enumerate(units) if count), 3)
        shown = [f"{self.number(count)} {unit}" for count, unit in units[first : first + 2] if count]
        return (" و " if fa else " ").join(shown) or f"{self.number(0)} {units[3][1]}"

    def _day(self, day: date, *, year: bool) -> str:
        if self.language == "en":
            return f"{day:%A} {day.day} {day:%B}" + (f" {day.year}" if year else "")
        jalali = JalaliDate(day)
        text = f"{WEEKDAYS[day.weekday()]} {jalali.day} {MONTHS[jalali.month - 1]}"
        return self._digits(f"{text} {jalali.year}" if year else text)

    def _digits(self, text: str) -> str:
        return str(digits.en_to_fa(text)) if self.language == "fa" else text


def parse_day(text: str, today: date) -> date | None:
    """A day as people write it: 1405/09/01, ۱۴۰۵-۹-۱, 2026-11-22, «۱ آذر», «۱ آذر ۱۴۰۵»; None for anything else."""
    plain = digits.ar_to_fa(text.strip())
    plain = digits.fa_to_en(plain)
    try:
        if found := _DATE.match(plain):
            year, month, day = map(int, found.groups())
            return (
                date(year, month, day) if year >= FIRST_GREGORIAN_YEAR else JalaliDate(year, month, day).to_gregorian()
            )
        if found := _DAY_AND_MONTH.match(plain):
            this_year = JalaliDate(today).year
            year = int(found[3] or this_year)
            return JalaliDate(year, MONTHS.index(found[2]) + 1, int(found[1])).to_gregorian()
    except ValueError:
        return None
    return None
