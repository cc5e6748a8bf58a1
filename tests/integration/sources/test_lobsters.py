"""Tags on Lobsters, against a server that pages as it does."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from monitors.errors import HttpStatus, NotTheAnswer
from monitors.sources.lobsters import Lobsters
from tests.integration.sources.network import Watched, watching

PAGE = 25
START = datetime(2026, 11, 20, tzinfo=UTC)


class Forum:
    """Stories under the tag "security", newest first, 25 a page; what `refusal` makes is answered instead."""

    def __init__(self) -> None:
        self.stories: list[dict[str, object]] = []
        self.refusal: web.Response | None = None

    def post(self, count: int = 1) -> list[str]:
        numbers = [f"s{len(self.stories) + place}" for place in range(count)]
        for number in numbers:
            at = START + timedelta(minutes=len(self.stories))
            self.stories.insert(0, {"short_id": number, "title": number, "created_at": at.isoformat()})
        return numbers

    async def answer(self, request: web.BaseRequest) -> web.Response:
        if self.refusal:
            return self.refusal
        found = re.fullmatch(r"/t/security(?:/page/(\d+))?\.json", request.path)
        if not found:
            return web.Response(status=404)
        first = PAGE * (int(found[1] or 1) - 1)
        return web.json_response(self.stories[first : first + PAGE])


@pytest.fixture
def forum() -> Forum:
    return Forum()


@pytest.fixture
async def tag(forum: Forum) -> AsyncIterator[Watched]:
    async with watching(Lobsters(), "security", forum.answer, "lobste.rs") as watched:
        yield watched


async def test_a_rush_is_read_page_by_page_and_the_backlog_by_one(forum: Forum, tag: Watched) -> None:
    forum.post(60)
    assert len(await tag.guids()) == PAGE
    rush = forum.post(60)
    assert set(rush) <= set(await tag.guids())


async def test_an_empty_tag_is_no_error_and_is_followed(forum: Forum, tag: Watched) -> None:
    assert await tag.guids() == []
    new = forum.post()
    assert await tag.guids() == new


async def test_an_unknown_tag_and_a_page_instead_of_data_are_errors(forum: Forum, tag: Watched) -> None:
    async with watching(Lobsters(), "nosuchtag", forum.answer, "lobste.rs") as unknown:
        with pytest.raises(HttpStatus):
            await unknown.poll()
    forum.refusal = web.Response(text="<html>maintenance</html>", content_type="text/html")
    with pytest.raises(NotTheAnswer):
        await tag.poll()


async def test_a_refusal_says_when_to_come_back(forum: Forum, tag: Watched) -> None:
    forum.refusal = web.Response(status=429, headers={"Retry-After": "90"})
    with pytest.raises(HttpStatus) as caught:
        await tag.poll()
    assert caught.value.retry_after == 90


def test_links_to_tags_are_recognised() -> None:
    kind = Lobsters()
    assert kind.recognise("https://lobste.rs/t/Security") == "security"
    assert kind.recognise("lobste.rs/t/c++") == "c++"
    assert kind.recognise("https://lobste.rs/s/abc123") is None
