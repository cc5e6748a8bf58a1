"""What goes between Rasad and a messaging platform: values, the Messenger protocol and its errors.

What lives here: a Call (somebody said or pressed something), a Reply and the Messages it is made of. What does not: how a
platform carries them (platforms/), what they say (render.py, commands/).

    MessengerError
    ├── Blocked       this chat does not want us, or is gone: disable it
    ├── Moved         the chat has a new id (a group became a supergroup)
    ├── SlowDown      not before `retry_after` seconds
    ├── Refused       the platform will never accept this message as it is
    └── Unavailable   the platform could not be reached or failed; try again later
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True)
class ChatKey:
    """A chat on a platform; `str()` of it is how other rooms own things by it ("telegram:-100123")."""

    platform: str
    id: int

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"

    @classmethod
    def parse(cls, owner: str) -> "ChatKey":
        """The chat behind its `str()`. Raises ValueError."""
        platform, _, number = owner.partition(":")
        return cls(platform, int(number))


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks. `language_code` is what their app is set to ("fa", "en-GB"), where known."""

    id: int
    name: str
    language_code: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that somebody sent; `read` fetches its bytes. `size` in bytes as announced."""

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that stands in a chat."""

    chat: ChatKey
    message_id: int


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody said or pressed something. A pressed button is a call of its command, with `pressed` set.

    `command` is None for plain text (then `argument` is the text); for a file, `attachment` is set.
    """

    chat: ChatKey
    person: Person
    command: str | None
    argument: str = ""
    group: bool = False
    chat_title: str = ""
    pressed: MessageRef | None = None
    press_id: str | None = None
    to_bot: bool = False  # it answers one of our messages
    replied: int | None = None  # the message that it answers
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: it opens `url`, or it calls `call` ("list 2": command and argument, at most 64 bytes)."""

    label: str
    call: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file to send. A `picture` (PNG or JPEG) is shown in the chat, not offered for download."""

    name: str
    content: bytes
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message: Telegram-flavoured HTML of at most 4,096 characters (1,024 under a file), rows of buttons."""

    html: str
    rows: tuple[tuple[Button, ...], ...] = ()
    file: File | None = None
    ask: bool = False  # opens the reader's keyboard for an answer


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a call. `edit` puts the first message in place of the one whose button was pressed."""

    messages: tuple[Message, ...] = ()
    edit: bool = False


@dataclass(frozen=True, slots=True)
class CommandName:
    """A command as a platform's menu lists it."""

    name: str
    description: str


class MessengerError(Exception):
    """A message did not arrive."""


class Blocked(MessengerError):
    """The chat blocked or removed us, or is gone."""


class Moved(MessengerError):
    """The chat's rows belong to `new_id` from now on."""

    def __init__(self, new_id: int) -> None:
        super().__init__(f"the chat moved to {new_id}")
        self.new_id = new_id


class SlowDown(MessengerError):
    """Nothing to this chat for `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Refused(MessengerError):
    """The platform does not accept this message, now or later."""


class Unavailable(MessengerError):
    """The platform could not be reached or failed; the message may or may not have arrived."""


class Messenger(Protocol):
    """Carries messages to one platform. Raises MessengerError and nothing else."""

    @property
    def platform(self) -> str:
        """The name in chats' and deliveries' keys."""

    async def send(self, chat: ChatKey, message: Message) -> MessageRef:
        """Returns when the platform has accepted the message."""

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Puts a message in the place of one that stands; the same message again is no error. A file may take the place of a
        text or a file; a text cannot take the place of a file (Refused)."""

    async def acknowledge(self, call: Call) -> None:
        """Tells the platform that a pressed button was heard; nothing is lost where it cannot."""
