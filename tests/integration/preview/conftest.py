"""A preview server, and two clients: python-telegram-bot, which it is for, and plain JSON over HTTP."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from bot.platforms.preview import PreviewServer

type Api = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


class Clock:
    """Unix time that a test sets."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def preview() -> AsyncIterator[PreviewServer]:
    async with PreviewServer() as server:
        yield server


@pytest.fixture
async def bot(preview: PreviewServer) -> AsyncIterator[Bot]:
    client = Bot(preview.token, base_url=preview.api_url, base_file_url=f"{preview.url}/file/bot")
    async with client:
        yield client


@pytest.fixture
async def api(preview: PreviewServer) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **parameters: Any) -> dict[str, Any]:
            async with session.post(f"{preview.api_url}{preview.token}/{method}", json=parameters) as response:
                answer: dict[str, Any] = await response.json()
                return answer

        yield call
