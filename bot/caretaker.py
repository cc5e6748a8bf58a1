"""Tells the admins, in their private chats, that a source fails or is back, through the outbox: once, and never lost.

    every few seconds: how are all sources? → news (monitors/ailing.py) → kept and due as deliveries, in one transaction
What lives here: that loop, and the words of each news. What does not: when something is news, how deliveries travel.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot import chats, outbox
from bot.chats import ChatLanguage
from bot.commands.command import button, show
from bot.messenger import Button, Message
from bot.render import Renderer
from bot.texts import Html, text
from bot.trouble import advice, why
from monitors.ailing import Back, Down, NetworkBack, NetworkDown, News, news
from monitors.health import health
from monitors.model import Source
from monitors.sources import SOURCES, kind_named
from monitors.store import ailments
from monitors.store.engine import Database
from monitors.waiting import first_of

EVERY = 15.0  # seconds between two looks
LISTED = 10  # sources of one notice
KINDS = frozenset(kind.kind for kind in SOURCES)  # rows of other kinds are a later version's

log = structlog.get_logger()


class Caretaker:
    """Looks after the health of sources. `on_notices` is called when there is something to deliver; `settling` is how many
    seconds after the start the sources have been asked anew, so that what failed before it is no news."""

    def __init__(
        self,
        database: Database,
        renderer: Renderer,
        now: Callable[[], datetime],
        on_notices: Callable[[], None],
        settling: float,
    ) -> None:
        self._database = database
        self._renderer = renderer
        self._now = now
        self._on_notices = on_notices
        self._settling = settling

    async def run(self, stopping: asyncio.Event) -> None:
        """Looks until `stopping`."""
        await first_of(stopping, seconds=self._settling)
        while not stopping.is_set():
            await self.look()
            await first_of(stopping, seconds=EVERY)

    async def look(self) -> None:
        """One look at all sources, and what follows."""
        async with self._database.read() as connection:
            if not news(await ailments.condition(connection, KINDS), self._now()):
                return
        async with self._database.write() as connection:
            now = self._now()
            await ailments.forget_removed(connection)
            told = news(await ailments.condition(connection, KINDS), now)
            await ailments.keep(connection, told, now)
            for chat in await chats.of_members(connection):
                for one in told:
                    await outbox.notify(connection, chat.key, self.messages(one, chat.language), now)
        log.info("admins_told", news=[type(one).__name__ for one in told])
        self._on_notices()

    def messages(self, one: News, language: ChatLanguage) -> tuple[Message, ...]:
        """How a chat of this language hears it; nothing for what is only kept."""
        match one:
            case Down(many=()):
                return self._down(one.source, language)
            case Down():
                return self._many_down((one.source, *one.many), language)
            case Back(quiet=True):
                return ()
            case Back():
                return self._back(one, language)
            case NetworkDown():
                lasted = self._lasted(one.since, language)
                return show([text("notice.network_down", language, since=lasted)], language).messages
            case NetworkBack():
                lasted = self._lasted(one.outage.began_at, language)
                return show([text("notice.network_back", language, since=lasted)], language).messages

    def _down(self, source: Source, language: ChatLanguage) -> tuple[Message, ...]:
        error = source.state.error or ""
        key = "notice.gone" if health(source) == "gone" else "notice.down"
        told = text(
            key,
            language,
            title=source.title,
            kind=text(f"source_kind.{source.kind}", language),
            since=self._lasted(source.state.failing_since or self._now(), language),
            why=why(error, language),
            advice=advice(error, language),
        )
        return show([told], language, *_remedies(source, language)).messages

    def _many_down(self, some: tuple[Source, ...], language: ChatLanguage) -> tuple[Message, ...]:
        blocks = [text("notice.many_down", language, count=len(some))]
        blocks += [
            text("notice.one_of_many", language, title=one.title, why=why(one.state.error or "", language))
            for one in some[:LISTED]
        ]
        if len(some) > LISTED:
            blocks.append(text("notice.and_more", language, count=len(some) - LISTED))
        blocks.append(text("notice.many_advice", language))
        return show(blocks, language, (button("sources.show_failing", language, "sources failing"),)).messages

    def _back(self, back: Back, language: ChatLanguage) -> tuple[Message, ...]:
        source, lasted = back.told.source, self._lasted(back.told.since, language)
        if back.told.grouped:
            return show([text("notice.all_back", language, since=lasted)], language).messages
        card = (button("notice.card", language, f"source {source.id}"),)
        return show([text("notice.back", language, title=source.title, since=lasted)], language, card).messages

    def _lasted(self, since: datetime, language: ChatLanguage) -> Html:
        """The time since then, to the minute."""
        minutes = max(1, (self._now() - since) // timedelta(minutes=1))
        return Html(self._renderer.clock(language).duration(timedelta(minutes=minutes)))


def _remedies(source: Source, language: ChatLanguage) -> list[tuple[Button, ...]]:
    """Read again, change the address, drop. A search has no address of its own, and is dropped with its kind."""
    retry = button("source_card.retry", language, f"source_retry {source.id}")
    if kind_named(source.kind).family == "search":
        return [(retry, button("notice.card", language, f"source {source.id}"))]
    address = button("source_card.address", language, f"source_address {source.id}")
    remove = button("source_card.remove", language, f"removesource {source.id}")
    return [(retry, address), (remove, button("notice.card", language, f"source {source.id}"))]
