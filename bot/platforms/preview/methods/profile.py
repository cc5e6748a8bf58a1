"""Methods about the bot itself: who it is, its commands and descriptions, how it gets its updates."""

import re
from typing import Any

from bot.platforms.preview import wire
from bot.platforms.preview.model import bad_request
from bot.platforms.preview.parameters import Parameters
from bot.platforms.preview.world import Change, Command, World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_MOST_COMMANDS = 100
_LONGEST_DESCRIPTION = 256
_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
_PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}
_ABILITIES: tuple[str, ...] = (
    "can_connect_to_business",
    "has_main_web_app",
    "has_topics_enabled",
    "allows_users_to_create_topics",
)
_ABILITIES += ("can_manage_bots", "supports_guest_queries", "supports_join_request_queries")


def _get_me(world: World, _: Parameters) -> Any:
    abilities: dict[str, bool] = dict.fromkeys(_ABILITIES, False)
    groups = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    return wire.person(world.bot) | groups | abilities


def _get_webhook_info(world: World, _: Parameters) -> Any:
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates)}


def _set_webhook(world: World, parameters: Parameters) -> Any:
    """Only removing one: the preview hands its updates out by getUpdates."""
    if parameters.text("url"):
        raise bad_request("bad webhook: the preview delivers updates by getUpdates only")
    return _delete_webhook(world, parameters)


def _delete_webhook(world: World, parameters: Parameters) -> Any:
    if parameters.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def _log_out(_: World, __: Parameters) -> Any:
    return True


# ── the command menu ─────────────────────────────────────────────────────────────────────────────────────────────────


def _key(parameters: Parameters) -> tuple[str, str]:
    scope, language = parameters.object("scope"), parameters.text("language_code")
    kind = scope.text("type") or "default"
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise bad_request("invalid language code specified")
    if kind in _CHAT_SCOPES:
        return f"{kind}:{scope.integer('chat_id')}", language
    if kind not in _SCOPES:
        raise bad_request("unsupported type specified in BotCommandScope")
    return kind, language


def _command(given: Parameters) -> Command:
    name, description = given.text("command").removeprefix("/"), given.text("description").strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= _LONGEST_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return Command(name, description)


def _set_my_commands(world: World, parameters: Parameters) -> Any:
    commands = tuple(_command(each) for each in parameters.objects("commands"))
    if len(commands) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[_key(parameters)] = commands
    world.tell(Change("commands", 0))
    return True


def _get_my_commands(world: World, parameters: Parameters) -> Any:
    commands = world.commands.get(_key(parameters), ())
    return [{"command": each.command, "description": each.description} for each in commands]


def _delete_my_commands(world: World, parameters: Parameters) -> Any:
    world.commands.pop(_key(parameters), None)
    world.tell(Change("commands", 0))
    return True


# ── names and descriptions ───────────────────────────────────────────────────────────────────────────────────────────


def _set_profile(world: World, parameters: Parameters, field: str) -> Any:
    value = parameters.text(field)
    if len(value) > _PROFILE_LIMITS[field]:
        raise bad_request(f"BOT_{field.upper()}_TOO_LONG")
    world.profile[field, parameters.text("language_code")] = value
    world.tell(Change("commands", 0))
    return True


def _get_profile(world: World, parameters: Parameters, field: str) -> Any:
    return {field: world.profile_text(field, parameters.text("language_code"))}


METHODS = {
    "getMe": _get_me,
    "getWebhookInfo": _get_webhook_info,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "logOut": _log_out,
    "close": _log_out,
    "setMyCommands": _set_my_commands,
    "getMyCommands": _get_my_commands,
    "deleteMyCommands": _delete_my_commands,
    "setMyName": lambda world, given: _set_profile(world, given, "name"),
    "getMyName": lambda world, given: _get_profile(world, given, "name"),
    "setMyDescription": lambda world, given: _set_profile(world, given, "description"),
    "getMyDescription": lambda world, given: _get_profile(world, given, "description"),
    "setMyShortDescription": lambda world, given: _set_profile(world, given, "short_description"),
    "getMyShortDescription": lambda world, given: _get_profile(world, given, "short_description"),
}
