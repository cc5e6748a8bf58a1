"""What commands work with: one value that holds the rooms a command may reach.

What lives here: only that. What does not: any decision; commands make those, and chats.py says who may.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.calendar import Clock
from bot.chats import ChatLanguage
from bot.render import Renderer
from monitors.roster import Roster
from monitors.scout import Scout
from monitors.store.engine import Database
from monitors.topics import TopicFinder


@dataclass(frozen=True, slots=True)
class Desk:
    """The rooms behind a command. `wake_runner` has new sources polled at once; `now` is the clock (aware UTC)."""

    database: Database
    roster: Roster
    scout: Scout
    topics: TopicFinder
    renderer: Renderer
    now: Callable[[], datetime]
    wake_runner: Callable[[], None]
    started_at: datetime
    search_kinds: frozenset[str]
    fulltext: frozenset[str] = (
        frozenset()
    )  # the kinds whose articles' pages are read unless their source says otherwise
    hooks: str | None = None  # where other tools post to, but for the name; None where they may not
    heard_at: Callable[[], datetime | None] = field(default=lambda: None)  # the last successful poll for updates
    connected_since: Callable[[int], datetime | None] = field(default=lambda _: None)  # of a stream, by its source's id

    def clock(self, language: ChatLanguage) -> Clock:
        """How a chat of this language reads time."""
        return self.renderer.clock(language)
