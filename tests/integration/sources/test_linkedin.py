"""LinkedIn's Community Management API on loopback: it wants its version, encoded urns and a token, and counts requests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from monitors.errors import AccountUnavailable, HttpStatus, NeedsCredentials, NotTheAnswer
from monitors.sources.linkedin import LinkedIn
from tests.integration.sources.network import Watched, watching

TOKEN = "AQXexample"
NUMBER = "2414000"


def refusal(status: int, message: str) -> web.Response:
    return web.json_response({"message": message, "status": status, "serviceErrorCode": 100}, status=status)


@dataclass
class Network:
    """api.linkedin.com with one page; `comments` by the number of the post."""

    posts: list[int] = field(default_factory=list)
    comments: dict[int, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    instead: str | None = None
    refusal: web.Response | None = None
    left: int = 500

    async def answer(self, request: web.BaseRequest) -> web.Response:
        path = request.raw_path.removeprefix("/rest/")
        self.asked.append(path)
        if self.refusal is not None:
            return self.refusal
        if self.instead is not None:
            return web.Response(text=self.instead, content_type="application/json")
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return refusal(401, "Invalid access token")
        if not request.headers.get("LinkedIn-Version", "").isdecimal():
            return refusal(400, "A version must be present")
        if self.left == 0:
            return refusal(429, "Resource level throttle APPLICATION DAY limit for calls to this resource is reached.")
        self.left -= 1
        if ":" in path or "," in path:
            return refusal(400, "Syntax exception in path variables")
        return web.json_response({"paging": {"start": 0, "count": 50, "links": []}, "elements": self._elements(path)})

    def _elements(self, path: str) -> list[dict[str, Any]]:
        if path.startswith("organizations?"):
            known = path.endswith("vanityName=paknoosh-example")
            return [{"id": int(NUMBER), "localizedName": "پاکنوش", "vanityName": "paknoosh-example"}] if known else []
        if path.startswith("posts?"):
            assert f"author=urn%3Ali%3Aorganization%3A{NUMBER}" in path
            return [{"id": f"urn:li:share:{number}", "commentary": f"پاکنوش {number}"} for number in self.posts]
        number = int(path.removeprefix("socialActions/urn%3Ali%3Ashare%3A").partition("/comments")[0])
        return [
            {
                "actor": "urn:li:person:A1b2",
                "commentUrn": f"urn:li:comment:(urn:li:activity:{number},{place})",
                "created": {"actor": "urn:li:person:A1b2", "time": 1_795_500_100_000},
                "message": {"attributes": [], "text": text},
                "likesSummary": {"aggregatedTotalLikes": 2},
            }
            for place, text in enumerate(self.comments.get(number, []))
        ]


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
async def page(network: Network) -> AsyncIterator[Watched]:
    credentials = {"LINKEDIN_TOKEN": TOKEN}
    async with watching(
        LinkedIn(), "paknoosh-example", network.answer, "api.linkedin.com", credentials=credentials
    ) as watched:
        yield watched


async def test_posts_are_read_with_the_comments_on_the_newest_of_them(network: Network, page: Watched) -> None:
    network.posts = [5, 4, 3, 2]
    network.comments = {5: ["ترش بود", "عالی"], 3: ["چرا گران شد؟"], 2: ["کهنه"]}
    items = await page.poll()
    assert [item.title for item in items] == [f"پاکنوش {n}" for n in (5, 4, 3, 2)] + ["ترش بود", "عالی", "چرا گران شد؟"]
    assert items[4].url == (
        "https://www.linkedin.com/feed/update/urn:li:share:5/"
        "?commentUrn=urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A5%2C0%29"
    )
    assert items[4].metrics.likes == 2
    assert len({item.url for item in items}) == len(items)
    assert len(network.asked) == 5


async def test_a_name_is_looked_up_once(network: Network, page: Watched) -> None:
    network.posts = [5]
    await page.poll()
    await page.poll()
    assert [path.partition("?")[0] for path in network.asked] == [
        "organizations",
        "posts",
        "socialActions/urn%3Ali%3Ashare%3A5/comments",
        "posts",
        "socialActions/urn%3Ali%3Ashare%3A5/comments",
    ]


async def test_a_page_that_is_not_there_is_told(page: Watched) -> None:
    page.address = "nobody"
    with pytest.raises(AccountUnavailable):
        await page.poll()


async def test_a_page_without_posts_is_no_error(page: Watched) -> None:
    assert await page.poll() == ()


async def test_a_limit_is_told_in_the_words_of_linkedin(network: Network, page: Watched) -> None:
    network.left = 0
    with pytest.raises(HttpStatus) as caught:
        await page.poll()
    assert caught.value.status == 429
    assert caught.value.said.startswith("Resource level throttle APPLICATION DAY limit")


@pytest.mark.parametrize("status", [403, 426, 500, 503])
async def test_a_refusal_is_an_error(network: Network, page: Watched, status: int) -> None:
    network.refusal = refusal(status, "Not enough permissions to access: partnerApiPostsExternal")
    with pytest.raises(HttpStatus) as caught:
        await page.poll()
    assert (caught.value.status, caught.value.said[:22]) == (status, "Not enough permissions")


@pytest.mark.parametrize("body", ["<html>", "", "{}", '{"elements": 1}', '{"message": "Not enough permissions"}'])
async def test_what_is_no_answer_is_an_error(network: Network, page: Watched, body: str) -> None:
    network.instead = body
    with pytest.raises(NotTheAnswer):
        await page.poll()


async def test_a_wrong_token_is_told_and_a_missing_one_named(network: Network) -> None:
    for credentials, error in (({"LINKEDIN_TOKEN": "wrong"}, HttpStatus), ({}, NeedsCredentials)):
        async with watching(LinkedIn(), NUMBER, network.answer, "api.linkedin.com", credentials=credentials) as page:
            with pytest.raises(error) as caught:
                await page.poll()
            assert "Invalid access token" in str(caught.value) or "LINKEDIN_TOKEN" in str(caught.value)
