"""`make bench`: everything that Rasad measures of itself, one after the other. Ratios are against the peer in the same run."""

from tests.benchmarks import charts, fetching, ingestion, latency, matching, parsing, statistics


def main() -> None:
    """Runs each benchmark; some minutes in all."""
    for feeds in (500, 5000):
        ingestion.show(feeds, ingestion.measure(feeds))
    ingestion.show(500, ingestion.measure(500, trackers=10_000))
    latency.main()
    for benchmark in (fetching, parsing, matching, statistics, charts):
        print(f"\n── {benchmark.__name__.rpartition('.')[2]} " + "─" * 60)
        benchmark.main()


if __name__ == "__main__":
    main()
