"""Call → Reply: who speaks, which command is meant, what is answered; the edge at which a broken command stops.

    call → admit (chats.py) → stranger: one polite line | the first-admin code | a command → its Reply
What lives here: that way. What does not: the commands (commands/), how replies travel (platforms/).
"""

import difflib
import hmac
from collections import defaultdict, deque
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot import chats
from bot.chats import Chat, ChatLanguage, Standing
from bot.commands import (
    addsource,
    campaigning,
    checking,
    comparing,
    editing,
    feedback,
    fulltext,
    opml,
    packs,
    ranking,
    reading,
    releasing,
    searching,
    source_card,
    sources,
    starting,
    statistics,
    status,
    topics,
    tracking,
    warning,
    words,
)
from bot.commands.command import Command, button, say
from bot.desk import Desk
from bot.messenger import Call, ChatKey, CommandName, Reply
from bot.texts import text

# The order of the menu.
COMMANDS: tuple[Command, ...] = (
    *tracking.COMMANDS,
    *reading.COMMANDS,
    *searching.COMMANDS,
    *topics.COMMANDS,
    *releasing.COMMANDS,
    *campaigning.COMMANDS,
    *statistics.COMMANDS,
    *comparing.COMMANDS,
    *ranking.COMMANDS,
    *warning.COMMANDS,
    *feedback.COMMANDS,
    *editing.COMMANDS,
    *words.COMMANDS,
    *checking.COMMANDS,
    *sources.COMMANDS,
    *addsource.COMMANDS,
    *source_card.COMMANDS,
    *packs.COMMANDS,
    *fulltext.COMMANDS,
    *opml.COMMANDS,
    *status.COMMANDS,
    *starting.COMMANDS,
)
BY_NAME = {command.name: command for command in COMMANDS}
PLAIN = Command("plain", tracking.plain, listed=False)
CANCEL = "cancel"
POLITE_LINES = 3  # to one stranger's chat an hour; then silence, so that nobody spends our pace on talking to a wall

log = structlog.get_logger()


def menu(language: ChatLanguage) -> tuple[CommandName, ...]:
    """The listed commands with a line each, as platforms show them."""
    return tuple(
        CommandName(command.name, str(text(f"menu.{command.name}", language))) for command in COMMANDS if command.listed
    )


class Dispatch:
    """Answers calls. `code` lets the first member in, once; None where somebody may use the bot already."""

    def __init__(self, desk: Desk, default_language: ChatLanguage, code: str | None) -> None:
        self._desk = desk
        self._default = default_language
        self._code = code
        self._turned_away: defaultdict[ChatKey, deque[datetime]] = defaultdict(deque)

    async def answer(self, call: Call) -> Reply:
        """Never raises: what goes wrong in a command is logged and said politely."""
        language = self._default
        try:
            now = self._desk.now()
            async with self._desk.database.write() as connection:
                chat, standing = await chats.admit(connection, call, self._default, now)
            language = chat.language
            if standing == "stranger":
                return await self._stranger(call, chat, now)
            return await self._command(call, chat, standing)
        except Exception:
            log.exception("command_broke", command=call.command)
            return say("broke", language)

    async def _stranger(self, call: Call, chat: Chat, now: datetime) -> Reply:
        if self._code and not call.group and hmac.compare_digest(self._code.encode(), call.argument.strip().encode()):
            return await self._first_member(call, chat, now)
        if call.group and not call.command:
            return Reply()
        lately = self._turned_away[chat.key]
        while lately and lately[0] < now - timedelta(hours=1):
            lately.popleft()
        lately.append(now)
        return say("stranger", chat.language) if len(lately) <= POLITE_LINES else Reply()

    async def _first_member(self, call: Call, chat: Chat, now: datetime) -> Reply:
        self._code = None
        async with self._desk.database.write() as connection:
            await chats.add_member(connection, call.chat.platform, call.person.id, call.person.name, now)
            await chats.admit(connection, call, self._default, now)
        log.info("first_member", user=call.person.id)
        welcome = await starting.start(call, chat, self._desk)
        return replace(welcome, messages=(*say("first_member", chat.language).messages, *welcome.messages))

    async def _command(self, call: Call, chat: Chat, standing: Standing) -> Reply:
        if chat.pending:
            async with self._desk.database.write() as connection:
                await chats.expect(connection, chat.key, None)
        call = _meant(call, chat)
        if call.command == CANCEL:
            return say("cancelled", chat.language)
        command = BY_NAME.get(call.command) if call.command else PLAIN
        if command is None:
            return _unknown(call, chat)
        if command is PLAIN and call.group:
            return Reply()
        if command.members_only and standing != "member":
            return say("members_only", chat.language)
        return await command.answer(call, chat, self._desk)


def _meant(call: Call, chat: Chat) -> Call:
    """A file is a press release where one is waited for or its caption says so, else the import's; plain text is the
    argument of the command that waits for it."""
    if call.attachment:
        caption = call.argument.split(maxsplit=1)[:1] == ["/release"]
        return replace(call, command="release" if caption or chat.pending == "release" else "receive_file")
    if call.command is None and chat.pending and (call.to_bot or not call.group):
        command, _, before = chat.pending.partition(" ")
        return replace(call, command=command, argument=f"{before} {call.argument}".strip())
    return call


def _unknown(call: Call, chat: Chat) -> Reply:
    if call.group:  # another bot's command
        return Reply()
    listed = [command.name for command in COMMANDS if command.listed]
    near = difflib.get_close_matches(call.command or "", listed, 1, 0.5)
    rows = ((button("unknown.near", chat.language, near[0], name=near[0]),),) if near else ()
    return say("unknown.command", chat.language, *rows, given=call.command)
