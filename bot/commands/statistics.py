"""Numbers on demand: /stats, a picture with its figures."""

from bot import chats, figures, numbers
from bot.calendar import Clock
from bot.chats import Chat, ChatLanguage
from bot.commands import scope
from bot.commands.command import Command, button, illustrate, say
from bot.commands.scope import ALL, Asked, NotUnderstood
from bot.desk import Desk
from bot.messenger import Button, Call, Reply
from bot.numbers import Numbers
from bot.pictures import Words, statistics
from bot.render import cut
from bot.texts import Html, text
from monitors.store import rhythm

TITLE_LIMIT = 60


async def stats(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/stats [tracker] [period]`: mentions, tone, reach and change, by day and hour and kind of source, with a chart."""
    language, clock = chat.language, desk.clock(chat.language)
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
        if not mine:
            return say("list.empty", language, (button("list.first", language, "track_own"),))
        try:
            asked = scope.read(call.argument, mine, desk.now(), clock, f"stats {ALL}")
        except NotUnderstood as error:
            return error.reply
        found = await numbers.gather(connection, tuple(one.id for one in asked.trackers), asked.period, clock)
    title = _title(asked, language)
    when = desk.renderer.period(asked.period, language)
    picture = await statistics(found, Words(title, when), clock)
    blocks = [text("stats.heading", language, label=title, period=when), *_figures(found, clock)]
    blocks.append(_range(asked, clock))
    rows = scope.switches(lambda tracker, period: f"stats {tracker} {period}", asked, mine, language)
    return illustrate(picture, blocks, language, *rows, _beside(asked, language), edit=call.pressed is not None)


def _title(asked: Asked, language: ChatLanguage) -> str:
    return cut(asked.one.label, TITLE_LIMIT) if asked.one else str(text("figures.every", language))


def _figures(found: Numbers, clock: Clock) -> list[Html]:
    language = clock.language
    if not found.counts.total:
        return [text("bulletin.empty", language)]
    blocks = [figures.overview(found.counts, found.before, found.reach, clock)]
    if change := figures.short_change(found.reach, found.reach_before, clock):
        blocks[0] = Html(f"{blocks[0]} ({change})")
    blocks += [_busiest(found, clock), figures.kinds(found.kinds, clock), text("figures.estimate", language)]
    return blocks


def _busiest(found: Numbers, clock: Clock) -> Html:
    """The day with the most mentions, or of one day the hour."""
    if numbers.hourly(found.scope):
        hour, counts = max(found.hours.items(), key=lambda pair: pair[1].total)
        return text("stats.busiest_hour", clock.language, hour=Html(clock.hour(hour)), count=counts.total)
    day, counts = max(rhythm.by_day(found.hours, found.scope).items(), key=lambda pair: pair[1].total)
    return text("stats.busiest_day", clock.language, day=Html(clock.day(day)), count=counts.total)


def _range(asked: Asked, clock: Clock) -> Html:
    moments = {"since": clock.moment(asked.period.since), "until": clock.moment(asked.period.until)}
    return text("bulletin.range", clock.language, **moments)


def _beside(asked: Asked, language: ChatLanguage) -> tuple[Button, ...]:
    """Other numbers of the same period."""
    tracker = str(asked.one.id) if asked.one else ALL
    return (
        button("stats.compare", language, f"compare {asked.period.call}"),
        button("stats.top", language, f"top sources {tracker} {asked.period.call}"),
    )


COMMANDS = (Command("stats", stats),)
