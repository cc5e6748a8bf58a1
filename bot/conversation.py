"""What a platform hears, on its way in and out: calls are answered, and the answer is carried back.

What lives here: what happens for each thing that a platform can hear. What does not: the answers (dispatch.py), the sending
(deliver.py).
"""

import structlog

from bot.deliver import Courier
from bot.dispatch import Dispatch
from bot.messenger import Call, ChatKey, Messenger, MessengerError
from monitors.store.engine import Database

log = structlog.get_logger()


class Conversation:
    """Listens to one platform's chats."""

    def __init__(self, database: Database, messenger: Messenger, dispatch: Dispatch, courier: Courier) -> None:
        self._database = database
        self._messenger = messenger
        self._dispatch = dispatch
        self._courier = courier

    async def heard(self, call: Call) -> None:
        """Somebody said or pressed something."""
        if call.pressed:
            await self._messenger.acknowledge(call)
        reply = await self._dispatch.answer(call)
        messages = list(reply.messages)
        if call.pressed and reply.edit and messages:
            try:
                await self._messenger.edit(call.pressed, messages[0])
                del messages[0]
            except MessengerError as error:  # too old to be edited, or deleted: a new message says it too
                log.debug("edit_failed", error=str(error))
        for message in messages:
            await self._courier.reply(call.chat, message)
        self._courier.wake()  # the call may have woken a chat with deliveries waiting

    async def left(self, chat: ChatKey) -> None:
        """The bot was blocked, or removed from a group."""
        await self._courier.disable(chat)

    async def moved(self, chat: ChatKey, new_id: int) -> None:
        """A group became a supergroup."""
        await self._courier.move(chat, new_id)
