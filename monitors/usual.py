"""How often a tracker is mentioned at this hour of such a day, from its own past, and how much that varies. Pure.

    usual(day, hour) = level × weekday × share of the hour in such a day × what the last hours were of that

The level is made by medians over days, so that yesterday's storm is no norm for today; weekday and share by counts, smoothed
with a rhythm of Iranian media, which is nearly all there is on the second day. The last hours tell of a holiday on its first
morning. Storms are left out of learning, and what stands alone far above is cut, after Noufaily et al. (2013; spikes.py has
the reference).

What lives here: learning from whole days before the one that is asked about, and from its own hours up to two before the one
that is asked about. What does not: what a spike is (spikes.py).
"""

from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

type Counts = NDArray[np.float64]  # days × 24, or a run of hours; nan where nothing is known

WINDOWS: Final = (1, 2)  # hours that are summed

_DAYS: Final = 42  # that are learnt from
_LEAST_KNOWN: Final = 8  # hours of them
_LEAST_USUAL: Final = 0.3  # mentions an hour

# Days back and a weight: the highest of their medians is the level. Holidays end, and what is new may stay.
_MEDIANS: Final = ((3, 0.85), (7, 1.0), (28, 0.8))
_AROUND: Final = 7  # days whose median was the level of the one in the middle
_STORM: Final = 2.5  # standard deviations that are passed
_STORM_HOURS: Final = 3  # in so many hours in a row: a storm
_FAR: Final = 4.0  # standard deviations; what lies beyond is cut

# The last hours: of an hour up to two before the one that is asked about, so that a storm is not held against itself.
_FADES: Final = 12.0  # hours, after which one weighs a third
_RECENT: Final = np.concatenate([np.zeros(2), np.exp(-np.arange(4 * _FADES) / _FADES)])
_STEADY: Final = 40.0  # mentions that weigh as much for no change
_ALIKE: Final = (0.85, 1.15)  # times usual, between which nothing has changed
_CHANGED: Final = (0.35, 1.6)  # times usual, as far as what has changed is followed
_MUCH: Final = 1.3  # times usual; what is more, by two standard deviations, is a storm and cut
_OUTAGE: Final = 5.0  # mentions an hour that are usual; where none came, nobody listened

# Squared residuals that say nothing of ordinary ones, as times the typical, and mentions that make larger ones by chance
_WILD_DAY: Final = (2.0, 60.0)
_WILD_HOUR: Final = (12.0, 60.0)
_FITTED: Final = 40  # parameters, about, for which residuals are too small
_HEAPS: Final = 2.0  # the dispersion that is taken for granted,
_HEAPS_HOURS: Final = 72  # and the hours that weigh as much
_DOUBT: Final = 0.6  # of what is usual, after one day,
_LEARNS: Final = 0.75  # the power of the days by which it is less

# How much is taken for granted, in mentions or days that weigh as much.
_RHYTHM_COUNTS: Final = 60.0  # that the day is like the rhythm below
_BESIDE_COUNTS: Final = 150.0  # that an hour is like those beside it
_WORKDAY_COUNTS: Final = 4000.0  # that a workday's hours are like those of the others
_WEEKEND_COUNTS: Final = 300.0  # that those of Thursday, of Friday, or of all workdays, are like those of all days
_WEEKDAY_DAYS: Final = 2.0  # that a weekday weighs what the week below says

# The rhythm of Iranian media by our own estimate: they sleep from one to six, most is said before noon, more again at night.
_RHYTHM: Final = np.array(
    [2.0, 1.2, 0.8, 0.6, 0.6, 0.9, 1.8, 3.2, 4.8, 6.0, 6.6, 6.6, 6.2, 5.6, 5.0, 4.8, 4.8, 5.0, 5.2, 5.4, 5.6, 5.4, 4.6, 3.3]
)  # fmt: skip
_WEEK: Final = np.array([1.08, 1.1, 1.1, 1.1, 1.07, 0.85, 0.7])  # Saturday first
_WORKDAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Usual:
    """By hour: what is normal, how sums of one hour and of two vary about it (base and slope of their dispersion), and how
    unsure the normal is, as a share of it. nan where nothing is known."""

    mean: Counts
    variation: Counts  # windows × 2 × hours
    doubt: Counts


def learnt(said: Counts, begin: int, first: date) -> Usual:
    """What the days before each day, from `begin` on, say of its hours."""
    weekdays = (np.arange(len(said)) + first.weekday() + 2) % 7  # Saturday is 0
    mean, doubt = np.full(said.shape, np.nan), np.full(said.shape, np.nan)
    variation = np.full((len(WINDOWS), 2, *said.shape), np.nan)
    for day in range(begin, len(said)):
        past = said[max(0, day - _DAYS) : day]
        known = np.isfinite(past).sum()
        if known >= _LEAST_KNOWN:
            mean[day], learnt = _of_day(past, weekdays[max(0, day - _DAYS) : day + 1])
            variation[:, :, day] = learnt[:, :, None]
            of_hours = learnt[0, 0] / (np.nansum(past, axis=0) + 1) / 4
            doubt[day] = np.sqrt(_DOUBT**2 * (24 / known) ** (2 * _LEARNS) + of_hours)
    return Usual(_running(said, mean).ravel(), variation.reshape(len(WINDOWS), 2, -1), doubt.ravel())


def _of_day(past: Counts, weekdays: NDArray[np.intp]) -> tuple[Counts, Counts]:
    """What is usual in the day that follows the past ones; base and slope of the dispersion, windows × 2."""
    fitted = _running(past, _fit(past, weekdays)[0])
    base, slope = _variation(past, fitted, 1)
    deviation = np.sqrt((base + slope * fitted) * fitted)
    calm = np.where(_stormy((past - fitted) / deviation), fitted, past)  # as if nothing had happened
    fitted, coming = _fit(np.minimum(calm, fitted + _FAR * deviation), weekdays)
    fitted = _running(calm, fitted)
    return coming, np.array([_variation(calm, fitted, window) for window in WINDOWS])


def _stormy(deviations: Counts) -> NDArray[np.bool_]:
    """The hours that belong to some in a row that were all far above what was usual."""
    above = np.nan_to_num(deviations.ravel()) > _STORM
    in_a_row = np.convolve(above, np.ones(_STORM_HOURS), "valid") == _STORM_HOURS
    return np.convolve(in_a_row, np.ones(_STORM_HOURS)).astype(bool).reshape(deviations.shape)


def _running(said: Counts, usual: Counts) -> Counts:
    """What is usual, by days × 24, where it follows the hours before each: a holiday is quiet at once, not after some days.

    Small differences are taken for chance, and large ones followed but for a little.
    """
    heard = (np.isfinite(said + usual) & ((said > 0) | (usual < _OUTAGE))).ravel()
    cut = np.minimum(said, _MUCH * usual + 2 * np.sqrt(usual))
    came, due = (
        np.convolve(np.where(heard, counts.ravel(), 0), _RECENT)[: said.size] + _STEADY for counts in (cut, usual)
    )
    least, most = _ALIKE
    changed = np.minimum(came / due / least, np.maximum(came / due / most, 1))
    return np.maximum(usual * np.clip(changed, *_CHANGED).reshape(usual.shape), _LEAST_USUAL)


def _fit(past: Counts, weekdays: NDArray[np.intp]) -> tuple[Counts, Counts]:
    """What was usual in the past days, and is in the one that follows them."""
    gone, today = weekdays[:-1], weekdays[-1]
    shares = _shares(past, gone)
    known = np.where(np.isfinite(past), shares[gone], 0).sum(axis=1)  # less than 1 where the day is known in part
    totals = np.nansum(past, axis=1) / known
    factors = _factors(totals, gone)
    levels = totals / factors[gone]
    level = max(weight * median(levels[-days:].tolist()) for days, weight in _MEDIANS)
    around = np.median(sliding_window_view(np.pad(levels, _AROUND // 2, "edge"), _AROUND), axis=1)
    fitted = around[:, None] * factors[gone, None] * shares[gone]
    return np.maximum(fitted, _LEAST_USUAL), np.maximum(level * factors[today] * shares[today], _LEAST_USUAL)


def _factors(totals: Counts, weekdays: NDArray[np.intp]) -> Counts:
    """How much is said on each weekday, against the average day."""
    ratios = totals / max(median((totals / _WEEK[weekdays]).tolist()), _LEAST_USUAL)
    days = np.bincount(weekdays, minlength=7)
    medians = np.array([median(ratios[weekdays == weekday].tolist()) if days[weekday] else 0 for weekday in range(7)])
    factors: Counts = (_WEEKDAY_DAYS * _WEEK + days * medians) / (_WEEKDAY_DAYS + days)
    return factors


def _shares(past: Counts, weekdays: NDArray[np.intp]) -> Counts:
    """The share of each hour in each weekday's mentions, 7 × 24: what is seldom seen leans on what is seen more often."""
    said = np.zeros((7, 24))
    np.add.at(said, weekdays, np.nan_to_num(past))
    by_hour = said.sum(axis=0)
    beside = (np.roll(by_hour, 1) + 2 * by_hour + np.roll(by_hour, -1)) / 4
    of_all = _smoothed(by_hour, _smoothed(beside, _RHYTHM / _RHYTHM.sum(), _RHYTHM_COUNTS), _BESIDE_COUNTS)
    workdays = said[:_WORKDAYS]
    of_work = _smoothed(workdays, _smoothed(workdays.sum(axis=0), of_all, _WEEKEND_COUNTS), _WORKDAY_COUNTS)
    return np.concatenate([of_work, _smoothed(said[_WORKDAYS:], of_all, _WEEKEND_COUNTS)])


def _smoothed(counts: Counts, prior: Counts, weight: float) -> Counts:
    """Shares by counts, as if `weight` more had been counted that follow `prior`."""
    shares: Counts = (counts + weight * prior) / (counts.sum(axis=-1, keepdims=True) + weight)
    return shares


def _variation(past: Counts, fitted: Counts, window: int) -> tuple[float, float]:
    """How much more than Poisson's the variance of sums over a window is: `base + slope · usual` times as much, as the squared
    Pearson residuals of the past have it."""
    said, usual = (sums(counts.ravel(), window) for counts in (past, fitted))
    residuals = _tamed(np.square(said - usual).reshape(-1, 24), usual.reshape(-1, 24))
    known = np.isfinite(residuals)
    residuals, usual = residuals[known], usual[known]
    residuals *= 1 + _FITTED / len(residuals)  # what was fitted to them made them smaller
    average = (residuals.sum() + _HEAPS * _HEAPS_HOURS) / (len(residuals) + _HEAPS_HOURS)
    apart = usual - usual.mean()
    slope = float(apart @ residuals) / float(apart @ apart + _HEAPS_HOURS * usual.mean() ** 2)
    slope = min(max(0.0, slope), max(0.0, average - 1) / usual.mean())
    return average - slope * usual.mean(), slope


def _tamed(squares: Counts, usual: Counts) -> Counts:
    """Squared Pearson residuals, by days × 24, of which single days and hours are cut: a storm or a holiday is no rule."""
    residuals = squares / usual
    hours = np.isfinite(residuals).sum(axis=1)
    of_days = np.nansum(residuals, axis=1) / np.maximum(hours, 1)
    typical = max(1.0, median(of_days[hours > 0].tolist()))
    times, counts = _WILD_DAY
    most = times * typical + counts / np.maximum(np.nansum(usual, axis=1), 1)
    residuals *= (most / np.maximum(of_days, most))[:, None]
    times, counts = _WILD_HOUR
    tamed: Counts = np.minimum(residuals, times * typical + counts / usual).ravel()
    return tamed


def sums(counts: Counts, window: int) -> Counts:
    """Of each hour and the window−1 before it; nan where one of them is unknown."""
    return np.convolve(np.concatenate([np.full(window - 1, np.nan), counts]), np.ones(window), "valid")
