"""YouTube: channels without a key, searches and comments with one, against servers that keep its rules."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from monitors.errors import HttpStatus, NeedsCredentials, NotTheAnswer
from monitors.sources.youtube import YouTube
from monitors.sources.youtube_comments import YouTubeComments
from monitors.sources.youtube_search import YouTubeSearch
from tests.integration.sources.network import NOW, Watched, watching
from tests.integration.sources.youtube_servers import CHANNEL, KEY, Api, Site, refusal


async def test_a_channel_by_its_name_is_looked_up_once() -> None:
    site = Site()
    async with watching(YouTube(), "@nemoone", site.answer, "www.youtube.com") as channel:
        assert await channel.guids() == ["yt:video:example_001", "yt:video:example_002"]
        await channel.poll()
    feed = f"/feeds/videos.xml?channel_id={CHANNEL}"
    assert site.asked == ["/@nemoone", feed, feed]


@pytest.mark.parametrize("status", [404, 500])
async def test_a_channel_that_is_not_there_is_an_error(status: int) -> None:
    site = Site(status=status)
    async with watching(YouTube(), CHANNEL, site.answer, "www.youtube.com") as channel:
        with pytest.raises(HttpStatus) as caught:
            await channel.poll()
    assert caught.value.status == status


async def test_another_page_than_the_channels_is_told_by_its_title() -> None:
    async with watching(YouTube(), "@consent", Site().answer, "www.youtube.com") as channel:
        with pytest.raises(NotTheAnswer) as caught:
            await channel.poll()
    assert caught.value.what == "Before you continue"


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
async def search(api: Api) -> AsyncIterator[Watched]:
    credentials = {"YOUTUBE_API_KEY": KEY}
    async with watching(
        YouTubeSearch(), "پاکنوش", api.answer, "www.googleapis.com", credentials=credentials
    ) as watched:
        yield watched


@pytest.fixture
async def comments(api: Api) -> AsyncIterator[Watched]:
    credentials = {"YOUTUBE_API_KEY": KEY}
    kind = YouTubeComments()
    async with watching(kind, "example_001", api.answer, "www.googleapis.com", credentials=credentials) as watched:
        yield watched


async def test_a_search_costs_two_requests_and_reaches_back_a_day(api: Api, search: Watched) -> None:
    api.videos = {"example_001": NOW, "example_old": NOW - timedelta(days=40)}
    assert sorted(await search.guids()) == ["example_001", "example_old"]
    assert api.asked == ["search", "videos"]
    api.videos["late__index"] = NOW - timedelta(hours=20)
    assert sorted(await search.guids()) == ["example_001", "late__index"]


async def test_a_search_without_results_is_no_error(api: Api, search: Watched) -> None:
    assert await search.poll() == ()
    assert api.asked == ["search"]


async def test_a_quota_that_is_used_up_is_told_in_the_words_of_youtube(api: Api, search: Watched) -> None:
    api.searches_left = 0
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert (caught.value.status, caught.value.said) == (403, "You have exceeded your quota.")


@pytest.mark.parametrize(("status", "reason"), [(429, "rateLimitExceeded"), (500, "backendError"), (503, "x")])
async def test_a_refusal_is_an_error(api: Api, search: Watched, status: int, reason: str) -> None:
    api.refusal = refusal(status, reason, "Not now.")
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert (caught.value.status, caught.value.said) == (status, "Not now.")
    assert caught.value.too_often == (status == 429)


@pytest.mark.parametrize("body", ["<html>", "", "{}", '{"items": {}}', "[]", '{"error": "down"}'])
async def test_what_is_no_answer_is_an_error(api: Api, search: Watched, comments: Watched, body: str) -> None:
    api.broken = body
    for watched in (search, comments):
        with pytest.raises(NotTheAnswer):
            await watched.poll()


async def test_comments_are_read_back_to_the_last_one_known(api: Api, comments: Watched) -> None:
    api.threads = {f"thread{number:04}": NOW + timedelta(minutes=number) for number in range(150)}
    assert len(await comments.poll()) == 100
    api.threads |= {f"later{number:04}": NOW + timedelta(days=1, minutes=number) for number in range(250)}
    brought = await comments.guids()
    assert {guid for guid in brought if guid.startswith("later")} == {f"later{number:04}" for number in range(250)}
    assert len(brought) == 300


async def test_a_video_without_comments_is_told(api: Api, comments: Watched) -> None:
    comments.address = "no_comments"
    with pytest.raises(HttpStatus) as caught:
        await comments.poll()
    assert caught.value.said == "The video has disabled comments."


async def test_a_wrong_key_is_told_and_a_missing_one_named(api: Api) -> None:
    for credentials, error in (({"YOUTUBE_API_KEY": "wrong"}, HttpStatus), ({}, NeedsCredentials)):
        async with watching(
            YouTubeSearch(), "پاکنوش", api.answer, "www.googleapis.com", credentials=credentials
        ) as search:
            with pytest.raises(error) as caught:
                await search.poll()
            assert "YOUTUBE_API_KEY" in str(caught.value) or "API key not valid" in str(caught.value)
