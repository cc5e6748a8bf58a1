"""How long each number takes from a store of 100,000 mentions over 90 days, and as many articles that mention nobody.

    python -m tests.benchmarks.statistics [--mentions 100000]
The store is on disk, as `rasad migrate` makes it. Articles are 300 to 6,000 letters; of three mentions one is of a second
tracker; a story is told by one to forty publishers. Of some runs the least.
"""

import argparse
import asyncio
import random
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.store import rankings, rhythm, statistics
from monitors.store.engine import Database
from monitors.store.statistics import Scope
from monitors.store.tables import articles, mentions, sources
from monitors.store.times import milliseconds

NOW = datetime(2026, 11, 25, 18, tzinfo=UTC)
DAYS = 90
SOURCES = 400
TRACKERS = (1, 2)
ORDERS: tuple[rankings.Order, ...] = ("mentions", "reach")
RUNS = 5
LETTERS = "ابپتثجچ حخدذرزژ سشصضطظعغ فقکگلمنوهی"


def build(path: Path, count: int) -> None:
    """Fills a migrated store."""
    dice = random.Random(11)
    body = "".join(dice.choices(LETTERS, k=9_000))
    rows, found = [], []
    story, left = 0, 0
    for number in range(1, 2 * count + 1):
        at = NOW - timedelta(days=DAYS) * (1 - number / (2 * count))
        mentioned = number % 2 == 0
        if mentioned and not left:
            story, left = number, min(40, int(dice.paretovariate(0.9)))
        left -= mentioned
        article = _article(number, at, body, story if mentioned else None, dice)
        rows.append(tuple(article.values()))
        if mentioned:
            found.append(tuple(_mention(article, dice).values()))
    with sqlite3.connect(path) as store:
        store.executemany(_insert(sources, sources.c.keys()), [_source(number) for number in range(1, SOURCES + 1)])
        store.executemany(
            "INSERT INTO trackers (id, owner, label, query, kind, created_at) VALUES (?, 'telegram:7', ?, ?, 'own', 0)",
            [(number, f"نام {number}", f"نام {number}") for number in TRACKERS],
        )
        store.executemany(_insert(articles, articles.c.keys()), rows)
        store.executemany(_insert(mentions, mentions.c.keys()), found)
        store.execute("PRAGMA optimize")
    store.close()


def _insert(table: Table, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608


def _source(number: int) -> tuple[object, ...]:
    values: dict[str, object] = dict.fromkeys(sources.c.keys())
    kind = "telegram_channel" if number % 4 == 0 else "feed"
    values |= {
        "id": number,
        "kind": kind,
        "address": f"a{number}",
        "title": f"رسانهٔ {number}",
        "active": 1,
        "created_at": 0,
    }
    values |= {"next_poll_at": 0, "interval": 60, "failures": 0, "moved_seen": 0, "skip_hours": 0}
    return tuple(values.values())


def _article(number: int, at: datetime, body: str, story: int | None, dice: random.Random) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(articles.c.keys())
    source = min(SOURCES, int(dice.paretovariate(0.5)))
    publisher = f"t.me/channel{source}" if source % 4 == 0 else f"site{source}.example"
    start, key = dice.randrange(3_000), number.to_bytes(16)
    text = body[start : start + dice.choice((300, 700, 1_500, 6_000))]
    values |= {
        "id": number,
        "source_id": source,
        "guid_key": key,
        "url_key": key,
        "content_key": key,
        "story_id": story,
    }
    values |= {
        "url": f"https://{publisher}/{number}",
        "title": text[:60],
        "text": text,
        "author": f"خبرنگار {number % 900}",
    }
    values |= {"seen_at": milliseconds(at), "dated_at": milliseconds(at)}
    if source % 4 == 0:
        values |= {"views": dice.randrange(90_000), "likes": dice.randrange(900), "replies": dice.randrange(50)}
    return values


def _mention(article: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    number = article["id"]
    values: dict[str, Any] = dict.fromkeys(mentions.c.keys())
    values |= {"article_id": number, "tracker_id": TRACKERS[number % 3 == 0], "spans": "[]", "score": 0.8, "certain": 1}
    values |= {
        "label": dice.choices(("pos", "neu", "neg"), (2, 6, 1))[0],
        "evidence": "[]",
        "dated_at": article["dated_at"],
    }
    values |= {"source_id": article["source_id"], "story_id": article["story_id"], "voice": number % 900}
    values |= {"publisher": article["source_id"], "reach": article["views"] or 300, "response": article["likes"] or 0}
    return values


def questions() -> dict[str, Callable[[AsyncConnection], Awaitable[object]]]:
    """Everything that /stats, /compare, /top and /bulletin ask, of all mentions."""
    scope = Scope(TRACKERS, NOW - timedelta(days=DAYS), NOW + timedelta(days=1), ZoneInfo("Asia/Tehran"))
    within = (scope.since, scope.until)
    asked: dict[str, Callable[[AsyncConnection], Awaitable[object]]] = {
        "counts": lambda store: statistics.counts(store, TRACKERS, *within),
        "reach": lambda store: statistics.reach(store, scope),
        "kinds": lambda store: statistics.kinds(store, scope),
        "top outlets": lambda store: statistics.top_outlets(store, TRACKERS, *within, 5),
        "worth reading": lambda store: statistics.worth_reading(store, TRACKERS[0], *within, 5),
        "by hour": lambda store: rhythm.by_hour(store, scope),
    }
    for ranking in (rankings.publishers, rankings.voices, rankings.stories):
        for order in ORDERS:
            asked[f"{ranking.__name__} by {order}"] = partial(ranking, scope=scope, order=order, limit=10)
    return asked


async def measure(path: Path, count: int) -> dict[str, tuple[float, float]]:
    """Milliseconds by the clock and of work by question, each the least of some runs."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.migrate()
    await asyncio.to_thread(build, path, count)
    took: dict[str, tuple[float, float]] = {}
    async with database.read() as connection:
        for name, ask in questions().items():
            for _ in range(RUNS):
                begun, working = time.perf_counter(), time.process_time()
                await ask(connection)
                run = ((time.perf_counter() - begun) * 1000, (time.process_time() - working) * 1000)
                took[name] = (min(took[name][0], run[0]), min(took[name][1], run[1])) if name in took else run
    await database.close()
    return took


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=100_000)
    count = parser.parse_known_args()[0].mentions
    with tempfile.TemporaryDirectory() as folder:
        took = asyncio.run(measure(Path(folder) / "rasad.db", count))
    print(f"{count:,} mentions over {DAYS} days, of {2 * count:,} articles")
    for name, (clock, work) in took.items():
        print(f"{name:24} {clock:6.1f} ms, {work:6.1f} ms of work")


if __name__ == "__main__":
    main()
