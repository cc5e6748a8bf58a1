"""From a request's parameters to what a message holds, under Telegram's rules on text, keyboards and replies.

What does not live here: files (media.py) and the chats that messages go to (world.py).
"""

from typing import Any

from bot.platforms.preview import links, telegram_html
from bot.platforms.preview.entities import Entity, cleaned, found_in, in_order
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
        plain, marked = written, tuple(_entity(each) for each in parameters.array(entities_name) or ())
    plain, marked = cleaned(plain, marked)
    return plain, in_order((*marked, *found_in(plain, marked)))


def _entity(given: Any) -> Entity:
    try:
        argument = (
            given.get("url") or given.get("language") or given.get("custom_emoji_id") or given.get("unix_time") or ""
        )
        return Entity(str(given["type"]), int(given["offset"]), int(given["length"]), str(argument))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise bad_request("can't parse MessageEntity: wrong fields") from error


# ── keyboards ────────────────────────────────────────────────────────────────────────────────────────────────────────


def keyboard(parameters: Parameters) -> Keyboard:
    """The inline keyboard in reply_markup, () where there is none."""
    markup = parameters.object("reply_markup") or {}
    rows = markup.get("inline_keyboard") or []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('can\'t parse inline keyboard: Field "inline_keyboard" must be of type Array')
    buttons = tuple(tuple(_button(each) for each in row) for row in rows if row)
    if sum(map(len, buttons)) > _MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return buttons


def _button(given: Any) -> Button:
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not given["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    actions = [name for name in ("callback_data", "url", "copy_text") if name in given]
    if len(actions) != 1:
        raise bad_request(
            "text buttons are not allowed in the inline keyboard" if not actions else "BUTTON_TYPE_INVALID"
        )
    if "callback_data" in given:
        if not 1 <= len(str(given["callback_data"]).encode()) <= _CALLBACK_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return Button(given["text"], callback_data=str(given["callback_data"]))
    if "url" in given:
        return Button(given["text"], url=_button_url(str(given["url"])))
    copied = str((given["copy_text"] or {}).get("text", ""))
    if not 1 <= len(copied) <= _MOST_COPIED:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return Button(given["text"], copy_text=copied)


def _button_url(address: str) -> str:
    try:
        return links.checked(address)
    except links.WrongAddress as error:
        raise bad_request(f"inline keyboard button URL '{address}' is invalid: {error}") from error


def reply_markup(parameters: Parameters) -> ReplyMarkup | None:
    """What the message asks of the input field, None for an inline keyboard or nothing."""
    markup = parameters.object("reply_markup") or {}
    placeholder = str(markup.get("input_field_placeholder", ""))
    if "keyboard" in markup:
        rows = tuple(tuple(_label(each) for each in row) for row in markup["keyboard"] if row)
        return ReplyMarkup("keyboard", rows, placeholder, one_time=bool(markup.get("one_time_keyboard")))
    if markup.get("remove_keyboard"):
        return ReplyMarkup("remove")
    return ReplyMarkup("force_reply", placeholder=placeholder) if markup.get("force_reply") else None


def _label(given: Any) -> str:
    label = given.get("text") if isinstance(given, dict) else given
    if not isinstance(label, str) or not label:
        raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    return label
