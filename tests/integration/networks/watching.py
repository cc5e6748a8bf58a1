"""A source that is polled as the runner polls it: its state goes from poll to poll, and nowhere else."""

from dataclasses import replace
from datetime import UTC, datetime

from monitors import schedule
from monitors.errors import SourceError
from monitors.fetch import Fetcher
from monitors.model import Item, PollState, SourceKind
from monitors.parsing import Parser
from monitors.poll import poll
from monitors.schedule import Bounds

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOUNDS = Bounds(60, 3600)


class Watched:
    """One source. `known` are the guids that were read before; `state` is what is stored of it."""

    def __init__(self, kind: SourceKind, address: str, mirrors: dict[str, str]) -> None:
        self.kind = kind
        self.address = address
        self.mirrors = mirrors
        self.state: PollState = schedule.initial(NOW)
        self.known: set[str] = set()
        self.items: tuple[Item, ...] = ()

    async def poll(self) -> list[str]:
        """The guids that are new. Raises SourceError, after which the state is that of a poll that failed."""
        state = replace(self.state)  # as read from the table: each poll begins with a new process, as after a restart
        async with Fetcher(allow_private=True, mirrors=self.mirrors) as fetcher, Parser() as parser:
            try:
                polled = await poll(self.kind, self.address, state, fetcher, parser.parse)
            except SourceError as error:
                self.state = schedule.after_failure(state, error, now=NOW, bounds=BOUNDS, random=0.5).state
                raise
        new = [item for item in dict.fromkeys(polled.items) if item.guid not in self.known]
        dates = [item.published_at for item in new]
        outcome = schedule.after_success(state, polled.fetched, polled.page, dates, now=NOW, bounds=BOUNDS, random=0.5)
        self.state, self.items = outcome.state, polled.items
        self.known |= {item.guid for item in new}
        return [item.guid for item in new]
