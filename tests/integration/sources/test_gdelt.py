"""Searches in GDELT, against a server that keeps its rules: the language of queries, the window, prose with status 200."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from monitors.errors import AskedTooOften, HttpStatus, NotTheAnswer
from monitors.sources.gdelt import Gdelt
from tests.integration.sources.network import Watched, watching

HOST = "api.gdeltproject.org"
QUERY = re.compile(r'\(\w+( OR \w+)+\)|(\w+|"[^"]{5,}")( (\w+|"[^"]{5,}"))*')


class Project:
    """api.gdeltproject.org with these articles: (title, when it was seen)."""

    def __init__(self) -> None:
        self.articles: list[tuple[str, datetime]] = []
        self.asked: list[dict[str, str]] = []
        self.broken: web.Response | None = None

    def publish(self, title: str, *, ago: timedelta = timedelta()) -> None:
        self.articles.append((title, datetime.now(UTC).replace(microsecond=0) - ago))

    async def answer(self, request: web.BaseRequest) -> web.Response:
        assert request.path == "/api/v2/doc/doc"
        asked = dict(request.query)
        self.asked.append(asked)
        if self.broken:
            return self.broken
        if not QUERY.fullmatch(asked["query"]):
            return web.Response(text="One or more of your keywords contained an illegal character.\n")
        if int(asked["maxrecords"]) > 250:
            return web.Response(text="A maximum of 250 records can be returned.\n")
        since = datetime.now(UTC) - timedelta(days=7)
        if start := asked.get("startdatetime"):
            since = datetime.strptime(start, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            if since < datetime.now(UTC) - timedelta(days=92):
                return web.Response(text="Invalid query start date.\n")
        found = sorted((one for one in self.articles if self._matches(one, asked, since)), key=lambda one: one[1])
        articles = [self._shown(*one) for one in reversed(found)][: int(asked["maxrecords"])]
        return web.json_response({"articles": articles} if articles else {})

    @staticmethod
    def _matches(article: tuple[str, datetime], asked: dict[str, str], since: datetime) -> bool:
        title, seen = article
        words = set(title.lower().split())
        query = asked["query"].lower()
        if query.startswith("("):
            return seen >= since and bool(set(query.strip("()").split(" or ")) & words)
        return seen >= since and set(query.split()) <= words

    @staticmethod
    def _shown(title: str, seen: datetime) -> dict[str, str]:
        url = f"https://gazette.example/{title.replace(' ', '-')}"
        return {"url": url, "title": title, "seendate": seen.strftime("%Y%m%dT%H%M%SZ"), "domain": "gazette.example"}


@pytest.fixture
def project() -> Project:
    return Project()


@pytest.fixture
async def search(project: Project) -> AsyncIterator[Watched]:
    (address,) = Gdelt().addresses(["paknosh", "taksan"])
    async with watching(Gdelt(), address, project.answer, HOST) as watched:
        yield watched


async def titles(search: Watched) -> list[str]:
    return [item.title for item in await search.poll()]


async def test_articles_with_any_of_the_terms_are_found(project: Project, search: Watched) -> None:
    project.publish("Paknosh grows", ago=timedelta(hours=2))
    project.publish("Taksan falls")
    project.publish("Neither of them")
    assert await titles(search) == ["Taksan falls", "Paknosh grows"]


async def test_a_term_of_several_words_wants_them_all(project: Project) -> None:
    project.publish("A bank elsewhere")
    project.publish("Namoone is a bank")
    (address,) = Gdelt().addresses(["bank namoone"])
    async with watching(Gdelt(), address, project.answer, HOST) as search:
        assert await titles(search) == ["Namoone is a bank"]


async def test_a_poll_asks_from_a_little_before_the_newest_article_on(project: Project, search: Watched) -> None:
    project.publish("paknosh of last week", ago=timedelta(days=6))
    project.publish("paknosh today", ago=timedelta(hours=1))
    assert len(await titles(search)) == 2
    project.publish("late paknosh", ago=timedelta(hours=2))
    project.publish("new taksan")
    assert await titles(search) == ["new taksan", "paknosh today", "late paknosh"]


async def test_a_restart_after_months_goes_on(project: Project, search: Watched) -> None:
    project.publish("paknosh", ago=timedelta(days=6))
    project.publish("taksan", ago=timedelta(days=1))
    await search.poll()
    project.publish("paknosh again")
    (address,) = Gdelt().addresses(["paknosh", "taksan"])
    async with watching(Gdelt(), address, project.answer, HOST) as again:
        again.state = search.state
        assert await titles(again) == ["paknosh again", "taksan"]
        again.state = type(search.state)(again.state.next_poll_at, 60, cursor="2026-01-01T00:00:00+00:00")
        assert len(await titles(again)) == 3


async def test_nothing_found_is_no_error(project: Project, search: Watched) -> None:
    assert await search.poll() == ()


async def test_an_answer_holds_250_articles(project: Project, search: Watched) -> None:
    for number in range(300):
        project.publish(f"paknosh {number}", ago=timedelta(minutes=number))
    assert len(await titles(search)) == 250
    assert len(project.asked) == 1, "one request in five seconds, and so one a poll"


async def test_too_many_requests_are_told_with_either_status(project: Project, search: Watched) -> None:
    words = "Please limit requests to one every 5 seconds or contact kalev.leetaru5@example.com for larger queries."
    project.broken = web.Response(text=words, status=429)
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert caught.value.status == 429
    project.broken = web.Response(text=words)
    with pytest.raises(AskedTooOften):
        await search.poll()


@pytest.mark.parametrize("status", [404, 500, 503])
async def test_a_server_in_trouble_is_an_error(project: Project, search: Watched, status: int) -> None:
    project.broken = web.Response(status=status)
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert caught.value.status == status


@pytest.mark.parametrize(
    "body", ["Timespan is too short.", "<html>Gateway</html>", '{"articles": ', '{"articles": 7}', "[]", ""]
)
async def test_what_is_no_answer_is_an_error_and_never_no_news(project: Project, search: Watched, body: str) -> None:
    project.broken = web.Response(text=body)
    with pytest.raises(NotTheAnswer):
        await search.poll()
