"""Items a second, read by us and by feedparser, of the same documents in one run.

    python -m tests.benchmarks.parsing [FILE…]
Without files: made-up Persian feeds of 20 entries (plain and with HTML), well-formed and broken. Each figure is the best
of five rounds, by CPU time of one core.
"""

import sys
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import feedparser

from monitors.errors import ParseError
from monitors.kinds import Body
from monitors.sources import kind_named, parse_body

FEED = kind_named("feed")
ROUNDS = 5
DOCUMENTS = 20
URL = "https://news.example.ir/rss"

WORDS = "بازار سهام تهران امروز با رشد شاخص کل آغاز شد و فعالان اقتصادی از آن استقبال کردند"
ENTRY = """<item><title>خبر {n}: {words}</title><link>https://news.example.ir/fa/news/{n}?a=1&amp;b=2</link>
<guid isPermaLink="false">{n}</guid><pubDate>Thu, 12 Nov 2026 10:{n:02}:00 +0330</pubDate>
<description>{text}</description></item>"""


def made_up(*, markup: bool, broken: bool) -> list[bytes]:
    """Feeds of 20 entries of about 900 characters."""
    words = WORDS
    text = " ".join([words] * 8)
    if markup:
        text = f"<![CDATA[<p>{words}</p><img src='a.jpg' alt=''><p>{text} <a href='/x'>بیشتر</a>&nbsp;</p>]]>"
    entries = "".join(ENTRY.format(n=n, words=words, text=text) for n in range(20))
    head = "<title>نمونه & تازه</title>" if broken else "<title>نمونه</title>"
    feed = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{entries}</channel></rss>'
    return [feed.encode()] * DOCUMENTS


def by_us(content: bytes) -> int:
    try:
        return len(parse_body(FEED, Body(content, URL), URL).items)
    except ParseError:
        return 0


def by_feedparser(content: bytes) -> int:
    return len(feedparser.parse(BytesIO(content)).entries)


def items_per_second(read: Callable[[bytes], int], documents: Sequence[bytes]) -> float:
    """The best of the rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        items = sum(read(document) for document in documents)
        best = max(best, items / (time.process_time() - start))
    return best


def measure(documents: dict[str, list[bytes]]) -> list[tuple[str, float, float]]:
    """Name, our items a second, feedparser's."""
    return [
        (name, items_per_second(by_us, contents), items_per_second(by_feedparser, contents))
        for name, contents in documents.items()
    ]


def main(files: Sequence[str]) -> None:
    """Prints the table."""
    documents = {
        "plain text": made_up(markup=False, broken=False),
        "with HTML": made_up(markup=True, broken=False),
        "broken (mended)": made_up(markup=True, broken=True),
    }
    if files:
        documents = {"files": [Path(file).read_bytes() for file in files]}
    print(f"{'documents':<16} {'rasad':>9} {'feedparser':>11} {'times':>6}   items a second")
    for name, ours, theirs in measure(documents):
        print(f"{name:<16} {ours:>9,.0f} {theirs:>11,.0f} {ours / theirs:>6.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
