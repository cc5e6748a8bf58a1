"""The preview's Telegram: who is there, which chats, what was said; and news of every change.

What lives here: the state and the few ways it changes. Who changes it: the bot through methods/, people through
people.py. All of it lives in memory and on one event loop. Message and update ids begin at the clock, so that a bot
which remembers messages of an earlier run never mistakes a new one for them.
"""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.platforms.preview import wire
from bot.platforms.preview.model import Chat, File, Message, Person, Refusal, bad_request
from bot.platforms.preview.updates import Updates

PREVIEW_USER_ID = 1000  # the person at the page, and the id of her chat with the bot
BOT_ID = 7000000001
BOT_USERNAME = "rasad_preview_bot"
_EPOCH = 1_700_000_000

type Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a page or a waiting test may want to see. `detail` is a word of the kind's own."""

    kind: Literal["message", "edited", "deleted", "action", "commands", "person", "pressed", "request", "closed"]
    chat_id: int
    message_id: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What answerCallbackQuery showed: nothing, a toast or an alert, or an address to open."""

    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the command menu."""

    command: str
    description: str


@dataclass(slots=True)
class World:
    """All that the Bot API endpoint and the page share."""

    clock: Clock = time.time
    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    queries: dict[str, asyncio.Future[Answer]] = field(default_factory=dict)  # callback queries that wait for an answer
    commands: dict[tuple[str, str], tuple[Command, ...]] = field(default_factory=dict)  # by scope and language
    profile: dict[tuple[str, str], str] = field(default_factory=dict)  # "name", "description", … by language
    bot: Person = field(default_factory=lambda: Person(BOT_ID, "رصد", username=BOT_USERNAME, is_bot=True))
    updates: Updates = field(init=False)
    _ids: Iterator[int] = field(init=False)
    _listeners: list[asyncio.Queue[Change]] = field(default_factory=list)

    def __post_init__(self) -> None:
        first = max(1, int(self.clock()) - _EPOCH)
        self._ids = itertools.count(first)
        self.updates = Updates(first)
        self.meet(Person(PREVIEW_USER_ID, "شما"))

    # ── who and where ────────────────────────────────────────────────────────────────────────────────────────────────

    def meet(self, person: Person, *, started: bool = True) -> Chat:
        """Add or change a person; their private chat with the bot."""
        self.people[person.id] = person
        chat = self.chats.setdefault(person.id, Chat(person.id, "private", person.first_name, started=started))
        chat.title = person.first_name
        self.tell(Change("person", chat.id))
        return chat

    def chat(self, chat_id: int) -> Chat:
        """A chat; 400 "chat not found" where there is none."""
        if chat_id not in self.chats:
            raise bad_request("chat not found")
        return self.chats[chat_id]

    def writable(self, chat_id: int) -> Chat:
        """A chat that the bot may write to; refuses as Telegram does where it may not."""
        chat = self.chat(chat_id)
        if chat.moved_to is not None:
            moved = {"migrate_to_chat_id": chat.moved_to}
            raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", moved)
        if chat.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if not chat.started:
            raise bad_request("chat not found")
        if chat.type != "private" and chat.members.get(self.bot.id) not in ("administrator", "member"):
            kind = "group" if chat.type == "group" else chat.type
            raise Refusal(403, f"Forbidden: bot was kicked from the {kind} chat")
        return chat

    def status(self, chat: Chat, person_id: int) -> Literal["creator", "administrator", "member", "left", "kicked"]:
        """A person's standing in a chat."""
        return "member" if chat.type == "private" else chat.members.get(person_id, "left")

    # ── what is said ─────────────────────────────────────────────────────────────────────────────────────────────────

    def next_id(self) -> int:
        """A number never used before: for messages, queries, albums and files."""
        return next(self._ids)

    def now(self) -> int:
        """Unix time in seconds."""
        return int(self.clock())

    def post(self, message: Message) -> Message:
        """Put a message into its chat."""
        self.chats[message.chat_id].messages[message.id] = message
        self.tell(Change("message", message.chat_id, message.id))
        return message

    def change(self, message: Message, **changes: Any) -> Message:
        """Replace a message by its edited self."""
        edited = replace(message, **changes)
        self.chats[message.chat_id].messages[message.id] = edited
        self.tell(Change("edited", message.chat_id, message.id))
        return edited

    def delete(self, message: Message) -> None:
        """Take a message away."""
        chat = self.chats[message.chat_id]
        del chat.messages[message.id]
        if chat.pinned == message.id:
            chat.pinned = None
        self.tell(Change("deleted", chat.id, message.id))

    def keep(self, file: File) -> File:
        """Store a file, so that it can be fetched and sent again by its id."""
        return self.files.setdefault(file.id, file)

    def asked(self, chat: Chat) -> Message | None:
        """The message whose reply keyboard or question the input field of a chat still shows."""
        standing = None
        for message in chat.messages.values():
            if message.markup:
                standing = None if message.markup.kind == "remove" else message
            elif standing and standing.markup and message.sender != self.bot and not standing.markup.lasting:
                standing = None
        return standing

    # ── the bot's own profile ────────────────────────────────────────────────────────────────────────────────────────

    def menu(self, chat: Chat, language: str) -> tuple[Command, ...]:
        """The command menu that a person of `language` sees in a chat: the narrowest scope that was set."""
        group = "all_private_chats" if chat.type == "private" else "all_group_chats"
        for scope in (f"chat:{chat.id}", group, "default"):
            for spoken in (language, ""):
                if (scope, spoken) in self.commands:
                    return self.commands[scope, spoken]
        return ()

    def profile_text(self, field: str, language: str) -> str:
        """The bot's "name", "description" or "short_description" for people of a language."""
        return self.profile.get((field, language)) or self.profile.get((field, ""), "")

    # ── news ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def tell(self, change: Change) -> None:
        """Let every listener know."""
        for queue in self._listeners:
            queue.put_nowait(change)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Change]]:
        """A queue of all changes from now on."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._listeners.append(queue)
        try:
            yield queue
        finally:
            self._listeners.remove(queue)

    def update(self, kind: str, payload: dict[str, Any]) -> None:
        """Queue an update for the bot."""
        self.updates.add(kind, payload)

    def written(self, message: Message) -> dict[str, Any]:
        """A message as JSON of the Bot API."""
        return wire.message(message, self.chat)
