"""First steps: /start, /help, /language."""

from bot import chats
from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, button, say
from bot.desk import Desk
from bot.messenger import Call, Reply

LANGUAGES: dict[str, ChatLanguage] = {
    "fa": "fa",
    "persian": "fa",
    "farsi": "fa",
    "فارسی": "fa",
    "en": "en",
    "english": "en",
    "انگلیسی": "en",
}


async def start(call: Call, chat: Chat, desk: Desk) -> Reply:
    """What this is, and three buttons that lead to a first tracker."""
    language = chat.language
    return say(
        "start.welcome",
        language,
        (button("start.own", language, "track_own"),),
        (button("start.competitor", language, "track_competitor"),),
        (button("start.topic", language, "track_topic"),),
    )


async def help_(call: Call, chat: Chat, desk: Desk) -> Reply:
    """Every command with a line and an example."""
    return say("help.text", chat.language)


async def language(call: Call, chat: Chat, desk: Desk) -> Reply:
    """Changes the chat's language, by a word or by buttons."""
    chosen = LANGUAGES.get(call.argument.strip().lower())
    if chosen is None:
        key = "language.unknown" if call.argument.strip() else "language.ask"
        rows = (button("language.fa", "fa", "language fa"), button("language.en", "en", "language en"))
        return say(key, chat.language, rows, given=call.argument.strip())
    async with desk.database.write() as connection:
        await chats.speak(connection, chat.key, chosen)
    return say("language.changed", chosen)


COMMANDS = (Command("start", start), Command("help", help_), Command("language", language))
