"""SVG → PNG by typst, which shapes Persian right, takes its font from bot/fonts alone, and leaves the loop free.

Measured (2026-11, 1,080 × 620): typst 12 ms, and other threads run meanwhile; resvg-py 80 ms, which reads the font file
anew each time and holds the interpreter. It is imported with the first picture: 30 MB that a quiet Rasad need not hold.
"""

import asyncio
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

FONTS = Path(__file__).parents[1] / "fonts"
PIXELS = 1.5  # an SVG's unit: a picture is 960 wide, which is sharp on a phone
_UNITS_PER_INCH = 96
_ONE_AT_A_TIME = threading.Lock()  # a compiler that is lent to one thread refuses another
_TEMPLATE = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'


async def png(svg: str) -> bytes:
    """A chart as a picture, opaque."""
    return await asyncio.to_thread(_drawn, svg)


def _drawn(svg: str) -> bytes:
    with _ONE_AT_A_TIME:
        drawn = _compiler().compile(_TEMPLATE, format="png", ppi=_UNITS_PER_INCH * PIXELS, sys_inputs={"svg": svg})
    if not isinstance(drawn, bytes):
        raise TypeError("a chart is one page")
    return drawn


@cache
def _compiler() -> "typst.Compiler":
    import typst

    return typst.Compiler(font_paths=[FONTS], ignore_system_fonts=True)
