"""When people write: mentions by weekday and hour of the day, Saturday first."""

from collections.abc import Sequence

from bot.calendar import Clock
from bot.charts.canvas import MUTED, WIDTH, width
from bot.charts.frame import LABEL, MARGIN, TOP, Heading, begin, empty, words
from monitors.store.rhythm import WEEK

ROW = 32
LABELLED = 3  # hours
PALE, DEEP, NONE = (219, 233, 246), (8, 48, 107), "#f1f4f7"
PEAK = "#d55e00"


def heat(heading: Heading, counts: Sequence[Sequence[int]], clock: Clock) -> str:
    """Seven rows of 24 counts, Saturday first. Colour goes by the square root: one storm does not bleach the rest."""
    names = [clock.weekday(day) for day in WEEK]
    start = MARGIN + max(width(name, LABEL) for name in names) + 10
    step = (WIDTH - MARGIN - start) / 24
    canvas = begin(TOP + ROW * 7 + 76, heading, clock)
    most = max(max(row) for row in counts)
    for place, (name, row) in enumerate(zip(names, counts, strict=True)):
        y = TOP + ROW * place
        canvas.text(start - 10, y + 21, name, size=LABEL, anchor="end", fill=MUTED)
        for hour, count in enumerate(row):
            canvas.rect(start + step * hour, y, step - 2, ROW - 2, _tint(count, most), radius=3)
    bottom = TOP + ROW * 7
    for hour in range(0, 24, LABELLED):
        canvas.text(
            start + step * (hour + 0.5), bottom + 20, clock.number(hour), size=LABEL, anchor="middle", fill=MUTED
        )
    if not most:
        empty(canvas, clock)
        return canvas.svg()
    day, hour = max(((day, hour) for day in range(7) for hour in range(24)), key=lambda at: counts[at[0]][at[1]])
    canvas.outline(start + step * hour - 1, TOP + ROW * day - 1, step, ROW, PEAK)
    span = {"since": clock.number(hour), "until": clock.number(hour + 1)}
    busiest = words("chart.busiest", clock, day=names[day], **span, count=clock.number(most))
    canvas.outline(start, bottom + 41, 14, 14, PEAK)
    canvas.text(start + 22, bottom + 54, busiest, size=LABEL)
    return canvas.svg()


def _tint(count: int, most: int) -> str:
    if not count:
        return NONE
    depth = (count / most) ** 0.5
    red, green, blue = (round(pale + (deep - pale) * depth) for pale, deep in zip(PALE, DEEP, strict=True))
    return f"#{red:02x}{green:02x}{blue:02x}"
