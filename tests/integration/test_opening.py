"""What is watched before anybody has said so."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import opening
from bot.settings import Settings
from bot.surroundings import on_telegram
from monitors.sources.catalogue import defaults
from monitors.store import sources
from monitors.store.engine import Database
from tests.integration.world import NOW


async def opened(database: Database, settings: Settings) -> tuple[frozenset[str], int]:
    """The searches that are on, and how many sources are watched, after a start."""
    await opening.first_sources(database, settings, on_telegram(settings, "1:token"), lambda: NOW)
    async with database.read() as connection:
        return await sources.enabled_searches(connection), len(await sources.watched(connection))


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # no .env


async def test_the_first_start_watches_the_catalogue_and_searches_the_news(database: Database) -> None:
    searches, watched = await opened(database, Settings())
    assert searches == {"google_news", "bing_news"}
    assert watched == len(defaults())


async def test_later_starts_change_nothing(database: Database) -> None:
    await opened(database, Settings())
    async with database.write() as connection:
        await sources.enable_search(connection, "google_news", on=False)
    searches, watched = await opened(database, Settings())
    assert "google_news" not in searches
    assert watched == len(defaults())


async def test_searches_whose_credentials_are_set_are_on_too(database: Database) -> None:
    settings = Settings(
        x_bearer_token=SecretStr("t"), reddit_client_id=SecretStr("i"), reddit_client_secret=SecretStr("s")
    )
    searches, _ = await opened(database, settings)
    assert searches == {"google_news", "bing_news", "x", "reddit_search"}


async def test_half_of_a_networks_credentials_switch_nothing_on(database: Database) -> None:
    searches, _ = await opened(database, Settings(reddit_client_id=SecretStr("i")))
    assert "reddit_search" not in searches


async def test_credentials_that_are_set_later_switch_their_search_on_unless_somebody_switched_it_off(
    database: Database,
) -> None:
    await opened(database, Settings())
    searches, _ = await opened(database, Settings(x_bearer_token=SecretStr("t")))
    assert "x" in searches
    async with database.write() as connection:
        await sources.enable_search(connection, "x", on=False)
    searches, _ = await opened(database, Settings(x_bearer_token=SecretStr("t")))
    assert searches == {"google_news", "bing_news"}


async def test_who_wants_none_gets_none(database: Database) -> None:
    assert await opened(database, Settings(default_sources=False)) == (frozenset(), 0)
