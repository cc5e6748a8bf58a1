"""The archive asked by a query: what is found, in which order, and how much is looked at."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from monitors import search
from monitors.language.archive import candidates
from monitors.language.query import parse
from monitors.search import Findings, Order
from monitors.store import archive
from monitors.store.engine import Database
from tests.integration.world import NOW, World, item

EVER = NOW - timedelta(days=365)
LATER = NOW + timedelta(days=1)


async def found(database: Database, query: str, order: Order = "newest", count: int = 10) -> Findings:
    return await search.search(database, parse(query), EVER, LATER, order, 0, count)


async def test_the_matcher_has_the_last_word_and_the_newest_come_first(database: Database) -> None:
    world = World(database)
    source = await world.source()
    await world.poll(
        source,
        item("سایپا دیروز", at=NOW - timedelta(days=1)),
        item("سایپا امروز", at=NOW),
        item("سایپا و پراید", at=NOW - timedelta(hours=1)),
        item("ایران‌خودرو", at=NOW),
    )
    findings = await found(database, "سایپا - پراید")
    assert [one.article.item.title for one in findings.page] == ["سایپا امروز", "سایپا دیروز"]
    assert findings.complete
    assert findings.page[0].mentions[0].spans[0].part == "title"
    within = await search.search(
        database, parse("سایپا"), NOW - timedelta(hours=2), NOW - timedelta(minutes=1), "newest", 0, 10
    )
    assert [one.article.item.title for one in within.page] == ["سایپا و پراید"]


async def test_the_most_relevant_are_about_it(database: Database) -> None:
    world = World(database)
    source = await world.source()
    await world.poll(
        source,
        item("بازار خودرو", "در میان دیگران، سایپا هم بود. " + "و دیگر خبرهای بازار. " * 30, guid="1"),
        item("سایپا رکورد زد", "سایپا گفت که تولید سایپا بیشتر شد.", guid="2", at=NOW - timedelta(days=2)),
        item("گزارش کوتاه", "سایپا خبر داد.", guid="3"),
    )
    titles = [one.article.item.title for one in (await found(database, "سایپا", "relevant")).page]
    assert titles == ["سایپا رکورد زد", "گزارش کوتاه", "بازار خودرو"]


async def test_a_large_archive_is_not_read_whole(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST", 3)
    world = World(database)
    source = await world.source()
    await world.poll(source, *[item(f"سایپا {n}", at=NOW - timedelta(hours=9 - n)) for n in range(5)])
    findings = await found(database, "سایپا")
    assert not findings.complete
    assert [one.article.item.title for one in findings.page] == ["سایپا 4", "سایپا 3", "سایپا 2"]


async def test_the_index_is_asked_once_whatever_the_planner_knows_of_the_archive(database: Database) -> None:
    """Statistics of a young archive stay for a while; by them it once asked the index anew for every article of a week."""
    world = World(database)
    await world.poll(await world.source(), *[item(f"سایپا {n}") for n in range(4)])
    async with database.write() as connection:
        await connection.execute(text("ANALYZE"))
    asked = {"expression": candidates(parse("سایپا")), "since": 0, "limit": 9}
    async with database.read() as connection:
        plan = (await connection.execute(text(f"EXPLAIN QUERY PLAN {archive.SEARCH}"), asked)).all()
    assert "articles_fts" in plan[0].detail
    assert "articles_fts" not in str(plan[1:])
