"""From an item's publication on a polled feed to the message on the wire, and the memory of a whole process at rest.

A real `rasad run` (python-telegram-bot and all) on a local Bot API, with one feed among others polled every second: so half
a second of the median is the wait for the next poll, and the rest is Rasad's.
"""

import asyncio
import tempfile
import time
from pathlib import Path

import psutil

from bot.platforms.preview import PreviewServer
from tests.acceptance.rasad import Rasad
from tests.acceptance.web import Web

PUBLICATIONS = 20
FEEDS = 20


async def measure() -> tuple[list[float], float]:
    """Seconds from publication to sendMessage, sorted; megabytes at rest."""
    async with PreviewServer() as telegram, Web() as web:
        with tempfile.TemporaryDirectory() as folder:
            async with Rasad(telegram, Path(folder), POLL_MAX_SECONDS="1") as rasad:
                feeds = [web.feed(f"feed{number}", f"رسانهٔ {number}") for number in range(FEEDS)]
                for number in range(FEEDS):
                    await rasad.people.press(await rasad.ask(f"/addsource {web.url(f'feed{number}')}"), "✅")
                await asyncio.sleep(3)
                await rasad.ask("/track دیجی‌کالا")
                waits = []
                for number in range(PUBLICATIONS):
                    await asyncio.sleep(1.1)  # the chat is free to be written to
                    seen, started = len(telegram.calls("sendMessage")), time.monotonic()
                    feeds[number % FEEDS].publish(f"دیجی‌کالا خبر {number}")
                    while len(telegram.calls("sendMessage")) == seen:
                        await asyncio.sleep(0.005)
                    waits.append(time.monotonic() - started)
                await asyncio.sleep(5)
                return sorted(waits), psutil.Process(rasad.pid).memory_info().rss / 1e6


def main() -> None:
    """Measures and prints."""
    waits, memory = asyncio.run(measure())
    print(f"\npublication → wire, feeds polled every second: p50 {waits[len(waits) // 2]:.2f} s, p95 {waits[-2]:.2f} s")
    print(f"memory of the whole process at rest: {memory:.0f} MB")


if __name__ == "__main__":
    main()
