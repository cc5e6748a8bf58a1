"""Pages without a feed, from `/addsource` to an alert, over real HTTP, the real parser and the real store."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from monitors import schedule
from monitors.errors import HttpStatus, NotAFeed, SourceError
from monitors.fetch import Fetcher
from monitors.model import Source
from monitors.parsing import Parser
from monitors.poll import poll
from monitors.scout import Scout
from monitors.sources import PLACES, kind_named
from monitors.store import sources
from monitors.store.engine import Database
from monitors.store.sources import NewSource
from tests.integration.fetch.servers import Site, served
from tests.integration.world import NOW, World
from tests.unit.sources.golden import FIXTURES

PAGE = kind_named("page")
LIST = (FIXTURES / "page/list.html").read_bytes().replace(b"https://www.news.example.ir", b"")
TERMS = (FIXTURES / "page/watch.html").read_bytes()
NEWS = (FIXTURES / "page/news.xml").read_bytes()
FEED = b"<rss version='2.0'><channel><title>F</title><item><guid>1</guid><title>A</title></item></channel></rss>"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with served(Site()) as site:
        yield site


@pytest.fixture
async def reading() -> AsyncIterator[tuple[Fetcher, Parser]]:
    async with Fetcher(allow_private=True) as fetcher, Parser() as parser:
        yield fetcher, parser


@pytest.fixture
def scout(reading: tuple[Fetcher, Parser]) -> Scout:
    fetcher, parser = reading
    return Scout(PLACES, fetcher, parser.parse)


async def addresses(scout: Scout, words: str) -> list[str]:
    return [found.address for found in await scout.look(words)]


async def test_a_page_that_announces_a_feed_leads_to_the_feed(scout: Scout, site: Site) -> None:
    site.answer("/news", body=b"<link rel=alternate type='application/rss+xml' href='/f.xml'>" + LIST)
    site.answer("/f.xml", body=FEED)
    assert await addresses(scout, site.url("/news")) == [site.url("/f.xml")]


async def test_a_page_without_a_feed_leads_to_its_list(scout: Scout, site: Site) -> None:
    site.answer("/news", body=LIST)
    (found,) = await scout.look(site.url("/news"))
    assert (found.kind, found.address) == ("page", f"list:{site.url('/news')}")
    assert found.title == "روابط عمومی شرکت نمونه | اخبار"
    assert len(found.items) == 3


async def test_a_feed_in_a_usual_place_is_offered_beside_the_page(scout: Scout, site: Site) -> None:
    site.answer("/news", body=LIST)
    site.answer("/feed", body=FEED)
    assert await addresses(scout, site.url("/news")) == [site.url("/feed"), f"list:{site.url('/news')}"]


async def test_a_news_sitemap_that_the_site_names_is_offered_beside_the_page(scout: Scout, site: Site) -> None:
    site.answer("/news", body=LIST)
    robots = f"User-agent: *\nDisallow:\nSitemap: {site.url('/pages.xml')}\n sitemap : {site.url('/s-news.xml')} \n"
    site.answer("/robots.txt", body=robots.encode())
    site.answer("/pages.xml", body=NEWS)
    site.answer("/s-news.xml", body=NEWS)
    assert await addresses(scout, site.url("/news")) == [
        f"sitemap:{site.url('/s-news.xml')}",
        f"list:{site.url('/news')}",
    ]


async def test_a_page_that_lists_nothing_is_watched(scout: Scout, site: Site) -> None:
    site.answer("/terms", body=TERMS)
    assert await addresses(scout, site.url("/terms")) == [f"watch:{site.url('/terms')}"]


async def test_sitemaps_are_known_by_what_they_hold(scout: Scout, site: Site) -> None:
    site.answer("/s.xml", body=NEWS)
    site.answer("/old.xml", body=b"<urlset/>")
    parts = "".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in ("/gone.xml", "/s.xml"))
    site.answer("/index.xml", body=f"<sitemapindex>{parts}</sitemapindex>".encode())
    assert await addresses(scout, site.url("/s.xml")) == [f"sitemap:{site.url('/s.xml')}"]
    assert await addresses(scout, site.url("/index.xml")) == [f"sitemap:{site.url('/s.xml')}"]
    dated = parts.replace("</loc>", "</loc><lastmod>2026-11-25</lastmod>", 2)
    site.answer("/dated.xml", body=f"<sitemapindex>{dated}</sitemapindex>".encode())
    found = await scout.look(f"sitemap {site.url('/dated.xml')}")
    assert [(one.address, len(one.items)) for one in found] == [(f"sitemap:{site.url('/dated.xml')}", 4)]


async def test_a_page_that_scripts_fill_in_says_so(scout: Scout, site: Site) -> None:
    site.answer("/app", body=b"<!doctype html><div id=root></div><script src=/app.js></script>")
    with pytest.raises(NotAFeed):
        await scout.look(site.url("/app"))
    with pytest.raises(SourceError) as caught:
        await scout.look(f"list {site.url('/app')}")
    assert schedule.describe(caught.value) == "nothing_found"
    with pytest.raises(SourceError) as caught:
        await scout.look(f"list {site.url('/app')} item=a[[")
    assert schedule.describe(caught.value) == "bad_selector a[["


async def test_an_absent_page_is_an_error_of_its_server(scout: Scout, site: Site) -> None:
    for words in (site.url("/none"), f"watch {site.url('/none')}"):
        with pytest.raises(HttpStatus) as caught:
            await scout.look(words)
        assert caught.value.status == 404


async def added(database: Database, address: str) -> Source:
    async with database.write() as connection:
        new = NewSource("page", address, "صفحهٔ نمونه")
        (source_id,) = await sources.add(connection, [new], schedule.initial(NOW), NOW)
        source = await sources.by_id(connection, source_id)
    assert source
    return source


async def polled(world: World, source: Source, reading: tuple[Fetcher, Parser]) -> tuple[int, Source]:
    """A poll through fetcher and parser, written; the alerts that it raised, and the source as it is afterwards."""
    fetcher, parser = reading
    found = await poll(PAGE, source.address, source.state, fetcher, parser.parse)
    raised = await world.write(source, found)
    return raised, await world.reread(source.id)


async def test_a_change_of_a_watched_page_alerts_once(
    database: Database, site: Site, reading: tuple[Fetcher, Parser]
) -> None:
    world = World(database)
    await world.chat()
    await world.track("پاک‌نوش")
    site.answer("/terms", body=TERMS)
    source = await added(database, f"watch:{site.url('/terms')}")
    raised, source = await polled(world, source, reading)
    assert raised == 0, "first sight is quiet"
    site.answer("/terms", body=TERMS.replace("سه روز".encode(), "ده روز".encode()))
    raised, source = await polled(world, source, reading)
    assert raised == 1
    site.answer("/terms", body=TERMS.replace("سه روز".encode(), "ده  روز".encode()))
    raised, source = await polled(world, source, reading)
    assert raised == 0, "white space is no news"


async def test_a_new_article_of_a_list_alerts(database: Database, site: Site, reading: tuple[Fetcher, Parser]) -> None:
    world = World(database)
    await world.chat()
    await world.track("پاک‌نوش")
    site.answer("/news", body=LIST)
    source = await added(database, f"list:{site.url('/news')} item=article.card")
    _, source = await polled(world, source, reading)
    fresh = "<article class='card'><h2><a href='/news/1206'>پاک‌نوش به بورس می‌رود</a></h2></article>".encode()
    site.answer("/news", body=LIST.replace(b"<article", fresh + b"<article", 1))
    raised, source = await polled(world, source, reading)
    assert raised == 1
    site.answer("/news", body=LIST.replace(b"card", b"tile"))
    with pytest.raises(SourceError):
        await polled(world, replace(source), reading)
