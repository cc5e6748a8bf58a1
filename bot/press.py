"""Follows press releases: looks for their reprints, says when the first is out, and closes each with a report by itself.

    every ten seconds, for each release that is not reported yet:
        look at what was stored since the last look                       (monitors/releases.py)
        in one transaction: keep what was found · a note of the first reprint · at its end the report, as notices (outbox.py)

What is found and what is told of it are written together, so that a process that is killed forgets neither and tells
neither twice.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import chats, outbox, press_report
from bot.chats import Chat
from bot.messenger import ChatKey
from bot.render import Renderer
from monitors.releases import Look, look
from monitors.store import releases
from monitors.store.engine import Database
from monitors.store.releases import Release
from monitors.waiting import first_of

EVERY = 10.0  # seconds; a look costs one query where nothing new was stored

log = structlog.get_logger()


async def follow(
    database: Database,
    renderer: Renderer,
    now: Callable[[], datetime],
    on_notice: Callable[[], None],
    stopping: asyncio.Event,
) -> None:
    """Looks every ten seconds until `stopping`; calls `on_notice` when something is to be sent."""
    while not stopping.is_set():
        async with database.read() as connection:
            running = await releases.running(connection)
        for release in running:
            if stopping.is_set():
                break
            if await _look(database, renderer, release, now()):
                on_notice()
        await first_of(stopping, seconds=EVERY)


async def _look(database: Database, renderer: Renderer, release: Release, now: datetime) -> bool:
    """Returns whether there is something to tell."""
    looked = await look(database, release)
    if not looked.found and looked.seen_article_id == release.seen_article_id and now < release.closes_at:
        return False
    async with database.write() as connection:
        chat = await chats.find(connection, ChatKey.parse(release.owner))
        if chat is None:  # the chat is gone, and with it whoever wanted to know
            await releases.remove(connection, release.owner, release.id)
            return False
        told = await _record(connection, renderer, release, looked, chat, now)
        if now >= release.closes_at:
            await _close(connection, renderer, release, chat, now)
            return True
        return told


async def _record(
    connection: AsyncConnection, renderer: Renderer, release: Release, looked: Look, chat: Chat, now: datetime
) -> bool:
    """Keeps what a look found; the first reprint that came out after the release was handed in is told of. Returns whether
    it was."""
    is_first = await releases.record(connection, release.id, looked.found, looked.seen_article_id)
    if not is_first or looked.found[0].dated_at < release.created_at:
        return False
    messages = press_report.first(release, looked.found[0], renderer.clock(chat.language))
    await outbox.notify(connection, chat.key, messages, now)
    return True


async def _close(connection: AsyncConnection, renderer: Renderer, release: Release, chat: Chat, now: datetime) -> None:
    found = await releases.reprints_of(connection, release.id)
    closed = replace(release, reported_at=now)
    await outbox.notify(connection, chat.key, press_report.report(closed, found, renderer.clock(chat.language)), now)
    await releases.close(connection, release.id, now)
    log.info("release_closed", release=release.id, reprints=len(found))
