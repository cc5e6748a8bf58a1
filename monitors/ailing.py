"""When a source's trouble, or the end of it, is worth a word to the admins: once each, and not for every hiccup. Pure.

    three failures over an hour         → Down, once; more than a few of them at a time are told in one word
    gone for good                       → Down, at once
    read again after that               → Back; of those told together, when the last of them is back
    nothing could be read for an hour,
    and half of all cannot be reached   → NetworkDown instead of any of these, and NetworkBack at its end

What lives here: these rules. What does not: reading and keeping the facts (store/ailments.py), the words (bot/caretaker.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitors.errors import TimedOut, Unreachable
from monitors.health import health, reason
from monitors.model import Source

FAILURES = 3
PATIENCE = timedelta(hours=1)
TOGETHER = timedelta(minutes=15)  # what has failed so long joins one that is told now
FEW = 3  # sources that are told one by one
UNREACHED = (Unreachable.reason, TimedOut.reason)


@dataclass(frozen=True, slots=True)
class Told:
    """A source about which the admins were told at `at`: it fails since `since`. `grouped`: in one word with others."""

    source: Source
    since: datetime
    at: datetime
    grouped: bool


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which our own network was down, as the admins were told at `told_at`; `ended_at` is None while it is."""

    began_at: datetime
    told_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Condition:
    """How all sources are: those that failed FAILURES times and more or are gone for good, those of which the admins know,
    and numbers over all that are polled. `outage` is the last one."""

    ill: tuple[Source, ...]
    told: Mapping[int, Told]
    polled: int
    unreached: int  # of `polled`: failing FAILURES times and more because nothing answers
    last_success_at: datetime | None
    outage: Outage | None


@dataclass(frozen=True, slots=True)
class Down:
    """A source fails; `many` are the others that began to fail with it."""

    source: Source
    many: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Back:
    """A source is read again, or the last of some that were told together. `quiet` is for nobody to hear, only to keep."""

    told: Told
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class NetworkDown:
    """No source could be read since then."""

    since: datetime


@dataclass(frozen=True, slots=True)
class NetworkBack:
    """Sources are read again after that outage."""

    outage: Outage


type News = Down | Back | NetworkDown | NetworkBack


def news(condition: Condition, now: datetime) -> tuple[News, ...]:
    """What the admins should hear now, in this order."""
    outage = condition.outage
    if outage and outage.ended_at is None:
        last = condition.last_success_at
        return (NetworkBack(outage),) if last and last > outage.told_at else ()
    if since := _down_since(condition, now):
        return (NetworkDown(since),)
    return (*_fallen(condition, now), *_recovered(condition))


def _down_since(condition: Condition, now: datetime) -> datetime | None:
    """Since when our own network is down. One source alone that cannot be reached proves nothing."""
    if condition.unreached < 2 or condition.unreached * 2 < condition.polled:
        return None
    began = min(_failing_since(one, None) for one in condition.ill if reason(one) in UNREACHED)
    since = condition.last_success_at or began
    return since if max(since, began) <= now - PATIENCE else None


def _fallen(condition: Condition, now: datetime) -> tuple[Down, ...]:
    back_at = condition.outage.ended_at if condition.outage else None
    fresh = [one for one in condition.ill if one.id not in condition.told]
    gone = [one for one in fresh if health(one) == "gone"]
    failing = [one for one in fresh if health(one) == "failing"]
    due = [one for one in failing if _failing_since(one, back_at) <= now - PATIENCE]
    joining = [one for one in failing if _failing_since(one, back_at) <= now - TOGETHER] if due else []
    if len(joining) > FEW:
        return (*(Down(one) for one in gone), Down(joining[0], tuple(joining[1:])))
    return tuple(Down(one) for one in (*gone, *due))


def _recovered(condition: Condition) -> tuple[Back, ...]:
    well = [one for one in condition.told.values() if _is_well(one)]
    still_grouped = any(one.grouped and one not in well for one in condition.told.values())
    alone = [Back(one) for one in well if not one.grouped]
    grouped = [one for one in well if one.grouped]
    last = [Back(one, quiet=still_grouped or place > 1) for place, one in enumerate(grouped, 1)]
    return (*alone, *last)


def _is_well(told: Told) -> bool:
    state = told.source.state
    return health(told.source) == "healthy" and state.last_success_at is not None and state.last_success_at > told.at


def _failing_since(source: Source, back_at: datetime | None) -> datetime:
    """Since when it fails although our network works."""
    since = source.state.failing_since
    assert since is not None  # noqa: S101 - a source with failures has it
    return max(since, back_at) if back_at else since
