"""What tests may plan to go wrong: refusals, lost connections and answers, requests held back, flood limits."""

import asyncio

import aiohttp
import pytest
from telegram import Bot
from telegram.error import ChatMigrated, Forbidden, NetworkError, RetryAfter

from bot.platforms.preview import PREVIEW_USER_ID, PreviewServer
from tests.integration.preview.conftest import Api, Clock

ME = PREVIEW_USER_ID


async def test_planned_refusals_strike_once_each_in_order(
    preview: PreviewServer, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without which python-telegram-bot warns of its own future
    preview.trouble.fail_next("sendMessage", 429, "Too Many Requests: retry after 3", {"retry_after": 3})
    preview.trouble.fail_next("sendMessage", 403, "Forbidden: bot was blocked by the user")
    preview.trouble.fail_next("sendMessage", 400, parameters={"migrate_to_chat_id": -1005})
    preview.trouble.fail_next("sendMessage", 502)
    for expected in (RetryAfter, Forbidden, ChatMigrated, NetworkError):
        with pytest.raises(expected):
            await bot.send_message(ME, "x")
    assert preview.people.messages() == []
    assert await bot.send_message(ME, "x")
    assert len(preview.calls("sendMessage")) == 5


async def test_a_refusal_may_be_for_one_chat_only(preview: PreviewServer, bot: Bot) -> None:
    preview.people.say("/start", user=preview.people.person(1001, "Sara"))
    preview.trouble.fail_next("sendMessage", 403, chat_id=1001)
    assert await bot.send_message(ME, "x")
    with pytest.raises(Forbidden):
        await bot.send_message(1001, "x")


@pytest.mark.parametrize(("moment", "arrived"), [("before", 0), ("after", 1)])
async def test_a_lost_connection_loses_the_message_or_only_its_answer(
    preview: PreviewServer, api: Api, moment: str, arrived: int
) -> None:
    preview.trouble.drop_next("sendMessage", moment)  # type: ignore[arg-type]  # a parameter of this test
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=ME, text="x")
    assert len(preview.people.messages()) == arrived


async def test_a_request_is_held_until_it_is_released(preview: PreviewServer, bot: Bot) -> None:
    hold = preview.trouble.hold_next("sendMessage", "after")
    sending = asyncio.create_task(bot.send_message(ME, "x"))
    await hold.reached.wait()
    assert [message.text for message in preview.people.messages()] == ["x"]
    assert not sending.done()
    hold.release()
    assert (await sending).text == "x"


async def test_a_held_request_whose_client_died_has_no_effect(preview: PreviewServer, api: Api) -> None:
    hold = preview.trouble.hold_next("sendMessage", "before")
    sending = asyncio.create_task(api("sendMessage", chat_id=ME, text="x"))
    await hold.reached.wait()
    sending.cancel()
    await asyncio.wait([sending])
    await api("sendMessage", chat_id=ME, text="the next run")
    hold.release()
    await api("getMe")
    assert [message.text for message in preview.people.messages()] == ["the next run"]


async def test_flood_limits() -> None:
    clock = Clock(1_800_000_000)
    async with PreviewServer(flood_limits=True, clock=clock) as preview, aiohttp.ClientSession() as session:

        async def send(chat_id: int) -> int:
            """0, or the seconds to wait."""
            asked = {"chat_id": chat_id, "text": "x"}
            async with session.post(f"{preview.api_url}{preview.token}/sendMessage", json=asked) as response:
                answer = await response.json()
            return int(answer.get("parameters", {}).get("retry_after", 0))

        assert (await send(ME), await send(ME)) == (0, 1)
        clock.now += 1
        assert await send(ME) == 0
        group = preview.people.group("گروه")
        preview.people.add_bot(group)
        for _ in range(20):
            clock.now += 1.1
            assert await send(group.id) == 0
        clock.now += 1.1
        assert 35 < await send(group.id) <= 40
        clock.now += 40
        assert await send(group.id) == 0
        clock.now += 1
        others = [preview.people.person(2000 + each, "x") for each in range(31)]
        for other in others:
            preview.people.say("/start", user=other)
        assert [await send(other.id) for other in others] == [0] * 30 + [1]
