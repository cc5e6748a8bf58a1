"""A whole Rasad in a process of its own, between a Telegram (the preview's endpoint) and a web of feeds on this machine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.preview.server import PreviewServer
from tests.acceptance.rasad import Rasad
from tests.acceptance.web import Web


@pytest.fixture
async def telegram() -> AsyncIterator[PreviewServer]:
    async with PreviewServer() as server:
        yield server


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web() as web:
        yield web


@pytest.fixture
async def rasad(telegram: PreviewServer, tmp_path: Path) -> AsyncIterator[Rasad]:
    async with Rasad(telegram, tmp_path) as rasad:
        yield rasad
