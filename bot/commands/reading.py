"""What was found: /bulletin and /latest."""

from datetime import timedelta

from bot import bulletin as bulletins
from bot import chats, telling
from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, button, directed, pages, say, show
from bot.commands.tracking import pick
from bot.desk import Desk
from bot.messenger import Button, Call, Message, Reply
from bot.texts import text
from monitors.model import MentionedArticle
from monitors.store import articles

PAGE = 5
LATEST = timedelta(days=30)
PERIODS = ("today", "yesterday", "24h", "7d")


async def bulletin(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/bulletin [today|yesterday|24h|7d|date]`: numbers and stories of a period."""
    language = chat.language
    period = bulletins.period(call.argument, desk.now(), desk.clock(language))
    if period is None:
        return say("bulletin.unknown_period", language, _periods("", language), given=call.argument)
    if period.since >= desk.now():
        return say("bulletin.to_come", language, _periods("", language), given=call.argument)
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
        if not mine:
            return say("list.empty", language, (button("list.first", language, "track_own"),))
        found = await bulletins.gather(connection, mine, period, desk.clock(language).zone)
    *first, last = desk.renderer.bulletin(found, language)
    return Reply((*first, Message(last.html, directed([_periods(period.name, language)], language))))


async def latest(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/latest [tracker] [page]`: the newest mentions, whatever the day."""
    language = chat.language
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
        if not mine:
            return say("list.empty", language, (button("list.first", language, "track_own"),))
        words, page = _asked(call)
        one = pick(words, mine) if words else None
        if words and one is None:
            return say("latest.unknown", language, given=words)
        ids = [one.id] if one else [tracker.id for tracker in mine]
        now = desk.now()
        within = (now - LATEST, now + timedelta(days=1))
        found = await articles.mentioned(connection, ids, *within, PAGE + 1, (page - 1) * PAGE)
    if not found:
        return say("latest.empty", language)
    labels = {} if one else {tracker.id: tracker.label for tracker in mine}
    heading = text("latest.heading_one", language, label=one.label) if one else text("latest.heading", language)
    blocks = [heading, *desk.renderer.mentions(found[:PAGE], labels, language, first=(page - 1) * PAGE + 1)]
    so_far = (page - 1) * PAGE + len(found)
    turn = pages(f"latest {one.id if one else 0}", page, PAGE, so_far, language)
    return show(blocks, language, turn, edit=call.pressed is not None and page > 1)


async def story(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/story` in answer to an alert, or the button under one: its timeline."""
    language = chat.language
    async with desk.database.read() as connection:
        mine = [one.id for one in await chats.trackers_of(connection, chat.key)]
        story_id = int(call.argument) if call.argument.isdecimal() else None
        if story_id is None and call.replied:
            told = await telling.told_by(connection, chat.key, call.replied)
            story_id = told.article.story_id if told else None
        if story_id is None:
            return say("story.how", language)
        found = await articles.telling(connection, story_id, mine)
        told_of = await articles.of(connection, [one.id for one in found])
    if not found:
        return say("story.gone", language)
    mentioned = [MentionedArticle(one, tuple(m for m in told_of[one.id] if m.tracker_id in mine)) for one in found]
    return Reply(desk.renderer.story(mentioned, language))


def _asked(call: Call) -> tuple[str, int]:
    """A button says "id page", with 0 for all trackers; a person says a name or nothing."""
    if call.pressed is None:
        return call.argument.strip(), 1
    tracker, _, page = call.argument.partition(" ")
    return "" if tracker == "0" else tracker, max(1, int(page)) if page.isdecimal() else 1


def _periods(current: str, language: ChatLanguage) -> tuple[Button, ...]:
    return tuple(button(f"bulletin.button.{name}", language, f"bulletin {name}") for name in PERIODS if name != current)


COMMANDS = (Command("bulletin", bulletin), Command("latest", latest), Command("story", story))
