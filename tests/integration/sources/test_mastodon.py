"""Mastodon's timelines and search, against a server that keeps an instance's rules: max_id, tokens, rate limits, its errors."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from monitors.errors import HttpStatus, NeedsCredentials, NotTheAnswer
from monitors.sources.mastodon import Mastodon
from monitors.sources.mastodon_search import MastodonSearch
from tests.integration.sources.network import Watched, watching

OWN = {"MASTODON_INSTANCE": "social.example", "MASTODON_TOKEN": "s3cret"}
TAG = "#پاکنوش@social.example"


def status(number: int) -> dict[str, object]:
    account = {
        "id": "7",
        "username": "sara",
        "acct": "sara",
        "display_name": "سارا",
        "url": "https://social.example/@sara",
    }
    return {
        "id": str(115_601_000_000_000_000 + number),
        "uri": f"https://social.example/users/sara/statuses/{number}",
        "url": f"https://social.example/@sara/{number}",
        "created_at": "2026-11-25T09:00:00.000Z",
        "content": f"<p>پاکنوش {number}</p>",
        "account": account,
        "favourites_count": 0,
    }


def guids(*numbers: int) -> list[str]:
    return [f"https://social.example/users/sara/statuses/{number}" for number in numbers]


class Network:
    """An instance with these statuses, newest first in its answers."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.asked: list[str] = []
        self.shown: list[str | None] = []
        self.left = 300
        self.members_only = False
        self.broken: web.Response | None = None

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append(request.path_qs)
        self.shown.append(request.headers.get("Authorization"))
        if self.broken:
            return self.broken
        reset = (datetime.now(UTC) + timedelta(seconds=200)).isoformat().replace("+00:00", "Z")
        limits = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": str(self.left), "X-RateLimit-Reset": reset}
        if self.left == 0:
            return web.json_response({"error": "Too many requests"}, status=429, headers=limits)
        self.left -= 1
        if self.shown[-1] not in {None, "Bearer s3cret"}:
            return web.json_response({"error": "The access token is invalid"}, status=401)
        if self.members_only and not self.shown[-1]:
            return web.json_response({"error": "This method requires an authenticated user"}, status=422)
        return self._told(request)

    def _told(self, request: web.BaseRequest) -> web.Response:
        match request.path.split("/")[2:]:
            case (
                ["v1", "timelines", "tag", "پاکنوش"]
                | ["v1", "timelines", "public"]
                | ["v1", "accounts", "7", "statuses"]
            ):
                return web.json_response(self._page(request))
            case ["v1", "accounts", "lookup"] if request.query["acct"] == "sara":
                return web.json_response({"id": "7", "username": "sara", "acct": "sara", "display_name": "سارا 🌱"})
            case ["v2", "search"]:
                if not self.shown[-1]:
                    return web.json_response({"error": "The access token is invalid"}, status=401)
                return web.json_response({"accounts": [], "statuses": self._page(request), "hashtags": []})
        return web.json_response({"error": "Record not found"}, status=404)

    def _page(self, request: web.BaseRequest) -> list[dict[str, object]]:
        before = int(request.query.get("max_id", 2**62))
        found = [told for told in map(status, sorted(self.statuses, reverse=True)) if int(str(told["id"])) < before]
        return found[: int(request.query["limit"])]


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
async def tag(network: Network) -> AsyncIterator[Watched]:
    async with at(network, TAG) as watched:
        yield watched


@pytest.fixture
async def search(network: Network) -> AsyncIterator[Watched]:
    async with watching(
        MastodonSearch(), "پاکنوش شیر", network.answer, "social.example", "other.example", credentials=OWN
    ) as watched:
        yield watched


def at(
    network: Network, address: str, credentials: dict[str, str] | None = None
) -> AbstractAsyncContextManager[Watched]:
    return watching(Mastodon(), address, network.answer, "social.example", "other.example", credentials=credentials)


@pytest.mark.parametrize("address", [TAG, "@social.example", "*@social.example", "@sara@social.example"])
async def test_a_timeline_is_read_back_to_where_the_last_poll_ended(network: Network, address: str) -> None:
    async with at(network, address) as watched:
        network.statuses = list(range(70))
        assert await watched.news() == guids(*range(69, 29, -1))  # the backlog: one page
        asked = len(network.asked)
        assert await watched.news() == []
        assert len(network.asked) == asked + 1
        network.statuses += range(70, 190)
        assert await watched.news() == guids(*range(189, 69, -1))
        assert await watched.news() == []


async def test_an_account_is_looked_up_once_and_named(network: Network) -> None:
    async with at(network, "@sara@social.example") as watched:
        network.statuses = [1]
        await watched.poll()
        network.statuses = [1, 2]
        await watched.poll()
        assert watched.items[0].outlet is None
    assert sum("lookup" in path for path in network.asked) == 1


async def test_an_account_that_is_not_there_is_said_in_the_networks_words(network: Network) -> None:
    async with at(network, "@nobody@social.example") as watched:
        with pytest.raises(HttpStatus) as caught:
            await watched.poll()
    assert (caught.value.status, caught.value.said) == (404, "Record not found")


async def test_a_restart_goes_on_from_the_bookmark(network: Network, tag: Watched) -> None:
    network.statuses = [0, 1]
    await tag.news()
    network.statuses += range(2, 60)
    async with at(network, TAG) as again:
        again.state, again.seen = tag.state, tag.seen
        assert await again.news() == guids(*range(59, 1, -1))


async def test_a_token_is_shown_to_its_own_instance_only(network: Network) -> None:
    for address in (TAG, "#پاکنوش@other.example"):
        async with at(network, address, OWN) as watched:
            await watched.poll()
    assert network.shown == ["Bearer s3cret", None]


async def test_an_instance_that_shows_nothing_to_strangers_says_so_and_opens_to_its_own(network: Network) -> None:
    network.members_only = True
    network.statuses = [1]
    async with at(network, TAG) as watched:
        with pytest.raises(HttpStatus) as caught:
            await watched.poll()
        assert (caught.value.status, caught.value.said) == (422, "This method requires an authenticated user")
    async with at(network, TAG, OWN) as watched:
        assert await watched.guids() == guids(1)


async def test_a_search_goes_on_from_its_bookmark_over_all_pages(network: Network, search: Watched) -> None:
    network.statuses = list(range(60))
    assert await search.news() == guids(*range(59, 19, -1))
    network.statuses += range(60, 170)
    assert await search.news() == guids(*range(169, 59, -1))
    assert search.items[0].outlet == "@sara@social.example"
    assert "type=statuses" in network.asked[0]


async def test_a_search_without_an_instance_says_what_it_needs(network: Network) -> None:
    for given, missing in (({}, "MASTODON_TOKEN"), ({"MASTODON_TOKEN": "x"}, "MASTODON_INSTANCE")):
        async with watching(MastodonSearch(), "x", network.answer, "social.example", credentials=given) as watched:
            with pytest.raises(NeedsCredentials) as caught:
                await watched.poll()
        assert caught.value.setting == missing
    assert not network.asked


async def test_a_token_that_has_ended_is_said_in_the_networks_words(network: Network) -> None:
    async with watching(
        MastodonSearch(), "x", network.answer, "social.example", credentials=OWN | {"MASTODON_TOKEN": "old"}
    ) as watched:
        with pytest.raises(HttpStatus) as caught:
            await watched.poll()
    assert (caught.value.status, caught.value.said) == (401, "The access token is invalid")


async def test_a_rate_limit_names_when_it_ends(network: Network, tag: Watched) -> None:
    network.left = 0
    with pytest.raises(HttpStatus) as caught:
        await tag.poll()
    assert caught.value.status == 429
    assert 190 < (caught.value.retry_after or 0) <= 200


@pytest.mark.parametrize(
    "response",
    [
        {"text": "<html><h1>We're sorry</h1></html>", "content_type": "text/html"},
        {"text": "Maintenance"},
        {"text": '{"error": "This is not a timeline"}', "content_type": "application/json"},
        {"text": '{"statuses": 7}', "content_type": "application/json"},
        {"text": ""},
    ],
)
async def test_what_is_no_page_is_an_error_and_loses_nothing(
    network: Network, tag: Watched, search: Watched, response: dict[str, str]
) -> None:
    network.statuses = [1]
    for watched in (tag, search):
        network.broken = None
        await watched.poll()
        before = watched.state
        network.broken = web.Response(**response)  # type: ignore[arg-type]
        with pytest.raises(NotTheAnswer):
            await watched.poll()
        assert watched.state == before


async def test_an_empty_timeline_is_no_error(tag: Watched) -> None:
    assert await tag.poll() == ()
    assert tag.state.cursor is None


async def test_trouble_of_the_server(network: Network, tag: Watched) -> None:
    network.broken = web.json_response({"error": "Remote data could not be fetched"}, status=503)
    with pytest.raises(HttpStatus) as caught:
        await tag.poll()
    assert (caught.value.status, caught.value.said) == (503, "Remote data could not be fetched")
