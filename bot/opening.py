"""The first start: who may use the bot, and what it watches before anybody has said so."""

import secrets
from collections.abc import Callable
from datetime import datetime

from bot import chats
from bot.platforms.telegram import PLATFORM
from bot.settings import Settings
from bot.surroundings import Surroundings
from monitors import schedule
from monitors.credentials import Credentials
from monitors.kinds import SearchKind
from monitors.sources import SEARCHES
from monitors.sources.catalogue import defaults
from monitors.store import sources
from monitors.store.engine import Database
from monitors.store.sources import NewSource

# Searches that are on from the first start without anybody's word.
AT_FIRST = frozenset({"google_news", "bing_news"})


async def first_member(database: Database, around: Surroundings, now: Callable[[], datetime]) -> str | None:
    """Lets in those whom the settings name. Returns a one-time code for the first member where there is nobody."""
    async with database.write() as connection:
        for user_id in around.admins:
            await chats.add_member(connection, PLATFORM, user_id, "", now())
        return None if await chats.has_members(connection) else secrets.token_urlsafe(9)


async def first_sources(
    database: Database, settings: Settings, around: Surroundings, now: Callable[[], datetime]
) -> None:
    """On an empty database: the catalogue's defaults and the news searches, or the preview's samples. At every start: the
    searches whose credentials are set and of which nobody has decided yet. Then spreads the polls."""
    state = schedule.initial(now())
    async with database.write() as connection:
        if around.samples:
            await sources.replace_samples(connection, around.samples, state, now())
        elif settings.default_sources:
            decided = await sources.decided_searches(connection)
            wanted = {kind.kind for kind in SEARCHES if _has_credentials(kind, settings)}
            if await sources.is_empty(connection):
                outlets = [NewSource("feed", one.address, one.title, one.language) for one in defaults()]
                await sources.add(connection, outlets, state, now())
                wanted |= AT_FIRST
            for kind in sorted(wanted - decided):
                await sources.enable_search(connection, kind, on=True)
        await sources.spread(connection, now())


def _has_credentials(kind: SearchKind, settings: Settings) -> bool:
    """Whether the kind uses credentials, and they are set."""
    credentials = Credentials(settings.credentials)
    return any(credentials.serve(kind.request(address, None)) for address in kind.addresses(("rasad",)))
