"""Where the process runs: on Telegram, or in the preview with its sample newsroom. What differs between them stands here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.platforms.preview import PREVIEW_USER_ID, PreviewServer
from bot.settings import Settings
from monitors.schedule import Bounds
from monitors.store.sources import NewSource

PREVIEW_BOUNDS = Bounds(5, 60)  # the newsroom is our own, and its news should come while somebody looks
CHANNELS = "t.me"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`samples` are the preview's own sources, served from `allowed` addresses; on Telegram there are none."""

    token: str
    api_url: str
    database_url: str
    bounds: Bounds
    admins: tuple[int, ...]
    proxy: str | None = None
    page: str | None = None
    samples: tuple[NewSource, ...] = ()
    allowed: frozenset[tuple[str, int]] = frozenset()
    mirrors: dict[str, str] = field(default_factory=dict)


def on_telegram(settings: Settings, token: str) -> Surroundings:
    """A bot on Telegram, or on the server that BOT_API_URL names."""
    return Surroundings(
        token=token,
        api_url=settings.bot_api_url,
        database_url=settings.database_url,
        bounds=Bounds(settings.poll_min_seconds, settings.poll_max_seconds),
        admins=settings.admin_ids,
        proxy=settings.telegram_proxy,
    )


@asynccontextmanager
async def in_preview(settings: Settings) -> AsyncIterator[Surroundings]:
    """A chat page and a newsroom on this machine; what is tried here stays in a database of its own."""
    async with PreviewServer(port=settings.preview_port) as server:
        host, port = server.url.removeprefix("http://").split(":")
        yield Surroundings(
            token=server.token,
            api_url=server.url,
            database_url=f"sqlite+aiosqlite:///{settings.data_dir / 'preview.db'}",
            bounds=PREVIEW_BOUNDS,
            admins=(PREVIEW_USER_ID,),
            page=server.url,
            samples=tuple(NewSource(one.kind, one.address, one.title) for one in server.newsroom.sources),
            allowed=frozenset({(host, int(port))}),
            mirrors={f"{CHANNELS}/s/{server.newsroom.channel}": f"{server.newsroom.address}/{CHANNELS}"},
        )
