"""Ours beside the others: /compare, share of voice, tone and trend in one picture."""

import re
from collections.abc import Sequence

from bot import chats, figures, numbers, pictures
from bot.calendar import Clock
from bot.chats import Chat, ChatLanguage
from bot.commands import scope
from bot.commands.command import Command, button, illustrate, say
from bot.commands.scope import NotUnderstood
from bot.commands.tracking import pick
from bot.desk import Desk
from bot.messenger import Call, Reply
from bot.numbers import Numbers
from bot.pictures import Words
from bot.render import cut
from bot.texts import Html, html, text
from monitors.model import Tracker

MOST = 8
LABEL_LIMIT = 30
SEPARATOR = re.compile(r"\s*[،,;؛]\s*|\s+vs\.?\s+", re.IGNORECASE)


async def compare(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/compare [A, B, …] [period]`: our brands and competitors, or those that are named."""
    language, clock = chat.language, desk.clock(chat.language)
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
        try:
            rest, period = scope.closing(call.argument, desk.now(), clock, "compare", lambda said: _every(said, mine))
            wanted = _named(rest, mine, language) if rest else _default(mine)
        except NotUnderstood as error:
            return error.reply
        if len(wanted) < 2:
            return say("compare.too_few", language, (button("start.competitor", language, "track_competitor"),))
        found = [(one, await numbers.gather(connection, (one.id,), period, clock)) for one in wanted[:MOST]]
    ranked = sorted(found, key=lambda pair: -pair[1].counts.total)
    when = desk.renderer.period(period, language)
    picture = await pictures.comparison(ranked, Words(str(text("compare.picture", language)), when), clock)
    blocks = [text("compare.heading", language, period=when), *_lines(ranked, clock)]
    if len(wanted) > MOST:
        blocks.append(text("compare.first", language, most=MOST, count=len(wanted)))
    ids = ",".join(str(one.id) for one in wanted) if rest else ""
    rows = scope.periods(lambda name: f"compare {ids} {name}".replace("  ", " "), period.name, language)
    return illustrate(picture, blocks, language, rows, edit=call.pressed is not None)


def _every(said: str, mine: Sequence[Tracker]) -> bool:
    return all(pick(name, mine) for name in SEPARATOR.split(said))


def _named(words: str, mine: Sequence[Tracker], language: ChatLanguage) -> list[Tracker]:
    """The trackers that are named, once each, in that order."""
    wanted: list[Tracker] = []
    for name in filter(None, SEPARATOR.split(words)):
        tracker = pick(name, mine)
        if tracker is None:
            raise NotUnderstood(scope.unknown_tracker(name, language))
        if tracker not in wanted:
            wanted.append(tracker)
    return wanted


def _default(mine: Sequence[Tracker]) -> list[Tracker]:
    """Ours and the competitors, ours first; topics where there is nothing else to compare with."""
    brands = [one for kind in ("own", "competitor") for one in mine if one.kind == kind]
    return brands if len(brands) > 1 else list(mine)


def _lines(ranked: Sequence[tuple[Tracker, Numbers]], clock: Clock) -> list[Html]:
    total = sum(found.counts.total for _, found in ranked)
    if not total:
        return [text("bulletin.empty", clock.language)]
    blocks = [_line(one, found, total, clock) for one, found in ranked]
    return [*blocks, text("figures.estimate", clock.language)]


def _line(one: Tracker, found: Numbers, total: int, clock: Clock) -> Html:
    language = clock.language
    label = Html(f"<b>{html(cut(one.label, LABEL_LIMIT))}</b>")
    if not found.counts.total:
        return text("compare.silent", language, label=label)
    change = figures.short_change(found.counts.total, found.before.total, clock)
    head = text(
        "compare.line",
        language,
        label=label,
        percent=Html(clock.percent(found.counts.total / total)),
        count=found.counts.total,
        change=Html(f" ({change})" if change else ""),
    )
    return Html(
        f"{head}\n{figures.flags(found.counts, clock)} • {text('compare.reach', language, reach=figures.about(found.reach, clock))}"
    )


COMMANDS = (Command("compare", compare),)
