"""Reads many sources once, side by side, and says how each did: nothing is stored, no state is changed.

What lives here: that round, at the pace that networks ask for. What does not: reading one source (poll.py, streams.py),
printing (bot/checks.py).
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitors.errors import NeedsCredentials, SourceError
from monitors.fetch import Fetcher
from monitors.kinds import StreamKind
from monitors.poll import Parse, poll
from monitors.sources import kind_named
from monitors.store.sources import NewSource
from monitors.streams import sample

AT_ONCE = 30


@dataclass(frozen=True, slots=True)
class Checked:
    """How a source was read: what it holds now, or what went wrong."""

    source: NewSource
    items: int = 0
    newest: datetime | None = None
    error: SourceError | None = None


class Checkup:
    """Reads sources once. A kind with a pace is asked at that pace; `AT_ONCE` others side by side. `credentials` are the
    names of the settings of networks that are set."""

    def __init__(self, fetcher: Fetcher, parse: Parse, credentials: frozenset[str]) -> None:
        self._credentials = credentials
        self._fetcher = fetcher
        self._parse = parse
        self._places = asyncio.Semaphore(AT_ONCE)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, some: Sequence[NewSource]) -> tuple[Checked, ...]:
        """How each did, in their order."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._check(one)) for one in some]
        return tuple(task.result() for task in tasks)

    async def _check(self, source: NewSource) -> Checked:
        kind = kind_named(source.kind)
        if missing := [name for name in kind.needs if name not in self._credentials]:
            return Checked(source, error=NeedsCredentials(", ".join(missing)))
        if kind.pace:
            async with self._turns[kind.kind]:  # the next one's turn comes when the pace is over
                await asyncio.sleep(kind.pace)
        async with self._places:
            try:
                if isinstance(kind, StreamKind):
                    polled = await sample(kind, source.address, self._fetcher, self._parse)
                else:
                    polled = await poll(kind, source.address, None, self._fetcher, self._parse)
            except SourceError as error:
                return Checked(source, error=error)
        dated = [item.published_at for item in polled.items if item.published_at]
        return Checked(source, len(polled.items), max(dated, default=None))
