"""Whose turn it is among the sources of a network: polls at its pace, and none while it has had enough. Pure.

    pace       seconds between two polls of a kind's sources, all together
    refusal    a status 429, a 503 that says when to come back, or words to that effect: all of the kind wait

What lives here: that, by kind. What does not: when a source is due (schedule.py), polling (runner.py). A kind without a pace
reads from many hosts, and none of them speaks for the others.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from monitors.errors import AskedTooOften, HttpStatus, NeedsCredentials, SourceError
from monitors.kinds import SourceKind

UNAVAILABLE = 503
LEAST, LONGEST = timedelta(minutes=1), timedelta(days=1)  # that a kind is left alone after a refusal


class Turns:
    """The turns of all kinds."""

    def __init__(self, kinds: Iterable[SourceKind]) -> None:
        self._paces = {kind.kind: timedelta(seconds=kind.pace) for kind in kinds if kind.pace}
        self._until: dict[str, datetime] = {}

    def resume(self, last_polls: Mapping[str, datetime]) -> None:
        """Takes up the pace where it was left at the end of the last run: when each kind was polled last."""
        self._until = {kind: at + self._paces[kind] for kind, at in last_polls.items() if kind in self._paces}

    def waiting(self, now: datetime) -> dict[str, datetime]:
        """The kinds whose sources may not be polled now, and until when."""
        self._until = {kind: until for kind, until in self._until.items() if until > now}
        return dict(self._until)

    def take(self, kind: str, now: datetime) -> bool:
        """Whether one of the kind's sources may be polled; then the next one's turn comes at its pace."""
        if self._until.get(kind, now) > now:
            return False
        if kind in self._paces:
            self._until[kind] = now + self._paces[kind]
        return True

    def failed(self, kind: str, error: SourceError, now: datetime) -> datetime | None:
        """A poll of one of the kind's sources failed. Returns until when all of them are to wait, None where they go on."""
        if kind not in self._paces:
            return None
        if isinstance(error, NeedsCredentials):
            self._until.pop(kind, None)  # nobody was asked
        if not _has_had_enough(error):
            return None
        self._until[kind] = now + min(max(timedelta(seconds=error.retry_after or 0), LEAST), LONGEST)
        return self._until[kind]


def _has_had_enough(error: SourceError) -> bool:
    if isinstance(error, HttpStatus):
        return error.too_often or (error.status == UNAVAILABLE and error.retry_after is not None)
    return isinstance(error, AskedTooOften)
