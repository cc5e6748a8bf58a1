import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import uvloop

from tests.integration.fetch.servers import Site, served


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with served(Site()) as site:
        yield site


@pytest.fixture
async def other_site() -> AsyncIterator[Site]:
    async with served(Site()) as site:
        yield site


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """These tests run on the loop that Rasad runs on; child.py has the standard library's."""
    return {"uvloop": uvloop.new_event_loop}
