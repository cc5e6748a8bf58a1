"""Telegram's and Eitaa's channels, poll by poll: every post once, whatever happens to the channel and to the network."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from monitors.errors import ChannelUnavailable, HttpStatus, NotTheAnswer
from monitors.sources import kind_named
from tests.integration.sources.channels import Channel, Messenger
from tests.integration.sources.network import Watched, watching

MESSENGERS = {"telegram_channel": ("tgme", "/s", "t.me"), "eitaa_channel": ("etme", "", "eitaa.com")}
GATEWAY = "<html><body><center><h1>502 Bad Gateway</h1></center><hr>nginx</body></html>"


@pytest.fixture(params=MESSENGERS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def messenger(kind: str) -> Messenger:
    return Messenger(*MESSENGERS[kind])


@pytest.fixture
def channel(messenger: Messenger) -> Channel:
    return messenger.channels.setdefault("namoone", Channel())


@pytest.fixture
async def watched(kind: str, messenger: Messenger) -> AsyncIterator[Watched]:
    async with watching(kind_named(kind), "namoone", messenger.answer, messenger.host) as source:
        yield source


def guids(*numbers: int) -> list[str]:
    return [f"namoone/{number}" for number in numbers]


async def test_a_new_post_is_read_once(watched: Watched, channel: Channel, messenger: Messenger) -> None:
    channel.post(*(f"خبر {n}" for n in range(1, 51)))
    assert await watched.news() == guids(*range(31, 51)), "the newest page is enough at first sight"
    assert await watched.news() == []
    channel.post("پاکنوش ارزان شد")
    assert await watched.news() == guids(51)
    assert watched.items[-1].title == "پاکنوش ارزان شد"
    assert watched.items[-1].url == f"https://{messenger.host}/namoone/51"


async def test_what_was_posted_meanwhile_is_read_page_by_page(
    watched: Watched, channel: Channel, messenger: Messenger
) -> None:
    channel.post(*(f"خبر {n}" for n in range(1, 31)))
    await watched.news()
    channel.post(*(f"خبر {n}" for n in range(31, 96)))
    messenger.asked.clear()
    assert sorted(await watched.news()) == guids(*range(31, 96))
    assert [one.query.get("before") for one in messenger.asked] == [None, "76", "56", "36"]
    assert await watched.news() == []


async def test_deleted_posts_bring_no_older_ones_as_news(watched: Watched, channel: Channel) -> None:
    channel.post(*(f"خبر {n}" for n in range(1, 41)))
    await watched.news()
    channel.delete(*range(30, 41))
    assert await watched.news() == []
    channel.post("خبر 41")
    assert await watched.news() == guids(41)


async def test_the_last_post_seen_may_be_deleted(watched: Watched, channel: Channel) -> None:
    channel.post(*(f"خبر {n}" for n in range(1, 41)))
    await watched.news()
    channel.post(*(f"خبر {n}" for n in range(41, 66)))
    channel.delete(38, 39, 40)
    assert sorted(await watched.news()) == guids(*range(41, 66))


async def test_an_album_is_one_post_and_a_forward_keeps_its_origin(watched: Watched, channel: Channel) -> None:
    channel.post("اول")
    await watched.news()
    channel.post("آلبوم", album=5)
    channel.post("نقل", forwarded="https://t.me/other_channel/7")
    assert await watched.news() == guids(2, 7)
    assert watched.items[-1].origin == "https://t.me/other_channel/7"


async def test_an_edit_and_growing_views_keep_the_guid(watched: Watched, channel: Channel) -> None:
    channel.post("پاکنوش سود داد")
    await watched.news()
    channel.posts[1].text, channel.posts[1].views = "پاکنوش زیان داد", "2.5K"
    assert await watched.news() == []
    assert (watched.items[0].text, watched.items[0].metrics.views) == ("پاکنوش زیان داد", 2500)


async def test_a_channel_that_is_not_there_is_told_so(watched: Watched) -> None:
    with pytest.raises(ChannelUnavailable):
        await watched.news()


async def test_a_channel_whose_posts_are_all_gone_is_told_so(watched: Watched, channel: Channel) -> None:
    channel.post("تنها خبر")
    await watched.news()
    channel.delete(1)
    with pytest.raises(ChannelUnavailable):
        await watched.news()


@pytest.mark.parametrize(("status", "wait"), [(429, 17.0), (503, None), (500, None)])
async def test_a_refusal_loses_nothing(
    watched: Watched, channel: Channel, messenger: Messenger, status: int, wait: float | None
) -> None:
    channel.post("اول")
    await watched.news()
    channel.post("دوم")
    headers = {"Retry-After": "17"} if wait else {}
    messenger.faults.append(lambda: web.Response(status=status, headers=headers))
    with pytest.raises(HttpStatus) as caught:
        await watched.news()
    assert (caught.value.status, caught.value.retry_after) == (status, wait)
    assert await watched.news() == guids(2)


async def test_an_error_page_instead_of_a_further_page_loses_nothing(
    watched: Watched, channel: Channel, messenger: Messenger
) -> None:
    channel.post("اول")
    await watched.news()
    channel.post(*(f"خبر {n}" for n in range(2, 51)))
    newest = messenger.page("namoone", messenger.shown(channel, 10**9))
    messenger.faults += [
        lambda: web.Response(text=newest, content_type="text/html"),
        lambda: web.Response(text=GATEWAY, content_type="text/html"),
    ]
    with pytest.raises(NotTheAnswer) as caught:
        await watched.news()
    assert caught.value.what == "502 Bad Gateway nginx"
    assert sorted(await watched.news(), key=lambda guid: int(guid.split("/")[1])) == guids(*range(2, 51))


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", GATEWAY.encode(), b'{"ok":false}', b"<html><body>"])
async def test_what_is_no_page_of_the_messenger_is_an_error(
    watched: Watched, channel: Channel, messenger: Messenger, body: bytes
) -> None:
    channel.post("اول")
    messenger.faults.append(lambda: web.Response(body=body, content_type="text/html"))
    with pytest.raises(NotTheAnswer):
        await watched.news()
