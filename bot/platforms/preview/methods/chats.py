"""Methods that ask about chats, their members, and files."""

from typing import Any

from bot.platforms.preview import wire
from bot.platforms.preview.methods.sending import target
from bot.platforms.preview.model import Person, bad_request
from bot.platforms.preview.parameters import Parameters
from bot.platforms.preview.world import World

_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def _get_chat(world: World, parameters: Parameters) -> Any:
    chat = target(world, parameters)
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(_GIFTS, False)}
    if chat.pinned is not None:
        full["pinned_message"] = world.written(chat.messages[chat.pinned])
    return wire.chat(chat) | full


def _known(world: World, person_id: int) -> Person:
    everyone = world.people | {world.bot.id: world.bot}
    if person_id not in everyone:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return everyone[person_id]


def _get_chat_member(world: World, parameters: Parameters) -> Any:
    chat = target(world, parameters)
    person = _known(world, parameters.integer("user_id"))
    return wire.member(person, world.status(chat, person.id))


def _get_chat_administrators(world: World, parameters: Parameters) -> Any:
    chat = target(world, parameters)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    leading = [(who, status) for who, status in chat.members.items() if status in ("creator", "administrator")]
    return [wire.member(_known(world, who), status) for who, status in leading if who != world.bot.id]


def _get_chat_member_count(world: World, parameters: Parameters) -> Any:
    chat = target(world, parameters)
    return 2 if chat.type == "private" else sum(status not in ("left", "kicked") for status in chat.members.values())


def _leave_chat(world: World, parameters: Parameters) -> Any:
    chat = target(world, parameters)
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.members[world.bot.id] = "left"
    return True


def _get_file(world: World, parameters: Parameters) -> Any:
    file = world.files.get(parameters.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    return wire.file(file)


METHODS = {
    "getChat": _get_chat,
    "getChatMember": _get_chat_member,
    "getChatAdministrators": _get_chat_administrators,
    "getChatMemberCount": _get_chat_member_count,
    "leaveChat": _leave_chat,
    "getFile": _get_file,
}
