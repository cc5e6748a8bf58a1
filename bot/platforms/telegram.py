"""Telegram, through python-telegram-bot: the only importer of it.

What lives here: our values ↔ Telegram's, its errors → ours, and our own loop over getUpdates. The library's Updater ends
for good, in silence, at one 401 or 404; this loop goes on trying and can say when it last heard from Telegram. What does
not: pacing (deliver.py), answers (dispatch.py).
"""

import asyncio
import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self
from weakref import WeakValueDictionary

import structlog
import telegram
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.conversation import Conversation
from bot.direction import MARKS
from bot.messenger import (
    Attachment,
    Blocked,
    Button,
    Call,
    ChatKey,
    CommandName,
    File,
    Message,
    MessageRef,
    Moved,
    Person,
    Refused,
    SlowDown,
    Unavailable,
)

PLATFORM = "telegram"
LONG_POLL = 25  # seconds that Telegram holds an empty getUpdates open
BATCH_PATIENCE = 2.0  # seconds that a slow answer may hold back hearing the next updates
RETRIES = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds between failed polls; the last goes on
HEARD = ["message", "callback_query", "my_chat_member"]
GONE = ("chat not found", "user is deactivated", "bot was kicked", "not enough rights", "have no rights")
NO_SUCH_BOT = "no bot has this BOT_TOKEN; @BotFather tells it"
COMMAND = re.compile(r"/(\w{1,64})(?:@(\w+))?(?:\s+([\s\S]*))?\s*$")

log = structlog.get_logger()


class Telegram:
    """A bot on Telegram, or on any server that speaks its Bot API. A Messenger; use it as an async context."""

    platform = PLATFORM

    def __init__(self, token: str, api_url: str, proxy: str | None = None) -> None:
        os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns of its own types, in every flood wait
        self.heard_at: datetime | None = None
        polls = HTTPXRequest(proxy=proxy, read_timeout=LONG_POLL + 15, connect_timeout=10)
        calls = HTTPXRequest(connection_pool_size=8, proxy=proxy, read_timeout=20, connect_timeout=10, pool_timeout=30)
        self._requests = (polls, calls)
        self._bot = telegram.Bot(
            token, f"{api_url}/bot", f"{api_url}/file/bot", request=calls, get_updates_request=polls
        )
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._name = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for request in self._requests:
            await request.shutdown()

    # ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def send(self, chat: ChatKey, message: Message) -> MessageRef:
        """Sends a message, with its file where it has one."""
        markup = _markup(message)
        with _our_errors():
            if message.file:
                file = telegram.InputFile(message.file.content, filename=message.file.name)
                send = self._bot.send_photo if message.file.picture else self._bot.send_document
                sent = await send(chat.id, file, caption=message.html, parse_mode="HTML", reply_markup=markup)
            else:
                sent = await self._bot.send_message(
                    chat.id, message.html, parse_mode="HTML", reply_markup=markup, link_preview_options=NO_PREVIEW
                )
        return MessageRef(chat, sent.message_id)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Changes the text or the file, and the buttons, of a message."""
        markup = _markup(message)
        buttons = markup if isinstance(markup, telegram.InlineKeyboardMarkup) else None
        with _our_errors():
            if message.file:
                await self._bot.edit_message_media(
                    _media(message.html, message.file),
                    chat_id=ref.chat.id,
                    message_id=ref.message_id,
                    reply_markup=buttons,
                )
            else:
                await self._bot.edit_message_text(
                    message.html,
                    chat_id=ref.chat.id,
                    message_id=ref.message_id,
                    parse_mode="HTML",
                    reply_markup=buttons,
                    link_preview_options=NO_PREVIEW,
                )

    async def acknowledge(self, call: Call) -> None:
        """Ends the spinning of a pressed button."""
        if call.press_id:
            with contextlib.suppress(TelegramError):  # too old, mostly: the press is answered all the same
                await self._bot.answer_callback_query(call.press_id)

    async def introduce(self, menus: Sequence[tuple[str | None, Sequence[CommandName]]]) -> None:
        """Registers the menu of commands, by language code (None for all others)."""
        for language_code, commands in menus:
            listed = [(command.name, command.description) for command in commands]
            with _our_errors():
                await self._bot.set_my_commands(listed, language_code=language_code)

    # ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def listen(self, conversation: Conversation, stopping: asyncio.Event) -> None:
        """Hears updates until `stopping`. An update that was heard and not answered when the process died comes again."""
        stopped = asyncio.create_task(stopping.wait())
        async with asyncio.TaskGroup() as answering:
            offset = 0
            while not stopping.is_set():
                polling = asyncio.create_task(self._poll(offset, stopping))
                await asyncio.wait({polling, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not polling.done():
                    polling.cancel()
                    break
                updates = await polling
                tasks = [answering.create_task(self._hear(update, conversation)) for update in updates]
                if tasks:
                    offset = updates[-1].update_id + 1
                    await asyncio.wait(tasks, timeout=BATCH_PATIENCE)
        stopped.cancel()

    async def _poll(self, offset: int, stopping: asyncio.Event) -> Sequence[telegram.Update]:
        """One long poll that succeeded, however long Telegram is away before. One log line going, one coming back."""
        failures = 0
        while True:
            try:
                if not self._name:
                    self._name = (await self._bot.get_me()).username or ""
                updates = await self._bot.get_updates(offset, timeout=LONG_POLL, allowed_updates=HEARD)
            except TelegramError as error:
                if not failures:
                    hint = {"hint": NO_SUCH_BOT} if isinstance(error, InvalidToken) else {}
                    log.warning("telegram_lost", error=repr(error), **hint)
                wait = RETRIES[min(failures, len(RETRIES) - 1)]
                failures += 1
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), max(wait, _asked_wait(error)))
            else:
                if failures:
                    log.info("telegram_back", failures=failures)
                self.heard_at = datetime.now(UTC)
                return updates

    async def _hear(self, update: telegram.Update, conversation: Conversation) -> None:
        chat = update.effective_chat
        if chat is None:
            return
        key = ChatKey(PLATFORM, chat.id)
        lock = self._locks.setdefault(chat.id, asyncio.Lock())
        async with lock:  # a chat's updates in their order
            if update.message and update.message.migrate_to_chat_id:
                await conversation.moved(key, update.message.migrate_to_chat_id)
            elif update.my_chat_member and update.my_chat_member.new_chat_member.status in ("left", "kicked"):
                await conversation.left(key)
            elif call := self._call(update, key):
                await conversation.heard(call)

    def _call(self, update: telegram.Update, key: ChatKey) -> Call | None:
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None or user.is_bot:
            return None
        told = Call(
            chat=key,
            person=Person(user.id, user.full_name),
            command=None,
            group=chat.type != chat.PRIVATE,
            chat_title=chat.title or user.full_name,
        )
        if update.callback_query:
            return _press(update.callback_query, told)
        if update.my_chat_member:
            return replace(told, command="start") if _joined(update.my_chat_member) else None
        return self._said(update.message, told) if update.message else None

    def _said(self, message: telegram.Message, told: Call) -> Call | None:
        words = MARKS.sub("", message.text or message.caption or "").strip()  # ours come back when people copy
        replied = message.reply_to_message
        to_bot = bool(replied and replied.from_user and replied.from_user.username == self._name)
        told = replace(told, to_bot=to_bot, replied=replied.message_id if replied else None)
        if message.document:
            if told.group and not to_bot and not words.startswith("/"):
                return None
            return replace(told, argument=words, attachment=self._attachment(message.document))
        if found := COMMAND.match(words):
            name, addressee, argument = found.groups()
            if addressee and addressee.lower() != self._name.lower():
                return None
            return replace(told, command=name.lower(), argument=(argument or "").strip())
        return replace(told, argument=words) if words else None

    def _attachment(self, document: telegram.Document) -> Attachment:
        async def read() -> bytes:
            file = await self._bot.get_file(document.file_id)
            return bytes(await file.download_as_bytearray())

        return Attachment(document.file_name or "file", document.file_size or 0, read)


NO_PREVIEW = telegram.LinkPreviewOptions(is_disabled=True)


def _press(query: telegram.CallbackQuery, told: Call) -> Call | None:
    if query.message is None or not query.data:
        return None
    command, _, argument = query.data.partition(" ")
    pressed = MessageRef(ChatKey(PLATFORM, query.message.chat.id), query.message.message_id)
    return replace(told, command=command, argument=argument, pressed=pressed, press_id=query.id)


def _joined(change: telegram.ChatMemberUpdated) -> bool:
    """Whether the bot was added to a group just now."""
    before, after = change.old_chat_member.status, change.new_chat_member.status
    return (
        change.chat.type != change.chat.PRIVATE
        and before in ("left", "kicked")
        and after in ("member", "administrator")
    )


def _markup(message: Message) -> telegram.InlineKeyboardMarkup | telegram.ForceReply | None:
    if message.rows:
        return telegram.InlineKeyboardMarkup([[_button(one) for one in row] for row in message.rows])
    return telegram.ForceReply(selective=True) if message.ask else None


def _media(caption: str, file: File) -> telegram.InputMediaPhoto | telegram.InputMediaDocument:
    kind = telegram.InputMediaPhoto if file.picture else telegram.InputMediaDocument
    return kind(file.content, caption=caption, parse_mode="HTML", filename=file.name)


def _button(button: Button) -> telegram.InlineKeyboardButton:
    return telegram.InlineKeyboardButton(button.label, callback_data=button.call, url=button.url)


@contextlib.contextmanager
def _our_errors() -> Iterator[None]:
    """Telegram's errors as a Messenger's."""
    try:
        yield
    except RetryAfter as error:
        raise SlowDown(_asked_wait(error)) from error
    except ChatMigrated as error:
        raise Moved(error.new_chat_id) from error
    except Forbidden as error:
        raise Blocked(error.message) from error
    except BadRequest as error:
        said = error.message.lower()
        if "message is not modified" in said:
            return
        raise (Blocked if any(words in said for words in GONE) else Refused)(error.message) from error
    except TelegramError as error:
        raise Unavailable(repr(error)) from error


def _asked_wait(error: TelegramError) -> float:
    """Seconds that Telegram wants us to wait; 0 where it said nothing."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
