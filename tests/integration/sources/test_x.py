"""Searches on X, against a server that keeps its rules: bearer token, query length, since_id, next_token, rate limit."""

import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest
from aiohttp import web

from monitors.errors import HttpStatus, NeedsCredentials, NotTheAnswer
from monitors.sources.x import X
from monitors.sources.x_account import XAccount
from tests.integration.sources.network import Watched, watching

TOKEN = "AAAA%2Ftoken"
EPOCH = 1_288_834_974_657
DAY = 86_400


def snowflake(age: float, sequence: int = 0) -> int:
    """The id of a post that is `age` seconds old."""
    return (int((time.time() - age) * 1000 - EPOCH) << 22) + sequence


def problem(status: int, title: str, detail: str, **more: object) -> web.Response:
    document = {"title": title, "detail": detail, "type": "about:blank", "status": status, **more}
    return web.json_response(document, status=status, content_type="application/problem+json")


class Network:
    """api.x.com with these posts (ids), newest first in its answers."""

    def __init__(self) -> None:
        self.posts: list[int] = []
        self.asked: list[dict[str, str]] = []
        self.left = 450
        self.reset = int(time.time()) + 600
        self.broken: web.Response | None = None

    async def answer(self, request: web.BaseRequest) -> web.Response:
        assert request.path == "/2/tweets/search/recent"
        asked = dict(request.query)
        self.asked.append(asked)
        if self.broken:
            return self.broken
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return problem(401, "Unauthorized", "Unauthorized")
        limits = {"x-rate-limit-limit": "450", "x-rate-limit-reset": str(self.reset)}
        if self.left == 0:
            refusal = problem(429, "Too Many Requests", "Too Many Requests")
            refusal.headers.update(limits | {"x-rate-limit-remaining": "0"})
            return refusal
        self.left -= 1
        if len(asked["query"]) > 512:
            return problem(400, "Invalid Request", "One or more parameters to your request was invalid.")
        since = int(asked.get("since_id", 0))
        if since and since < snowflake(7 * DAY):
            errors = [{"message": f"'since_id' must be a tweet id created after [{snowflake(7 * DAY)}]."}]
            return problem(400, "Invalid Request", "One or more parameters to your request was invalid.", errors=errors)
        return web.json_response(self._page(asked, since), headers=limits)

    def _page(self, asked: dict[str, str], since: int) -> dict[str, object]:
        reached = [post for post in sorted(self.posts, reverse=True) if post > max(since, snowflake(7 * DAY))]
        start = int(asked.get("next_token", "t0")[1:])
        page = reached[start : start + int(asked["max_results"])]
        if not page:
            return {"meta": {"result_count": 0}}
        meta: dict[str, object] = {"newest_id": str(page[0]), "oldest_id": str(page[-1]), "result_count": len(page)}
        if len(reached) > start + len(page):
            meta["next_token"] = f"t{start + len(page)}"
        return {"data": [{"id": str(post), "text": f"پاکنوش {post}", "author_id": "1"} for post in page], "meta": meta}


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
