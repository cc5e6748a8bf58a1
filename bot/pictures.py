"""Numbers → the pictures of /stats and /compare: which charts stand below one another, and their headings.

What lives here: that choice. What does not: drawing (charts/), gathering (numbers.py).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot import charts, numbers
from bot.calendar import Clock
from bot.charts import Heading, Share, Trend
from bot.charts.canvas import name
from bot.numbers import Numbers
from bot.texts import Html, text
from monitors.model import Tracker
from monitors.store import rhythm


@dataclass(frozen=True, slots=True)
class Words:
    """What a picture is about: a name of somebody's and a period, in plain words."""

    title: str
    period: str


async def statistics(found: Numbers, words: Words, clock: Clock) -> bytes:
    """Days and the hours of the week; of one day its hours. PNG."""
    return await charts.png(await asyncio.to_thread(_statistics, found, words, clock))


async def comparison(found: Sequence[tuple[Tracker, Numbers]], words: Words, clock: Clock) -> bytes:
    """Share of voice, and a line each where there are days enough for one. PNG."""
    return await charts.png(await asyncio.to_thread(_comparison, found, words, clock))


def _statistics(found: Numbers, words: Words, clock: Clock) -> str:
    title = _plain("stats.picture", clock, label=name(words.title))
    count = _plain("stats.picture_count", clock, period=words.period, count=clock.number(found.counts.total))
    if numbers.hourly(found.scope):
        return charts.hours(Heading(title, count), rhythm.every_hour(found.hours, found.scope), clock)
    today = numbers.unfinished_day(found.scope)
    days = charts.days(Heading(title, count), rhythm.by_day(found.hours, found.scope), clock, today)
    when = Heading(_plain("stats.picture_hours", clock), words.period)
    return charts.column(days, charts.heat(when, rhythm.by_week_hour(found.hours, found.scope), clock))


def _comparison(found: Sequence[tuple[Tracker, Numbers]], words: Words, clock: Clock) -> str:
    total = sum(numbers_of.counts.total for _, numbers_of in found)
    count = _plain("stats.picture_count", clock, period=words.period, count=clock.number(total))
    voices = [Share(one.label, numbers_of.counts, one.kind == "own") for one, numbers_of in found]
    shares = charts.shares(Heading(words.title, count), voices, clock)
    if numbers.hourly(found[0][1].scope):
        return shares
    days = [rhythm.by_day(numbers_of.hours, numbers_of.scope) for _, numbers_of in found]
    lines = [
        Trend(one.label, tuple(counts.total for counts in by_day.values()), one.kind == "own")
        for (one, _), by_day in zip(found, days, strict=True)
    ]
    heading = Heading(_plain("compare.picture_trend", clock), words.period)
    today = numbers.unfinished_day(found[0][1].scope)
    return charts.column(shares, charts.trends(heading, list(days[0]), lines, clock, today))


def _plain(key: str, clock: Clock, **values: str) -> str:
    return str(text(key, clock.language, **{place: Html(value) for place, value in values.items()}))
