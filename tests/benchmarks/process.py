"""What a benchmark's process measures of itself: CPU and memory with its children, and phases."""

import json
import os
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

PORT = int(os.environ.get("BENCH_PORT", "0"))
FEEDS = int(os.environ.get("BENCH_FEEDS", "0"))
URLS = [f"http://127.0.0.1:{PORT}/f/{number}" for number in range(FEEDS)]


def control(path: str) -> str:
    """Turns a knob of the feed server."""
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/control/{path}") as answer:
        return str(answer.read().decode())


class Gauge:
    """Samples memory in a thread, and keeps the figures of phases."""

    def __init__(self) -> None:
        self.figures: dict[str, dict[str, float]] = {}
        self._process = psutil.Process()
        self._peak = 0.0
        threading.Thread(target=self._sample, daemon=True).start()

    @contextmanager
    def phase(self, name: str) -> Iterator[dict[str, float]]:
        """Measures what happens inside; more figures may be put into what it gives."""
        figures = self.figures[name] = {}
        self._peak = self._memory()
        cpu, wall = self._cpu(), time.perf_counter()
        yield figures
        figures |= {"wall": time.perf_counter() - wall, "cpu": self._cpu() - cpu, "peak_mb": self._peak}

    def report(self) -> None:
        """Prints the figures as the last line of the process."""
        print(json.dumps(self.figures))

    def _sample(self) -> None:
        while True:
            self._peak = max(self._peak, self._memory())
            time.sleep(0.25)

    def _family(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]

    def _memory(self) -> float:
        return sum(_quietly(lambda one=one: one.memory_info().rss) for one in self._family()) / 1e6

    def _cpu(self) -> float:
        return sum(_quietly(lambda one=one: sum(one.cpu_times()[:2])) for one in self._family())


def _quietly(read: object) -> float:
    try:
        return read()  # type: ignore[operator, no-any-return]
    except psutil.Error:  # it has ended meanwhile
        return 0.0
