"""How well spikes are found in simulated years: false alarms a month, and planted threefold storms found within two hours.

    python -m tests.benchmarks.spikes [--seeds 3]
Six brands: mentions come by the hour of day and the weekday, in heaps (negative binomial), some grow, fall asleep over
Nowruz, or have only a few a day. Storms last two to six hours at three times what is expected, never within a day of one
another, and only where ten mentions or more are expected in their first two hours: of a handful, three times as many
come by chance more often than once a month.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from monitors.spikes import SENSITIVITIES, Hour, Sensitivity, warnings

START = datetime(2026, 3, 20, 20, 30, tzinfo=UTC)  # midnight in Tehran, a Saturday
DAY_SHAPE = np.array([4, 2, 1, 1, 1, 2, 4, 9, 14, 18, 19, 18, 16, 14, 12, 12, 12, 13, 14, 15, 16, 15, 11, 7], float)
WEEK = np.array([1.1, 1.15, 1.1, 1.1, 1.0, 0.7, 0.45])  # Saturday first
NEGATIVE = 0.2
TIMES = 3.0
EVERY = 6  # days between storms
LEAST = 10  # mentions expected in the first two hours of a storm


@dataclass(frozen=True, slots=True)
class Brand:
    """How often it is mentioned: a day, in heaps of which variance over mean is `heaps`, growing over the year so many times."""

    name: str
    a_day: float
    heaps: float = 1.5
    growth: float = 1.0
    asleep: bool = False  # over the first two weeks of the year


BRANDS = (
    Brand("quiet", 2),
    Brand("small", 12),
    Brand("medium", 60),
    Brand("large", 400, heaps=1.2),
    Brand("large, in heaps", 400, heaps=2),
    Brand("growing", 100, growth=4),
    Brand("asleep at Nowruz", 150, asleep=True),
)


@dataclass(frozen=True, slots=True)
class Year:
    """Hours, and where the planted storms begin and end."""

    hours: tuple[Hour, ...]
    storms: tuple[tuple[datetime, datetime], ...]


def year(brand: Brand, seed: int, *, storms: bool, days: int = 365) -> Year:
    """A simulated year of a brand."""
    chance = np.random.default_rng([seed, sum(map(ord, brand.name))])
    mean = _expected(brand, days)
    planted = list(_storms(chance, mean)) if storms else []
    for begin, end in planted:
        mean[begin:end] *= TIMES
    size = mean / (brand.heaps - 1)
    counts = chance.negative_binomial(size, 1 / brand.heaps)
    negative = chance.binomial(counts, NEGATIVE)
    hours = tuple(Hour(_at(i), int(counts[i]), int(negative[i])) for i in range(len(counts)))
    return Year(hours, tuple((_at(begin), _at(end)) for begin, end in planted))


def _expected(brand: Brand, days: int) -> NDArray[np.float64]:
    of_day = brand.a_day * WEEK[np.arange(days) % 7] * brand.growth ** (np.arange(days) / 365)
    if brand.asleep:
        of_day[:14] *= 0.4
        of_day[-14:] *= 0.4
    mean: NDArray[np.float64] = (of_day[:, None] * (DAY_SHAPE / DAY_SHAPE.sum())[None, :]).ravel()
    return mean


def _storms(chance: np.random.Generator, mean: NDArray[np.float64]) -> Iterator[tuple[int, int]]:
    for day in range(7, len(mean) // 24 - 1, EVERY):
        begin = day * 24 + int(chance.integers(0, 24))
        if mean[begin : begin + 2].sum() >= LEAST:
            yield begin, begin + int(chance.integers(2, 7))


def _at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def false_alarms(of: Year, sensitivity: Sensitivity) -> float:
    """Warnings a month where nothing was planted."""
    return len(warnings(of.hours, sensitivity)[sensitivity]) / (len(of.hours) / 24 / 30.4)


def found(of: Year, sensitivity: Sensitivity) -> tuple[int, int]:
    """How many storms were warned of in their first two hours, and how many there were."""
    warned = {spike.start for spike in warnings(of.hours, sensitivity)[sensitivity]}
    early = [begin in warned or begin + timedelta(hours=1) in warned for begin, _ in of.storms]
    return sum(early), len(early)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(parser.parse_args().seeds)
    print(f"{'':22}" + "".join(f"{sensitivity:>30}" for sensitivity in SENSITIVITIES))
    print(f"{'':22}" + f"{'false a month':>16}{'found':>14}" * len(SENSITIVITIES))
    for brand in BRANDS:
        calm = [year(brand, seed, storms=False) for seed in seeds]
        stormy = [year(brand, seed, storms=True) for seed in seeds]
        line = f"{brand.name:22}"
        for sensitivity in SENSITIVITIES:
            alarms = sum(false_alarms(one, sensitivity) for one in calm) / len(calm)
            hits, storms = map(sum, zip(*(found(one, sensitivity) for one in stormy), strict=True))
            line += f"{alarms:>16.2f}{f'{hits} of {storms}':>14}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
