"""A small SVG writer. Coordinates run from the side where reading begins: a chart is written once, for both directions.

What lives here: shapes, text, how wide text is. What does not: what a chart is made of (frame.py and the charts).
Renderers of SVG take a text's base direction for left to right; so Persian is isolated (Unicode UAX #9), and names inside it
once more.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Literal

from bot.chats import ChatLanguage
from bot.direction import MARKS, PDI, RLI

type Anchor = Literal["start", "middle", "end"]
type Point = tuple[float, float]

WIDTH = 640  # of every chart
FONT = "Vazirmatn"
INK, MUTED, GRID, PAPER = "#1f2933", "#5f6b7a", "#e3e8ee", "#ffffff"

FSI = "\u2068"
# What Vazirmatn can write; emoji and other scripts would vanish in the middle of a line without a trace.
_UNWRITABLE = re.compile(
    "[^ -~\u00a0-\u024f\u0300-\u036f\u0600-\u06ff\u2000-\u206f\u20a0-\u20bf\u2100-\u2212\ufb50-\ufdff\ufe70-\ufeff]"
)
_HIDDEN = re.compile("[\u200b-\u200f\u061c\u2066-\u2069\u0300-\u036f\u064b-\u065f]")
_OTHER_SIDE: dict[Anchor, Anchor] = {"start": "end", "middle": "middle", "end": "start"}
# Widths in em, a little generous: Vazirmatn's own, joined letters by their usual forms.
_ADVANCES = (
    ("اآأإرزژذدوlijtfrI|!.,:;'،؛«»()[]/-1۱ \u00a0", 0.38),
    ("سشصضmwMW%@—…", 0.9),
    ("ABCDEFGHJKLNOPQRSTUVXYZ۳", 0.68),
)
_ADVANCE = {letter: advance for letters, advance in _ADVANCES for letter in letters}
_BOLD = 1.06


class Canvas:
    """A picture in the making, `WIDTH` by `height`. `x` is the distance from the side where reading begins."""

    def __init__(self, height: float, language: ChatLanguage) -> None:
        self.height = height
        self.language = language
        self._rtl = language == "fa"
        self._shapes: list[str] = []

    def svg(self) -> str:
        """The document."""
        return _document(self.height, f'<rect width="{WIDTH}" height="{self.height:g}" fill="{PAPER}"/>', *self._shapes)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, *, radius: float = 0) -> None:
        """A box from its first upper corner."""
        left = self._across(x + width) if self._rtl else x
        rounded = f' rx="{min(radius, width / 2, height / 2):.1f}"' if radius else ""
        self._shapes.append(
            f'<rect x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{rounded} fill="{fill}"/>'
        )

    def outline(self, x: float, y: float, width: float, height: float, stroke: str) -> None:
        """The border of a box."""
        left = self._across(x + width) if self._rtl else x
        self._shapes.append(
            f'<rect x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3" fill="none" '
            f'stroke="{stroke}" stroke-width="2"/>'
        )

    def line(self, points: Sequence[Point], stroke: str, width: float = 1, *, dashed: bool = False) -> None:
        """A line through points."""
        through = " ".join(f"{self._across(x):.1f},{y:.1f}" for x, y in points)
        dash = ' stroke-dasharray="6 5"' if dashed else ""
        self._shapes.append(
            f'<polyline points="{through}" fill="none" stroke="{stroke}" stroke-width="{width:g}"{dash} '
            'stroke-linejoin="round" stroke-linecap="round"/>'
        )

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        """A circle with a border of paper, so that it stands out from a line."""
        self._shapes.append(
            f'<circle cx="{self._across(x):.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}" stroke="{PAPER}" stroke-width="2"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 16,
        anchor: Anchor = "start",
        fill: str = INK,
        bold: bool = False,
    ) -> None:
        """One line on the base line `y`; `anchor` is the place of `x` in reading direction."""
        placed = _OTHER_SIDE[anchor] if self._rtl else anchor
        written = f"{RLI}{words}{PDI}" if self._rtl else words
        self._shapes.append(
            f'<text x="{self._across(x):.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{placed}" fill="{fill}"'
            f' font-weight="{700 if bold else 400}">{escape(written, quote=False)}</text>'
        )

    def _across(self, x: float) -> float:
        return WIDTH - x if self._rtl else x


def column(*charts: str) -> str:
    """Several charts below one another as one picture."""
    heights = [float(re.search(r'height="([\d.]+)"', chart)[1]) for chart in charts]  # type: ignore[index]  # ours all have
    placed = (chart.replace("<svg ", f'<svg y="{sum(heights[:place]):g}" ', 1) for place, chart in enumerate(charts))
    return _document(sum(heights), *placed)


def name(words: str) -> str:
    """Somebody's words as they can stand in a chart's text: without what the font lacks, and in their own direction."""
    plain = " ".join(_UNWRITABLE.sub("", MARKS.sub("", words)).split())
    return f"{FSI}{plain or '؟'}{PDI}"


def width(words: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is, about; rather more than less."""
    seen = _HIDDEN.sub("", words)
    return sum(_ADVANCE.get(letter, 0.58) for letter in seen) * size * (_BOLD if bold else 1)


def fitted(words: str, size: float, room: float, *, bold: bool = False) -> str:
    """As much of somebody's words as fits, as a `name`; what is cut ends in an ellipsis."""
    whole = name(words)
    if width(whole, size, bold=bold) <= room:
        return whole
    kept = whole.strip(FSI + PDI)
    while len(kept) > 1 and width(kept + "…", size, bold=bold) > room:
        kept = kept[:-1].rstrip(" \u200c")
    return f"{FSI}{kept}…{PDI}"


def _document(height: float, *shapes: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" viewBox="0 0 {WIDTH} {height:g}" '
        f'font-family="{FONT}">{"".join(shapes)}</svg>'
    )
