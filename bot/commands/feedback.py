"""What a chat says of sentiment itself: the buttons under an alert, and /accuracy."""

from collections.abc import Mapping
from datetime import timedelta

from bot import chats, outbox, telling
from bot.chats import Chat
from bot.commands.command import Command, say, show
from bot.desk import Desk
from bot.figures import FLAGS, SPLIT
from bot.messenger import Call, Reply
from bot.texts import Html, text
from monitors.model import SentimentLabel
from monitors.store import judgements

PERIOD = timedelta(days=30)

type Agreement = Mapping[tuple[SentimentLabel, SentimentLabel], int]  # by what the model and the chat said


async def tone(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`tone ARTICLE TRACKER LABEL`, behind the buttons of an alert: the label counts from now on, and the alert shows it."""
    article, _, rest = call.argument.partition(" ")
    tracker, _, said = rest.partition(" ")
    label = next((one for one in SPLIT if one == said), None)
    async with desk.database.write() as connection:
        mine = {str(one.id) for one in await chats.trackers_of(connection, chat.key)}
        known = label and tracker in mine and article.isdecimal()
        if not (
            known and label and await judgements.correct(connection, int(article), int(tracker), label, desk.now())
        ):
            return say("feedback.gone", chat.language)
        await outbox.freshen(connection, int(article), desk.now())
        told = await telling.delivered(connection, chat.key, call.pressed.message_id) if call.pressed else None
    if told is None:
        return say("feedback.kept", chat.language, tone=text(f"sentiment.{label}", chat.language))
    return Reply((desk.renderer.alert(told),), edit=True)


async def accuracy(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/accuracy`: how often the model agrees with what this chat said itself, by label."""
    language, clock = chat.language, desk.clock(chat.language)
    async with desk.database.read() as connection:
        mine = [one.id for one in await chats.trackers_of(connection, chat.key)]
        found = await judgements.agreement(connection, mine, desk.now() - PERIOD)
    count = sum(found.values())
    if not count:
        return say("accuracy.none", language)
    right = sum(found.get((label, label), 0) for label in SPLIT)
    blocks = [
        text("accuracy.heading", language),
        text("accuracy.all", language, count=count, right=right, percent=Html(clock.percent(right / count))),
    ]
    for label in SPLIT:
        blocks += _of_label(label, found, chat, desk)
    return show([*blocks, text("accuracy.note", language)], language)


def _of_label(label: SentimentLabel, found: Agreement, chat: Chat, desk: Desk) -> list[Html]:
    """What the chat said where the model said this; nothing where it never did."""
    language, clock = chat.language, desk.clock(chat.language)
    said = {own: found.get((label, own), 0) for own in SPLIT}
    count = sum(said.values())
    if not count:
        return []
    instead = (text("accuracy.instead", language, flag=FLAGS[own], count=said[own]) for own in SPLIT if own != label)
    others = [words for words, own in zip(instead, (own for own in SPLIT if own != label), strict=True) if said[own]]
    line = text(
        "accuracy.label",
        language,
        flag=FLAGS[label],
        label=text(f"sentiment.{label}", language),
        count=count,
        right=said[label],
        percent=Html(clock.percent(said[label] / count)),
        others=Html("  ".join(others)),
    )
    return [line]


COMMANDS = (Command("tone", tone, listed=False), Command("accuracy", accuracy))
