"""The light sentiment model on one core: passages a second, time to load, memory above the bare process.

`OMP_NUM_THREADS=1 python -m tests.benchmarks.sentiment`, over the project's own passages.
"""

import json
import time
from pathlib import Path

import psutil

PASSAGES = Path(__file__).parents[2] / "monitors" / "data" / "sentiment"
ROUNDS = 3


def main() -> None:
    import numpy  # noqa: F401  # the process has it anyway, for matching

    from monitors.language.passage import Passage

    rows = [
        json.loads(line) for file in sorted(PASSAGES.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]
    passages = [(Passage(row["text"], tuple((a, b) for a, b in row["spans"])), row["language"]) for row in rows]
    process = psutil.Process()
    bare = process.memory_info().rss
    start = time.perf_counter()
    from monitors.language.sentiment import judge

    judge(Passage("خوب", ()), "fa", "")
    loaded = time.perf_counter() - start

    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for passage, language in passages:
            judge(passage, language, "")
        seconds.append(time.process_time() - start)
    print(
        f"load {loaded:.2f} s · first round {len(passages) / seconds[0]:,.0f} passages/s · warm {len(passages) / min(seconds):,.0f}"
    )
    print(f"memory above numpy and the passages: {(process.memory_info().rss - bare) / 2**20:.0f} MB")


if __name__ == "__main__":
    main()
