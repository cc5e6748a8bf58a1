"""Searches on Hacker News, against a server that keeps Algolia's rules: words, optional words, time filter, pages."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from monitors.errors import HttpStatus, NotTheAnswer
from monitors.sources.hackernews import HackerNews
from tests.integration.sources.algolia import Algolia
from tests.integration.sources.network import Watched, watching

HOUR = 3600


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
