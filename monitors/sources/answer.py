"""JSON answers of networks, read without trust: whatever is missing or of another shape reads as nothing.

What lives here: getting at values. What does not: what the values mean (the kinds).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitors.errors import NotTheAnswer
from monitors.kinds import Body
from monitors.sources.dates import parse_date
from monitors.sources.encoding import decode
from monitors.sources.markup import clean, one_line, plain

_LONGEST_WORDS = 120  # characters of an unexpected answer that its error holds
_LONGEST_COMPLAINT = 160  # characters
_LARGEST = 2**53
_ZONE = UTC

# Where Google and Meta, X and RFC 9457, LinkedIn and Bluesky, X's lists of errors, OAuth and Mastodon, Myket put a sentence.
_COMPLAINTS: tuple[tuple[str | int, ...], ...] = (
    ("error", "message"),
    ("detail",),
    ("message",),
    ("errors", 0, "detail"),
    ("errors", 0, "message"),
    ("error_description",),
    ("error",),
    ("translatedMessage",),
    ("title",),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A value in an answer. `answer["a", "b", 0]` goes into objects and lists; what is not there is an empty Answer."""

    value: Any = None

    def __getitem__(self, path: str | int | tuple[str | int, ...]) -> "Answer":
        value = self.value
        for step in path if isinstance(path, tuple) else (path,):
            if isinstance(step, int):
                value = value[step] if isinstance(value, list) and step < len(value) else None
            else:
                value = value.get(step) if isinstance(value, dict) else None
        return Answer(value)

    def __iter__(self) -> Iterator["Answer"]:
        return map(Answer, self.value if isinstance(self.value, list) else ())

    def __bool__(self) -> bool:
        return bool(self.value)

    @property
    def text(self) -> str:
        """A string without controls and outer blanks, or a number as one; else ""."""
        if isinstance(self.value, str):
            return clean(self.value).strip()
        return str(self.value) if isinstance(self.value, int) and not isinstance(self.value, bool) else ""

    @property
    def raw(self) -> str:
        """A string as it stands: markup, a token; else ""."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def number(self) -> int | None:
        """A count, also where it is written as a string; None for all else."""
        value = self.value
        if isinstance(value, str) and value.isdecimal() and len(value) < 16:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LARGEST:
            return None
        return int(value)

    @property
    def time(self) -> datetime | None:
        """A date in any spelling that feeds use, or seconds (or milliseconds) since 1970."""
        if isinstance(self.value, str):
            return parse_date(self.value, _ZONE)
        seconds = self.number
        if seconds is None:
            return None
        try:
            return datetime.fromtimestamp(seconds / 1000 if seconds > 10**11 else seconds, UTC)
        except (OverflowError, ValueError, OSError):
            return None


def read(body: Body) -> Answer:
    """The JSON object or list of a body. Raises NotTheAnswer for HTML, prose and everything else."""
    value = _value(decode(body.content, body.content_type))
    if not isinstance(value, dict | list):
        raise no_answer(body)
    return Answer(value)


def lines(body: Body) -> Iterator[Answer]:
    """The JSON objects of a body that has one a line (a stream's messages); other lines are passed over."""
    for line in body.content.splitlines():
        value = _value(line)
        if isinstance(value, dict):
            yield Answer(value)


def no_answer(body: Body) -> NotTheAnswer:
    """The error for a body that is something else, with its beginning."""
    return NotTheAnswer(clean(decode(body.content[: 4 * _LONGEST_WORDS], body.content_type)[:_LONGEST_WORDS]))


def _value(written: str | bytes) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return None


def wanted(answer: Answer, *path: str) -> Answer:
    """What should stand at the path: a list. Raises NotTheAnswer with the network's own words where it does not."""
    found = answer[path]
    if not isinstance(found.value, list):
        raise unexpected(answer)
    return found


def unexpected(answer: Answer) -> NotTheAnswer:
    """The error for an answer without the data that was asked for, with the network's own words or the answer's beginning."""
    return NotTheAnswer(clean(complaint(answer) or json.dumps(answer.value, ensure_ascii=False)[:_LONGEST_WORDS]))


def complaint(answer: Answer) -> str:
    """What a network says in an error document, on one line; "" where it says nothing."""
    said = next((words for place in _COMPLAINTS if (words := one_line(plain(answer[place].raw)))), "")
    return said[:_LONGEST_COMPLAINT]
