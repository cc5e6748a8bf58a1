"""Bluesky's accounts and search, against a server that keeps the network's rules: pages, sessions, rate limits, its errors."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest
from aiohttp import web

from monitors.errors import HttpStatus, NeedsCredentials, NotTheAnswer
from monitors.sources.bluesky import Bluesky
from monitors.sources.bluesky_search import BlueskySearch
from tests.integration.sources.bluesky_api import ACCOUNT, Network, guids
from tests.integration.sources.network import Watched, watching


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
async def account(network: Network) -> AsyncIterator[Watched]:
    async with watching(Bluesky(), "paknoosh.example", network.answer, "public.api.bsky.app") as watched:
        yield watched


@pytest.fixture
async def search(network: Network) -> AsyncIterator[Watched]:
    async with searching(network, ACCOUNT) as watched:
        yield watched


def searching(network: Network, credentials: dict[str, str]) -> AbstractAsyncContextManager[Watched]:
    return watching(BlueskySearch(), "پاکنوش", network.answer, "bsky.social", credentials=credentials)


async def test_an_account_is_read_back_to_where_the_last_poll_ended(network: Network, account: Watched) -> None:
    network.posts = list(range(70))
    assert await account.news() == guids(*range(69, 19, -1))  # the backlog: one page
    assert await account.news() == []
    network.posts += range(70, 190)
    assert await account.news() == guids(*range(189, 69, -1))
    assert await account.news() == []
    assert len(network.asked) == 1 + 1 + 3 + 1


async def test_an_account_with_no_posts_is_no_error(account: Watched) -> None:
    assert await account.poll() == ()


async def test_an_account_that_is_not_there_is_said_in_the_networks_words(network: Network) -> None:
    async with watching(Bluesky(), "nobody.example", network.answer, "public.api.bsky.app") as watched:
        with pytest.raises(HttpStatus) as caught:
            await watched.poll()
    assert (caught.value.status, caught.value.said) == (400, "Profile not found")


async def test_a_search_goes_on_from_its_bookmark_over_all_pages(network: Network, search: Watched) -> None:
    network.posts = list(range(130))
    assert await search.news() == guids(*range(129, 29, -1))
    network.posts += range(130, 400)
    assert await search.news() == guids(*range(399, 129, -1))
    assert await search.news() == []
    assert network.asked[-1]["since"] == "2026-11-25T15:29:00Z"  # ten minutes before the newest
    assert len(network.sessions) == 1


async def test_a_restart_goes_on_from_the_bookmark(network: Network, search: Watched) -> None:
    network.posts = [0, 1]
    await search.news()
    network.posts.append(60)
    async with searching(network, ACCOUNT) as again:
        again.state, again.seen = search.state, search.seen
        assert await again.news() == guids(60)
    assert "since" in network.asked[-1]


async def test_a_session_that_ended_is_renewed(network: Network, search: Watched) -> None:
    await search.poll()
    network.sessions.append("somebody logged out")
    network.posts = [1]
    assert await search.guids() == guids(1)
    assert len(network.sessions) == 3


async def test_without_an_account_it_says_what_it_needs(network: Network) -> None:
    async with searching(network, {"BLUESKY_HANDLE": "rasad.example"}) as watched:
        with pytest.raises(NeedsCredentials) as caught:
            await watched.poll()
    assert caught.value.setting == "BLUESKY_APP_PASSWORD"
    assert not network.asked


async def test_a_wrong_password_is_said_in_the_networks_words(network: Network) -> None:
    async with searching(network, ACCOUNT | {"BLUESKY_APP_PASSWORD": "no"}) as watched:
        with pytest.raises(HttpStatus) as caught:
            await watched.poll()
    assert (caught.value.status, caught.value.said) == (401, "Invalid identifier or password")


async def test_a_rate_limit_names_when_it_ends(network: Network, search: Watched, account: Watched) -> None:
    network.limited = True
    for watched in (search, account):
        with pytest.raises(HttpStatus) as caught:
            await watched.poll()
        assert caught.value.status == 429
        assert 110 < (caught.value.retry_after or 0) <= 120


@pytest.mark.parametrize(
    "response",
    [
        {"text": "<html><h1>Upstream error</h1></html>", "content_type": "text/html"},
        {"text": "upstream connect error"},
        {"text": '{"feed": {}, "posts": {}}', "content_type": "application/json"},
        {"text": '{"error": "InternalServerError", "message": "Upstream Failure"}', "content_type": "application/json"},
        {"text": ""},
    ],
)
async def test_what_is_no_page_is_an_error_and_loses_nothing(
    network: Network, search: Watched, account: Watched, response: dict[str, str]
) -> None:
    network.posts = [1]
    for watched in (search, account):
        network.broken = None
        await watched.poll()
        before = watched.state
        network.broken = web.Response(**response)  # type: ignore[arg-type]
        with pytest.raises(NotTheAnswer):
            await watched.poll()
        assert watched.state == before


async def test_trouble_of_the_server(network: Network, account: Watched) -> None:
    network.broken = web.json_response({"error": "InternalServerError", "message": "Internal Server Error"}, status=502)
    with pytest.raises(HttpStatus) as caught:
        await account.poll()
    assert (caught.value.status, caught.value.said) == (502, "Internal Server Error")
