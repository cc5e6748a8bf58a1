"""Real SQLite for the rooms that remember."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitors.store.engine import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'rasad.db'}")
    await database.migrate()
    yield database
    await database.close()
