"""Searches on Hacker News, against a server that keeps Algolia's rules: words, optional words, time filter, pages."""

import time
from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import web

from monitors.errors import HttpStatus, NotTheAnswer
from monitors.sources.hackernews import HackerNews
from tests.integration.sources.network import Watched, watching

HOUR = 3600


class Algolia:
    """hn.algolia.com with these posts: (id, age in seconds, words)."""

    def __init__(self) -> None:
        self.posts: list[tuple[int, float, str]] = []
        self.asked: list[dict[str, str]] = []
        self.broken: web.Response | None = None
        self.started = int(time.time())

    def post(self, words: str, *, age: float = 0) -> str:
        self.posts.append((1000 + len(self.posts), self.started - age, words))
        return str(self.posts[-1][0])

    async def answer(self, request: web.BaseRequest) -> web.Response:
        assert request.path == "/api/v1/search_by_date"
        asked = dict(request.query)
        self.asked.append(asked)
        if self.broken:
            return self.broken
        found = sorted((post for post in self.posts if self._matches(post, asked)), key=lambda post: -post[1])
        size, page = int(asked["hitsPerPage"]), int(asked.get("page", 0))
        hits = [self._hit(*post) for post in found[page * size : (page + 1) * size]]
        pages = min(-(-len(found) // size), 1000 // size)
        return web.json_response({"hits": hits, "nbHits": len(found), "page": page, "nbPages": pages})

    def _matches(self, post: tuple[int, float, str], asked: Mapping[str, str]) -> bool:
        _, at, words = post
        after = int(asked["numericFilters"].removeprefix("created_at_i>")) if "numericFilters" in asked else 0
        query, optional = set(asked["query"].lower().split()), set(asked.get("optionalWords", "").lower().split())
        standing = set(words.lower().split())
        return at > after and query - optional <= standing and bool(query & standing)

    @staticmethod
    def _hit(number: int, at: float, words: str) -> dict[str, object]:
        tags = ["comment", "author_x", "story_1"]
        return {"objectID": str(number), "created_at_i": int(at), "author": "x", "comment_text": words, "_tags": tags}


@pytest.fixture
def algolia() -> Algolia:
    return Algolia()


@pytest.fixture
async def search(algolia: Algolia) -> AsyncIterator[Watched]:
    async with watching(HackerNews(), "paknosh | taksan", algolia.answer, "hn.algolia.com") as watched:
        yield watched


async def test_posts_with_any_of_the_terms_are_found(algolia: Algolia, search: Watched) -> None:
    found = [algolia.post("about Paknosh"), algolia.post("taksan fails")]
    algolia.post("about neither")
    assert sorted(await search.guids()) == found


async def test_a_term_of_several_words_wants_them_all(algolia: Algolia) -> None:
    (address,) = HackerNews().addresses(["bank namoone"])
    algolia.post("a bank elsewhere")
    found = algolia.post("Namoone is a bank")
    async with watching(HackerNews(), address, algolia.answer, "hn.algolia.com") as search:
        assert await search.guids() == [found]


async def test_a_poll_asks_from_a_little_before_the_newest_post_on(algolia: Algolia, search: Watched) -> None:
    algolia.post("paknosh of last week", age=200 * HOUR)
    newest = algolia.post("paknosh now", age=60)
    assert len(await search.guids()) == 2
    late = algolia.post("late paknosh", age=HOUR / 2)
    new = algolia.post("taksan new")
    assert await search.guids() == [new, newest, late]


async def test_a_rush_is_read_page_by_page_and_the_backlog_by_one(algolia: Algolia, search: Watched) -> None:
    for number in range(150):
        algolia.post(f"paknosh {number}", age=(90 + number) * HOUR)
    assert len(await search.guids()) == 100
    rush = [algolia.post(f"paknosh again {number}", age=number / 10) for number in range(250)]
    assert set(rush) <= set(await search.guids())
    assert [asked.get("page") for asked in algolia.asked] == [None, None, "1", "2"]


async def test_a_restart_goes_on_from_the_bookmark(algolia: Algolia, search: Watched) -> None:
    algolia.post("paknosh old", age=5 * HOUR)
    algolia.post("paknosh", age=60)
    await search.poll()
    new = algolia.post("paknosh new")
    async with watching(HackerNews(), "paknosh | taksan", algolia.answer, "hn.algolia.com") as again:
        again.state = search.state
        guids = await again.guids()
    assert guids[0] == new
    assert len(guids) == 2


async def test_nothing_found_is_no_error(algolia: Algolia, search: Watched) -> None:
    assert await search.poll() == ()
    algolia.post("paknosh")
    assert len(await search.poll()) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 429, 503])
async def test_a_refusal_is_an_error(algolia: Algolia, search: Watched, status: int) -> None:
    refusal = {"message": "Too many requests", "status": status}
    algolia.broken = web.json_response(refusal, status=status, headers={"Retry-After": "90"})
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert (caught.value.status, caught.value.retry_after, caught.value.said) == (status, 90, "Too many requests")


@pytest.mark.parametrize(
    "body", ["<html>Maintenance</html>", '{"message": "indexName is not valid"}', '{"hits": {}}', "["]
)
async def test_what_is_no_answer_is_an_error_and_never_no_news(algolia: Algolia, search: Watched, body: str) -> None:
    algolia.broken = web.Response(text=body, content_type="application/json")
    with pytest.raises(NotTheAnswer):
        await search.poll()


async def test_a_page_that_fails_loses_nothing(algolia: Algolia, search: Watched) -> None:
    algolia.post("paknosh", age=5 * HOUR)
    await search.poll()
    rush = [algolia.post(f"paknosh {number}") for number in range(150)]
    answer, algolia_answer = web.json_response({}, status=503), algolia.answer

    async def failing(request: web.BaseRequest) -> web.Response:
        return answer if request.query.get("page") else await algolia_answer(request)

    async with watching(HackerNews(), "paknosh | taksan", failing, "hn.algolia.com") as broken:
        broken.state = search.state
        with pytest.raises(HttpStatus):
            await broken.poll()
        search.state = broken.state
    assert set(rush) <= set(await search.guids())
