"""From a request's parameters to what a message holds, under Telegram's rules on text, keyboards and replies.

What does not live here: files (media.py) and the chats that messages go to (world.py).
"""

from typing import Any

from bot.platforms.preview import links, telegram_html, wire
from bot.platforms.preview.entities import Entity, cleaned, found_in, in_order, units
from bot.platforms.preview.model import Button, ReplyMarkup, bad_request
from bot.platforms.preview.parameters import Parameters

# Telegram counts characters, not UTF-16 code units, here: 4,096 emoji pass and 4,097 do not (docs/decisions/preview.md).
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_CALLBACK_BYTES = 64
_MOST_BUTTONS = 100
_MOST_COPIED = 256

type Body = tuple[str, tuple[Entity, ...]]
type Keyboard = tuple[tuple[Button, ...], ...]


def text(parameters: Parameters) -> Body:
    """The text of sendMessage and editMessageText: 1–4096 characters."""
    body = _body(parameters, "text", "entities")
    if not body[0]:
        raise bad_request("message text is empty")
    if len(body[0]) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return body


def caption(parameters: Parameters) -> Body:
    """A caption: 0–1024 characters."""
    body = _body(parameters, "caption", "caption_entities")
    if len(body[0]) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return body


def spoken(words: str) -> Body:
    """What a person types: no markup, but commands, mentions, hashtags and addresses are found."""
    plain, _ = cleaned(words)
    return plain, tuple(found_in(plain))


def _body(parameters: Parameters, name: str, entities_name: str) -> Body:
    written, mode = parameters.text(name), parameters.text("parse_mode")
    if mode.lower() == "html":
        try:
            plain, marked = telegram_html.parse(written)
        except telegram_html.BadMarkup as error:
            raise bad_request(f"can't parse entities: {error}") from error
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        plain, marked = written, tuple(map(_entity, parameters.objects(entities_name)))
    if any(entity.offset < 0 or entity.length < 1 or entity.end > units(plain) for entity in marked):
        raise bad_request("ENTITY_BOUNDS_INVALID")
    plain, marked = cleaned(plain, marked)
    return plain, in_order((*marked, *found_in(plain, marked)))


def _entity(given: Parameters) -> Entity:
    kind = given.text("type")
    if kind == "text_mention":
        argument = str(given.object("user").integer("id"))
    elif kind == "date_time":
        argument = str(given.integer("unix_time"))
    else:
        argument = given.text(wire.ARGUMENT_FIELDS[kind]) if kind in wire.ARGUMENT_FIELDS else ""
    return Entity(kind, given.integer("offset"), given.integer("length"), argument)


# ── keyboards ────────────────────────────────────────────────────────────────────────────────────────────────────────


def keyboard(parameters: Parameters) -> Keyboard:
    """The inline keyboard in reply_markup, () where there is none."""
    markup = parameters.object("reply_markup")
    buttons = tuple(tuple(_button(markup.inside(each)) for each in row) for row in _rows(markup, "inline_keyboard"))
    if sum(map(len, buttons)) > _MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return buttons


def _rows(markup: Parameters, name: str) -> list[list[Any]]:
    """The rows that are not empty."""
    rows = markup.array(name)
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f'Field "{name}" must be an Array of Arrays')
    return [row for row in rows if row]


def _button(given: Parameters) -> Button:
    label = given.text("text")
    if not label.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    match [name for name in ("callback_data", "url", "copy_text") if name in given]:
        case ["callback_data"]:
            if not 1 <= len(given.text("callback_data").encode()) <= _CALLBACK_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")
            return Button(label, callback_data=given.text("callback_data"))
        case ["url"]:
            return Button(label, url=_button_url(given.text("url")))
        case ["copy_text"]:
            copied = given.object("copy_text").text("text")
            if not 1 <= len(copied) <= _MOST_COPIED:
                raise bad_request("BUTTON_COPY_TEXT_INVALID")
            return Button(label, copy_text=copied)
        case []:
            raise bad_request("text buttons are not allowed in the inline keyboard")
        case _:
            raise bad_request("BUTTON_TYPE_INVALID")


def _button_url(address: str) -> str:
    try:
        return links.checked(address)
    except links.WrongAddress as error:
        raise bad_request(f"inline keyboard button URL '{address}' is invalid: {error}") from error


def reply_markup(parameters: Parameters) -> ReplyMarkup | None:
    """What the message asks of the input field, None for an inline keyboard or nothing."""
    markup = parameters.object("reply_markup")
    placeholder = markup.text("input_field_placeholder")
    if "keyboard" in markup:
        rows = tuple(tuple(_label(markup, each) for each in row) for row in _rows(markup, "keyboard"))
        return ReplyMarkup("keyboard", rows, placeholder, one_time=markup.flag("one_time_keyboard"))
    if markup.flag("remove_keyboard"):
        return ReplyMarkup("remove")
    return ReplyMarkup("force_reply", placeholder=placeholder) if markup.flag("force_reply") else None


def _label(markup: Parameters, given: Any) -> str:
    label = given if isinstance(given, str) else markup.inside(given).text("text")
    if not label:
        raise bad_request("KEYBOARD_BUTTON_TEXT_INVALID")
    return label
