"""Searches on X, against a server that keeps its rules: bearer token, query length, since_id, next_token, rate limit."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest
from aiohttp import web

from monitors.errors import HttpStatus, NeedsCredentials, NotTheAnswer
from monitors.sources.x import X
from monitors.sources.x_account import XAccount
from tests.integration.sources.network import Watched, watching
from tests.integration.sources.x_api import DAY, TOKEN, Network, problem, snowflake


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
async def search(network: Network) -> AsyncIterator[Watched]:
    async with searching(network, TOKEN) as watched:
        yield watched


def searching(network: Network, token: str) -> AbstractAsyncContextManager[Watched]:
    credentials = {"X_BEARER_TOKEN": token} if token else {}
    return watching(X(), "پاکنوش", network.answer, "api.x.com", credentials=credentials)


async def test_only_what_is_newer_than_the_last_poll_comes_again(network: Network, search: Watched) -> None:
    network.posts = [snowflake(60), snowflake(50)]
    assert len(await search.poll()) == 2
    assert await search.poll() == ()
    new = snowflake(1)
    network.posts.append(new)
    assert await search.guids() == [str(new)]
    assert await search.poll() == ()


async def test_an_account_is_read_by_the_same_search(network: Network) -> None:
    network.posts = [snowflake(60)]
    credentials = {"X_BEARER_TOKEN": TOKEN}
    async with watching(XAccount(), "nemoone", network.answer, "api.x.com", credentials=credentials) as account:
        assert len(await account.poll()) == 1
        network.posts.append(snowflake(1))
        assert await account.guids() == [str(network.posts[1])]
    assert [asked["query"] for asked in network.asked] == ["from:nemoone -is:retweet"] * 2


async def test_a_rush_is_read_to_its_end_and_the_backlog_by_one_page(network: Network, search: Watched) -> None:
    network.posts = [snowflake(1000, number) for number in range(250)]
    assert len(await search.poll()) == 100
    rush = [snowflake(10, number) for number in range(230)]
    network.posts += rush
    assert sorted(await search.guids()) == sorted(map(str, rush))
    assert await search.poll() == ()


async def test_a_restart_goes_on_from_the_bookmark(network: Network, search: Watched) -> None:
    network.posts = [snowflake(60)]
    await search.poll()
    network.posts.append(snowflake(5))
    async with searching(network, TOKEN) as again:
        again.state = search.state
        assert await again.guids() == [str(network.posts[-1])]


async def test_a_search_that_found_nothing_for_a_week_goes_on(network: Network, search: Watched) -> None:
    network.posts = [snowflake(6 * DAY)]
    await search.poll()
    assert search.state.cursor
    old = snowflake(8 * DAY)
    search.state = replace(search.state, cursor=str(old))
    network.posts = [old, snowflake(30)]
    assert await search.guids() == [str(network.posts[1])]
    assert "since_id" not in network.asked[-1]


async def test_a_rate_limit_names_when_it_ends(network: Network, search: Watched) -> None:
    network.left = 0
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert caught.value.status == 429
    assert caught.value.retry_after is not None
    assert 590 <= caught.value.retry_after <= 600


async def test_a_page_that_fails_loses_nothing(network: Network, search: Watched) -> None:
    network.posts = [snowflake(60)]
    await search.poll()
    rush = [snowflake(10, number) for number in range(150)]
    network.posts += rush
    network.left = 1
    with pytest.raises(HttpStatus):
        await search.poll()
    network.left = 450
    assert len(await search.poll()) == 150


async def test_a_token_that_is_not_taken_is_told(network: Network) -> None:
    async with searching(network, "wrong") as search:
        with pytest.raises(HttpStatus) as caught:
            await search.poll()
    assert (caught.value.status, caught.value.said) == (401, "Unauthorized")


async def test_without_a_token_nobody_is_asked(network: Network) -> None:
    async with searching(network, "") as search:
        with pytest.raises(NeedsCredentials) as caught:
            await search.poll()
    assert (caught.value.setting, network.asked) == ("X_BEARER_TOKEN", [])


async def test_a_plan_without_search_is_told_in_the_words_of_x(network: Network, search: Watched) -> None:
    words = "When authenticating requests to the X API v2 endpoints, you must use an App attached to a Project."
    network.broken = problem(403, "Client Forbidden", words, reason="client-not-enrolled")
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert (caught.value.status, caught.value.said) == (403, words)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<html><title>Something went wrong</title></html>", "<html><title>"),
        ('{"errors": [{"title": "Service Unavailable", "detail": "Over capacity"}]}', "Over capacity"),
        ('{"data": [{"id": "1"', '{"data": [{"id": "1"'),
        ("{}", "{}"),
        ("", ""),
    ],
)
async def test_what_is_no_answer_is_an_error_and_never_no_news(
    network: Network, search: Watched, body: str, words: str
) -> None:
    network.broken = web.Response(text=body, content_type="application/json")
    with pytest.raises(NotTheAnswer) as caught:
        await search.poll()
    assert caught.value.what.startswith(words)


async def test_a_server_in_trouble_is_an_error(network: Network, search: Watched) -> None:
    network.broken = problem(503, "Service Unavailable", "Service Unavailable")
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert caught.value.status == 503
