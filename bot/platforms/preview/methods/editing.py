"""Methods that change or remove what was said, and that react to it."""

from typing import Any

from bot.platforms.preview import compose, wire
from bot.platforms.preview.methods.sending import album_part, target
from bot.platforms.preview.model import Chat, Message, bad_request
from bot.platforms.preview.parameters import Parameters
from bot.platforms.preview.world import Answer, World

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_MOST_SHOWN = 200
# The reactions that ReactionTypeEmoji names, of which a bot may choose one.
_REACTIONS = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 "
    "🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)


def _mine(world: World, parameters: Parameters) -> Message:
    """The message of the bot that is to be edited."""
    chat = target(world, parameters)
    message = chat.messages.get(parameters.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != world.bot or message.service:
        raise bad_request("message can't be edited")
    return message


def _edit(world: World, message: Message, **changes: Any) -> Any:
    if all(getattr(message, name) == value for name, value in changes.items()):
        raise bad_request(_NOT_MODIFIED)
    return world.written(world.change(message, **changes, edit_date=world.now()))


def _edit_message_text(world: World, parameters: Parameters) -> Any:
    message = _mine(world, parameters)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    text, entities = compose.text(parameters)
    return _edit(world, message, text=text, entities=entities, keyboard=compose.keyboard(parameters))


def _edit_message_caption(world: World, parameters: Parameters) -> Any:
    message = _mine(world, parameters)
    if not message.file:
        raise bad_request("there is no caption in the message to edit")
    text, entities = compose.caption(parameters)
    return _edit(world, message, text=text, entities=entities, keyboard=compose.keyboard(parameters))


def _edit_message_media(world: World, parameters: Parameters) -> Any:
    message = _mine(world, parameters)
    file, (text, entities) = album_part(world, parameters.object("media"))
    return _edit(world, message, file=file, text=text, entities=entities, keyboard=compose.keyboard(parameters))


def _edit_message_reply_markup(world: World, parameters: Parameters) -> Any:
    return _edit(world, _mine(world, parameters), keyboard=compose.keyboard(parameters))


def _found(chat: Chat, parameters: Parameters, what: str) -> Message:
    message = chat.messages.get(parameters.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {what} not found")
    return message


def _delete_message(world: World, parameters: Parameters) -> Any:
    chat = target(world, parameters)
    message = _found(chat, parameters, "delete")
    may_delete_all = chat.type == "private" or world.status(chat, world.bot.id) == "administrator"
    if message.sender != world.bot and not may_delete_all:
        raise bad_request("message can't be deleted")
    world.delete(message)
    return True


def _delete_messages(world: World, parameters: Parameters) -> Any:
    """Those that are not found are skipped (Bot API, deleteMessages)."""
    chat = target(world, parameters)
    for message_id in parameters.array("message_ids"):
        if isinstance(message_id, int) and message_id in chat.messages:
            world.delete(chat.messages[message_id])
    return True


def _pin_chat_message(world: World, parameters: Parameters) -> Any:
    """Pins, and says so in the chat as Telegram does."""
    chat = target(world, parameters)
    message = _found(chat, parameters, "pin")
    if chat.type != "private" and world.status(chat, world.bot.id) != "administrator":
        raise bad_request("not enough rights to manage pinned messages in the chat")
    chat.pinned = message.id
    pinned = wire.message(message, world.chat, inside=True)
    world.post(Message(world.next_id(), chat.id, world.bot, world.now(), service={"pinned_message": pinned}))
    return True


def _unpin_chat_message(world: World, parameters: Parameters) -> Any:
    chat = target(world, parameters)
    if chat.pinned is not None and parameters.integer("message_id", chat.pinned) == chat.pinned:
        chat.pinned = None
    return True


def _set_message_reaction(world: World, parameters: Parameters) -> Any:
    chat = target(world, parameters)
    message = _found(chat, parameters, "react")
    given = [each.text("emoji") for each in parameters.objects("reaction")]
    if len(given) > 1 or not set(_REACTIONS.split()).issuperset(given):
        raise bad_request("REACTION_INVALID" if len(given) < 2 else "REACTIONS_TOO_MANY")
    world.change(message, reactions=tuple(given))
    return True


def _answer_callback_query(world: World, parameters: Parameters) -> Any:
    answered = world.queries.get(parameters.text("callback_query_id"))
    if answered is None or answered.done():
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    shown = Answer(parameters.text("text"), parameters.flag("show_alert"), parameters.text("url"))
    if len(shown.text) > _MOST_SHOWN:
        raise bad_request("MESSAGE_TOO_LONG")
    answered.set_result(shown)
    return True


METHODS = {
    "editMessageText": _edit_message_text,
    "editMessageCaption": _edit_message_caption,
    "editMessageMedia": _edit_message_media,
    "editMessageReplyMarkup": _edit_message_reply_markup,
    "deleteMessage": _delete_message,
    "deleteMessages": _delete_messages,
    "pinChatMessage": _pin_chat_message,
    "unpinChatMessage": _unpin_chat_message,
    "setMessageReaction": _set_message_reaction,
    "answerCallbackQuery": _answer_callback_query,
}
