"""Bale's channels: one page of the ten newest posts, its data in the page."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import web

from monitors.errors import ChannelUnavailable, HttpStatus, NotTheAnswer
from monitors.sources import kind_named
from tests.integration.sources.network import Watched, watching

A_PAGE = 10
MINUTE = 60_000


class Bale:
    """Posts by their time; the page of a channel that nobody has is Next.js's page for it."""

    def __init__(self) -> None:
        self.posts: dict[int, str] = {}
        self.faults: list[web.Response] = []

    def post(self, *texts: str) -> None:
        for text in texts:
            self.posts[1_795_334_400_000 + len(self.posts) * MINUTE] = text

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if self.faults:
            return self.faults.pop(0)
        if request.path != "/s/namoone":
            return self._page({"page": "/404"}, 404)
        messages = [
            {"rid": str(-date), "date": date, "viewCount": 7, "message": {"textMessage": {"text": text}}}
            for date, text in sorted(self.posts.items())[-A_PAGE:]
        ]
        return self._page({"props": {"pageProps": {"messages": messages}}})

    @staticmethod
    def _page(data: object, status: int = 200) -> web.Response:
        script = json.dumps(data).replace("<", "\\u003c")
        page = f'<html><body><script id="__NEXT_DATA__" type="application/json">{script}</script></body></html>'
        return web.Response(text=page, content_type="text/html", status=status)


@pytest.fixture
def bale() -> Bale:
    return Bale()


@pytest.fixture
async def channel(bale: Bale) -> AsyncIterator[Watched]:
    async with watching(kind_named("bale_channel"), "namoone", bale.answer, "ble.ir") as source:
        yield source


async def test_a_new_post_is_read_once(bale: Bale, channel: Watched) -> None:
    bale.post(*(f"خبر {n}" for n in range(15)))
    assert len(await channel.news()) == A_PAGE
    assert await channel.news() == []
    bale.post("پاکنوش <b>ارزان</b> شد")
    assert len(await channel.news()) == 1
    assert channel.items[-1].title == "پاکنوش <b>ارزان</b> شد", "plain text, not markup"


async def test_deleted_posts_bring_no_older_ones_as_news(bale: Bale, channel: Watched) -> None:
    bale.post(*(f"خبر {n}" for n in range(15)))
    await channel.news()
    for date in sorted(bale.posts)[-3:]:
        del bale.posts[date]
    assert await channel.news() == []


async def test_a_refusal_and_an_error_page_lose_nothing(bale: Bale, channel: Watched) -> None:
    bale.post("اول")
    await channel.news()
    bale.post("دوم")
    bale.faults = [web.Response(status=429, headers={"Retry-After": "30"}), web.Response(text="upstream error")]
    with pytest.raises(HttpStatus) as refused:
        await channel.news()
    assert (refused.value.status, refused.value.retry_after) == (429, 30)
    with pytest.raises(NotTheAnswer):
        await channel.news()
    assert len(await channel.news()) == 1


async def test_a_channel_without_posts_or_preview_is_told_so(bale: Bale, channel: Watched) -> None:
    with pytest.raises(ChannelUnavailable):
        await channel.news()
    with pytest.raises(HttpStatus):
        await replace(channel, address="nobody").news()
