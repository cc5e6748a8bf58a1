"""Subreddits and searches on Reddit, against a server that is the API to applications and a site of feeds to everybody else."""

import time
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from aiohttp import web

from monitors.errors import ChannelUnavailable, HttpStatus, NotTheAnswer
from monitors.kinds import SourceKind
from monitors.sources.reddit import Reddit
from monitors.sources.reddit_search import RedditSearch
from tests.integration.sources.network import Watched, watching

APP = {"REDDIT_CLIENT_ID": "app", "REDDIT_CLIENT_SECRET": "s3cret"}
HOSTS = ("oauth.reddit.com", "www.reddit.com")
PLACES = {"/r/namoone/new": "t3", "/r/namoone/comments": "t1", "/search": "t3"}


class Network:
    """reddit.com with these posts (names, when they were written), newest first in its listings."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, float]] = []
        self.asked: list[web.BaseRequest] = []
        self.tokens: list[str] = []
        self.limit = 1000
        self.words = "Title"
        self.broken: web.Response | None = None
        self.started = time.time()

    def post(self, number: int, *, kind: str = "t3", age: float = 0) -> str:
        self.posts.append((f"{kind}_{number}", self.started - age))
        return self.posts[-1][0]

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        assert "rasad" in request.headers["User-Agent"]
        if request.path == "/api/v1/access_token":
            return await self._log_in(request)
        self.asked.append(request)
        if self.broken:
            return self.broken
        if len(self.asked) > self.limit:
            limits = {"x-ratelimit-used": "100", "x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "217"}
            return web.json_response({"message": "Too Many Requests", "error": 429}, status=429, headers=limits)
        feed = request.path.endswith(".rss")
        path = request.path.removesuffix(".rss").rstrip("/")
        if path.startswith("/r/none"):
            return web.Response(status=302, headers={"Location": f"/subreddits/search{'.rss' if feed else ''}?q=none"})
        if path == "/subreddits/search":
            return web.json_response({"kind": "Listing", "data": {"children": [], "after": None}})
        if not feed and request.headers.get("Authorization") != f"Bearer {(self.tokens or [''])[-1]}":
            return web.json_response({"message": "Unauthorized", "error": 401}, status=401)
        return self._listing(path, dict(request.query), feed=feed)

    async def _log_in(self, request: web.BaseRequest) -> web.Response:
        pair = b64encode(b"app:s3cret").decode()
        assert await request.text() == "grant_type=client_credentials"
        if request.headers.get("Authorization") != f"Basic {pair}":
            return web.json_response({"message": "Unauthorized", "error": 401}, status=401)
        self.tokens.append(f"token{len(self.tokens)}")
        return web.json_response({"access_token": self.tokens[-1], "token_type": "bearer", "expires_in": 86400})

    def _listing(self, path: str, asked: dict[str, str], *, feed: bool) -> web.Response:
        kind = PLACES[path]
        found = sorted((post for post in self.posts if post[0].startswith(kind)), key=lambda post: -post[1])
        names = [name for name, _ in found]
        start = names.index(asked["after"]) + 1 if asked.get("after") in names else 0
        page = found[start : start + int(asked["limit"])]
        if feed:
            entries = "".join(self._entry(*post) for post in page)
            text = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{entries}</feed>'
            return web.Response(text=text, content_type="application/atom+xml")
        children = [{"kind": kind, "data": self._data(*post)} for post in page]
        after = page[-1][0] if len(found) > start + len(page) else None
        return web.json_response({"kind": "Listing", "data": {"children": children, "after": after}})

    def _data(self, name: str, at: float) -> dict[str, object]:
        permalink = f"/r/namoone/comments/{name}/x/"
        data = {"name": name, "created_utc": float(int(at)), "author": "mina", "subreddit": "namoone", "score": 3}
        words = (
            {"title": f"{self.words} {name}", "selftext": "text"}
            if name.startswith("t3")
            else {"body": f"Comment {name}"}
        )
        return data | words | {"permalink": permalink, "is_self": True, "num_comments": 1}

    def _entry(self, name: str, at: float) -> str:
        moment = datetime.fromtimestamp(int(at), UTC).isoformat()
        words = escape(f'<div class="md"><p>Comment {name}</p></div>')
        return (
            f"<entry><author><name>/u/mina</name></author><content type='html'>{words}</content><id>{name}</id>"
            f"<link href='https://www.reddit.com/r/namoone/comments/{name}/x/'/><updated>{moment}</updated>"
            f"<title>{self.words} {name}</title></entry>"
        )


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture(params=[True, False], ids=["application", "everybody"])
def credentials(request: pytest.FixtureRequest) -> dict[str, str]:
    return APP if request.param else {}


@pytest.fixture(params=["r/namoone", "r/namoone/comments", "paknosh | taksan"])
async def watched(
    request: pytest.FixtureRequest, network: Network, credentials: dict[str, str]
) -> AsyncIterator[Watched]:
    kind: SourceKind = Reddit() if request.param.startswith("r/") else RedditSearch()
    async with watching(kind, request.param, network.answer, *HOSTS, credentials=credentials) as watched:
        yield watched


def at(network: Network, credentials: dict[str, str]) -> AbstractAsyncContextManager[Watched]:
    return watching(Reddit(), "r/namoone", network.answer, *HOSTS, credentials=credentials)


def kind_of(watched: Watched) -> str:
    return "t1" if watched.address.endswith("/comments") else "t3"


async def test_the_newest_are_read_and_known_again(network: Network, watched: Watched) -> None:
    kind = kind_of(watched)
    names = [network.post(number, kind=kind, age=100 - number) for number in range(3)]
    network.post(9, kind="t1" if kind == "t3" else "t3")
    assert await watched.guids() == names[::-1]
    new = network.post(7, kind=kind)
    assert await watched.guids() == [new, *names[::-1]]


async def test_a_rush_is_read_page_by_page_and_the_backlog_by_one(network: Network, watched: Watched) -> None:
    kind = kind_of(watched)
    for number in range(150):
        network.post(number, kind=kind, age=9000 + number)
    assert len(await watched.guids()) == 100
    rush = [network.post(1000 + number, kind=kind, age=number) for number in range(250)]
    assert set(rush) <= set(await watched.guids())
    assert len(network.asked) == 1 + 3


async def test_a_restart_goes_on_from_the_bookmark(network: Network, credentials: dict[str, str]) -> None:
    network.post(1, age=9000)
    async with at(network, credentials) as watched:
        await watched.poll()
    rush = [network.post(1000 + number, age=number) for number in range(150)]
    async with at(network, credentials) as again:
        again.state = watched.state
        assert set(rush) <= set(await again.guids())


async def test_credentials_may_come_and_go(network: Network) -> None:
    names = [network.post(number, age=number) for number in range(3)]
    async with at(network, {}) as feeds:
        assert await feeds.guids() == names
        assert {request.path for request in network.asked} == {"/r/namoone/new/.rss"}
    new = network.post(7, age=-1)
    async with at(network, APP) as listing:
        listing.state = feeds.state
        items = await listing.poll()
    assert [item.guid for item in items] == [new, *names]
    assert (items[0].metrics.likes, items[0].author, items[0].outlet) == (3, "mina", "r/namoone")


async def test_one_login_serves_all_until_it_is_refused(network: Network) -> None:
    network.post(1)
    async with at(network, APP) as watched:
        await watched.poll()
        await watched.poll()
        assert len(network.tokens) == 1
        network.tokens.append("another")  # the first is taken back
        await watched.poll()
    assert network.tokens == ["token0", "another", "token2"]


async def test_credentials_that_are_wrong_are_told(network: Network) -> None:
    async with at(network, APP | {"REDDIT_CLIENT_SECRET": "wrong"}) as watched:
        with pytest.raises(HttpStatus) as caught:
            await watched.poll()
    assert (caught.value.status, caught.value.said) == (401, "Unauthorized")
    assert network.asked == [], "the feeds are for those who have no application"


async def test_a_rate_limit_names_when_it_ends(network: Network, watched: Watched) -> None:
    network.limit = 0
    with pytest.raises(HttpStatus) as caught:
        await watched.poll()
    assert (caught.value.status, caught.value.retry_after) == (429, 217)


async def test_a_subreddit_that_does_not_exist_is_an_error(network: Network, credentials: dict[str, str]) -> None:
    async with watching(Reddit(), "r/none", network.answer, *HOSTS, credentials=credentials) as watched:
        with pytest.raises(ChannelUnavailable):
            await watched.poll()


@pytest.mark.parametrize(("status", "reason"), [(403, "private"), (404, "banned"), (500, ""), (503, "")])
async def test_a_refusal_is_an_error(network: Network, watched: Watched, status: int, reason: str) -> None:
    network.broken = web.json_response({"reason": reason, "message": "Forbidden", "error": status}, status=status)
    with pytest.raises(HttpStatus) as caught:
        await watched.poll()
    assert caught.value.status == status


@pytest.mark.parametrize(
    "body", ["<html><body>whoa there, pardner!</body></html>", '{"message": "Forbidden", "error": 403}', "[]", "", "Hi"]
)
async def test_what_is_no_listing_is_an_error_and_never_no_news(network: Network, watched: Watched, body: str) -> None:
    network.broken = web.Response(text=body, content_type="text/html")
    with pytest.raises(NotTheAnswer):
        await watched.poll()


async def test_an_empty_listing_is_no_error(network: Network, watched: Watched) -> None:
    assert await watched.poll() == ()
