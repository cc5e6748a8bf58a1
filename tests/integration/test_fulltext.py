"""Full texts over real HTTP, robots.txt, worker and store: who is told of what only the article itself says."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import func, select, text

from monitors import fulltext
from monitors.fetch import Fetcher, Limits
from monitors.fulltext import ArticleReader, Budget
from monitors.kinds import Fetched, Page, Polled
from monitors.model import Item, Source
from monitors.recorder import Reading, Recorder
from monitors.roster import Roster
from monitors.schedule import Bounds
from monitors.store import pages, sources
from monitors.store.engine import Database
from monitors.store.tables import alerts, articles, page_reads
from monitors.worker import Worker
from tests.integration.fetch.servers import Site, served
from tests.integration.world import NOW, World, item

PARAGRAPHS = "".join(
    f"<p>بند {n} از متن خبر که چند جملهٔ ساده دارد و دربارهٔ بازار و شهر سخن می‌گوید تا خواننده از آن آگاه شود.</p>"
    for n in range(6)
)
HTML = {"Content-Type": "text/html; charset=utf-8"}
BUSY = Budget(apart=0.0, look=0.05)


def page(brand: str = "پاک&zwnj;نوش", title: str = "خبری از بازار") -> bytes:
    said = f"<p>در پایان، مدیر شرکت {brand} از طرح تازه‌ای برای صادرات خبر داد و گفت که به زودی آغاز می‌شود.</p>"
    return (
        f"<html><head><title>{title}</title></head><body><nav><a href='/'>خانه</a></nav>"
        f"<article><h1>{title}</h1>{PARAGRAPHS}{said}</article><footer>تبلیغ اسنپ</footer></body></html>"
    ).encode()


class Newsroom:
    """A site whose source was read before, its articles, and a reader of their pages."""

    def __init__(self, database: Database, site: Site, world: World, worker: Worker) -> None:
        self.database = database
        self.worker = worker
        self.site = site
        self.world = world
        self.now = NOW
        self.raised = 0
        self.default = frozenset({"feed"})
        self.limits = Limits(whole=1.0, body=200_000)

    def _on_alerts(self) -> None:
        self.raised += 1

    async def recorder(self) -> Recorder:
        roster = Roster(self.database, ())
        await roster.load(self.now)
        return Recorder(
            self.database, roster, Bounds(60, 3600), lambda: self.now, on_alerts=self._on_alerts, fulltext=self.default
        )

    async def publish(self, source: Source, *items: Item) -> None:
        """A poll of the source brings these."""
        recorder = await self.recorder()
        recording = asyncio.create_task(recorder.run())
        source = await self.world.reread(source.id)
        await (await recorder.submit(Reading(source, Polled(Fetched(None), Page(items), items))))
        recording.cancel()
        await asyncio.wait([recording])

    async def read(self, until: Callable[[], object] = lambda: False, budget: Budget = BUSY, *, left: int = 0) -> None:
        """Starts reading pages and stops when so few are due, or something is so."""
        recorder, stopping = await self.recorder(), asyncio.Event()
        async with Fetcher(allow_private=True, per_host=1, limits=self.limits) as fetcher:
            recording = asyncio.create_task(recorder.run())
            reader = ArticleReader(self.database, fetcher, self.worker, recorder, lambda: self.now, budget)
            reading = asyncio.create_task(reader.run(stopping))
            async with asyncio.timeout(30):
                while not until() and await self.due() > left:
                    await asyncio.sleep(0.02)
            stopping.set()
            await reading
            recording.cancel()
            await asyncio.wait([recording])

    async def due(self) -> int:
        async with self.database.read() as connection:
            due = select(func.count()).where(page_reads.c.due_at <= self.now)
            return await connection.scalar(due) or 0

    async def outcomes(self) -> dict[str, str | None]:
        """How each page ended, by the article's guid-less path."""
        async with self.database.read() as connection:
            rows = await connection.execute(
                select(articles.c.url, page_reads.c.outcome).join(page_reads, page_reads.c.article_id == articles.c.id)
            )
            return {row.url.rpartition("/")[2]: row.outcome for row in rows}

    async def told(self) -> list[str]:
        async with self.database.read() as connection:
            titles = select(articles.c.title).join(alerts, alerts.c.article_id == articles.c.id).order_by(alerts.c.id)
            return list(await connection.scalars(titles))

    def asked(self, path: str) -> int:
        return sum(request.path == path for request in self.site.asked)

    def article(self, path: str = "/a1", title: str = "خبری از بازار", lead: str = "چکیدهٔ کوتاه") -> Item:
        return item(title, lead, guid=path, url=self.site.url(path), at=self.now)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with served(Site()) as site:
        yield site


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One for all, since a process takes a second to start."""
    worker = Worker(fulltext.SECONDS, fulltext.MEMORY)
    yield worker
    asyncio.run(worker.close())


@pytest.fixture
async def newsroom(database: Database, site: Site, worker: Worker) -> Newsroom:
    world = World(database)
    await world.chat()
    await world.track("پاک‌نوش")
    return Newsroom(database, site, world, worker)


async def test_what_only_the_article_says_is_told_and_found(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    site.answer("/a1", body=page(), headers=HTML)
    await newsroom.publish(source, newsroom.article())
    assert await newsroom.told() == []
    await newsroom.read()
    assert await newsroom.told() == ["خبری از بازار"]
    assert await newsroom.outcomes() == {"a1": "read"}
    async with newsroom.database.read() as connection:
        stored = await connection.scalar(select(articles.c.text))
        found = await connection.scalar(text("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'صادرات'"))
    assert stored
    assert "مدیر شرکت پاک‌نوش از طرح" in stored, "half-spaces are kept"
    assert stored.startswith("چکیدهٔ کوتاه\nبند 0"), "the lead stays, the title is not repeated"
    assert "تبلیغ" not in stored
    assert found == 1


async def test_the_next_poll_changes_nothing_and_asks_for_nothing(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    site.answer("/a1", body=page(), headers=HTML)
    await newsroom.publish(source, newsroom.article())
    await newsroom.read()
    await newsroom.publish(source, newsroom.article())
    await newsroom.read()
    assert newsroom.asked("/a1") == 1
    assert await newsroom.told() == ["خبری از بازار"]
    async with newsroom.database.read() as connection:
        assert "صادرات" in (await connection.scalar(select(articles.c.text)) or "")


async def test_an_edit_reads_again_a_few_times_and_tells_nobody_again(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    site.answer("/a1", body=page(), headers=HTML)
    for number in range(7):
        await newsroom.publish(source, newsroom.article(lead=f"چکیدهٔ {number}"))
        await newsroom.read()
    assert newsroom.asked("/a1") == pages.MOST_ATTEMPTS
    assert len(await newsroom.told()) == 1


async def test_a_lead_that_names_the_brand_is_told_at_once_and_not_again(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    site.answer("/a1", body=page(), headers=HTML)
    await newsroom.publish(source, newsroom.article(lead="پاک‌نوش خبر داد"))
    assert newsroom.raised == 1
    await newsroom.read()
    assert await newsroom.told() == ["خبری از بازار"]
    assert await newsroom.outcomes() == {"a1": "read"}


async def test_a_backlog_is_not_read(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source(seen=False)
    await newsroom.publish(source, newsroom.article("/old"))
    await newsroom.publish(source, newsroom.article("/old"), newsroom.article("/new"))
    site.answer("/new", body=page(), headers=HTML)
    await newsroom.read()
    assert (newsroom.asked("/old"), newsroom.asked("/new")) == (0, 1)


async def test_it_is_switched_for_all_or_for_one_source(newsroom: Newsroom, site: Site) -> None:
    newsroom.default = frozenset()
    first, second = await newsroom.world.source("https://a.example/rss"), await newsroom.world.source()
    async with newsroom.database.write() as connection:
        await sources.read_pages(connection, second.id, on=True)
    for path in ("/a1", "/a2"):
        site.answer(path, body=page(), headers=HTML)
    await newsroom.publish(first, newsroom.article("/a1"))
    await newsroom.publish(second, newsroom.article("/a2"))
    await newsroom.read()
    assert await newsroom.outcomes() == {"a2": "read"}
    assert newsroom.asked("/a1") == 0


async def test_an_article_known_by_its_address_gets_its_name(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    site.answer("/a1", body=page(), headers=HTML)
    address = site.url("/a1").partition("://")[2]
    await newsroom.publish(source, newsroom.article(title=address, lead=""))
    await newsroom.read()
    assert await newsroom.told() == ["خبری از بازار"]


# ── courtesy ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("robots", "read"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: rasad\nDisallow:", True),
        ("User-agent: Rasad\nDisallow: /a*1$", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a1", True),
        ("User-agent: other\nDisallow: /", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a1", False),
        ("<html>not found</html>", True),
        ("", True),
    ],
)
async def test_robots_txt_is_honoured(newsroom: Newsroom, site: Site, robots: str, read: bool) -> None:
    source = await newsroom.world.source()
    site.answer("/robots.txt", body=robots.encode(), headers={"Content-Type": "text/plain"})
    site.answer("/a1", body=page(), headers=HTML)
    await newsroom.publish(source, newsroom.article())
    await newsroom.read()
    assert newsroom.asked("/a1") == int(read)
    assert await newsroom.outcomes() == {"a1": "read" if read else "robots"}


async def test_a_site_whose_rules_cannot_be_had_is_left_alone_for_now(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    site.answer("/robots.txt", status=503)
    site.answer("/a1", body=page(), headers=HTML)
    await newsroom.publish(source, newsroom.article())
    await newsroom.read()
    assert newsroom.asked("/a1") == 0
    assert await newsroom.outcomes() == {"a1": "http_status 503"}
    site.answer("/robots.txt", status=404)
    newsroom.now += timedelta(minutes=6)
    await newsroom.read()
    assert await newsroom.outcomes() == {"a1": "read"}


async def test_rules_are_asked_for_once_and_of_both_sites_of_a_redirect(newsroom: Newsroom, site: Site) -> None:
    async with served(Site()) as other:
        other.answer("/robots.txt", body=b"User-agent: *\nDisallow: /a2")
        for path in ("/a1", "/a2"):
            other.answer(path, body=page(), headers=HTML)
            site.answer(path, status=302, headers={"Location": other.url(path)})
        source = await newsroom.world.source()
        await newsroom.publish(source, newsroom.article("/a1"), newsroom.article("/a2", "خبر دوم"))
        await newsroom.read()
        assert await newsroom.outcomes() == {"a1": "read", "a2": "robots"}
        assert newsroom.asked("/robots.txt") == 1
        assert sum(request.path == "/robots.txt" for request in other.asked) == 1


async def test_a_site_is_asked_at_its_own_pace(newsroom: Newsroom, site: Site) -> None:
    times: list[float] = []

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        times.append(time.monotonic())
        return web.Response(body=page(), headers=HTML)

    site.answer("/robots.txt", body=b"User-agent: *\nCrawl-delay: 0.5")
    source = await newsroom.world.source()
    for path in ("/a1", "/a2", "/a3"):
        site.handle(path, answer)
    await newsroom.publish(source, *(newsroom.article(path) for path in ("/a1", "/a2", "/a3")))
    await newsroom.read()
    assert [later - earlier >= 0.5 for earlier, later in itertools.pairwise(times)] == [True, True]


async def test_a_host_has_its_share_of_an_hour_also_after_a_restart(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    paths = ["/a1", "/a2", "/a3"]
    for path in paths:
        site.answer(path, body=page(), headers=HTML)
    budget = replace(BUSY, an_hour_of_host=2)
    await newsroom.publish(source, *(newsroom.article(path) for path in paths))
    await newsroom.read(budget=budget, left=1)
    first = time.monotonic()
    await newsroom.read(lambda: time.monotonic() - first > 0.5, budget)
    assert sum(map(newsroom.asked, paths)) == 2
    newsroom.now += timedelta(minutes=61)
    await newsroom.read(budget=budget)
    assert sum(map(newsroom.asked, paths)) == 3


async def test_what_mentions_nobody_yet_comes_first_and_the_newest_of_it(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    for path in ("/a1", "/a2", "/a3"):
        site.answer(path, body=page("دیگری"), headers=HTML)
    await newsroom.publish(
        source, newsroom.article("/a1"), newsroom.article("/a2"), newsroom.article("/a3", lead="پاک‌نوش خبر داد")
    )
    await newsroom.read()
    assert [request.path for request in site.asked] == ["/robots.txt", "/a2", "/a1", "/a3"]


# ── trouble ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def hang(_: web.BaseRequest) -> web.StreamResponse:
    await asyncio.sleep(5)
    return web.Response()


async def test_pages_that_cannot_be_read_are_given_up_quietly(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    site.answer("/gone", status=404)
    site.answer("/huge", body=b"<p>" + b"x" * 300_000)
    site.answer("/pdf", body=b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
    site.answer("/app", body=b"<html><div id=root></div></html>", headers=HTML)
    site.answer("/busy", status=503, headers={"Retry-After": "4000"})
    site.handle("/slow", hang)
    paths = ["/gone", "/huge", "/pdf", "/app", "/busy", "/slow"]
    await newsroom.publish(source, *(newsroom.article(path, f"خبر {path}") for path in paths))
    await newsroom.read()
    assert await newsroom.outcomes() == {
        "gone": "http_status 404",
        "huge": "body_too_large",
        "pdf": "not_the_answer application/pdf",
        "app": "nothing_found",
        "busy": "http_status 503",
        "slow": "timed_out",
    }
    async with newsroom.database.read() as connection:
        assert await pages.tally(connection, NOW - timedelta(days=1)) == pages.Tally(0, 4, 2)
    assert await newsroom.told() == []


async def test_a_page_that_passed_trouble_is_read_later(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    site.answer("/a1", status=503, headers={"Retry-After": "4000"})
    await newsroom.publish(source, newsroom.article())
    await newsroom.read()
    newsroom.now += timedelta(seconds=3900)
    await newsroom.read()
    assert newsroom.asked("/a1") == 1, "not before the server said"
    site.answer("/a1", body=page(), headers=HTML)
    newsroom.now += timedelta(seconds=200)
    await newsroom.read()
    assert await newsroom.told() == ["خبری از بازار"]


async def test_a_site_that_stays_down_is_given_up(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    site.answer("/a1", status=500)
    await newsroom.publish(source, newsroom.article())
    for _ in range(6):
        await newsroom.read()
        newsroom.now += timedelta(hours=3)
    assert newsroom.asked("/a1") == 1 + len(fulltext.WAITS)
    async with newsroom.database.read() as connection:
        assert (await pages.tally(connection, NOW - timedelta(days=1))).waiting == 0


async def test_what_is_too_old_or_too_much_is_given_up(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    await newsroom.publish(source, *(newsroom.article(f"/a{n}") for n in range(5)))

    async def waiting() -> list[str]:
        return [name for name, outcome in (await newsroom.outcomes()).items() if outcome is None]

    async with newsroom.database.write() as connection:
        await pages.let_go(connection, NOW - timedelta(hours=1), 3)
    assert await waiting() == ["a2", "a3", "a4"]
    async with newsroom.database.write() as connection:
        await pages.let_go(connection, NOW + timedelta(hours=1), 3)
    assert await waiting() == []


async def test_a_kill_in_the_middle_loses_nothing(newsroom: Newsroom, site: Site) -> None:
    source = await newsroom.world.source()
    begun = asyncio.Event()

    async def begin(_: web.BaseRequest) -> web.StreamResponse:
        begun.set()
        await asyncio.sleep(5)
        return web.Response()

    site.handle("/a1", begin)
    newsroom.limits = Limits(whole=10.0)
    await newsroom.publish(source, newsroom.article())
    await newsroom.read(begun.is_set)  # stops while the page is on the wire
    site.answer("/a1", body=page(), headers=HTML)
    await newsroom.read()
    assert await newsroom.told() == ["خبری از بازار"]
