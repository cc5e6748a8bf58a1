"""What a benchmark's process measures of itself: CPU and memory with its children, and phases.

Read from /proc, without a library whose own megabytes would be measured too.
"""

import json
import os
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PORT = int(os.environ.get("BENCH_PORT", "0"))
FEEDS = int(os.environ.get("BENCH_FEEDS", "0"))
URLS = [f"http://127.0.0.1:{PORT}/f/{number}" for number in range(FEEDS)]

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")


def control(path: str) -> str:
    """Turns a knob of the feed server."""
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/control/{path}") as answer:
        return str(answer.read().decode())


class Gauge:
    """Samples memory in a thread, and keeps the figures of phases."""

    def __init__(self) -> None:
        self.figures: dict[str, dict[str, float]] = {}
        self._peak = 0.0
        threading.Thread(target=self._sample, daemon=True).start()

    @contextmanager
    def phase(self, name: str) -> Iterator[dict[str, float]]:
        """Measures what happens inside; more figures may be put into what it gives."""
        figures = self.figures[name] = {}
        self._peak = _memory()
        cpu, wall = _cpu(), time.perf_counter()
        yield figures
        figures |= {"wall": time.perf_counter() - wall, "cpu": _cpu() - cpu, "peak_mb": self._peak}

    def report(self) -> None:
        """Prints the figures as the last line of the process."""
        print(json.dumps(self.figures))

    def _sample(self) -> None:
        while True:
            self._peak = max(self._peak, _memory())
            time.sleep(0.25)


def _memory() -> float:
    """Resident megabytes of this process and its children."""
    return sum(_read(pid, "statm", lambda text: int(text.split()[1]) * _PAGE / 1e6) for pid in _family())


def _cpu() -> float:
    """Seconds of this process and its children."""
    return sum(
        _read(pid, "stat", lambda text: sum(map(int, text.rpartition(")")[2].split()[11:13])) / _TICK)
        for pid in _family()
    )


def _family() -> list[int]:
    pids = [os.getpid()]
    for pid in pids:  # grows while it is read
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(OSError):  # it has ended meanwhile
                pids += map(int, task.read_text().split())
    return pids


def _read(pid: int, file: str, number: Callable[[str], float]) -> float:
    try:
        return number(Path(f"/proc/{pid}/{file}").read_text())
    except OSError:  # it has ended meanwhile
        return 0.0
