"""How the files are read that people hand to the commands of `rasad`: text, rows of two columns, tables of hours. A line that
cannot be read is told by its number on standard error, and left out. What is done with them: offline.py.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median_low
from typing import TYPE_CHECKING, Final, NoReturn

import typer

if TYPE_CHECKING:
    from monitors.spikes import Hour

_LATIN: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩/", "01234567890123456789-")
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2100
_YEARS_APART: Final = (
    10  # from the middle of a table; who mistypes a year would have all those between counted as silence
)


def lines(file: Path) -> list[str]:
    """A file's lines; what else Unicode breaks lines at may stand within one, as in JSON."""
    text = _text(file)
    return text.removesuffix("\n").split("\n") if text else []


def rows(file: Path) -> Iterator[tuple[int, tuple[str, str]]]:
    """Lines of two columns with their numbers; empty ones and those that begin with # are skipped."""
    for number, line in enumerate(lines(file), 1):
        if line.strip() and not line.startswith("#"):
            first, _, second = line.partition("\t")
            yield number, (first, second)


def hours(file: Path) -> list[tuple["Hour", str]]:
    """Hours of a table (hour, mentions, negative), each with how it was written; there is at least one."""
    read = list(_hours(file))
    if not read:
        fail(f"{file}: no line is of the form hour, mentions, negative, as in 2026-11-23T08:00,12,3")
    middle = median_low(hour.start for _, hour, _ in read)
    near = []
    for number, hour, written in read:
        if abs(hour.start - middle) > timedelta(days=365.25 * _YEARS_APART):
            message = f"{written} is more than {_YEARS_APART} years from the middle of the table, {middle:%Y-%m-%d}"
            print(f"{file}:{number}: {message}", file=sys.stderr)
        else:
            near.append((hour, written))
    return near


def _hours(file: Path) -> Iterator[tuple[int, "Hour", str]]:
    from monitors.spikes import Hour

    for number, row in _table(file):
        try:
            hour = Hour(moment(row[0]), _count(row[1]), _count(row[2]) if len(row) > 2 and row[2].strip() else 0)
        except (ValueError, IndexError) as error:
            print(f"{file}:{number}: expected hour, mentions, negative: {error}", file=sys.stderr)
            continue
        yield number, hour, row[0].strip()


def _table(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV file with their numbers, without empty ones and a header; cells apart by comma, semicolon or tab."""
    written = lines(file)
    between = next((one for one in ",;\t" if any(one in line for line in written[:2])), ",")
    reader = csv.reader(written, delimiter=between)
    try:
        for row in reader:
            number = reader.line_num
            if any(row) and not (number == 1 and not any(letter.isdigit() for letter in row[0])):
                yield number, row
    except csv.Error as error:
        fail(f"{file}:{reader.line_num}: {error}")


def _count(written: str) -> int:
    """A number of mentions, also as spreadsheets write it (12.0). Raises ValueError."""
    count = float(written)
    if count < 0 or not count.is_integer():
        raise ValueError(f"{written} is no number of mentions")
    return int(count)


def moment(written: object) -> datetime:
    """A time in ISO 8601 or in seconds since 1970; Tehran's where it names no zone. Raises ValueError."""
    from monitors.spikes import TEHRAN

    if isinstance(written, int | float):
        try:
            return datetime.fromtimestamp(written, UTC)
        except (OverflowError, OSError) as error:
            raise ValueError(f"{written} is no time in seconds since 1970") from error
    at = datetime.fromisoformat(str(written).strip().translate(_LATIN))
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise ValueError(f"{written} is no date of our time in the Gregorian calendar")
    return (at if at.tzinfo else at.replace(tzinfo=TEHRAN)).astimezone(UTC)


def fail(message: str) -> NoReturn:
    """End the command with a message on standard error."""
    print(message, file=sys.stderr)
    raise typer.Exit(1)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fail(f"{file}: expected UTF-8 text: {error}")
