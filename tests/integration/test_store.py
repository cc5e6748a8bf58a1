"""The store over real SQLite: what is written is read back, once, and a batch is all or nothing."""

from datetime import UTC, datetime
from pathlib import Path

from monitors.store.engine import MIGRATIONS, NEWEST_REVISION, Database
from monitors.store.tables import metadata

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def test_schema_is_the_sum_of_migrations(database: Database, tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    import bot.chats
    import bot.lookups
    import bot.outbox  # noqa: F401 - their tables join the metadata

    async with database.read() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(
                    sync, opts={"include_name": lambda name, kind, _: not (name or "").startswith("articles_fts")}
                ),
                metadata,
            )
        )
    assert differences == []


def test_the_newest_revision_is_the_one_that_the_engine_names() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == NEWEST_REVISION
