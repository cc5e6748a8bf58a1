"""Share of voice: how much of what is said about all of them is said about each, and in what tone."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.calendar import Clock
from bot.charts.canvas import GRID, INK, MUTED, WIDTH, Canvas, fitted, width
from bot.charts.frame import LABEL, MARGIN, SENTIMENTS, TOP, Heading, begin, empty, sentiment_legend, words
from monitors.store.statistics import Counts

ROW = 66
SHOWN = 8
# Ours first, then colours that all eyes tell apart (Okabe and Ito), darkened where paper would swallow them.
COLOURS = ("#0f4c81", "#e08e00", "#009e73", "#b8578f", "#3fa3dc", "#8a6d1a", "#6b5b95", "#5f6b7a")


@dataclass(frozen=True, slots=True)
class Share:
    """A tracker's mentions in the period; `own` ones are drawn in our colour."""

    label: str
    counts: Counts
    own: bool = False


def shares(heading: Heading, found: Sequence[Share], clock: Clock) -> str:
    """A bar a tracker as long as its share, most first, with the tones of its mentions below; beyond eight, the rest as one."""
    rows = folded(sorted(found, key=lambda one: -one.counts.total), clock)
    canvas = begin(TOP + 34 + ROW * max(2, len(rows)) + 8, heading, clock)
    total = sum(one.counts.total for one in rows)
    sentiment_legend(canvas, TOP + 6, clock)
    if not total:
        empty(canvas, clock)
        return canvas.svg()
    tinted = colours([one.own for one in rows])
    for place, (one, colour) in enumerate(zip(rows, tinted, strict=True)):
        _row(canvas, TOP + 34 + ROW * place, one, total, colour, clock)
    return canvas.svg()


def colours(own: Sequence[bool]) -> list[str]:
    """A colour for each: the first of our own in the brand's, the others in turn."""
    others = iter(COLOURS[1:] * (1 + len(own) // len(COLOURS[1:])))
    first = own.index(True) if True in own else None
    return [COLOURS[0] if place == first else next(others) for place in range(len(own))]


def folded(ranked: Sequence[Share], clock: Clock) -> list[Share]:
    """The first ones, and all the others as one."""
    if len(ranked) <= SHOWN:
        return list(ranked)
    rest = [one.counts for one in ranked[SHOWN - 1 :]]
    together = Counts(sum(c.pos for c in rest), sum(c.neu for c in rest), sum(c.neg for c in rest))
    return [*ranked[: SHOWN - 1], Share(words("chart.others", clock), together)]


def _row(canvas: Canvas, y: float, one: Share, total: int, colour: str, clock: Clock) -> None:
    share = one.counts.total / total
    figures = words("chart.share", clock, percent=clock.percent(share), count=clock.number(one.counts.total))
    room = WIDTH - 2 * MARGIN - width(figures, LABEL) - 30
    canvas.text(MARGIN, y + 18, fitted(one.label, 17, room, bold=one.own), size=17, bold=one.own)
    canvas.text(WIDTH - MARGIN, y + 18, figures, size=LABEL, anchor="end", fill=INK)
    whole = WIDTH - 2 * MARGIN
    canvas.rect(MARGIN, y + 28, whole, 12, GRID, radius=6)
    long = max(4.0, whole * share) if one.counts.total else 0
    if not long:
        canvas.text(MARGIN, y + 56, words("chart.none", clock), size=13, fill=MUTED)
        return
    canvas.rect(MARGIN, y + 28, long, 12, colour, radius=6)
    x = float(MARGIN)
    for label, tint in SENTIMENTS.items():
        part = whole * getattr(one.counts, label) / one.counts.total
        if part:
            canvas.rect(x, y + 45, max(0, part - 1.5), 6, tint)
        x += part
