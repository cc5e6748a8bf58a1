"""Opens the database: engine, pragmas, transactions, migrations, backup. What is stored stands in the files beside this.

SQLite has one writer. `Database.write` queues the writers of this process and takes the write lock at BEGIN, so a
transaction never fails halfway because another one began to write; readers go on beside it (WAL).
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST_REVISION = "0015"  # a test holds it against migrations/; it spares loading Alembic at every start

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -500",  # kB a connection: the system keeps the file in memory anyway
)


class Database:
    """An open database. `async with database.read()` and `.write()` give a connection inside one transaction."""

    def __init__(self, url: str) -> None:
        self.engine: AsyncEngine = create_async_engine(url, pool_size=3, max_overflow=2)
        self._writing = asyncio.Lock()
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine.sync_engine)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view; sees what was committed when it began."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Commits at the end, rolls back on any exception."""
        async with self._writing, self.engine.connect() as connection:
            await connection.execution_options(rasad_writes=True)
            async with connection.begin():
                yield connection

    async def migrate(self) -> None:
        """Brings the schema to the newest revision; does nothing where it is there already."""
        async with self.read() as connection:
            if await _revision(connection) == NEWEST_REVISION:
                return
        async with self.write() as connection:
            await connection.run_sync(_upgrade)

    async def backup(self, target: Path) -> None:
        """Writes a consistent copy while everything goes on (SQLite's online backup)."""
        source = make_url(str(self.engine.url)).database
        if self.engine.dialect.name != "sqlite" or source is None:
            raise ValueError("backup copies SQLite databases; use pg_dump for PostgreSQL")
        await asyncio.to_thread(_copy_sqlite, Path(source), target)

    async def close(self) -> None:
        """Returns when every connection's thread has ended."""
        await self.engine.dispose()


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # transactions begin where SQLAlchemy says, not where sqlite3 guesses
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("rasad_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def _revision(connection: AsyncConnection) -> str | None:
    tables = await connection.run_sync(lambda sync: sync.dialect.has_table(sync, "alembic_version"))
    return await connection.scalar(text("SELECT version_num FROM alembic_version")) if tables else None


def _upgrade(connection: Connection) -> None:
    from alembic import command  # 10 MB that only a changed schema needs
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _copy_sqlite(source: Path, target: Path) -> None:
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as original, sqlite3.connect(target) as copy:
        original.backup(copy)
    original.close()
    copy.close()
