"""Captured feeds, beside what feedparser reads in them: nothing is missed, and titles, links, ids and dates agree.

Where we differ on purpose:
- JSON Feeds, which feedparser does not read.
- Entries that hold nothing at all (neither title, text, link nor guid) are left out.
- An entry that a feed nests in another one (Simple Sharing's conflicts) keeps its own title; feedparser mixes both.
- Titles lose byte order marks in their middle, and are found in itunes:title too.
- Links: only absolute http(s) ones; of an entry whose link is no web address, the guid is none either.
- Ids: relative ones stay as written, `&` in them too; an id that stands on several articles is replaced by a hash.
- Dates: more spellings, zones by name (BST, CEST), 12-hour clocks, day-first dates with dots, Jalali years; the years
  before 1900 and after 2200 are none; 70 is 1970.
"""

import calendar
import html
import re
import warnings
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest

from monitors.kinds import Body
from monitors.model import Item
from monitors.sources import kind_named, parse_body
from tests.shared import SHARED, needs_shared

REAL = SHARED / "data" / "feeds" / "real"
FILES = sorted(REAL.glob("*")) if REAL.exists() else []
NESTED = re.compile(r"xml_(ep_ep[12]_v4a|v_v[456])\.xml$")

pytestmark = needs_shared


@cache
def read(file: Path) -> tuple[Item, ...]:
    return parse_body(kind_named("feed"), Body(file.read_bytes(), ""), "").items


@cache
def feedparser_reads(file: Path) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        entries: list[Any] = feedparser.parse(BytesIO(file.read_bytes())).entries
    return [entry for entry in entries if any(entry.get(key) for key in ("title", "link", "id", "summary", "content"))]


def words(title: str | None) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", title or "")).replace("\ufeff", "").split())


def moment(entry: Any) -> datetime | None:
    parsed = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_nothing_that_feedparser_finds_is_missed_and_both_agree(file: Path) -> None:
    ours, theirs = read(file), feedparser_reads(file)
    if file.suffix == ".json":
        assert ours
        return
    assert len(ours) >= len(theirs)
    if NESTED.search(file.name):
        return
    assert len(ours) == len(theirs)
    titles = [
        (item.title, words(entry["title"])) for item, entry in zip(ours, theirs, strict=True) if entry.get("title")
    ]
    assert [our for our, _ in titles] == [their for _, their in titles]
    for item, entry in zip(ours, theirs, strict=True):
        link = (entry.get("link") or "").replace(" ", "%20")
        assert item.url in {link, None} or not link.startswith("http") or link.endswith("/wp-atom.php")
        assert item.url or not re.match(r"https?://(?!\d)", link)


def test_dates_and_ids_agree_where_feedparser_has_them() -> None:
    entries = different_dates = different_ids = 0
    for file in FILES:
        if file.suffix == ".json" or NESTED.search(file.name):
            continue
        for item, entry in zip(read(file), feedparser_reads(file), strict=True):
            entries += 1
            theirs, at = moment(entry), item.published_at
            in_range = theirs is not None and 1970 <= theirs.year < 2070
            different_dates += in_range and (at is None or at.replace(microsecond=0) != theirs)
            different_ids += (
                bool(entry.get("id"))
                and item.guid not in {entry["id"], entry["id"].lstrip("/")}
                and ";" not in entry["id"]
            )
    assert entries > 4_600
    assert different_dates <= 26, "20 of them one feed's 2020/1/10, which feedparser takes for November"
    assert different_ids <= 36, "ids that stand on several articles of one document"
