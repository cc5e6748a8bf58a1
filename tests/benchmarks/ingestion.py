"""Feeds in, articles matched, indexed and stored, alerts in the outbox: Rasad beside `reader`, on the same feeds.

    python -m tests.benchmarks.ingestion --feeds 500
Each peer runs in a process of its own against one local server. Phases: first (all is new), same (all 304), tenth (every
tenth feed has one new entry, which names a tracked brand). Wall seconds, CPU seconds and peak memory are the process's own
with its children; loop lag is how late a 5 ms sleep of Rasad's loop ends.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

PORT = 8917
PEERS = ("reader", "rasad")
PHASES = ("first", "same", "tenth")


def measure(feeds: int, trackers: int = 1000) -> dict[str, dict[str, dict[str, float]]]:
    """Figures by peer and phase."""
    sizes = {"BENCH_FEEDS": str(feeds), "BENCH_TRACKERS": str(trackers)}
    environment = {**os.environ, **sizes, "BENCH_PORT": str(PORT)}
    figures = {}
    for peer in PEERS:
        server = _serve(environment)
        try:
            with tempfile.TemporaryDirectory() as folder:
                command = [sys.executable, "-OO", "-m", f"tests.benchmarks.ingest_{peer}"]  # as `make run` does
                run = subprocess.run(
                    command, env={**environment, "BENCH_FOLDER": folder}, capture_output=True, text=True, check=False
                )
                if run.returncode:
                    raise RuntimeError(run.stderr[-3000:])
                figures[peer] = json.loads(run.stdout.splitlines()[-1])
        finally:
            server.terminate()
            server.wait(10)
    return figures


def _serve(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    granian = [sys.executable, "-m", "granian", "--interface", "rsgi", "--port", str(PORT), "--workers", "1"]
    options = ["--no-access-log", "--log-level", "warning", "tests.benchmarks.feed_server:app"]
    server = subprocess.Popen([*granian, *options], env=environment)
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/f/0", timeout=1).read()
        except OSError:
            time.sleep(0.1)
        else:
            return server
    server.kill()
    raise RuntimeError("the feed server did not start")


def show(feeds: int, figures: dict[str, dict[str, dict[str, float]]]) -> None:
    """A table with ratios."""
    print(f"\n── {feeds} feeds × 20 entries " + "─" * 60)
    print(
        f"{'':8}{'':8}{'wall s':>9}{'CPU s':>8}{'feeds/s':>9}{'peak MB':>9}{'lag p99 ms':>12}{'alerts':>8}{'ratio':>8}"
    )
    for phase in PHASES:
        for peer in PEERS:
            one = figures[peer][phase]
            ratio = figures["reader"][phase]["wall"] / one["wall"]
            lag = f"{one['lag_p99'] * 1000:12.1f}" if "lag_p99" in one else f"{'':12}"
            print(
                f"{phase:8}{peer:8}{one['wall']:9.2f}{one['cpu']:8.2f}{feeds / one['wall']:9.0f}{one['peak_mb']:9.0f}"
                f"{lag}{one.get('alerts', 0):8.0f}{ratio:7.1f}×"
            )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--trackers", type=int, default=1000)
    asked = parser.parse_args()
    show(asked.feeds, measure(asked.feeds, asked.trackers))


if __name__ == "__main__":
    main()
