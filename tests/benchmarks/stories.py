"""How many articles a second find their story, on one core, while the index holds 100,000, and what that takes in memory.

    python -m tests.benchmarks.stories [--index 100000] [--articles 5000]
The articles are made up: words by Zipf's law, phrases that recur, a headline and a lead of 48 words together (an agency's
feed has 39 on average, a news channel's post 67). Of 100, 20 are reprints of one of the last hours (other headline,
shortened, agency before it) and 5 are forms with other numbers. Five runs: on a shared machine, the fastest says most.
"""

import argparse
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from monitors.language.story import StoryIndex, Told

LETTERS = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
WORDS = 60_000
PHRASES = 3_000
RUNS = 5
START = datetime(2026, 1, 1, tzinfo=UTC)


class Newsroom:
    """Makes articles, always the same."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._numpy = np.random.default_rng(seed)
        self._words = ["".join(self._random.choices(LETTERS, k=self._random.randint(2, 7))) for _ in range(WORDS)]
        self._phrases = [self._run(self._random.randint(2, 5)) for _ in range(PHRASES)]
        self._recent: list[tuple[list[str], list[str]]] = []

    def articles(self, count: int, first: int, apart: timedelta) -> Iterator[Told]:
        """Articles with ids from `first`, told one after another."""
        for number in range(first, first + count):
            title, text = self._article()
            yield Told(number, f"{' '.join(title)}\n{' '.join(text)}", START + apart * number)

    def _article(self) -> tuple[list[str], list[str]]:
        chance = self._random.random()
        if self._recent and chance < 0.2:
            _, text = self._random.choice(self._recent)
            return self._run(8), ["به", "گزارش", "ایسنا", *text[: self._random.randint(20, 40)]]
        if chance < 0.25:
            price = str(self._random.randint(1000, 99999))
            return ["قیمت", "دلار", "امروز", price], [
                f"هر دلار در بازار امروز {price} تومان داد و ستد شد و بازار آرام بود"
            ]
        text = [word for _ in range(9) for word in (*self._random.choice(self._phrases), *self._run(3))]
        made = self._run(8), text[: self._random.randint(25, 55)]
        self._recent = [*self._recent[-499:], made]
        return made

    def _run(self, length: int) -> list[str]:
        ranks = np.minimum(self._numpy.zipf(1.3, length), WORDS) - 1
        return [self._words[rank] for rank in ranks]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--index", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=5_000)
    options = parser.parse_args()
    newsroom, index = Newsroom(), StoryIndex()
    apart = timedelta(hours=72) / options.index
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for told in newsroom.articles(options.index, 1, apart):
        index.assign(told)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    for run in range(RUNS):
        articles = list(newsroom.articles(options.articles, options.index + 1 + run * options.articles, apart))
        cpu, wall = time.process_time(), time.perf_counter()
        found = sum(index.assign(told).like is not None for told in articles)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        print(
            f"{len(articles) / cpu:,.0f} articles a CPU second, {len(articles) / wall:,.0f} by the clock; {found} reprints"
        )
    print(f"index of {len(index):,} articles, {memory:,.0f} MB")


if __name__ == "__main__":
    main()
