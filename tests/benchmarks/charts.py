"""Every chart with ordinary and extreme numbers: how long a warm picture takes, and the pictures themselves to look at.

python -m tests.benchmarks.charts [--to FOLDER]
"""

import argparse
import asyncio
import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import charts
from bot.calendar import Clock
from bot.charts import Heading, Share, Trend
from monitors.spikes import Hour
from monitors.store.statistics import Counts

TODAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
FA, EN = (Clock(ZoneInfo("Asia/Tehran"), language) for language in ("fa", "en"))
LONG = "شرکت توسعهٔ فناوری اطلاعات و ارتباطات هوشمند پارسیان خاورمیانه (سهامی عام)"
NAMES = ("دیجی‌کالا", "اسنپ", "Rival B", "C++ (Iran)", LONG, "🎯 تپسی", "ترب", "باسلام", "دیوار", "شیپور")
RUNS = 9


def gallery() -> Iterator[tuple[str, str]]:
    """Each case's name and SVG."""
    dice = random.Random(5)
    yield from _days(dice)
    yield from _hours(dice)
    yield from _compared(dice)
    yield from _heat(dice)
    one, other = (
        charts.days(Heading(NAMES[0]), _by_day(7, dice), FA),
        charts.heat(Heading("چه ساعتی؟"), _grid(dice, 9), FA),
    )
    yield "column", charts.column(one, other)


def _days(dice: random.Random) -> Iterator[tuple[str, str]]:
    heading = Heading("یادکردهای «دیجی‌کالا» در ۷ روز گذشته", "۳۱۲ یادکرد • ۲۹ آبان تا ۴ آذر ۱۴۰۵")
    yield "days-7", charts.days(heading, _by_day(7, dice), FA, TODAY)
    yield "days-7-en", charts.days(Heading("Mentions of دیجی‌کالا (shop)", "312 mentions"), _by_day(7, dice), EN)
    yield "days-1", charts.days(heading, _by_day(1, dice), FA)
    yield "days-30", charts.days(Heading(f"یادکردهای «{LONG}»", LONG * 2), _by_day(30, dice), FA)
    yield "days-90", charts.days(heading, _by_day(90, dice), FA)
    yield "days-zeros", charts.days(heading, dict.fromkeys(_by_day(7, dice), Counts()), FA)
    yield "days-empty", charts.days(heading, {}, EN)
    huge = _by_day(30, dice) | {TODAY - timedelta(days=11): Counts(2_100, 41_000, 90_412)}
    yield "days-huge", charts.days(heading, huge, FA)
    yield "days-ones", charts.days(heading, {day: Counts(0, 1, 0) for day in _by_day(14, dice)}, FA)


def _hours(dice: random.Random) -> Iterator[tuple[str, str]]:
    heading = Heading("یادکردهای «دیجی‌کالا» امروز", "۴ آذر ۱۴۰۵")
    starts = [NOON - timedelta(hours=back) for back in range(23, -1, -1)]
    yield "hours", charts.hours(heading, {at: _counts(dice, 9) for at in starts}, FA)
    past = [Hour(at, (count := dice.randint(3, 12)), count // 4) for at in starts[:-2]]
    storm = [*past, Hour(starts[-2], 48, 31), Hour(starts[-1], 64, 52)]
    usual = [7 + 3 * dice.random() for _ in starts]
    yield "spike", charts.spike(Heading("جهش یادکردهای «اسنپ»", "۶٫۴ برابر معمول"), storm, usual, NOON, FA)
    yield "spike-en", charts.spike(Heading("A spike for Snapp", "6.4 times the usual"), storm, usual, starts[-2], EN)


def _compared(dice: random.Random) -> Iterator[tuple[str, str]]:
    heading = Heading("سهم از گفت‌وگو", "۷ روز گذشته • ۴٬۰۲۳ یادکرد")
    yield "shares-2", charts.shares(heading, _shares(dice, 2), FA)
    yield "shares-5", charts.shares(heading, _shares(dice, 5), FA)
    yield "shares-10-en", charts.shares(Heading("Share of voice", "last 7 days"), _shares(dice, 10), EN)
    some = [
        Share(NAMES[0], Counts(900, 2_000, 90), own=True),
        Share(NAMES[1], Counts(0, 1, 0)),
        Share(NAMES[2], Counts()),
    ]
    yield "shares-uneven", charts.shares(heading, some, FA)
    yield "shares-empty", charts.shares(heading, [Share(NAMES[0], Counts()), Share(NAMES[1], Counts())], FA)
    for count, span in ((3, 7), (5, 30), (8, 90), (2, 1)):
        lines = [
            Trend(name, tuple(dice.randint(5, 60) for _ in range(span)), own=not i)
            for i, name in enumerate(NAMES[:count])
        ]
        yield (
            f"trends-{count}-{span}",
            charts.trends(Heading("روند", f"{FA.number(span)} روز گذشته"), _dates(span), lines, FA),
        )
    yield (
        "trends-en",
        charts.trends(
            Heading("Trend", "last 30 days"),
            _dates(7),
            [Trend("Digikala", (1, 2, 3, 2, 9, 4, 5), own=True), Trend("اسنپ", (3, 2, 3, 3, 1, 4, 5))],
            EN,
        ),
    )
    same = [Trend(name, (0, 0, 0, 2, 0), own=not i) for i, name in enumerate(NAMES[:6])]
    yield "trends-same", charts.trends(Heading("روند"), _dates(5), same, FA)
    yield "trends-empty", charts.trends(Heading("روند"), _dates(7), [Trend(NAMES[0], (0,) * 7)], FA)


def _heat(dice: random.Random) -> Iterator[tuple[str, str]]:
    heading = Heading("چه ساعتی می‌نویسند؟", "۳۰ روز گذشته")
    yield "heat", charts.heat(heading, _grid(dice, 30), FA)
    yield "heat-en", charts.heat(Heading("When people write", "last 30 days"), _grid(dice, 30), EN)
    storm = _grid(dice, 3)
    storm[2][17] = 12_400
    yield "heat-huge", charts.heat(heading, storm, FA)
    yield "heat-empty", charts.heat(heading, [[0] * 24] * 7, FA)


def _dates(count: int) -> list[date]:
    return [TODAY - timedelta(days=back) for back in range(count - 1, -1, -1)]


def _by_day(count: int, dice: random.Random) -> dict[date, Counts]:
    return {day: _counts(dice, 40) for day in _dates(count)}


def _counts(dice: random.Random, most: int) -> Counts:
    return Counts(dice.randint(0, most), dice.randint(0, 2 * most), dice.randint(0, most // 2))


def _shares(dice: random.Random, count: int) -> list[Share]:
    return [Share(name, _counts(dice, 900 // (i + 1)), own=not i) for i, name in enumerate(NAMES[:count])]


def _grid(dice: random.Random, most: int) -> list[list[int]]:
    return [[dice.randint(0, most) * (7 < hour < 23) for hour in range(24)] for _ in range(7)]


async def measure(folder: Path | None) -> None:
    """Prints the time of a warm picture by the clock and by the processor, each the least of some runs; writes the pictures."""
    for name, svg in gallery():
        picture, times, worked = b"", [], []
        for run in range(RUNS):
            drawn = svg.replace("<rect ", f'<rect id="r{run}" ', 1)  # so that nothing is remembered from the run before
            begun, working = time.perf_counter(), time.process_time()
            picture = await charts.png(drawn)
            times.append((time.perf_counter() - begun) * 1000)
            worked.append((time.process_time() - working) * 1000)
        print(f"{name:16} {min(times):6.1f} ms, {min(worked):6.1f} ms of work, {len(picture) / 1024:6.1f} kB")
        if folder:
            (folder / f"{name}.png").write_bytes(picture)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path)
    folder = parser.parse_known_args()[0].to
    asyncio.run(measure(folder))


if __name__ == "__main__":
    main()
