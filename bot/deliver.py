"""Brings due deliveries to their chats, at the pace the platform allows, and replies ahead of them.

    while not stopping:
        fan out waiting alerts                                    (fanout.py)
        claim a due delivery of each chat that may be written to  (outbox.py)
        a few at a time: render → send → settle
        with what room is left, edit messages whose story went on
        wait for a new alert, a chat that comes free, or the next due time

What lives here: that loop, and what follows from each error of the messenger. What does not: which rows are due
(outbox.py), how fast (pace.py), what is written (render.py).
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot import chats, fanout, outbox, render, telling
from bot.messenger import (
    Blocked,
    ChatKey,
    Message,
    MessageRef,
    Messenger,
    MessengerError,
    Moved,
    Refused,
    SlowDown,
    Unavailable,
)
from bot.outbox import Notice
from bot.pace import Pace
from bot.telling import Delivery
from monitors.store.engine import Database
from monitors.waiting import first_of

IN_FLIGHT = 4  # more sends at once make each slower, and their sum no faster
LONGEST_REST = 5.0  # seconds without a look: another process may have stored an alert
REPLY_TRIES = 3
BACKOFF = timedelta(seconds=3)
BACKOFF_CAP = timedelta(minutes=10)
ATTEMPTS = 50  # over more than seven hours

log = structlog.get_logger()


class Courier:
    """Carries everything that goes to the chats of one platform."""

    def __init__(
        self, database: Database, messenger: Messenger, render: render.Renderer, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._render = render
        self._now = now
        self._pace = Pace()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There is a new alert, or a chat has come back."""
        self._wake.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Delivers until `stopping`; what is being sent at that moment is still settled."""
        async with self._database.write() as connection:
            await outbox.release_all(connection)
        while not stopping.is_set():
            self._wake.clear()
            if not await self._round():
                await self._rest(stopping)

    async def reply(self, chat: ChatKey, message: Message) -> MessageRef | None:
        """Sends an answer in the chat's next free slot; None where it could not be delivered."""
        for _ in range(REPLY_TRIES):
            now = time.monotonic()
            await asyncio.sleep(self._pace.reserve(chat, now, reply=True) - now)
            self._pace.sending(chat, time.monotonic())
            try:
                return await self._messenger.send(chat, message)
            except SlowDown as error:
                self._pace.hold(chat, time.monotonic() + error.retry_after)
            except Moved as error:
                chat = await self.move(chat, error.new_id)
            except Blocked:
                await self.disable(chat)
                return None
            except MessengerError as error:
                log.warning("reply_failed", chat=str(chat), error=repr(error))
        return None

    async def _round(self) -> int:
        """One look at the outbox; returns how many deliveries it took up."""
        clock, now = time.monotonic(), self._now()
        async with self._database.write() as connection:
            fanned = await fanout.fan_out(connection, now)
            room = min(IN_FLIGHT, self._pace.room(clock))
            platform = self._messenger.platform
            ids = await outbox.claim(connection, platform, now, room, self._pace.busy(clock))
            claimed: list[Delivery | Notice] = [*await telling.load(connection, ids)]
            claimed += await outbox.notices(connection, ids)
            self._reserve(claimed, clock)
            edits = await telling.load(
                connection,
                await outbox.to_edit(connection, platform, now, room - len(claimed), self._pace.busy(clock)),
            )
            self._reserve(edits, clock)
        async with asyncio.TaskGroup() as group:
            for delivery in claimed:
                group.create_task(self._deliver(delivery))
            for delivery in edits:
                group.create_task(self._edit(delivery))
        return fanned + len(claimed) + len(edits)

    def _reserve(self, some: Sequence[Delivery | Notice], clock: float) -> None:
        for delivery in some:
            self._pace.reserve(delivery.chat, clock)

    async def _deliver(self, delivery: Delivery | Notice) -> None:
        """One delivery from row to settled row; whatever happens to it, the others go on."""
        try:
            if isinstance(delivery, Delivery) and not delivery.trackers:
                await self._give_up(delivery, "untracked")
                return
            ref = await self._send(delivery)
        except SlowDown as error:
            self._pace.hold(delivery.chat, time.monotonic() + error.retry_after)
            await self._put_off(delivery, timedelta(seconds=error.retry_after))
        except Moved as error:
            await self.move(delivery.chat, error.new_id)
            await self._put_off(delivery, timedelta())
        except Blocked:
            await self.disable(delivery.chat)
            await self._put_off(delivery, timedelta())
        except Refused as error:
            log.warning("delivery_refused", delivery=delivery.id, chat=str(delivery.chat), error=str(error))
            await self._give_up(delivery, str(error))
        except MessengerError as error:
            await self._try_again(delivery, error)
        except Exception as error:
            log.exception("delivery_broke", delivery=delivery.id)
            await self._try_again(delivery, error)
        else:
            async with self._database.write() as connection:
                await outbox.settle(connection, delivery.id, ref.message_id, self._now())

    async def _send(self, delivery: Delivery | Notice) -> MessageRef:
        """A notice as it is; an alert with its button or, where the platform takes offence at something in it, plainly."""
        self._pace.sending(delivery.chat, time.monotonic())
        if isinstance(delivery, Notice):
            return await self._messenger.send(delivery.chat, delivery.message)
        try:
            return await self._messenger.send(delivery.chat, self._render.alert(delivery))
        except Refused as error:
            log.warning("alert_refused", delivery=delivery.id, error=str(error))
            return await self._messenger.send(delivery.chat, self._render.alert(delivery, plain=True))

    async def _edit(self, delivery: Delivery) -> None:
        """A told message says who else tells it now. Nothing is lost where it cannot be edited; where the chat tracks none of
        its names any more, it stays as it was told."""
        assert delivery.message  # noqa: S101 - to_edit takes told ones only
        now, later = self._now(), None
        try:
            if delivery.trackers:
                await self._messenger.edit(delivery.message, self._render.alert(delivery))
        except SlowDown as error:
            self._pace.hold(delivery.chat, time.monotonic() + error.retry_after)
            later = now + timedelta(seconds=error.retry_after)
        except Unavailable:
            later = now + BACKOFF_CAP / 10
        except MessengerError as error:
            log.info("edit_refused", delivery=delivery.id, error=repr(error))
        except Exception:
            log.exception("edit_broke", delivery=delivery.id)
        async with self._database.write() as connection:
            if later:
                await outbox.edit_later(connection, delivery.id, later)
            else:
                await outbox.edited(connection, delivery.id, delivery.edit_due_at, now)

    async def _try_again(self, delivery: Delivery | Notice, error: Exception) -> None:
        if delivery.attempts >= ATTEMPTS:
            await self._give_up(delivery, repr(error))
            return
        wait = min(BACKOFF * 2 ** (delivery.attempts - 1), BACKOFF_CAP)
        log.warning("delivery_put_off", delivery=delivery.id, error=repr(error), seconds=wait.total_seconds())
        await self._put_off(delivery, wait)

    async def _put_off(self, delivery: Delivery | Notice, wait: timedelta) -> None:
        async with self._database.write() as connection:
            await outbox.put_off(connection, delivery.id, self._now() + wait)

    async def _give_up(self, delivery: Delivery | Notice, failure: str) -> None:
        async with self._database.write() as connection:
            await outbox.give_up(connection, delivery.id, failure)

    async def disable(self, chat: ChatKey) -> None:
        """Nothing goes to this chat until it speaks to us again."""
        log.info("chat_disabled", chat=str(chat))
        async with self._database.write() as connection:
            await chats.disable(connection, chat, self._now())

    async def move(self, chat: ChatKey, new_id: int) -> ChatKey:
        """The chat's rows follow it to its new id."""
        log.info("chat_moved", chat=str(chat), new_id=new_id)
        async with self._database.write() as connection:
            await chats.move(connection, chat, new_id)
        return ChatKey(chat.platform, new_id)

    async def _rest(self, stopping: asyncio.Event) -> None:
        """Until there may be something to do."""
        clock = time.monotonic()
        async with self._database.read() as connection:
            due = await outbox.next_due(connection, self._messenger.platform)
        wait = LONGEST_REST if due is None else min(LONGEST_REST, (due - self._now()).total_seconds())
        free = self._pace.next_change(clock)
        if wait <= 0 and free is not None:  # something is due, and its chat is not free yet
            wait = free - clock
        await first_of(self._wake, stopping, seconds=max(wait, 0.01))
