"""The peer: lemon24/reader updates the feeds."""

import os

from reader import make_reader

from tests.benchmarks.process import URLS, Gauge, control

if __name__ == "__main__":
    gauge = Gauge()
    reader = make_reader(os.path.join(os.environ["BENCH_FOLDER"], "reader.db"))  # noqa: PTH118
    for url in URLS:
        reader.add_feed(url)
    for phase in ("first", "same", "tenth"):
        if phase == "tenth":
            control("bump?every=10")
        with gauge.phase(phase):
            for result in reader.update_feeds_iter(scheduled=False, workers=10):
                if isinstance(result.value, Exception):
                    raise result.value
    gauge.report()
