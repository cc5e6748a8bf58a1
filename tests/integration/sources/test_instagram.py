"""Instagram's Graph API on loopback: whose account, which hashtag, posts by paging.next, its error documents."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from monitors.errors import AccountUnavailable, HttpStatus, NeedsCredentials, NotTheAnswer
from monitors.sources.instagram import Instagram
from monitors.sources.instagram_search import InstagramSearch
from tests.integration.sources.instagram_graph import ACCOUNT, TAG, TOKEN, Graph, graph_error
from tests.integration.sources.network import NOW, Watched, watching


@pytest.fixture
def graph() -> Graph:
    return Graph()


@pytest.fixture
async def search(graph: Graph) -> AsyncIterator[Watched]:
    credentials = {"INSTAGRAM_TOKEN": TOKEN}
    async with watching(
        InstagramSearch(), "پاکنوش", graph.answer, "graph.facebook.com", credentials=credentials
    ) as watched:
        yield watched


@pytest.fixture
async def account(graph: Graph) -> AsyncIterator[Watched]:
    credentials = {"INSTAGRAM_TOKEN": TOKEN}
    async with watching(
        Instagram(), "@paknoosh", graph.answer, "graph.facebook.com", credentials=credentials
    ) as watched:
        yield watched


async def test_the_way_to_a_hashtag_is_found_once(graph: Graph, search: Watched) -> None:
    graph.posts = {1: NOW}
    for asked in (
        ["me/accounts", "ig_hashtag_search", f"{TAG}/recent_media"],
        ["ig_hashtag_search", f"{TAG}/recent_media"],
    ):
        graph.asked.clear()
        assert await search.guids() == ["1"]
        assert graph.asked == asked
    graph.asked.clear()
    await search.poll()
    await search.poll()
    assert graph.asked == [f"{TAG}/recent_media"] * 2


async def test_a_rush_is_read_back_to_what_is_known(graph: Graph, search: Watched) -> None:
    graph.posts = {number: NOW + timedelta(seconds=number) for number in range(80)}
    for _ in range(3):
        assert len(await search.poll()) == 50
    graph.posts |= {number: NOW + timedelta(seconds=number) for number in range(1000, 1120)}
    assert {str(number) for number in range(1000, 1120)} <= set(await search.guids())
    assert len(graph.asked) == 3 + 2 + 1 + 3


async def test_tags_and_comments_of_an_own_account_are_read(graph: Graph, account: Watched) -> None:
    graph.posts, graph.comments = {5: NOW}, [71, 72]
    items = await account.poll()
    assert [item.guid for item in items] == ["5", "comment 71", "comment 72"]
    assert len({item.url for item in items}) == 3
    graph.asked.clear()
    await account.poll()
    assert graph.asked == [f"{ACCOUNT}/tags", f"{ACCOUNT}/media"]


async def test_an_account_that_is_not_ones_own_is_told(graph: Graph, account: Watched) -> None:
    account.address = "@stranger"
    with pytest.raises(AccountUnavailable):
        await account.poll()


async def test_the_limit_of_hashtags_is_told_in_the_words_of_graph(graph: Graph, search: Watched) -> None:
    graph.hashtags_left = 0
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert (caught.value.status, caught.value.said) == (400, "(#18) The maximum number of hashtags has been exceeded")


@pytest.mark.parametrize(("status", "code"), [(400, 190), (403, 10), (403, 4), (429, 4), (500, 1)])
async def test_error_documents_keep_their_status_and_words(
    graph: Graph, search: Watched, status: int, code: int
) -> None:
    graph.instead = graph_error(status, code, "Application request limit reached")
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert (caught.value.status, caught.value.said) == (status, "Application request limit reached")


@pytest.mark.parametrize(
    "body", ["<html>Sorry, something went wrong.</html>", "", '{"data": 1}', "[]", '{"error": {"message": "x"}}']
)
async def test_what_is_no_answer_is_an_error(graph: Graph, search: Watched, account: Watched, body: str) -> None:
    for watched in (search, account):
        graph.instead = web.Response(text=body, content_type="application/json")
        with pytest.raises(NotTheAnswer):
            await watched.poll()


async def test_a_wrong_token_is_told_and_a_missing_one_named(graph: Graph) -> None:
    for credentials, error in (({"INSTAGRAM_TOKEN": "wrong"}, HttpStatus), ({}, NeedsCredentials)):
        async with watching(
            InstagramSearch(), "پاکنوش", graph.answer, "graph.facebook.com", credentials=credentials
        ) as search:
            with pytest.raises(error) as caught:
                await search.poll()
            assert "Invalid OAuth access token" in str(caught.value) or "INSTAGRAM_TOKEN" in str(caught.value)
