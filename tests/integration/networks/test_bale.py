"""Bale's channels: one page of the ten newest posts, its data in the page."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from monitors.errors import ChannelUnavailable, HttpStatus, NotTheAnswer
from monitors.sources import kind_named
from tests.integration.fetch.servers import Site, served
from tests.integration.networks.watching import Watched

A_PAGE = 10
MINUTE = 60_000


class Bale(Site):
    """Posts by their time; the page of a channel that nobody has is Next.js's page for it."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[int, str] = {}
        self.faults: list[web.Response] = []

    def post(self, *texts: str) -> None:
        for text in texts:
            self.posts[1_795_334_400_000 + len(self.posts) * MINUTE] = text

    async def respond(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
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
async def bale() -> AsyncIterator[Bale]:
    async with served(Bale()) as site:
        assert isinstance(site, Bale)
        yield site


def watched(bale: Bale, name: str = "namoone") -> Watched:
    return Watched(kind_named("bale_channel"), name, {"ble.ir": bale.url("")})


async def test_a_new_post_is_read_once(bale: Bale) -> None:
    bale.post(*(f"خبر {n}" for n in range(15)))
    channel = watched(bale)
    assert len(await channel.poll()) == A_PAGE
    assert await channel.poll() == []
    bale.post("پاکنوش <b>ارزان</b> شد")
    assert len(await channel.poll()) == 1
    assert channel.items[-1].title == "پاکنوش <b>ارزان</b> شد", "plain text, not markup"


async def test_deleted_posts_bring_no_older_ones_as_news(bale: Bale) -> None:
    bale.post(*(f"خبر {n}" for n in range(15)))
    channel = watched(bale)
    await channel.poll()
    for date in sorted(bale.posts)[-3:]:
        del bale.posts[date]
    assert await channel.poll() == []


async def test_a_refusal_and_an_error_page_lose_nothing(bale: Bale) -> None:
    bale.post("اول")
    channel = watched(bale)
    await channel.poll()
    bale.post("دوم")
    bale.faults = [web.Response(status=429, headers={"Retry-After": "30"}), web.Response(text="upstream error")]
    with pytest.raises(HttpStatus) as refused:
        await channel.poll()
    assert (refused.value.status, refused.value.retry_after) == (429, 30)
    with pytest.raises(NotTheAnswer):
        await channel.poll()
    assert len(await channel.poll()) == 1


async def test_a_channel_without_posts_or_preview_is_told_so(bale: Bale) -> None:
    with pytest.raises(ChannelUnavailable):
        await watched(bale).poll()
    with pytest.raises(HttpStatus):
        await watched(bale, "nobody").poll()
