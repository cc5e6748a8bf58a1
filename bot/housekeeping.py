"""What keeps a year-long process in shape: retention, the query planner's statistics, a sign of life for health checks."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from monitors.store import retention
from monitors.store.engine import Database
from monitors.waiting import first_of

SIGN_OF_LIFE = "alive"
BEAT = 15.0  # seconds
ALIVE_WITHIN = 60.0  # seconds
TIDY_EVERY = timedelta(hours=6)

log = structlog.get_logger()


async def run(
    database: Database, data_dir: Path, retention_days: int, now: Callable[[], datetime], stopping: asyncio.Event
) -> None:
    """Tidies at the start and every few hours, and touches the sign of life, until `stopping`."""
    tidy_at = now()
    while not stopping.is_set():
        await asyncio.to_thread(_touch, data_dir / SIGN_OF_LIFE)
        if now() >= tidy_at:
            tidy_at = now() + TIDY_EVERY
            removed = await retention.forget(database, now() - timedelta(days=retention_days))
            log.info("tidied", articles_forgotten=removed)
        await first_of(stopping, seconds=BEAT)


def is_alive(data_dir: Path, now: float) -> bool:
    """Whether a process with this data folder gave a sign of life within the last minute; `now` in Unix seconds."""
    sign = data_dir / SIGN_OF_LIFE
    return sign.exists() and now - sign.stat().st_mtime < ALIVE_WITHIN


def _touch(sign: Path) -> None:
    sign.parent.mkdir(parents=True, exist_ok=True)
    sign.touch()
