"""What charts have in common: the heading, a legend, a scale of values with its grid, labels under columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.calendar import Clock
from bot.charts.canvas import GRID, MUTED, WIDTH, Canvas, fitted, width
from bot.texts import Html, text

MARGIN = 24
TOP = 92  # where the drawing begins, below the heading
BRAND = "#0f4c81"
# Positive, neutral, negative: bluish green and vermilion (Okabe and Ito), which all eyes tell apart.
SENTIMENTS = {"pos": "#009e73", "neu": "#b9c2cd", "neg": "#d55e00"}
LABEL, GAP = 15, 14  # the size of labels; what lies between two of them at least
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a chart shows, for whom and when: plain text, in which names stand as `canvas.name` gives them. It is cut to fit."""

    title: str
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """Where values are drawn: from `start` to `end` along reading, `top` to `bottom`, where 0 lies; `most` is the top."""

    start: float
    end: float
    top: float
    bottom: float
    most: int

    def height(self, value: float) -> float:
        """How high a value stands above the bottom."""
        return (self.bottom - self.top) * min(value, self.most) / self.most


def begin(height: float, heading: Heading, clock: Clock) -> Canvas:
    """A canvas with its heading."""
    canvas = Canvas(height, clock.language)
    canvas.rect(MARGIN, 21, 5, 26, BRAND, radius=2.5)
    canvas.text(MARGIN + 14, 42, _shortened(heading.title, 23, bold=True), size=23, fill=BRAND, bold=True)
    if heading.subtitle:
        canvas.text(MARGIN + 14, 69, _shortened(heading.subtitle, 15), size=15, fill=MUTED)
    return canvas


def _shortened(words: str, size: float, *, bold: bool = False) -> str:
    room = WIDTH - 2 * MARGIN - 14
    return words if width(words, size, bold=bold) <= room else fitted(words, size, room, bold=bold)


def legend(canvas: Canvas, y: float, entries: Sequence[tuple[str, str]]) -> None:
    """Colours with their words, from the side where reading begins."""
    x = MARGIN + 14.0
    for colour, words in entries:
        canvas.rect(x, y - 11, 13, 13, colour, radius=3)
        canvas.text(x + 20, y, words, size=LABEL)
        x += 20 + width(words, LABEL) + 22


def scale(canvas: Canvas, top: float, bottom: float, most: float, clock: Clock, *, end: float = WIDTH - MARGIN) -> Plot:
    """A grid for values up to `most`, its numbers at the side where reading begins."""
    values = ticks(most)
    labels = [clock.number(value) for value in values]
    start = MARGIN + max(width(label, LABEL) for label in labels) + 8
    plot = Plot(start, end, top, bottom, values[-1])
    for value, label in zip(values, labels, strict=True):
        y = bottom - plot.height(value)
        canvas.line([(start, y), (end, y)], MUTED if value == 0 else GRID, 1)
        canvas.text(start - 8, y + 5, label, size=LABEL, anchor="end", fill=MUTED)
    return plot


def ticks(most: float) -> list[int]:
    """Round whole numbers from 0 to `most` or just above, four steps at most."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power * 4 >= most:
                count = max(1, -(-int(-(-most // 1)) // (step * power)))
                return [step * power * place for place in range(count + 1)]
        power *= 10


def day_labels(dates: Sequence[date], today: date | None, clock: Clock) -> list[str]:
    """Dates without their year; `today` by its name, as it is not over."""
    return [words("chart.today", clock) if day == today else clock.short_day(day) for day in dates]


def along(canvas: Canvas, plot: Plot, labels: Sequence[str]) -> None:
    """A label below each column, or below as many as have room: the newest always, and the others at equal distance."""
    step = (plot.end - plot.start) / max(1, len(labels))
    every = max(1, -(-int(max(width(label, LABEL) for label in labels) + GAP) // max(1, int(step)))) if labels else 1
    for place in range(len(labels) - 1, -1, -every):
        at = plot.start + step * (place + 0.5)
        half = width(labels[place], LABEL) / 2
        canvas.text(
            min(max(at, half + 4), WIDTH - half - 4),
            plot.bottom + 24,
            labels[place],
            size=LABEL,
            anchor="middle",
            fill=MUTED,
        )


def empty(canvas: Canvas, clock: Clock) -> None:
    """Says in the middle that there is nothing."""
    canvas.text(WIDTH / 2, (TOP + canvas.height) / 2, words("chart.empty", clock), size=18, anchor="middle", fill=MUTED)


def words(key: str, clock: Clock, **values: str) -> str:
    """A text as a chart writes it: the canvas escapes, so here nothing is."""
    return str(text(key, clock.language, **{name: Html(value) for name, value in values.items()}))


def sentiment_legend(canvas: Canvas, y: float, clock: Clock) -> None:
    """The three colours of sentiment."""
    legend(canvas, y, [(colour, words(f"sentiment.{label}", clock)) for label, colour in SENTIMENTS.items()])
