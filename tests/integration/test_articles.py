"""Identity, edits and first sight, over the real store: what is one article, and who is told of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from monitors.model import Metrics
from monitors.store import articles, retention
from monitors.store.engine import Database
from monitors.store.tables import articles as table
from tests.integration.world import NOW, World, item


@pytest.fixture
async def world(database: Database) -> World:
    world = World(database)
    await world.chat()
    return world


async def stored(database: Database) -> int:
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def found(database: Database, word: str) -> int:
    async with database.read() as connection:
        match = text("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH :word").bindparams(word=word)
        return await connection.scalar(match) or 0


async def test_an_item_is_stored_once_and_alerts_once(database: Database, world: World) -> None:
    await world.track("اسنپ")
    source = await world.source()
    assert await world.poll(source, item("اسنپ خبر داد"), item("خبر دیگر")) == 1
    assert await world.poll(source, item("اسنپ خبر داد"), item("خبر دیگر")) == 0
    assert await stored(database) == 2
    assert await found(database, "اسنپ") == 1


async def test_a_backlog_is_stored_and_alerts_nobody(database: Database, world: World) -> None:
    tracker = await world.track("اسنپ")
    source = await world.source(seen=False)
    assert source.first_sight
    assert await world.poll(source, item("اسنپ خبر داد", at=NOW - timedelta(days=3))) == 0
    again = await world.reread(source.id)
    assert not again.first_sight
    assert await world.poll(again, item("اسنپ خبر داد"), item("اسنپ تازه")) == 1
    async with database.read() as connection:
        newest = await articles.mentioned(connection, [tracker.id], NOW - timedelta(days=9), NOW + timedelta(days=1), 9)
    assert [one.article.item.title for one in newest] == ["اسنپ تازه", "اسنپ خبر داد"]
    assert newest[1].article.dated_at == NOW - timedelta(days=3)


async def test_a_back_dated_item_is_news_of_today(database: Database, world: World) -> None:
    tracker = await world.track("اسنپ")
    source = await world.source()
    assert await world.poll(source, item("اسنپ دیر رسید", at=NOW - timedelta(days=20))) == 1
    async with database.read() as connection:
        (one,) = await articles.mentioned(connection, [tracker.id], NOW - timedelta(days=1), NOW + timedelta(days=1), 9)
    assert one.article.dated_at == NOW
    assert one.article.item.published_at == NOW - timedelta(days=20)


async def test_a_date_that_lies_ahead_counts_for_now(database: Database, world: World) -> None:
    tracker = await world.track("اسنپ")
    await world.poll(await world.source(), item("اسنپ از آینده", at=NOW + timedelta(days=400)))
    async with database.read() as connection:
        found = await articles.mentioned(connection, [tracker.id], NOW, NOW + timedelta(seconds=1), 9)
    assert len(found) == 1


async def test_the_same_page_in_two_feeds_is_one_article(database: Database, world: World) -> None:
    await world.track("اسنپ")
    first, second = await world.source("https://news.example/all"), await world.source("https://news.example/economy")
    page = "https://www.news.example/a/1/?utm_source=rss"
    assert await world.poll(first, item("اسنپ خبر داد", guid="1", url=page)) == 1
    assert await world.poll(second, item("اسنپ خبر داد", guid="x", url="http://news.example/a/1")) == 0
    assert await stored(database) == 1


async def test_an_address_that_many_items_share_identifies_none(database: Database, world: World) -> None:
    source = await world.source()
    page = "https://news.example/live"
    await world.poll(source, item("یکم", guid="1", url=page), item("دوم", guid="2", url=page))
    assert await stored(database) == 2


async def test_an_edit_updates_and_does_not_alert_again(database: Database, world: World) -> None:
    tracker = await world.track("اسنپ")
    source = await world.source()
    await world.poll(source, item("اسنپ خبر داد", "متن", guid="1"))
    world.now += timedelta(minutes=5)
    assert await world.poll(source, item("اسنپ خبر مهم داد", "متن تازه", guid="1")) == 0
    async with database.read() as connection:
        (one,) = await articles.mentioned(connection, [tracker.id], NOW, NOW + timedelta(days=1), 9)
    assert one.article.item.title == "اسنپ خبر مهم داد"
    assert one.article.seen_at == NOW
    assert await found(database, "مهم") == 1


async def test_an_edit_that_names_a_brand_for_the_first_time_is_news_for_it(database: Database, world: World) -> None:
    await world.track("اسنپ")
    source = await world.source()
    assert await world.poll(source, item("خبری آمد", guid="1")) == 0
    assert await world.poll(source, item("خبری از اسنپ آمد", guid="1")) == 1


async def test_an_edit_that_takes_the_brand_away_leaves_the_mention_without_a_place(
    database: Database, world: World
) -> None:
    tracker = await world.track("اسنپ")
    source = await world.source()
    await world.poll(source, item("خبری از اسنپ", guid="1"))
    await world.poll(source, item("خبری از شرکتی", guid="1"))
    async with database.read() as connection:
        (one,) = await articles.mentioned(connection, [tracker.id], NOW, NOW + timedelta(days=1), 9)
    assert one.mentions[0].spans == ()


async def test_another_outlets_copy_that_names_the_brand_is_followed(database: Database, world: World) -> None:
    await world.track("اسنپ")
    short, full = await world.source("https://a.example/rss"), await world.source("https://b.example/rss")
    page = "https://news.example/a/1"
    assert await world.poll(short, item("خبری آمد", "چکیده", guid="1", url=page)) == 0
    assert await world.poll(full, item("خبری آمد", "متن کامل که از اسنپ می‌گوید", guid="2", url=page)) == 1
    assert await world.poll(short, item("خبری آمد", "چکیده", guid="1", url=page)) == 0
    assert await world.poll(full, item("خبری آمد", "متن کامل که از اسنپ می‌گوید", guid="2", url=page)) == 0
    assert await stored(database) == 1


async def test_metrics_move_without_an_edit(database: Database, world: World) -> None:
    tracker = await world.track("اسنپ")
    source = await world.source()
    post = item("پست اسنپ", guid="1")
    await world.poll(source, post)
    from dataclasses import replace

    assert await world.poll(source, replace(post, metrics=Metrics(views=4850))) == 0
    async with database.read() as connection:
        (one,) = await articles.mentioned(connection, [tracker.id], NOW, NOW + timedelta(days=1), 9)
    assert one.article.item.metrics.views == 4850


async def test_a_tracker_that_was_removed_meanwhile_costs_nobody_anything(database: Database, world: World) -> None:
    from monitors.store import trackers
    from tests.integration.world import CHAT

    gone, kept = await world.track("تپسی"), await world.track("اسنپ")
    source = await world.source()
    async with database.write() as connection:
        await trackers.remove(connection, str(CHAT), [gone.id])
    assert await world.poll(source, item("تپسی و اسنپ")) == 1
    async with database.read() as connection:
        (one,) = await articles.mentioned(connection, [gone.id, kept.id], NOW, NOW + timedelta(days=1), 9)
    assert [mention.tracker_id for mention in one.mentions] == [kept.id]


async def test_retention_forgets_what_nobody_mentioned(database: Database, world: World) -> None:
    await world.track("اسنپ")
    source = await world.source()
    await world.poll(source, item("اسنپ خبر داد"), *(item(f"خبر شمارهٔ {number}") for number in range(700)))
    assert await retention.forget(database, NOW) == 0
    assert await retention.forget(database, NOW + timedelta(days=31)) == 700
    assert await stored(database) == 1
    assert await found(database, "خبر") == 1
