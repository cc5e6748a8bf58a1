"""When which sample story appears: a pure function of the clock, so that a restart repeats nothing and loses nothing.

Time is cut into slots; one item appears in each, in turn a `brand` story (it names دیجی‌کالا) and another. Beside them
every outlet has six items a day that stay for four days, so that a new reader finds a past. What does not live here: the shapes
in which outlets publish (formats.py).
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

SLOT = 15.0  # seconds from one item to the next, give or take twice JITTER
JITTER = 2.5
_FAST_KEPT = 40  # slots that are still in the feeds: ten minutes
_DAYS_KEPT = 4
_A_DAY = 6
_DAY = 86_400.0
_EPOCH = 1_700_000_000
_SEED = "rasad"
_BLANK = re.compile(r"\{(\w+)(?::(\d+)-(\d+))?\}")
_PERSIAN_DIGITS = str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬")


@dataclass(frozen=True, slots=True)
class Story:
    """One entry of the script, with blanks. A reprint shares `key` with its original, whose outlet is `first`."""

    key: str
    outlet: str
    title: str
    text: str
    first: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A published item. `number` identifies it within its outlet and grows with time."""

    outlet: str
    number: int
    title: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Script:
    """stories.toml, read."""

    outlets: dict[str, str]
    words: dict[str, list[str]]
    brand: tuple[Story, ...]
    other: tuple[Story, ...]

    def entries(self, outlet: str, now: float) -> list[Entry]:
        """What an outlet has published at `now` (Unix seconds) and still shows, newest first."""
        found = {entry.number: entry for entry in (*self._of_the_day(outlet, now), *self._of_the_hour(outlet, now))}
        return sorted(found.values(), key=lambda entry: entry.number, reverse=True)

    def _of_the_hour(self, outlet: str, now: float) -> Iterator[Entry]:
        last = int(now / SLOT) + 1
        for slot in range(last - _FAST_KEPT, last + 1):
            turn, which = divmod(slot, 2)
            stories = self.other if which else self.brand
            run, place = divmod(turn, len(stories))
            at = slot * SLOT + Random(f"{_SEED}:{slot}").uniform(-JITTER, JITTER)  # noqa: S311  # no secret depends on it
            if stories[place].outlet == outlet and at <= now:
                yield self._entry(stories[place], run, at)

    def _of_the_day(self, outlet: str, now: float) -> Iterator[Entry]:
        stories = [story for story in (*self.brand, *self.other) if story.outlet == outlet]
        today = int(now / _DAY)
        for day in range(today - _DAYS_KEPT, today + 1):
            for turn in range(_A_DAY):
                chance = Random(f"{_SEED}:{outlet}:{day}:{turn}")  # noqa: S311  # no secret depends on it
                at = day * _DAY + (turn + chance.random()) * _DAY / _A_DAY
                if at <= now:
                    yield self._entry(stories[(day * _A_DAY + turn) % len(stories)], -day, at)

    def _entry(self, story: Story, run: int, at: float) -> Entry:
        title, text = (self._filled(part, story, run) for part in (story.title, story.text))
        if story.outlet != story.first:
            text = f"به گزارش {self.outlets[story.first]}، {text}"
        return Entry(story.outlet, int(at) - _EPOCH, title, text, datetime.fromtimestamp(int(at), UTC))

    def _filled(self, text: str, story: Story, run: int) -> str:
        def fill(blank: re.Match[str]) -> str:
            name, low, high = blank.groups()
            chance = Random(f"{_SEED}:{run}:{story.key}:{name}")  # noqa: S311  # no secret depends on it
            if not low:
                return chance.choice(self.words[name])
            number = f"{chance.randint(int(low), int(high)):,}"
            return number if story.outlet == "daily" else number.translate(_PERSIAN_DIGITS)

        return _BLANK.sub(fill, text)


@cache
def script() -> Script:
    """The script beside this file."""
    written: dict[str, Any] = tomllib.loads((Path(__file__).parent / "stories.toml").read_text("utf-8"))
    originals = {story["key"]: story for part in ("brand", "other") for story in written[part] if "key" in story}

    def read(story: dict[str, str]) -> Story:
        original = originals[story.get("of") or story["key"]]
        return Story(original["key"], story["outlet"], story["title"], original["text"], original["outlet"])

    brand, other = (tuple(map(read, written[part])) for part in ("brand", "other"))
    return Script(written["outlets"], written["words"], brand, other)
