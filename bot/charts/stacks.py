"""Days and hours as columns stacked by sentiment, and the hours around a spike beside what is usual."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.calendar import Clock
from bot.charts.canvas import INK, Canvas, width
from bot.charts.frame import (
    BRAND,
    LABEL,
    SENTIMENTS,
    TOP,
    Heading,
    Plot,
    along,
    begin,
    day_labels,
    empty,
    legend,
    scale,
    sentiment_legend,
    words,
)
from monitors.spikes import Hour
from monitors.store.statistics import Counts

HEIGHT = 440
WIDEST = 56  # a column
LEAST = 2.5  # the height of what is not zero
STACKED = ("neg", "neu", "pos")  # from the ground up: what hurts can be compared
USUAL = "#7b8794"


def days(heading: Heading, found: Mapping[date, Counts], clock: Clock, today: date | None = None) -> str:
    """Mentions by day, oldest first as given, by sentiment. `today` is called so: it is not over."""
    return _stacks(heading, list(found.values()), day_labels(list(found), today, clock), clock)


def hours(heading: Heading, found: Mapping[datetime, Counts], clock: Clock) -> str:
    """Mentions by hour (keys: their starts, aware), oldest first as given, by sentiment."""
    return _stacks(heading, list(found.values()), [clock.hour(start) for start in found], clock)


def spike(heading: Heading, found: Sequence[Hour], usual: Sequence[float], moment: datetime, clock: Clock) -> str:
    """Mentions by hour and the negative ones of them, what is usual as a dashed line; the hour that holds `moment` is marked.

    `usual` is as long as `found`, in mentions an hour; hours in order.
    """
    canvas = begin(HEIGHT, heading, clock)
    entries = [(BRAND, words("chart.mentions", clock)), (SENTIMENTS["neg"], words("chart.negative", clock))]
    legend(canvas, TOP + 6, [*entries, (USUAL, words("chart.usual", clock))])
    most = max([hour.mentions for hour in found] + [round(mean) for mean in usual], default=0)
    plot = scale(canvas, TOP + 52, HEIGHT - 52, most, clock)
    marked = next(
        (place for place, hour in enumerate(found) if 0 <= (moment - hour.start).total_seconds() < 3600), None
    )
    step = (plot.end - plot.start) / max(1, len(found))
    if marked is not None:
        canvas.rect(plot.start + step * marked, plot.top - 26, step, plot.bottom - plot.top + 26, "#fdebd9", radius=4)
    for place, hour in enumerate(found):
        pieces = ((SENTIMENTS["neg"], hour.negative), (BRAND, hour.mentions - hour.negative))
        _column(canvas, plot, place, step, pieces)
        if place == marked:
            _number(canvas, plot, place, step, hour.mentions, clock)
    middles = [plot.start + step * (place + 0.5) for place in range(len(usual))]
    canvas.line(
        [(x, plot.bottom - plot.height(mean)) for x, mean in zip(middles, usual, strict=True)], USUAL, 2.5, dashed=True
    )
    along(canvas, plot, [clock.hour(hour.start) for hour in found])
    return canvas.svg()


def _stacks(heading: Heading, found: Sequence[Counts], labels: Sequence[str], clock: Clock) -> str:
    canvas = begin(HEIGHT, heading, clock)
    sentiment_legend(canvas, TOP + 6, clock)
    most = max((counts.total for counts in found), default=0)
    plot = scale(canvas, TOP + 52, HEIGHT - 52, most, clock)
    step = (plot.end - plot.start) / max(1, len(found))
    roomy = max((width(clock.number(counts.total), LABEL, bold=True) for counts in found), default=0) + 4 <= step
    peak = max(range(len(found)), key=lambda place: found[place].total, default=0)
    for place, counts in enumerate(found):
        _column(canvas, plot, place, step, [(SENTIMENTS[label], getattr(counts, label)) for label in STACKED])
        if counts.total and (roomy or place == peak):
            _number(canvas, plot, place, step, counts.total, clock)
    along(canvas, plot, labels)
    if not most:
        empty(canvas, clock)
    return canvas.svg()


def _column(canvas: Canvas, plot: Plot, place: int, step: float, pieces: Sequence[tuple[str, int]]) -> None:
    """A column of pieces (colour, count), from the ground up. What is not nothing can be seen."""
    total = sum(count for _, count in pieces)
    broad = min(WIDEST, max(step * 0.68, step - 8)) if step > 4 else step * 0.8
    x, y = plot.start + step * (place + 0.5) - broad / 2, plot.bottom
    for colour, count in pieces:
        if count:
            high = max(LEAST, plot.height(total)) * count / total
            y -= high
            canvas.rect(x, y, broad, high, colour, radius=2 if broad > 12 else 0)


def _number(canvas: Canvas, plot: Plot, place: int, step: float, count: int, clock: Clock) -> None:
    label = clock.number(count)
    half = width(label, LABEL, bold=True) / 2
    at = min(max(plot.start + step * (place + 0.5), plot.start + half), plot.end - half)
    canvas.text(at, plot.bottom - plot.height(count) - 9, label, size=LABEL, anchor="middle", fill=INK, bold=True)
