"""What a command is, and the small pieces that every topic writes its replies with."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.chats import Chat, ChatLanguage
from bot.desk import Desk
from bot.fit import CAPTION_LIMIT, pack
from bot.messenger import Button, Call, File, Message, Reply
from bot.texts import Html, plain, text

CALL_LIMIT = 64  # bytes of callback data


@dataclass(frozen=True, slots=True)
class Command:
    """A command by name. `listed` ones stand in the menu and in /help; others are behind buttons.

    `members_only` ones concern the whole installation, so a guest in a group may not use them.
    """

    name: str
    answer: Callable[[Call, Chat, Desk], Awaitable[Reply]]
    listed: bool = True
    members_only: bool = False


def say(key: str, language: ChatLanguage, *rows: tuple[Button, ...], **values: object) -> Reply:
    """One message of one text."""
    return show([text(key, language, **values)], language, *rows)


def show(blocks: Sequence[Html], language: ChatLanguage, *rows: tuple[Button, ...], edit: bool = False) -> Reply:
    """Blocks as messages; the buttons stand under the last. Rows run from left to right: Persian ones are turned."""
    *first, last = pack(blocks, language)
    return Reply((*first, Message(last.html, directed(rows, language))), edit=edit)


def illustrate(
    picture: bytes, blocks: Sequence[Html], language: ChatLanguage, *rows: tuple[Button, ...], edit: bool = False
) -> Reply:
    """A picture (PNG) with blocks as its caption, and the buttons; what does not fit there follows."""
    first, *others = pack(blocks, language, CAPTION_LIMIT)
    illustrated = Message(first.html, directed(rows, language), File("rasad.png", picture, picture=True))
    return Reply((illustrated, *others), edit=edit)


def ask(key: str, language: ChatLanguage, **values: object) -> Reply:
    """A question whose answer is the chat's next message."""
    (message,) = pack([text(key, language, **values)], language)
    return Reply((Message(message.html, ask=True),))


def button(key: str, language: ChatLanguage, call: str, **values: object) -> Button:
    """A button that calls a command."""
    return Button(plain(text(key, language, **values)), call=call)


def directed(rows: Sequence[tuple[Button, ...]], language: ChatLanguage) -> tuple[tuple[Button, ...], ...]:
    """Rows of buttons in reading order, as platforms lay them out (from left to right)."""
    kept = [row for row in rows if row]
    return tuple(row[::-1] if language == "fa" else row for row in kept)


def fits(call: str) -> bool:
    """Whether a call can stand behind a button."""
    return len(call.encode()) <= CALL_LIMIT


def pages(call: str, page: int, size: int, total: int, language: ChatLanguage) -> tuple[Button, ...]:
    """Buttons to the page before and after, numbered from 1."""
    last = max(1, -(-total // size))
    before = (button("page.before", language, f"{call} {page - 1}"),) if page > 1 else ()
    after = (button("page.after", language, f"{call} {page + 1}"),) if page < last else ()
    return (*before, *after)
