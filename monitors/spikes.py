"""Is a tracker mentioned more than usual just now? Counts by the hour against what its own past says of this hour. Pure.

A warning is due where an hour, or it with the one before, held so many mentions as come by chance once in a great many hours,
were they distributed negative binomially with

    mean = usual        variance = dispersion · usual + (doubt · usual)²

after Noufaily, Enki, Farrington, Garthwaite, Andrews, Charlett (2013), "An improved algorithm for outbreak detection in
multiple surveillance systems", Statistics in Medicine 32, 1206–1222. `dispersion` is measured (1 for Poisson; reprints come
in heaps), `doubt` is what a short history leaves open: usual.py. How rare is rare enough, what a sensitivity asks besides,
and what all of it was measured on: docs/spikes.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Final, Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from monitors.usual import WINDOWS, Counts, Usual, learnt, sums

type Sensitivity = Literal["low", "middle", "high"]
type Kind = Literal["mentions", "negative"]

TEHRAN: Final = ZoneInfo("Asia/Tehran")
HOUR: Final = timedelta(hours=1)
COOL_DOWN: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Hour:
    """Mentions of a tracker, and the negative ones of them, in the hour that begins at `start` (UTC)."""

    start: datetime
    mentions: int
    negative: int


@dataclass(frozen=True, slots=True)
class Spike:
    """An hour (by its start, UTC) that deserves a warning: `count` of a kind in the `hours` that end with it, where `usual`
    is normal, and since when more than usual has been said."""

    start: datetime
    kind: Kind
    count: int
    usual: float
    hours: int
    since: datetime

    @property
    def times(self) -> float:
        """How many times as much as usual."""
        return self.count / self.usual


@dataclass(frozen=True, slots=True)
class _Level:
    """What a sensitivity asks: how unlikely by chance, how many times as much as usual, and how many at least."""

    chance: float
    times: float
    least: Mapping[Kind, int]


SENSITIVITIES: Final[tuple[Sensitivity, ...]] = ("low", "middle", "high")
_KINDS: Final[tuple[Kind, ...]] = ("mentions", "negative")
_LEVELS: Final[Mapping[Sensitivity, _Level]] = {
    "low": _Level(1e-6, 2.5, {"mentions": 12, "negative": 8}),
    "middle": _Level(3e-4, 1.9, {"mentions": 8, "negative": 5}),
    "high": _Level(4e-3, 1.5, {"mentions": 5, "negative": 3}),
}
_DOUBLED: Final = 2  # a storm is warned of again when it has grown so many times
_LONGEST: Final = 2  # days that a storm is followed back
_RAISED: Final = 1.5  # times usual: what belongs to a storm
_CERTAIN: Final = 50  # standard deviations, beyond which nothing is worked out
_RARER: Final = 0.5  # the power of the dispersion by which the asked chance is less: of heaps the tail is little known
_OF_WINDOWS: Final = (0.3, 1.0)  # of the asked chance: the sum of two hours tells a storm from a heap of reprints
_OF_KINDS: Final[Mapping[Kind, float]] = {"mentions": 1.0, "negative": 0.5}  # fewer, whose rhythm is less known


# ── warnings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def warnings(hours: Sequence[Hour], *sensitivities: Sensitivity) -> dict[Sensitivity, tuple[Spike, ...]]:
    """The warnings that were due over time at each sensitivity, in order, as if each hour had been judged when it ended.

    `hours` in any order; one that is missing had no mentions. Pure.
    """
    return {sensitivity: tuple(_told(found)) for sensitivity, found in _spikes(hours, sensitivities).items()}


def current(hours: Sequence[Hour], sensitivity: Sensitivity, warned: Mapping[Kind, Spike]) -> tuple[Spike, ...]:
    """The warnings that are due now that the last of `hours` has ended; `warned` holds the latest of each kind so far.

    `hours` as for `warnings`; the last six weeks are enough. Pure.
    """
    now = max((hour.start for hour in hours), default=None)
    found = _spikes(hours, (sensitivity,), days=_LONGEST + 1)[sensitivity]
    return tuple(spike for spike in found if spike.start == now and _due(spike, warned.get(spike.kind)))


def expected(hours: Sequence[Hour], kind: Kind, last: int) -> tuple[float, ...]:
    """What is usual in each of the last of `hours`, whose missing ones had no mentions; 0 where nothing is known yet."""
    places, first = _places(hours)
    said = _by_day(places, [getattr(hour, kind) for hour in hours])
    mean = learnt(said, max(0, len(said) - last // 24 - 2), first).mean
    end = int(places.max()) + 1
    return tuple(np.nan_to_num(mean[max(0, end - last) : end]).tolist())


def beginning(moment: datetime) -> datetime:
    """Of the hour, as Tehran's clocks strike, in which a moment is counted; spikes are named by it."""
    return moment.astimezone(TEHRAN).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _told(found: Iterable[Spike]) -> Iterator[Spike]:
    """Those of the spikes, in order, that were due."""
    warned: dict[Kind, Spike] = {}
    for spike in found:
        if _due(spike, warned.get(spike.kind)):
            warned[spike.kind] = spike
            yield spike


def _due(spike: Spike, warned: Spike | None) -> bool:
    """A storm is warned of once, and again when it has doubled in another hour; another one, when some hours have gone."""
    if warned is None:
        return True
    if spike.start <= warned.start:
        return False
    if spike.count / spike.hours >= _DOUBLED * warned.count / warned.hours:
        return True
    return spike.start - warned.start >= COOL_DOWN and spike.since > warned.start


def _spikes(
    hours: Sequence[Hour], sensitivities: Iterable[Sensitivity], days: int | None = None
) -> dict[Sensitivity, list[Spike]]:
    """The hours of the last days (None: of all) that are spikes, in order."""
    found: dict[Sensitivity, list[Spike]] = {sensitivity: [] for sensitivity in sensitivities}
    if not hours:
        return found
    places, first = _places(hours)
    for kind in _KINDS:
        said = _by_day(places, [getattr(hour, kind) for hour in hours])
        usual = learnt(said, 0 if days is None else max(0, len(said) - days), first)
        for sensitivity, spikes in found.items():
            spikes.extend(_of_kind(kind, said.ravel(), usual, first, _LEVELS[sensitivity]))
    return {sensitivity: sorted(spikes, key=attrgetter("start")) for sensitivity, spikes in found.items()}


def _places(hours: Sequence[Hour]) -> tuple[NDArray[np.intp], date]:
    """The number of each hour, counted from the beginning of the first day, and that day."""
    local = [hour.start.astimezone(TEHRAN) for hour in hours]
    first = min(moment.date() for moment in local)
    return np.array([(moment.date() - first).days * 24 + moment.hour for moment in local]), first


def _by_day(places: NDArray[np.intp], counts: Sequence[int]) -> Counts:
    """Counts by days × 24; nan before the first hour and after the last."""
    said = np.zeros((places.max() // 24 + 1, 24))
    np.add.at(said.ravel(), places, counts)
    said.ravel()[: places.min()] = np.nan
    said.ravel()[places.max() + 1 :] = np.nan
    return said


def _of_kind(kind: Kind, hours: Counts, usual: Usual, first: date, level: _Level) -> Iterator[Spike]:
    raised = np.nan_to_num(sums(hours, 2) >= _RAISED * sums(usual.mean, 2)).astype(bool)
    quiet = np.maximum.accumulate(np.where(raised, -1, np.arange(len(hours))))  # the last hour up to here that was
    seen: set[int] = set()
    for window, variation, share in zip(WINDOWS, usual.variation, _OF_WINDOWS, strict=True):
        asked = level.chance * share * _OF_KINDS[kind]
        counts, means = sums(hours, window), sums(usual.mean, window)
        for place in np.flatnonzero(counts >= np.maximum(level.least[kind], level.times * means)).tolist():
            mean, (base, slope) = means[place], variation[:, place]
            dispersion = max(1.0, base + slope * mean)
            variance = dispersion * mean + (usual.doubt[place] * mean) ** 2
            if place not in seen and _chance(counts[place], mean, variance) < asked / dispersion**_RARER:
                seen.add(place)
                start, since = (_start(first, at) for at in (place, min(place, quiet[place] + 1)))
                yield Spike(start, kind, int(counts[place]), float(mean), window, since)


def _start(first: date, place: int) -> datetime:
    return (datetime(first.year, first.month, first.day, tzinfo=TEHRAN) + int(place) * HOUR).astimezone(UTC)


def _chance(count: float, mean: float, variance: float) -> float:
    """The probability of so many or more, by a negative binomial distribution."""
    if count > mean + _CERTAIN * np.sqrt(variance):
        return 0.0
    spread = max(variance / mean, 1 + 1e-6)  # 1 would be Poisson's
    size = mean / (spread - 1)
    below = np.arange(1, count)
    steps = np.log(
        (below - 1 + size) / below * (1 - 1 / spread)
    )  # of the logarithm of the probability of exactly so many
    return 1 - float(np.exp(np.concatenate([[0.0], np.cumsum(steps)]) - size * np.log(spread)).sum())
