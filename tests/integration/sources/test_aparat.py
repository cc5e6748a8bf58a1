"""Aparat's channels and searches, against a server that answers as its public API does."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from monitors.errors import ChannelUnavailable, HttpStatus, NotTheAnswer
from monitors.sources.aparat import Aparat
from monitors.sources.aparat_search import AparatSearch
from tests.integration.sources.aparat_api import Api
from tests.integration.sources.network import Watched, watching


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
async def channel(api: Api) -> AsyncIterator[Watched]:
    async with watching(Aparat(), "nemoone", api.answer, "www.aparat.com") as watched:
        yield watched


@pytest.fixture
async def search(api: Api) -> AsyncIterator[Watched]:
    async with watching(AparatSearch(), "شیر پاکنوش", api.answer, "www.aparat.com") as watched:
        yield watched


async def test_a_channel_is_read_back_to_what_is_known(api: Api, channel: Watched) -> None:
    api.videos = dict.fromkeys(range(100, 170), 3.0)
    assert len(await channel.poll()) == 50
    api.videos |= dict.fromkeys(range(200, 320), 0.1)
    brought = await channel.guids()
    assert {f"vid{number}" for number in range(200, 320)} <= set(brought)
    assert len(api.asked) == 1 + 3


async def test_a_channel_without_videos_is_unavailable(api: Api, channel: Watched) -> None:
    with pytest.raises(ChannelUnavailable):
        await channel.poll()


async def test_a_search_without_results_is_no_error(api: Api, search: Watched) -> None:
    assert await search.poll() == ()
    assert api.asked == ["/etc/api/videoBySearch/text/شیر پاکنوش/perpage/50"]


async def test_what_climbs_into_a_search_years_later_is_no_news(api: Api, search: Watched) -> None:
    api.videos = {5: 900.0, 9: 2.0}
    assert await search.guids() == ["vid9", "vid5"]
    api.videos |= {3: 2000.0, 10: 0.5}
    assert await search.guids() == ["vid10", "vid9"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<html><title>در حال به‌روزرسانی</title></html>", "<html>"),
        (json.dumps({"videobyuser": {"type": "error", "value": "کاربر پیدا نشد"}}), "کاربر پیدا نشد"),
        (json.dumps({"videobysearch": {"type": "error", "value": "کاربر پیدا نشد"}}), "{"),
        ("", ""),
        ("[]", "[]"),
    ],
)
async def test_what_is_no_list_of_videos_is_an_error(api: Api, channel: Watched, body: str, words: str) -> None:
    api.instead = web.Response(text=body, content_type="text/html")
    with pytest.raises(NotTheAnswer) as caught:
        await channel.poll()
    assert caught.value.what.startswith(words)


@pytest.mark.parametrize("status", [403, 429, 502])
async def test_a_refusal_is_an_error(api: Api, channel: Watched, status: int) -> None:
    api.instead = web.Response(status=status, headers={"Retry-After": "120"})
    with pytest.raises(HttpStatus) as caught:
        await channel.poll()
    assert (caught.value.status, caught.value.retry_after) == (status, 120)
