"""What becomes of the searches on a network when the trackers' terms change: (its sources, the searches wanted) → changes. Pure.

    a search that is wanted as it is            stays
    one whose terms stand in another one now    goes on as that one: what it read is read, what came since is news
    one with terms that nobody looked for       starts quietly, as every new source does
    one that nobody wants                       stops

Terms that join a search which goes on bring a backlog with them. `PollState.quiet_before` keeps its next poll from telling it.
What lives here: that. What does not: which terms share a search (sources/batches.py), and writing it (store/sources.py).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitors import schedule
from monitors.model import PollState, Source
from monitors.sources.batches import terms_of

LATE = timedelta(hours=2)  # that networks find a post after it was published


@dataclass(frozen=True, slots=True)
class Changed:
    """A source that takes another address, or is watched again."""

    source_id: int
    address: str
    state: PollState


@dataclass(frozen=True, slots=True)
class Changes:
    """All that is to be written; `added` are addresses that no source had, `stopped` ids of sources."""

    changed: tuple[Changed, ...]
    added: tuple[tuple[str, PollState], ...]
    stopped: tuple[int, ...]


def follow(leaving: Iterable[Source], resting: Iterable[Source], wanted: Iterable[str], now: datetime) -> Changes:
    """Makes the searches of a kind those that are wanted. `wanted` are addresses that are not watched yet, `leaving` the
    sources that are watched under one that nobody wants any more, `resting` stopped ones under one that is wanted again."""
    heirs = {source.id: source for source in leaving}
    asked = {term: source for source in heirs.values() for term in terms_of(source.address)}
    rested = {source.address: source for source in resting}
    changed: list[Changed] = []
    added: list[tuple[str, PollState]] = []
    for address in wanted:
        before = _before(address, asked)
        state = _going_on([source.state for source in before], now)
        heir = rested.get(address) or next((source for source in before if source.id in heirs), None)
        if heir is None:
            added.append((address, state))
        else:
            heirs.pop(heir.id, None)
            changed.append(Changed(heir.id, address, state))
    return Changes(tuple(changed), tuple(added), tuple(heirs))


def _before(address: str, asked: Mapping[str, Source]) -> list[Source]:
    """Those that have looked for its terms so far, the one with the most of them first."""
    found = [asked[term] for term in terms_of(address) if term in asked]
    by_id = {source.id: source for source in found}
    return [by_id[source_id] for source_id, _ in Counter(source.id for source in found).most_common()]


def _going_on(states: Sequence[PollState], now: datetime) -> PollState:
    """Where the one that was read longest ago stands: from there on nothing is missed, and what is read again is known."""
    read = [(state.last_success_at, state) for state in states if state.last_success_at]
    if not read:
        return schedule.initial(now)
    since, state = min(read, key=lambda one: one[0])
    return replace(state, next_poll_at=now, etag=None, last_modified=None, body_hash=None, quiet_before=since - LATE)
