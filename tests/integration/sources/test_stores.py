"""Reviews in the App Store, Google Play, Cafe Bazaar and Myket, poll by poll."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from aiohttp import web

from monitors import schedule
from monitors.errors import AppUnavailable, HttpStatus, NeedsCredentials, NotTheAnswer, SourceError
from monitors.sources import kind_named
from tests.integration.sources.network import Watched, watching
from tests.integration.sources.stores import HOSTS, TOKEN, Store

ADDRESSES = {
    "app_store": "us/1500000001",
    "google_play": "fa/ir.example.paknoosh",
    "cafe_bazaar": "ir.example.paknoosh",
    "myket": "ir.example.paknoosh",
}


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture(params=ADDRESSES)
async def watched(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[Watched]:
    kind = str(request.param)
    credentials = {"MYKET_TOKEN": TOKEN}
    async with watching(kind_named(kind), ADDRESSES[kind], store.answer, *HOSTS, credentials=credentials) as source:
        yield source


async def test_a_review_is_read_once_and_titled_with_the_app(watched: Watched, store: Store) -> None:
    store.write(*(f"خوب {n}" for n in range(25)))
    assert len(await watched.news()) == store.a_page, "the newest page is enough at first sight"
    assert all(item.title.startswith("پاکنوش ★★★★★ خوب ") for item in watched.items)
    assert await watched.news() == []
    assert await watched.news() == []
    written = store.write("پول من را پس ندادند", stars=1)
    assert await watched.news() == written


async def test_the_app_is_asked_for_its_name_once(watched: Watched, store: Store) -> None:
    store.write("خوب")
    await watched.news()
    store.asked.clear()
    await watched.news()
    await watched.news()
    assert len(store.asked) == 2
    assert len(set(store.asked)) == 1, "reviews, and nothing else"


async def test_an_item_holds_stars_words_and_author(watched: Watched, store: Store) -> None:
    store.write("پول من را پس ندادند", stars=1)
    await watched.news()
    (item,) = watched.items
    assert item.metrics.stars == 1
    assert item.title == "پاکنوش ★☆☆☆☆ پول من را پس ندادند"
    assert item.text.split("\n")[0] == "پول من را پس ندادند"
    assert item.author in {"سارا", "sara"}
    assert item.published_at is not None
    assert item.url is not None
    assert item.guid in item.url


async def test_what_was_written_meanwhile_is_read_page_by_page(watched: Watched, store: Store) -> None:
    store.write(*(f"خوب {n}" for n in range(10)))
    await watched.news()
    written = store.write(*(f"بد {n}" for n in range(33)))
    assert set(await watched.news()) == set(written)
    assert await watched.news() == []


async def test_an_edited_review_keeps_its_guid_and_hides_no_new_one(watched: Watched, store: Store) -> None:
    store.write(*(f"خوب {n}" for n in range(20)))
    await watched.news()
    written = store.write(*(f"تازه {n}" for n in range(15)))
    store.edit(3, "بد شد", 1)
    assert set(await watched.news()) - {"12900000003"} == set(written)
    assert watched.items[0].title == "پاکنوش ★☆☆☆☆ بد شد"


async def test_deleted_reviews_do_not_send_it_back_through_the_pages(watched: Watched, store: Store) -> None:
    store.write(*(f"خوب {n}" for n in range(40)))
    await watched.news()
    del store.reviews[-7:]
    store.asked.clear()
    await watched.news()
    assert len(store.asked) <= 2


async def test_an_app_without_reviews_is_fine_and_one_that_is_not_there_is_told_so(
    watched: Watched, store: Store
) -> None:
    assert await watched.news() == []
    assert await watched.news() == []
    store.write("اولین")
    assert len(await watched.news()) == 1
    store.name = ""
    with pytest.raises((AppUnavailable, HttpStatus)) as caught:
        await replace(watched, state=replace(watched.state, cursor=None)).news()
    assert schedule.describe(caught.value).startswith(("app_unavailable", "http_status 404"))


async def test_a_store_that_suddenly_shows_no_reviews_is_an_error(watched: Watched, store: Store) -> None:
    store.write("خوب")
    await watched.news()
    store.reviews.clear()
    with pytest.raises(NotTheAnswer):
        await watched.news()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda: web.Response(status=429, headers={"Retry-After": "90"}), HttpStatus),
        (lambda: web.Response(status=503), HttpStatus),
        (lambda: web.Response(text="<html><h1>Sorry</h1></html>", content_type="text/html"), NotTheAnswer),
        (lambda: web.Response(text="try later"), NotTheAnswer),
        (lambda: web.Response(text=""), NotTheAnswer),
        (lambda: web.Response(text=')]}\'\n\n[["er",null,null,null,null,429]]'), NotTheAnswer),
        (lambda: web.json_response({"properties": {"statusCode": 500, "errorMessage": "internal"}}), NotTheAnswer),
        (lambda: web.json_response({"error": {"message": "quota"}}), NotTheAnswer),
        (lambda: web.json_response({"code": 500, "translatedMessage": "خطا"}), NotTheAnswer),
        (lambda: web.json_response([]), NotTheAnswer),
    ],
    ids=[
        "429",
        "503",
        "html",
        "prose",
        "nothing",
        "google's error",
        "bazaar's error",
        "an error document",
        "myket's error",
        "a list",
    ],
)
@pytest.mark.parametrize("first", [True, False])
async def test_a_refusal_loses_nothing(
    watched: Watched, store: Store, answer: Callable[[], web.Response], error: type[SourceError], first: bool
) -> None:
    store.write("خوب")
    if not first:
        await watched.news()
    written = store.write("بد")
    store.broken = answer()
    with pytest.raises(error):
        await watched.news()
    store.broken = None
    assert set(await watched.news()) >= set(written)


async def test_myket_answers_none_without_its_token(store: Store) -> None:
    store.write("خوب")
    for credentials, told in ({}, "MYKET_TOKEN"), ({"MYKET_TOKEN": "worn"}, "دستگاه شما شناسایی نشد"):
        async with watching(
            kind_named("myket"), ADDRESSES["myket"], store.answer, *HOSTS, credentials=credentials
        ) as source:
            with pytest.raises((NeedsCredentials, HttpStatus)) as caught:
                await source.news()
            assert told in str(caught.value)
