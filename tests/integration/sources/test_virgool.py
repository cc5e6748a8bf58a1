"""Virgool on loopback: feeds of users and publications, pages of topics, and pages where feeds should be."""

from dataclasses import dataclass

import pytest
from aiohttp import web

from monitors.errors import AccountUnavailable, HttpStatus, NothingFound
from monitors.sources.virgool import Virgool
from tests.integration.sources.network import watching
from tests.unit.sources.golden import FIXTURES

FEED = (FIXTURES / "virgool" / "user.xml").read_bytes()
CARD = """<article><a href="/@{name}/%D9%BE%D8%A7%DA%A9-{id}?ref=topic"><h2>{title}</h2></a>
<a href="/@{name}">{name}</a><p>چند خط از آغاز نوشته که در فهرست می‌آید و بلندتر از یک دکمه است.</p></article>"""
TITLES = ("پاکنوش و بازار شیر ایران", "چرا شیر گران شد و چه باید کرد", "راهنمای خرید ماست برای خانه")


@dataclass
class Site:
    """virgool.io; `posts` are the ids on the topic's page."""

    posts: tuple[str, ...] = ("ab12cd34ef56", "bc23de45fa67", "cd34ef56ab78")
    status: int = 200

    async def answer(self, request: web.BaseRequest) -> web.Response:
        if self.status != 200:
            return web.Response(status=self.status, headers={"Retry-After": "60"})
        if request.path in {"/feed/@nemoone", "/feed/nemoone-pub"}:
            return web.Response(body=FEED, content_type="application/xml")
        if request.path == "/topic/بازار شیر":
            cards = "".join(
                CARD.format(name="nemoone", id=post, title=title)
                for post, title in zip(self.posts, TITLES, strict=False)
            )
            page = f"<html lang='fa'><nav><a href='/topic/x'>یک پیوند با چند واژه</a></nav><main>{cards}</main></html>"
            return web.Response(text=page, content_type="text/html")
        return web.Response(text="<html><title>صفحه پیدا نشد</title></html>", content_type="text/html")


@pytest.mark.parametrize("address", ["@nemoone", "nemoone-pub"])
async def test_users_and_publications_are_read_by_their_feeds(address: str) -> None:
    async with watching(Virgool(), address, Site().answer, "virgool.io") as source:
        (item,) = await source.poll()
    assert (item.title, item.author) == ("چرا از پاکنوش خداحافظی کردم؟", "سارا نمونه")


async def test_a_topic_lists_the_posts_of_many() -> None:
    site = Site()
    async with watching(Virgool(), "topic/بازار شیر", site.answer, "virgool.io") as source:
        items = await source.poll()
        assert [(item.guid, item.title) for item in items] == list(zip(site.posts, TITLES, strict=True))
        assert items[0].url == "https://virgool.io/@nemoone/%D9%BE%D8%A7%DA%A9-ab12cd34ef56"
        assert items[0].author_url == "https://virgool.io/@nemoone"
        site.posts = ()
        with pytest.raises(NothingFound):
            await source.poll()


async def test_a_page_where_a_feed_should_be_is_an_error() -> None:
    async with watching(Virgool(), "@nobody", Site().answer, "virgool.io") as source:
        with pytest.raises(AccountUnavailable):
            await source.poll()


@pytest.mark.parametrize("status", [404, 429, 503])
async def test_a_refusal_is_an_error(status: int) -> None:
    async with watching(Virgool(), "@nemoone", Site(status=status).answer, "virgool.io") as source:
        with pytest.raises(HttpStatus) as caught:
            await source.poll()
    assert (caught.value.status, caught.value.retry_after) == (status, 60)
