"""What people say beside a name: /topics, and the mentions that each topic leads to."""

import json
from collections.abc import Sequence

from bot import chats, lookups
from bot.chats import Chat, ChatLanguage
from bot.commands import scope
from bot.commands.command import Command, button, pages, say, show
from bot.commands.scope import Asked, NotUnderstood
from bot.commands.searching import with_passages
from bot.desk import Desk
from bot.figures import FLAGS
from bot.messenger import Button, Call, Reply
from bot.texts import Html, html, text
from monitors.language.topics import Topic, Topics
from monitors.model import MentionedArticle
from monitors.store import articles
from monitors.topics import Found

PAGE = 5
COUNT = 8  # phrases, words and hashtags each
LEAST = 5  # mentions
ARTICLES_A_TOPIC = 200
A_ROW = 6


async def topics(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/topics [tracker] [period]`: the words that set a period's mentions apart."""
    language = chat.language
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
    if not mine:
        return say("list.empty", language, (button("list.first", language, "track_own"),))
    try:
        asked = scope.read(call.argument, mine, desk.now(), desk.clock(language), f"topics {scope.ALL}")
    except NotUnderstood as error:
        return error.reply
    ids = [one.id for one in asked.trackers]
    try:
        (found,) = await desk.topics.find(ids, [(asked.period.since, asked.period.until)], COUNT)
    except TimeoutError:
        return say("topics.slow", language)
    every = (*found.topics.phrases, *found.topics.words, *found.topics.hashtags)
    blocks = [_heading(asked, found, desk, language)]
    rows: list[tuple[Button, ...]] = []
    if found.mentions < LEAST or not every:
        blocks.append(text("topics.few" if found.mentions < LEAST else "topics.none", language))
    else:
        blocks += _blocks(found.topics, desk, language)
        rows = _keys(await _kept(every, chat, desk), desk, language)
    turning = scope.switches(lambda tracker, period: f"topics {tracker} {period}", asked, mine, language)
    return show(blocks, language, *rows, *turning)


async def topic(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`topic NUMBER PAGE`, behind buttons: the mentions that hold a topic, newest first."""
    if call.pressed is None:  # somebody wrote it, and means all of them
        return await topics(call, chat, desk)
    language = chat.language
    number, page = map(int, call.argument.split())
    async with desk.database.read() as connection:
        kept = await lookups.find(connection, chat.key, number)
        if kept is None:
            return say("topics.gone", language)
        words, ids = json.loads(kept)
        mine = {one.id for one in await chats.trackers_of(connection, chat.key)}
        shown = ids[(page - 1) * PAGE : page * PAGE]
        found, told = await articles.by_ids(connection, shown), await articles.of(connection, shown)
    mentioned = tuple(
        MentionedArticle(found[id_], tuple(one for one in told.get(id_, ()) if one.tracker_id in mine))
        for id_ in shown
        if id_ in found
    )
    heading = text("topics.mentions", language, words=words, count=len(ids))
    blocks = [heading, *with_passages(mentioned, (page - 1) * PAGE + 1, desk, language)]
    turn = pages(f"topic {number}", page, PAGE, len(ids), language)
    return show(blocks, language, turn, edit=page > 1)


def _heading(asked: Asked, found: Found, desk: Desk, language: ChatLanguage) -> Html:
    when = desk.renderer.period(asked.period, language)
    several = len(asked.trackers) > 1
    heading = "topics.heading_every" if several else "topics.heading"
    told = text(heading, language, label=asked.trackers[0].label, period=when)
    key = "topics.sampled" if found.read < found.mentions else "topics.counted"
    counted = text(key, language, count=found.mentions, read=found.read)
    return Html(f"{told}\n{counted}")


def _keys(numbers: Sequence[int], desk: Desk, language: ChatLanguage) -> list[tuple[Button, ...]]:
    """A button for each topic, by its place."""
    clock = desk.clock(language)
    keys = [Button(clock.number(place), call=f"topic {number} 1") for place, number in enumerate(numbers, 1)]
    return [tuple(keys[at : at + A_ROW]) for at in range(0, len(keys), A_ROW)]


def _blocks(found: Topics, desk: Desk, language: ChatLanguage) -> list[Html]:
    clock, blocks, place = desk.clock(language), [], 0
    for name, some in (("phrases", found.phrases), ("words", found.words), ("hashtags", found.hashtags)):
        lines = []
        for one in some:
            place += 1
            flag = f"{FLAGS[one.label]} " if one.label != "neu" else ""
            count = clock.number(len(one.article_ids))
            lines.append(Html(f"{clock.number(place)}. {flag}{html(one.words)} ({count})"))
        if lines:
            blocks += [Html(f"\n{text(f'topics.{name}', language)}"), *lines]
    return blocks


async def _kept(every: Sequence[Topic], chat: Chat, desk: Desk) -> list[int]:
    """Numbers under which buttons find the topics' mentions again."""
    async with desk.database.write() as connection:
        return [
            await lookups.keep(
                connection,
                chat.key,
                json.dumps([one.words, one.article_ids[: -ARTICLES_A_TOPIC - 1 : -1]], ensure_ascii=False),
                desk.now(),
            )
            for one in every
        ]


COMMANDS = (Command("topics", topics), Command("topic", topic, listed=False))
