from collections.abc import AsyncIterator

import pytest

from tests.integration.fetch.servers import Site, served


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with served(Site()) as site:
        yield site


@pytest.fixture
async def other_site() -> AsyncIterator[Site]:
    async with served(Site()) as site:
        yield site
