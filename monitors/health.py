"""How a source is doing, in one word. Pure.

What lives here: reading that off a source's state. What does not: when people are told of it (ailing.py), and in which
words (bot/).
"""

from typing import Literal

from monitors.errors import Gone, NeedsCredentials
from monitors.model import Source

type Health = Literal["new", "healthy", "failing", "needs", "paused", "gone"]

WANTS_A_HAND: frozenset[Health] = frozenset({"failing", "needs", "gone"})


def health(source: Source) -> Health:
    """`new` until the first poll ends; `needs` a setting; `gone` for good (410) and no longer asked."""
    state = source.state
    if reason(source) == Gone.reason or not source.active:
        return "gone"
    if source.paused:
        return "paused"
    if not state.failures:
        return "healthy" if state.last_success_at else "new"
    return "needs" if reason(source) == NeedsCredentials.reason else "failing"


def reason(source: Source) -> str:
    """The reason of the last poll's error (monitors.errors), "" where it succeeded."""
    return (source.state.error or "").partition(" ")[0]
