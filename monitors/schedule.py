"""When a source is polled next, and what its polls have taught: PollState → PollState.

What lives here: arithmetic, with the time and the chance given. What does not: waiting, asking (runner.py, fetch.py) and
writing states (store/sources.py). Why the numbers are as they are: docs/decisions/polling.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import exp, expm1

from monitors.errors import (
    AddressRefused,
    BadSelector,
    Gone,
    HttpStatus,
    NeedsCredentials,
    NotAFeed,
    NotTheAnswer,
    SourceError,
    TimedOut,
    Unreachable,
)
from monitors.kinds import Fetched, Page
from monitors.model import PollState

DAY = 86400.0

DRIFT = 1.05  # a poll that brought nothing makes the next wait so much longer: waits stay a twentieth of the silence
SHARE_OF_GAP = 0.5  # of the mean time between items: no wait is longer, however silent the source is just now
MEMORY = 2 * DAY  # seconds after which what was published weighs 1/e in `items_per_day`

LONGEST_BACK_OFF = 6 * 3600.0
LONGEST_UNREACHED = 1800.0  # as it may be our own network that is down; when it comes back, no source should sleep on
LONGEST_TTL = 7 * DAY
LONGEST_ERROR = 200  # characters
SIGHTINGS = 3  # of the same permanent redirect in a row, until it is believed

NO_HOUR, EVERY_HOUR = 0, 2**24 - 1
AFTER_SKIPPED = 600.0  # seconds over which sources spread that waited for the same hour

START_WINDOW = 60.0
START_PACE = 0.002  # seconds a source: 500 begin in one second


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest wait between two polls of a source that answers, in seconds."""

    min_seconds: float
    max_seconds: float

    def clamp(self, seconds: float) -> float:
        """The nearest wait that is allowed."""
        return min(max(seconds, self.min_seconds), self.max_seconds)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a poll leaves behind. `address` is set when the source has moved; `active` is False when it is gone for good."""

    state: PollState
    address: str | None = None
    active: bool = True


def initial(now: datetime) -> PollState:
    """The state of a source that was never polled: due now, and with no wait of its own yet, so with the shortest."""
    return PollState(next_poll_at=now, interval=0.0)


def start_offset(source_id: int, overdue: int, interval: float) -> float:
    """Seconds until an overdue source is polled after a start, when so many are overdue: the same at each start.

    Fifty are polled within a tenth of a second; thousands over their interval or, at most, a minute. Neighbouring ids are
    put far apart by Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4).
    """
    place = source_id * 2654435761 % 2**32 / 2**32
    return place * min(START_WINDOW, overdue * START_PACE, interval or START_WINDOW)


def after_success(
    state: PollState,
    fetched: Fetched,
    page: Page | None,
    published: Sequence[datetime | None],
    *,
    now: datetime,
    bounds: Bounds,
    random: float,
) -> Outcome:
    """What follows a poll that was answered. `page` is None where nothing had changed.

    `published` holds the times of the items that were new, None where an item has none. `random` is in [0, 1).
    """
    rate = _items_per_day(state, published, now)
    interval = bounds.min_seconds if published else bounds.clamp(min(state.interval * DRIFT, _ceiling(rate, bounds)))
    ttl, skipped = (_ttl(page), _hours(page)) if page else (state.ttl, state.skip_hours)
    hub, topic = _hub(state, fetched, page)
    asked = min(max(fetched.max_age or 0, ttl or 0), bounds.max_seconds)
    wait = max(bounds.clamp(interval * (0.95 + 0.1 * random)), asked)
    moved_to, moved_seen, address = _sighted(state, fetched.moved_to)
    following = PollState(
        next_poll_at=_outside(skipped, now + timedelta(seconds=wait), random),
        interval=interval,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        body_hash=fetched.body_hash,
        cursor=page.cursor if page and page.cursor is not None else state.cursor,
        last_success_at=now,
        last_item_at=_newest(state.last_item_at, published, now),
        items_per_day=rate,
        moved_to=moved_to,
        moved_seen=moved_seen,
        ttl=ttl,
        skip_hours=skipped,
        hub=hub,
        topic=topic,
    )
    return Outcome(following, address)


def after_push(state: PollState, published: Sequence[datetime | None], *, now: datetime) -> Outcome:
    """What follows items that came by themselves: polls go on as they were, whether they succeed or fail."""
    return Outcome(
        replace(
            state,
            last_success_at=now if not state.failures else state.last_success_at,
            last_item_at=_newest(state.last_item_at, published, now),
            items_per_day=_items_per_day(state, published, now),
        )
    )


def after_failure(state: PollState, error: SourceError, *, now: datetime, bounds: Bounds, random: float) -> Outcome:
    """What follows a poll that failed: waits that double, never shorter than the server asks for, up to a day. Where
    credentials are missing nobody was asked, and nothing changes before the next start: a day, and no count.

    `random` is in [0, 1).
    """
    longest = max(
        LONGEST_UNREACHED if isinstance(error, Unreachable | TimedOut) else LONGEST_BACK_OFF, bounds.min_seconds
    )
    needing = isinstance(error, NeedsCredentials)
    doubled = DAY if needing else min(bounds.min_seconds * 2.0 ** min(state.failures, 32), longest)
    wait = max(doubled * (0.8 + 0.4 * random), min(error.retry_after or 0, DAY))
    failing = replace(
        state,
        next_poll_at=_outside(state.skip_hours, now + timedelta(seconds=wait), random),
        failures=1 if needing else state.failures + 1,
        failing_since=state.failing_since or now,
        error=describe(error),
    )
    return Outcome(failing, active=not isinstance(error, Gone))


def describe(error: SourceError) -> str:
    """An error as one stable string: its reason and, after a space, the fact that tells it from its like, if it has one."""
    match error:
        case HttpStatus() if not isinstance(error, Gone):
            fact = f"{error.status} {error.said}"
        case AddressRefused():
            fact = error.address
        case NotAFeed() | NotTheAnswer():
            fact = error.what
        case NeedsCredentials():
            fact = error.setting
        case BadSelector():
            fact = error.selector
        case _:
            fact = ""
    return f"{error.reason} {fact}"[:LONGEST_ERROR].rstrip()


def _sighted(state: PollState, moved_to: str | None) -> tuple[str | None, int, str | None]:
    """What is remembered of a permanent redirect, how often it was seen, and the address once it is believed."""
    if moved_to is None:
        return None, 0, None
    seen = state.moved_seen + 1 if moved_to == state.moved_to else 1
    return (None, 0, moved_to) if seen >= SIGHTINGS else (moved_to, seen, None)


def _items_per_day(state: PollState, published: Sequence[datetime | None], now: datetime) -> float | None:
    """An average in which older items weigh exponentially less, whatever the times between polls.

    A first poll judges by the dates of what it found. Later ones add each item as 1/MEMORY, faded over the time since the
    last success in which it may have come (the mean of exp(-age/MEMORY) over that time).
    """
    if state.last_success_at is None:
        dated = [time for time in published if time is not None and time < now]
        return len(dated) * DAY / max((now - min(dated)).total_seconds(), 3600.0) if dated else None
    passed = max((now - state.last_success_at).total_seconds(), 1e-3) / MEMORY
    faded = len(published) * DAY / MEMORY * -expm1(-passed) / passed
    return (state.items_per_day or 0.0) * exp(-passed) + faded


def _ceiling(rate: float | None, bounds: Bounds) -> float:
    return SHARE_OF_GAP * DAY / rate if rate else bounds.max_seconds


def _newest(known: datetime | None, published: Sequence[datetime | None], now: datetime) -> datetime | None:
    """When the newest item came out; undated ones and those from the future came now."""
    times = [min(time or now, now) for time in published] + ([known] if known else [])
    return max(times, default=None)


def _ttl(page: Page) -> int | None:
    return min(page.ttl, int(LONGEST_TTL)) if page.ttl is not None and page.ttl > 0 else None


def _hub(state: PollState, fetched: Fetched, page: Page | None) -> tuple[str | None, str | None]:
    """The hub and the topic: by the headers, else by the page; as they were where nothing has changed."""
    if fetched.hub:
        return fetched.hub, fetched.topic
    return (page.hub, page.topic) if page else (state.hub, state.topic)


def _hours(page: Page) -> int:
    return sum(1 << hour for hour in page.skip_hours if 0 <= hour < 24)


def _outside(skipped: int, at: datetime, random: float) -> datetime:
    """The first moment from `at` on that is in no skipped hour; a source that skips every hour means none."""
    if skipped in {NO_HOUR, EVERY_HOUR} or not skipped >> at.hour & 1:
        return at
    hour = at.replace(minute=0, second=0, microsecond=0)
    while skipped >> hour.hour & 1:
        hour += timedelta(hours=1)
    return hour + timedelta(seconds=AFTER_SKIPPED * random)
