"""A local server of many feeds for `make bench`: conditional GETs, gzip, and a knob that publishes. A Granian RSGI app.

GET /f/<i>               RSS feed i; 304 on If-None-Match
GET /control/bump?every=k  one new entry (the oldest falls off) in every k-th feed
GET /control/publish?feed=i  one new entry in feed i that names the brand; answers with its Unix time
Text is made of Persian words with a fixed seed, so every run and every peer reads the same.
"""

import email.utils
import gzip
import os
import random
import time
from typing import Any

from tests.benchmarks.words import BRAND, WORDS

FEEDS = int(os.environ.get("BENCH_FEEDS", "500"))
ENTRIES = 20

_chance = random.Random(7)
ARTICLES = [(" ".join(_chance.choices(WORDS, k=9)), " ".join(_chance.choices(WORDS, k=90))) for _ in range(3000)]
BEGINNING = int(time.time()) - 86400
versions: dict[int, int] = {}
published: dict[tuple[int, int], float] = {}
bodies: dict[int, tuple[int, bytes]] = {}


def entry(feed: int, number: int) -> str:
    """One RSS item."""
    title, lead = ARTICLES[(feed * 131 + number * 17) % len(ARTICLES)]
    at = published.get((feed, number))
    brand = f"{BRAND} " if at is not None else ""
    link = f"http://feed{feed}.example/news/{number}"
    when = email.utils.formatdate(at or BEGINNING + number * 60, usegmt=True)
    return (
        f"<item><title>{brand}{title} {feed}-{number}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{when}</pubDate><description>{lead}</description></item>"
    )


def body(feed: int) -> bytes:
    """The feed's document at its present version, compressed."""
    version = versions.get(feed, 0)
    made = bodies.get(feed)
    if made is None or made[0] != version:
        items = "".join(entry(feed, number) for number in range(ENTRIES + version - 1, version - 1, -1))
        document = (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
            f"<title>رسانهٔ {feed}</title><link>http://feed{feed}.example/</link><language>fa</language>{items}</channel></rss>"
        )
        made = bodies[feed] = (version, gzip.compress(document.encode(), 4, mtime=0))
    return made[1]


def publish(feed: int) -> float:
    """One new entry; returns its time."""
    versions[feed] = versions.get(feed, 0) + 1
    published[feed, ENTRIES + versions[feed] - 1] = now = time.time()
    return now


class App:
    """The RSGI application."""

    def __rsgi_init__(self, loop: Any) -> None:
        """Nothing to prepare."""

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answers one request."""
        asked = dict(pair.split("=") for pair in scope.query_string.split("&") if pair)
        if scope.path.startswith("/f/"):
            feed = int(scope.path[3:])
            etag = f'"{feed}-{versions.get(feed, 0)}"'
            if scope.headers.get("if-none-match") == etag:
                protocol.response_empty(304, [("etag", etag)])
                return
            headers = [("content-type", "application/rss+xml"), ("etag", etag), ("content-encoding", "gzip")]
            protocol.response_bytes(200, headers, body(feed))
        elif scope.path == "/control/bump":
            for feed in range(0, FEEDS, int(asked["every"])):
                publish(feed)
            protocol.response_str(200, [], "ok")
        elif scope.path == "/control/publish":
            protocol.response_str(200, [], repr(publish(int(asked["feed"]))))
        else:
            protocol.response_empty(404, [])


app = App()
