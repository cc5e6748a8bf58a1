"""The sample newsroom: what appears when, in which shapes, and that a restart repeats nothing."""

import json
import re
from calendar import timegm
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import pairwise

import aiohttp
import feedparser
import pytest
from lxml import html

from bot.platforms.preview import PreviewServer
from bot.platforms.preview.newsroom.script import Entry, script
from tests.integration.preview.conftest import Clock

# Every spelling of the name that a reader would take for the same.
NAME = re.compile(r"د[یي]ج[یي][\u200c _]?[کك]الا")
NOW = 1_800_000_000.0
WINDOW = 560  # seconds in which all that appeared is still shown
OUTLETS = script().outlets


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
async def preview(clock: Clock) -> AsyncIterator[PreviewServer]:
    async with PreviewServer(clock=clock) as server:
        yield server


def everything(now: float) -> list[Entry]:
    return [entry for outlet in OUTLETS for entry in script().entries(outlet, now)]


def times_of_fast_items(now: float, *, named: bool) -> list[float]:
    recent = [entry for entry in everything(now) if entry.at.timestamp() > now - WINDOW]
    wanted = (entry for entry in recent if not named or NAME.search(entry.title + entry.text))
    return sorted(entry.at.timestamp() for entry in wanted)


def test_news_keeps_appearing_and_the_name_is_never_long_absent() -> None:
    for hour in range(0, 48, 7):
        now = NOW + hour * 3600
        times = [*times_of_fast_items(now, named=False), now]
        assert max(later - earlier for earlier, later in pairwise(times)) <= 25
        assert len(times) > WINDOW / 25
        named = [*times_of_fast_items(now, named=True), now]
        assert max(later - earlier for earlier, later in pairwise(named)) <= 40


def test_there_is_a_past_of_hours_and_days_in_every_outlet() -> None:
    for outlet in OUTLETS:
        ages = [NOW - entry.at.timestamp() for entry in script().entries(outlet, NOW)]
        assert sum(age > 3600 for age in ages) >= 9
        assert sum(age > 24 * 3600 for age in ages) >= 6
        assert all(age >= 0 for age in ages)


def test_the_clock_alone_decides_and_nothing_is_repeated_under_the_same_number() -> None:
    assert everything(NOW) == everything(NOW)
    later = {(entry.outlet, entry.number): entry for entry in everything(NOW + 600)}
    for entry in everything(NOW):
        assert later.get((entry.outlet, entry.number), entry) == entry
    numbers = [(entry.outlet, entry.number) for entry in everything(NOW)]
    assert len(set(numbers)) == len(numbers)


def test_the_script_is_long_filled_in_and_told_apart_from_run_to_run() -> None:
    stories = (*script().brand, *script().other)
    assert len(stories) >= 60
    assert all(NAME.search(story.title + story.text) for story in script().brand)
    assert not any(NAME.search(story.title + story.text) for story in script().other)
    assert len({entry.text for entry in everything(NOW)}) > 0.9 * len(everything(NOW))
    assert not [entry for entry in everything(NOW) if "{" in entry.title + entry.text]
    spellings = {match[0] for story in stories for match in NAME.finditer(story.title + story.text)}
    assert len(spellings) >= 5


def test_a_reprint_tells_the_same_numbers_under_another_headline() -> None:
    entries = [entry for now in range(0, 2000, 500) for entry in everything(NOW + now)]
    originals = {entry.text: entry for entry in entries}
    reprints = [entry for entry in entries if entry.text.startswith("به گزارش ")]
    pairs = [(entry, originals.get(entry.text.split("، ", 1)[1])) for entry in reprints]
    told = [(reprint, original) for reprint, original in pairs if original]
    assert len(told) >= 8
    assert all(reprint.title != original.title and reprint.outlet != original.outlet for reprint, original in told)


async def test_the_feeds_say_what_the_script_says(preview: PreviewServer) -> None:
    async with aiohttp.ClientSession() as session:
        for source in preview.newsroom.sources:
            if source.kind != "feed":
                continue
            async with session.get(source.address) as response:
                body = await response.read()
            outlet = source.address.split("/")[-2]
            expected = [(entry.title, entry.at) for entry in preview.newsroom.entries(outlet)]
            assert read(body) == expected
            assert expected


def read(body: bytes) -> list[tuple[str, datetime]]:
    if body.startswith(b"{"):
        items = json.loads(body)["items"]
        return [(item["title"], datetime.fromisoformat(item["date_published"])) for item in items]
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    return [(entry.title, datetime.fromtimestamp(timegm(entry.published_parsed), UTC)) for entry in parsed.entries]


async def test_unchanged_feeds_answer_304(preview: PreviewServer, clock: Clock) -> None:
    address = preview.newsroom.sources[0].address
    async with aiohttp.ClientSession() as session:
        async with session.get(address) as first:
            by_tag = {"If-None-Match": first.headers["ETag"]}
            by_date = {"If-Modified-Since": first.headers["Last-Modified"]}
        for validator in (by_tag, by_date):
            async with session.get(address, headers=validator) as again:
                assert (again.status, await again.read()) == (304, b"")
        clock.now += 600
        for validator in (by_tag, by_date):
            async with session.get(address, headers=validator) as changed:
                assert changed.status == 200


async def test_the_channel_is_read_page_by_page(preview: PreviewServer) -> None:
    found: list[int] = []
    async with aiohttp.ClientSession() as session:
        before = ""
        while True:
            async with session.get(f"{preview.newsroom.address}/t.me/s/rasad_sample{before}") as response:
                text = await response.text()
            posts = [each for each in html.fromstring(text).iter() if each.get("data-post")]
            if not posts:
                assert "tme_no_messages_found" in text
                break
            numbers = [int(str(post.get("data-post")).split("/")[1]) for post in posts]
            assert numbers == sorted(numbers)
            assert len(posts) <= 20
            assert all(post.find(".//time[@datetime]") is not None for post in posts)
            found = numbers + found
            before = f"?before={numbers[0]}"
    assert found == sorted(entry.number for entry in preview.newsroom.entries("channel"))


async def test_pages_announce_their_feed_and_say_that_they_are_made_up(preview: PreviewServer) -> None:
    entry = preview.newsroom.entries("tech")[0]
    async with aiohttp.ClientSession() as session:
        for path in ("tech/", f"tech/{entry.number}"):
            async with session.get(f"{preview.newsroom.address}/{path}") as response:
                text = await response.text()
            assert html.fromstring(text).xpath("//link[@rel='alternate']/@href") == [
                preview.newsroom.sources[2].address
            ]
            assert "ساختگی" in text
        for path in ("tech/1", "nothing/", "tech/feed.rss"):
            async with session.get(f"{preview.newsroom.address}/{path}") as response:
                assert response.status == 404
