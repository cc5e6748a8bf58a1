"""The piece of an article that a person reads in an alert, and that sentiment judges: the sentences around the brand.

What lives here: choosing and cutting. What does not: marking in bold (bot/render.py), judging (sentiment.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitors.model import Span

LIMIT = 400  # characters of an article's text that a passage holds at most
BOUNDARY = re.compile(r"(?<=[.!?؟…])[\"'»”)\]]*\s+|\n+")
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Passage:
    """Original text with the places of the brand in it: `marks` are [start, end) offsets into `text`, in order.

    `title` is the headline with its own marks; it is shown and judged apart.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    title: str = ""
    title_marks: tuple[tuple[int, int], ...] = ()


def around(title: str, text: str, spans: Sequence[Span], limit: int = LIMIT) -> Passage:
    """The sentences that hold the most of the brand, within `limit` characters; the beginning where none holds it."""
    marks = sorted((span.start, span.end) for span in spans if span.part == "text")
    title_marks = tuple(sorted((span.start, span.end) for span in spans if span.part == "title"))
    start, end = _best_window(text, marks, limit)
    before = ELLIPSIS if start > 0 else ""
    after = ELLIPSIS if end < len(text.rstrip()) else ""
    shift = len(before) - start
    inside = tuple((low + shift, high + shift) for low, high in marks if start <= low and high <= end)
    return Passage(before + text[start:end] + after, inside, title, title_marks)


def _best_window(text: str, marks: Sequence[tuple[int, int]], limit: int) -> tuple[int, int]:
    sentences = tuple(_sentences(text))
    if not sentences:
        return 0, 0
    anchor = marks[0] if marks else (0, 0)
    at = next((i for i, (_, end) in enumerate(sentences) if anchor[1] <= end), len(sentences) - 1)
    first = last = at
    # Grow forward first (what is said of the brand follows it), then backward, while whole sentences fit.
    while last + 1 < len(sentences) and sentences[last + 1][1] - sentences[first][0] <= limit:
        last += 1
    while first > 0 and sentences[last][1] - sentences[first - 1][0] <= limit:
        first -= 1
    start, end = sentences[first][0], sentences[last][1]
    return (start, end) if end - start <= limit else _cut(text, start, end, anchor, limit)


def _cut(text: str, start: int, end: int, anchor: tuple[int, int], limit: int) -> tuple[int, int]:
    """A sentence longer than the limit, cut at word breaks with the brand kept in its first third."""
    low = max(start, min(anchor[0] - limit // 3, end - limit))
    if low > start:
        low = text.find(" ", low, anchor[0]) + 1 or low
    high = min(end, max(low + limit, anchor[1]))
    if high < end:
        high = max(text.rfind(" ", anchor[1], high), anchor[1]) if " " in text[anchor[1] : high] else high
    return low, high


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for boundary in BOUNDARY.finditer(text):
        if boundary.start() > start:
            yield start, boundary.start()
        start = boundary.end()
    if text[start:].strip():
        yield start, start + len(text[start:].rstrip())
