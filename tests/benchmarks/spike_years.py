"""Years of hourly counts as a stranger to the decider would make them, judged by what `rasad spikes FILE.csv` prints.

    python -m tests.benchmarks.spike_years [--seeds 2]

It shares nothing with spikes.py beside it. The decider's constants were chosen on a draft of these years with other dice, holidays,
outages and rhythms; only the chance that is asked for was lowered once, by a quarter, after a look at the first seed here.

Each year has a rhythm, a weekend, a trend, holidays (a Nowruz among them) and outages (rows that are missing) of its own, and
storms of three to eight hours at three times what is expected, at any hour of the day and from the second day on. A line outside a
storm is a false alarm, an echo too. Found is a storm with a line for one of its first two hours.

Few mentions come threefold by chance, so not every storm can be told from noise. `possible` are those that one would find in
95 of 100 who knows what is expected and how it scatters, and who warns falsely as often as is allowed.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

type Rates = NDArray[np.float64]

BEGIN = datetime.fromisoformat("2025-01-01")  # a Wednesday; Tehran's time, as rows without a zone are taken
DAYS = 365
FIRST_SEED = 5000
TIMES = 3
EARLY = 2  # hours
ONCE = 1 / 1200  # the chance an hour that brings about one false alarm a month
CERTAIN = 0.95
TRIES = round(40 / ONCE)  # of an hour and of a storm, from which it is told whether it is possible
VOLUMES = (0.5, 2.0, 5.0, 10.0, 20.0, 50.0)  # mentions an hour


@dataclass(frozen=True, slots=True)
class Noise:
    """How counts scatter: variance = heaps · mean + (spread · mean)²."""

    name: str
    heaps: float = 1.0
    spread: float = 0.0

    def drawn(self, dice: np.random.Generator, mean: Rates) -> NDArray[np.int64]:
        """Counts of such means."""
        more = self.heaps - 1 + self.spread**2 * mean
        return dice.poisson(dice.gamma(mean / more, more) if more.any() else mean)


NOISES = (Noise("one by one"), Noise("heaps of 1.5", 1.5), Noise("heaps of 2", 2), Noise("gusts", spread=0.22))


@dataclass(frozen=True, slots=True)
class Year:
    """Counts by the hour, which rows are there, where storms begin and end, and which of them are possible."""

    mentions: NDArray[np.int64]
    negative: NDArray[np.int64]
    there: NDArray[np.bool_]
    storms: tuple[tuple[int, int], ...]
    possible: tuple[bool, ...]

    def first(self, days: int) -> "Year":
        """Only its first days."""
        end = days * 24
        kept = sum(until <= end for _, until in self.storms)
        counts = self.mentions[:end], self.negative[:end], self.there[:end]
        return Year(*counts, self.storms[:kept], self.possible[:kept])

    def write(self, path: Path) -> None:
        """As a table for `rasad spikes`."""
        rows = (f"{_name(i)},{self.mentions[i]},{self.negative[i]}\n" for i in np.flatnonzero(self.there).tolist())
        path.write_text("hour,mentions,negative\n" + "".join(rows), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Score:
    """What came of years."""

    false: int
    found: int  # of those that are possible
    possible: int
    others_found: int
    others: int


def year(volume: float, noise: Noise, seed: int) -> Year:
    """A year of a tracker that is mentioned so often an hour."""
    dice = np.random.default_rng([FIRST_SEED + seed, round(volume * 10), NOISES.index(noise)])
    calm = volume * _expected(dice)
    there = np.ones(len(calm), bool)
    for begin in dice.integers(48, len(calm), 5):
        there[begin : begin + dice.choice([1, 3, 8, 30])] = False
    begins = np.cumsum(dice.integers(4 * 24, 10 * 24, 80)) - 3 * 24
    storms = [(int(begin), int(begin + dice.integers(3, 9))) for begin in begins if begin + 8 < len(calm)]
    storms = [(begin, end) for begin, end in storms if there[begin - 1 : end].all()]
    mean = calm.copy()
    for begin, end in storms:
        mean[begin:end] *= TIMES
    mentions = noise.drawn(dice, mean)
    possible = tuple(_chance_to_find(dice, noise, calm[begin : begin + EARLY]) >= CERTAIN for begin, _ in storms)
    return Year(mentions, dice.binomial(mentions, dice.uniform(0.1, 0.3)), there, tuple(storms), possible)


def _expected(dice: np.random.Generator) -> Rates:
    """By the hour, one on the average of an ordinary day."""
    days, clock = np.arange(DAYS), np.arange(24)
    weekday = (days + BEGIN.weekday()) % 7
    share = _rhythm(dice, clock)
    late = 0.6 * share + 0.4 * np.roll(share, 2)  # Fridays begin later
    of_weekday = np.array([1.0, 1.0, 1.0, dice.uniform(0.7, 0.95), dice.uniform(0.4, 0.7), 1.0, 1.0])
    level = dice.uniform(0.7, 1.6) ** (days / DAYS) * (1 + 0.15 * np.sin(2 * np.pi * (days / 120 + dice.uniform())))
    level[79:92] *= dice.uniform(0.4, 0.7)  # Nowruz
    level[dice.choice(DAYS, 12, replace=False)] *= dice.uniform(0.5, 0.8, 12)
    by_hour: Rates = (level * of_weekday[weekday])[:, None] * np.where((weekday == 4)[:, None], late, share)
    return by_hour.ravel()


def _rhythm(dice: np.random.Generator, clock: NDArray[np.int64]) -> Rates:
    """A quiet night, a morning rush, a second hill in the evening."""
    awake = 1 / (1 + np.exp(-1.5 * (clock - dice.uniform(5.5, 8)))) / (1 + np.exp(clock - dice.uniform(22, 24)))
    hills = np.exp(-(((clock - dice.uniform(9, 12)) / 2.5) ** 2)), np.exp(-(((clock - dice.uniform(18, 21)) / 2) ** 2))
    share: Rates = dice.uniform(0.04, 0.15) + awake * (1 + sum(dice.uniform(0.1, 0.6) * hill for hill in hills))
    return share / share.mean()


def _chance_to_find(dice: np.random.Generator, noise: Noise, calm: Rates) -> float:
    """How often who knows everything finds a storm in these hours: by either of them or by their sum."""
    quiet, loud = (noise.drawn(dice, np.tile(mean, (TRIES, 1))) for mean in (calm, TIMES * calm))
    limits = np.quantile(np.column_stack([quiet, quiet.sum(axis=1)]), 1 - ONCE, axis=0)
    return float((np.column_stack([loud, loud.sum(axis=1)]) > limits).any(axis=1).mean())


def judged(years: Iterable[Year], sensitivity: str = "middle") -> Score:
    """What the command prints for these years."""
    scores = [_judged(one, sensitivity) for one in years]
    return Score(*(sum(counts) for counts in zip(*map(_figures, scores), strict=True)))


def _judged(of: Year, sensitivity: str) -> Score:
    warned = _warned(of, sensitivity)
    found = [not warned.isdisjoint(range(begin, begin + EARLY)) for begin, _ in of.storms]
    stormy = {hour for begin, end in of.storms for hour in range(begin, end)}
    both = list(zip(found, of.possible, strict=True))
    hits = sum(hit for hit, possible in both if possible)
    return Score(len(warned - stormy), hits, sum(of.possible), sum(found) - hits, len(both) - sum(of.possible))


def _figures(score: Score) -> tuple[int, ...]:
    return score.false, score.found, score.possible, score.others_found, score.others


def _warned(of: Year, sensitivity: str) -> set[int]:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "hours.csv"
        of.write(table)
        command = [sys.executable, "-m", "bot.cli", "spikes", str(table)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = (line.split("\t") for line in printed.splitlines())
    hours = (datetime.fromisoformat(hour) for hour, by, _ in rows if sensitivity in by.split(","))
    return {(hour - BEGIN) // timedelta(hours=1) for hour in hours}


def _name(hour: int) -> str:
    return (BEGIN + timedelta(hours=hour)).isoformat(timespec="minutes")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=2)
    seeds = range(parser.parse_args().seeds)
    print(f"{'':14}{'an hour':>8}{'false a month':>16}{'possible found':>18}{'others found':>16}")
    for noise in NOISES:
        for volume in VOLUMES:
            score = judged(year(volume, noise, seed) for seed in seeds)
            false = score.false / len(seeds) / 12
            possible, others = f"{score.found} of {score.possible}", f"{score.others_found} of {score.others}"
            print(f"{noise.name:14}{volume:>8}{false:>16.2f}{possible:>18}{others:>16}", flush=True)


if __name__ == "__main__":
    main()
