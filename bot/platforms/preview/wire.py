"""The preview's nouns as the Bot API writes them in JSON (https://core.telegram.org/bots/api#available-types)."""

from collections.abc import Callable
from typing import Any

from bot.platforms.preview.entities import Entity
from bot.platforms.preview.model import Button, Chat, File, MemberStatus, Message, Person

type Json = dict[str, Any]

ARGUMENT_FIELDS = {"text_link": "url", "pre": "language", "custom_emoji": "custom_emoji_id"}
_ADMINISTRATOR_RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories"),
    *("can_edit_stories", "can_delete_stories", "can_pin_messages", "can_send_welcome_messages"),
)


def person(who: Person) -> Json:
    """A User."""
    known = {"id": who.id, "is_bot": who.is_bot, "first_name": who.first_name, "username": who.username}
    language = None if who.is_bot else who.language_code
    return {name: value for name, value in (known | {"language_code": language}).items() if value is not None}


def chat(where: Chat) -> Json:
    """A Chat."""
    name = "first_name" if where.type == "private" else "title"
    return {"id": where.id, "type": where.type, name: where.title}


def entity(what: Entity) -> Json:
    """A MessageEntity."""
    written: Json = {"type": what.type, "offset": what.offset, "length": what.length}
    if what.type in ARGUMENT_FIELDS and what.argument:
        written[ARGUMENT_FIELDS[what.type]] = what.argument
    elif what.type == "text_mention":
        written["user"] = {"id": int(what.argument), "is_bot": False, "first_name": what.argument}
    elif what.type == "date_time":
        written |= {"unix_time": int(what.argument)} | ({"date_time_format": what.detail} if what.detail else {})
    return written


def button(what: Button) -> Json:
    """An InlineKeyboardButton."""
    written: Json = {"text": what.text}
    if what.callback_data is not None:
        written["callback_data"] = what.callback_data
    if what.url is not None:
        written["url"] = what.url
    if what.copy_text is not None:
        written["copy_text"] = {"text": what.copy_text}
    return written


def file(what: File) -> Json:
    """A File, ready to be downloaded."""
    return _file_names(what) | {"file_path": f"{what.kind}s/{what.id}/{what.name}"}


def message(what: Message, chats: Callable[[int], Chat], *, inside: bool = False) -> Json:
    """A Message; the one it replies to is written inside it, without its own."""
    home = chats(what.chat_id)
    written: Json = {"message_id": what.id, "date": what.date, "chat": chat(home), "from": person(what.sender)}
    if what.edit_date:
        written["edit_date"] = what.edit_date
    if what.album:
        written["media_group_id"] = what.album
    if not inside and what.reply_to in home.messages:
        written["reply_to_message"] = message(home.messages[what.reply_to], chats, inside=True)
    if what.keyboard:
        written["reply_markup"] = {"inline_keyboard": [[button(each) for each in row] for row in what.keyboard]}
    return written | _content(what) | (what.service or {})


def _content(what: Message) -> Json:
    text, entities = ("caption", "caption_entities") if what.file else ("text", "entities")
    written: Json = {text: what.text} if what.text else {}
    if what.entities:
        written[entities] = [entity(each) for each in what.entities]
    if what.file and what.file.kind == "photo":
        size = {"width": what.file.width, "height": what.file.height}
        written["photo"] = [_file_names(what.file) | size]
    elif what.file:
        written["document"] = _file_names(what.file) | {"file_name": what.file.name, "mime_type": what.file.mime}
    return written


def _file_names(what: File) -> Json:
    return {"file_id": what.id, "file_unique_id": what.id[-16:], "file_size": len(what.content)}


def member(who: Person, status: MemberStatus) -> Json:
    """A ChatMember of one of its kinds."""
    written: Json = {"user": person(who), "status": status}
    if status == "creator":
        written["is_anonymous"] = False
    elif status == "administrator":
        written |= dict.fromkeys(_ADMINISTRATOR_RIGHTS, True) | {"is_anonymous": False}
    elif status == "kicked":
        written["until_date"] = 0
    return written
