"""Dates as publishers write them → UTC. Both calendars, both digits, the formats of RFC 822, ISO 8601 and of people.

A date is found in three steps, wherever its parts stand: the time with its zone, a numeric date or one with a month's
name, the calendar by the year (1405 is Jalali, for no feed reports from the Middle Ages). What is not understood is
None, never a guess: the caller knows when it fetched.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

TEHRAN = ZoneInfo("Asia/Tehran")

_LONGEST = 100  # characters; what is longer is no date
_YEARS = range(1900, 2200)
_JALALI_YEARS = range(1300, 1431)  # 1921–2052; lunar Hijri years (1448 in 2026) lie beyond and are not guessed at
_EPOCH_START, _EPOCH_END = 100_000_000, 7_000_000_000  # seconds: 1973–2191
_LARGEST_OFFSET = 14 * 60  # minutes

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩يكىأإؤ،", "01234567890123456789یکیااو,", "\u200e\u200f\u200c\u2069\u2066")

_ENGLISH = "jan feb mar apr may jun jul aug sep oct nov dec"
_JALALI = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_PERSIAN = "ژانویه فوریه مارس آوریل مه ژوین ژوییه اوت سپتامبر اکتبر نوامبر دسامبر"
_ARABIC = "ینایر فبرایر مارس ابریل مایو یونیو یولیو اغسطس سبتمبر اکتوبر نوفمبر دیسمبر"
_VARIANTS = {"امرداد": 5, "می": 5, "ژوئن": 6, "ژوئیه": 7, "جولای": 7, "ژولای": 7, "آگوست": 8, "آوت": 8, "اوریل": 4}


def _numbered(names: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(names.split(), 1)}


_JALALI_MONTHS = {**_numbered(_JALALI), "امرداد": 5}
_MONTHS = {**_numbered(_ENGLISH), **_numbered(_PERSIAN), **_numbered(_ARABIC), **_VARIANTS}

# Hours east of Greenwich. The American names are those of RFC 822; IRST and IRDT are what Iranian servers write.
_ZONES = {
    name: timezone(timedelta(hours=hours))
    for hours, names in (
        (0, "z ut utc gmt wet"),
        *((-8, "pst"), (-7, "pdt mst"), (-6, "mdt cst"), (-5, "cdt est"), (-4, "edt")),
        *((1, "bst west cet met"), (2, "cest mest eet"), (3, "eest msk"), (3.5, "irst"), (4, "gst"), (4.5, "irdt aft")),
        *((5, "pkt"), (9, "jst kst"), (10, "aest"), (11, "aedt")),
    )
    for name in names.split()
}

# What nearly all RSS feeds write (RFC 822 with four digits of year): ten times faster than the search below.
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|([+-])(\d\d)(\d\d))"
)
_TIME = re.compile(
    r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{1,2})(?:[.,]\d+)?)?"
    r"\s*(?:(am|pm|a\.m\.|p\.m\.|ق\.?ظ|ب\.?ظ|صبح|عصر|بعدازظهر)(?!\w))?"
    r"\s*(?:(?:etc/|gmt|utc)?\s?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?!\d)|(?P<name>[a-z]{1,4})(?![a-z/]))?"
)
_AFTERNOON = ("pm", "p.m.", "بظ", "ب.ظ", "عصر", "بعدازظهر")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[-/. ]{0,3}([^\W\d_]{2,12})[-/., ]{0,3}(?:ماه |سال )?(\d{4}|\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{2,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_AGO = re.compile(
    r"(?:(\d{1,4}|یک|an?)\s?)?(second|minute|hour|day|week|month|year|ثانیه|دقیقه|ساعت|روز|هفته|ماه|سال|لحظاتی|لحظه)s?"
    r"\s(?:پیش|قبل|ago)"
)
_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_629_800,
    "year": 31_557_600,
    "ثانیه": 1,
    "دقیقه": 60,
    "ساعت": 3600,
    "روز": 86_400,
    "هفته": 604_800,
    "ماه": 2_629_800,
    "سال": 31_557_600,
}
_DAYS_AGO = {"امروز": 0, "دیروز": 1, "پریروز": 2, "today": 0, "yesterday": 1, "just now": 0}
_MONTH_ONLY = re.compile(r"(\d{4})(?:-(\d{2}))?")


def parse_date(text: str | None, zone: tzinfo = UTC) -> datetime | None:
    """The moment that `text` means, in UTC; None where it is no date or an impossible one.

    `zone` is where a date without a zone was written; a Jalali date without one was written in Tehran.
    """
    if not text or len(text) > _LONGEST:
        return None
    try:
        if moment := _rfc822(text) or _iso(text):
            return _in_utc(moment, zone)
        text = " ".join(text.translate(_DIGITS).lower().split())
        return _in_utc(_iso(text) or _epoch(text) or _in_words(text), zone)
    except (ValueError, OverflowError):
        return None


def parse_age(text: str) -> timedelta | None:
    """How long ago "۳ ساعت پیش", "دیروز" or "2 weeks ago" is, as exactly as it says (months and years are mean ones)."""
    if len(text) > _LONGEST:
        return None
    text = " ".join(text.translate(_DIGITS).lower().split())
    if (days := _DAYS_AGO.get(text)) is not None:
        return timedelta(days=days)
    found = _AGO.fullmatch(text)
    if found is None:
        return None
    count = int(found[1]) if (found[1] or "").isdecimal() else 1
    return timedelta(seconds=count * _SECONDS.get(found[2], 0))


def zone_of(language: str, *addresses: str) -> tzinfo:
    """Where the dates of a publisher without a zone were written: Tehran for Persian and for .ir, else Greenwich.

    Iranian agencies' systems (Tabnak's `12 Nov 2026 10:00:00`, IRIB's, YJC's) leave the zone out and mean their own.
    """
    if language.lower().startswith(("fa", "per")):
        return TEHRAN
    hosts = (re.sub(r"^\w+://([^/:?#]*).*", r"\1", address, flags=re.DOTALL) for address in addresses)
    return TEHRAN if any(host.lower().endswith(".ir") for host in hosts) else UTC


def _in_utc(moment: datetime | None, zone: tzinfo) -> datetime | None:
    if moment is None or moment.year not in _YEARS:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _rfc822(text: str) -> datetime | None:
    """Thu, 12 Nov 2026 10:00:00 +0330, written exactly so; None for all that looks otherwise."""
    found = _RFC822.fullmatch(text)
    if found is None or (month := _MONTHS.get(found[2].lower())) is None:
        return None
    day, year, hour, minute, second = map(int, found.group(1, 3, 4, 5, 6))
    if year in _JALALI_YEARS or hour > 23 or second > 59:
        return None
    return datetime(year, month, day, hour, minute, second, tzinfo=_offset(found[7], found[8], found[9]))


def _iso(text: str) -> datetime | None:
    """ISO 8601 in the Gregorian calendar, in C; None for what `_in_words` must look at."""
    if len(text) < 8 or not text[:4].isdigit() or text[:2] not in ("19", "20", "21"):
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    """Seconds or milliseconds since 1970, which some home-made feeds write."""
    if not text.isdecimal() or len(text) not in (9, 10, 13):
        return None
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    return datetime.fromtimestamp(seconds, UTC) if _EPOCH_START <= seconds < _EPOCH_END else None


def _in_words(text: str) -> datetime | None:
    """A date in any order of its parts. Raises ValueError for one that no calendar has."""
    time = _TIME.search(text)
    # T joins an ISO date to its time; without it the date's last digit is free again.
    rest = f"{text[: time.start()].removesuffix('t')} {text[time.end() :]}" if time else text
    day = _date(rest, american=bool(time and time[4]))
    if day is None:
        return None
    moment, local_zone = day
    if time is None:
        return moment.replace(tzinfo=local_zone)
    clock = timedelta(hours=_hours(time), minutes=int(time[2]), seconds=min(int(time[3] or 0), 59))
    if int(time[2]) > 59 or clock > timedelta(days=1):
        raise ValueError(text)
    return (moment + clock).replace(tzinfo=_zone(time) or local_zone)


def _date(text: str, *, american: bool) -> tuple[datetime, tzinfo | None] | None:
    """Midnight of the first date in `text`, and the zone that its calendar implies. `american`: 11/12 is 12 November."""
    if found := _YEAR_FIRST.search(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_LAST.search(text):
        return _year_last(int(found[1]), int(found[3]), int(found[4]), american=american, dotted=found[2] == ".")
    for found in _DAY_MONTH.finditer(text):
        if day := _named(int(found[1]), found[2], found[3]):
            return day
    for found in _MONTH_DAY.finditer(text):
        if day := _named(int(found[2]), found[1], found[3]):
            return day
    if found := _MONTH_ONLY.fullmatch(text.strip()):
        return _day(int(found[1]), int(found[2] or 1), 1)
    return None


def _year_last(
    first: int, second: int, year: int, *, american: bool, dotted: bool
) -> tuple[datetime, tzinfo | None] | None:
    """21/08/1405, 12.11.2026, 11/12/2026 10:00 AM; 11/12/2026 alone means two days, so it means none."""
    if year in _JALALI_YEARS or dotted or first > 12 or first == second:
        return _day(year, second, first)
    if american or second > 12:
        return _day(year, first, second)
    return None


def _named(day: int, name: str, year: str) -> tuple[datetime, tzinfo | None] | None:
    """A date with its month in words: ۲۱ آبان ۱۴۰۵, 12 November 26."""
    full = len(year) == 4
    if name in _JALALI_MONTHS:
        return _day(int(year) if full else 1400 + int(year), _JALALI_MONTHS[name], day)
    month = _MONTHS.get(name) or (_MONTHS.get(name[:3]) if name.isascii() else None)
    if month is None:
        return None
    return _day(
        int(year) if full else (2000 if int(year) < 69 else 1900) + int(year), month, day
    )  # 69 is POSIX's pivot


def _day(year: int, month: int, day: int) -> tuple[datetime, tzinfo | None]:
    if year in _JALALI_YEARS:
        date = JalaliDate(year, month, day).to_gregorian()
        return datetime(date.year, date.month, date.day), TEHRAN  # noqa: DTZ001 – its zone comes from the time, or is Tehran
    return datetime(year, month, day), None  # noqa: DTZ001 – its zone comes from the time, or from the publisher


def _hours(time: re.Match[str]) -> int:
    hours = int(time[1])
    if time[4] is None or hours > 12:
        return hours
    return hours % 12 + (12 if time[4] in _AFTERNOON else 0)


def _zone(time: re.Match[str]) -> tzinfo | None:
    """The zone that stands behind a time; None where there is none that we know."""
    if time["sign"]:
        return _offset(time["sign"], time["hours"], time["minutes"])
    return _ZONES.get(time["name"] or "")


def _offset(sign: str | None, hours: str | None, minutes: str | None) -> timezone:
    """+0330. Raises ValueError for one that no place on earth has."""
    east = int(hours or 0) * 60 + int(minutes or 0)
    if east > _LARGEST_OFFSET:
        raise ValueError(east)
    return timezone(timedelta(minutes=-east if sign == "-" else east)) if east else UTC
