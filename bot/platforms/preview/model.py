"""The nouns of the preview's Telegram: people, chats, messages, files. Nothing here acts or knows the wire (wire.py)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.platforms.preview.entities import Entity, cut

type ChatType = Literal["private", "group", "supergroup", "channel"]
type MemberStatus = Literal["creator", "administrator", "member", "left", "kicked"]


class Refusal(Exception):
    """The Bot API says no: `code` and `description` as on the wire; `parameters` holds retry_after or migrate_to_chat_id."""

    def __init__(self, code: int, description: str, parameters: dict[str, int] | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters or {}


def bad_request(what: str) -> Refusal:
    """The most common refusal: 400 with Telegram's words."""
    return Refusal(400, f"Bad Request: {what}")


@dataclass(frozen=True, slots=True)
class Person:
    """A user, or the bot itself. `language_code` is that of the person's Telegram."""

    id: int
    first_name: str
    language_code: str = "fa"
    username: str | None = None
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button; exactly one of the last three is set."""

    text: str
    callback_data: str | None = None
    url: str | None = None
    copy_text: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyMarkup:
    """What a message asks of the input field: rows of texts to tap, or an answer, or to put the rows away."""

    kind: Literal["keyboard", "remove", "force_reply"]
    rows: tuple[tuple[str, ...], ...] = ()
    placeholder: str = ""
    one_time: bool = False

    @property
    def lasting(self) -> bool:
        """Whether it is still there after the person has said something."""
        return self.kind == "keyboard" and not self.one_time


@dataclass(frozen=True, slots=True)
class File:
    """A file on Telegram's servers. A photo has a width and a height, in pixels."""

    id: str
    kind: Literal["photo", "document"]
    name: str
    mime: str
    content: bytes = field(repr=False)
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands now; `text` is the caption where there is a `file`. `service` is the JSON of a service message."""

    id: int
    chat_id: int
    sender: Person
    date: int
    text: str = ""
    entities: tuple[Entity, ...] = ()
    keyboard: tuple[tuple[Button, ...], ...] = ()
    markup: ReplyMarkup | None = None
    file: File | None = None
    album: str | None = None
    reply_to: int | None = None
    edit_date: int | None = None
    reactions: tuple[str, ...] = ()
    silent: bool = False
    service: dict[str, Any] | None = None

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All inline buttons, row by row."""
        return tuple(button for row in self.keyboard for button in row)

    def button(self, label: str) -> Button:
        """The first inline button whose text contains `label`; KeyError where there is none."""
        for button in self.buttons:
            if label in button.text:
                return button
        raise KeyError(f"no button {label!r} among {[button.text for button in self.buttons]}")

    def marked(self, kind: str) -> list[str]:
        """The parts of the text under the entities of one kind ("bold", "text_link", …)."""
        return [cut(self.text, entity) for entity in self.entities if entity.type == kind]

    @property
    def links(self) -> list[str]:
        """The addresses behind the text, in order."""
        return [entity.argument for entity in self.entities if entity.type == "text_link"]


@dataclass(slots=True)
class Chat:
    """A chat and all that was said in it. In a private chat `id` is the person's; `members` holds people's standing."""

    id: int
    type: ChatType
    title: str
    members: dict[int, MemberStatus] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    started: bool = True  # whether the bot may write: a person writes first
    blocked: bool = False  # a private chat whose person stopped the bot
    moved_to: int | None = None  # the supergroup that a group became
    pinned: int | None = None

    def said_by(self, person_id: int) -> Iterator[Message]:
        """The messages of one sender, oldest first."""
        return (message for message in self.messages.values() if message.sender.id == person_id)
