"""Warnings of spikes: /spikes shows how readily this chat is warned, and changes it."""

from dataclasses import replace

from bot import chats
from bot.chats import Chat, ChatLanguage, ChatSensitivity
from bot.commands.command import Command, button, say
from bot.desk import Desk
from bot.messenger import Button, Call, Reply
from bot.texts import text
from monitors.language.text import fold
from monitors.spikes import SENSITIVITIES

CHOICES: tuple[ChatSensitivity, ...] = ("off", *SENSITIVITIES)
WORDS: dict[ChatSensitivity, str] = {  # folded, as people say it
    "off": "off none خاموش هیچ",
    "low": "low کم پایین",
    "middle": "middle medium on متوسط میانه روشن",
    "high": "high زیاد بالا",
}


async def spikes(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/spikes [off|low|middle|high]`."""
    language, said = chat.language, fold(call.argument).strip()
    chosen = next((choice for choice, words in WORDS.items() if said in words.split()), None)
    if chosen is None:
        key = "spikes.unknown" if said else "spikes.now"
        return _answer(key, chat.sensitivity, language, given=call.argument)
    async with desk.database.write() as connection:
        await chats.be_warned(connection, chat.key, chosen)
    return replace(_answer("spikes.changed", chosen, language), edit=call.pressed is not None)


def _answer(key: str, current: ChatSensitivity, language: ChatLanguage, **values: object) -> Reply:
    buttons: list[Button] = [
        button(f"spikes.level.{choice}", language, f"spikes {choice}") for choice in CHOICES if choice != current
    ]
    return say(key, language, tuple(buttons), level=text(f"spikes.level.{current}", language), **values)


COMMANDS = (Command("spikes", spikes),)
