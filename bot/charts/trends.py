"""A line a tracker over days, each named at its newest end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.calendar import Clock
from bot.charts.canvas import MUTED, WIDTH, Canvas, fitted, width
from bot.charts.frame import LABEL, MARGIN, TOP, Heading, Plot, along, begin, day_labels, empty, scale, words
from bot.charts.shares import SHOWN, colours

HEIGHT = 400
LABEL_ROOM = 150  # for the names at the end of the lines
APART = 21  # two names
SMOOTHED = 31  # days; a longer line is drawn as the mean of a week, or nobody could follow it
WEEK = 7


@dataclass(frozen=True, slots=True)
class Trend:
    """A tracker's mentions by day, as many as there are days."""

    label: str
    counts: tuple[int, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """A trend as it is drawn: its values, from old to new, in a colour."""

    label: str
    values: list[float]
    own: bool
    colour: str


def trends(
    heading: Heading, dates: Sequence[date], found: Sequence[Trend], clock: Clock, today: date | None = None
) -> str:
    """The lines of at most eight trackers, those with most mentions; our own is the thickest and lies above the others.

    The way to `today`, which is not over, is dashed.
    """
    canvas = begin(HEIGHT, heading, clock)
    shown = sorted(found, key=lambda one: -sum(one.counts))[:SHOWN]
    long = len(dates) > SMOOTHED
    lines = [
        _Line(
            fitted(one.label, LABEL, LABEL_ROOM, bold=one.own),
            smoothed(one.counts) if long else [*one.counts],
            one.own,
            colour,
        )
        for one, colour in zip(shown, colours([one.own for one in shown]), strict=True)
    ]
    room = max((width(line.label, LABEL, bold=line.own) for line in lines), default=0)
    most = max((max(line.values, default=0) for line in lines), default=0)
    plot = scale(canvas, TOP + 10, HEIGHT - 48, most, clock, end=WIDTH - MARGIN - room - 14)
    along(canvas, plot, day_labels(dates, today, clock))
    if not most:
        empty(canvas, clock)
        return canvas.svg()
    if long:
        canvas.text(plot.end, TOP, words("chart.smoothed", clock), size=13, anchor="end", fill=MUTED)
    step = (plot.end - plot.start) / len(dates)
    for line in sorted(lines, key=lambda one: one.own):
        heights = (plot.bottom - plot.height(value) for value in line.values)
        points = [(plot.start + step * (place + 0.5), y) for place, y in enumerate(heights)]
        thick = 4 if line.own else 2.5
        over = points[:-1] if dates[-1] == today else points
        canvas.line(over, line.colour, thick)
        if over != points:
            canvas.line(points[-2:], line.colour, thick, dashed=True)
        canvas.dot(*points[-1], 5.5 if line.own else 4.5, line.colour)
    _name_ends(canvas, plot, plot.end - step / 2, lines)
    return canvas.svg()


def smoothed(counts: Sequence[int]) -> list[float]:
    """Of each day the mean of the week that ends with it."""
    weeks = (counts[max(0, place - WEEK + 1) : place + 1] for place in range(len(counts)))
    return [sum(week) / len(week) for week in weeks]


def _name_ends(canvas: Canvas, plot: Plot, tail: float, lines: Sequence[_Line]) -> None:
    """Each name beside the end of its line, pushed away from the next one where they would touch, and led to it."""
    ends = sorted(((plot.bottom - plot.height(line.values[-1]), line) for line in lines), key=lambda end: end[0])
    for y, (end, line) in zip(spread([end[0] for end in ends], plot.top, plot.bottom), ends, strict=True):
        canvas.line([(tail + 7, end), (plot.end + 8, y)], line.colour, 1)
        canvas.text(plot.end + 12, y + 5, line.label, size=LABEL, fill=line.colour, bold=line.own)


def spread(heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Places for labels as near as can be to sorted heights, `APART` from each other, inside top and bottom."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + APART if placed else top))
    limit = bottom
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - APART
    return placed
