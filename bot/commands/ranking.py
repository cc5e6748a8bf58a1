"""Who and what stands out: /top sources, authors and stories, by mentions or by reach."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import chats, figures
from bot.bulletin import Period
from bot.calendar import Clock
from bot.chats import Chat, ChatLanguage
from bot.commands import scope
from bot.commands.command import Command, button, say, show
from bot.commands.scope import ALL, Asked, NotUnderstood
from bot.desk import Desk
from bot.messenger import Button, Call, Reply
from bot.render import cut, linked
from bot.texts import Html, html, text
from monitors.model import Metrics, Tracker
from monitors.reach import outlet_name
from monitors.store import rankings
from monitors.store.rankings import Order, Ranked
from monitors.store.statistics import Scope

SHOWN = 10
TITLE_LIMIT = 110
RANKINGS = {"sources": rankings.publishers, "authors": rankings.voices, "stories": rankings.stories}
SPELLINGS = {
    "source": "sources", "outlets": "sources", "رسانه": "sources", "رسانه‌ها": "sources", "منبع": "sources", "منابع": "sources", "منبع‌ها": "sources",
    "author": "authors", "voices": "authors", "influencers": "authors", "نویسنده": "authors", "نویسنده‌ها": "authors", "نویسندگان": "authors", "صداها": "authors",
    "story": "stories", "news": "stories", "خبر": "stories", "خبرها": "stories", "اخبار": "stories", "بازتاب‌ها": "stories",
}  # fmt: skip
BY_REACH = "reach"  # behind a button, after what is ranked


async def top(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/top sources|authors|stories [tracker] [period]`; a button may put "reach" behind what is ranked."""
    language, clock = chat.language, desk.clock(chat.language)
    what, order, words = _wanted(call.argument)
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
        if not mine:
            return say("list.empty", language, (button("list.first", language, "track_own"),))
        try:
            asked = scope.read(words, mine, desk.now(), clock, f"top {what} {ALL}")
        except NotUnderstood as error:
            return error.reply
        found = await _ranked(connection, what, order, asked, clock)
    whom = asked.one.label if asked.one else text("figures.every", language)
    when = desk.renderer.period(asked.period, language)
    blocks = [text(f"top.{what}", language, label=whom, period=when), text(f"top.by_{order}_{what}", language)]
    blocks += [_line(place, one, what, clock) for place, one in enumerate(found, 1)]
    blocks.append(text("top.estimate_authors" if what == "authors" else "figures.estimate", language))
    if not found:
        blocks = [blocks[0], text("top.no_authors" if what == "authors" else "bulletin.empty", language)]
    rows = [_others(what, order, asked, language), *_scopes(what, order, asked, mine, language)]
    return show(blocks, language, *rows, edit=call.pressed is not None)


def _wanted(argument: str) -> tuple[str, Order, str]:
    """What is ranked, in which order, and the words behind that; sources by mentions where nothing else is said."""
    first, _, rest = argument.strip().partition(" ")
    what = SPELLINGS.get(first.lower(), first.lower())
    if what not in RANKINGS:
        return "sources", "mentions", argument
    second, _, others = rest.strip().partition(" ")
    return (what, "reach", others) if second == BY_REACH else (what, "mentions", rest)


async def _ranked(connection: AsyncConnection, what: str, order: Order, asked: Asked, clock: Clock) -> Sequence[Ranked]:
    period: Period = asked.period
    counted = Scope(tuple(one.id for one in asked.trackers), period.since, period.until, clock.zone)
    return await RANKINGS[what](connection, counted, order, SHOWN)


def _line(place: int, one: Ranked, what: str, clock: Clock) -> Html:
    """A name with its figures below."""
    language, article = clock.language, one.article
    outlet = outlet_name(article.item, article.outlet)
    if what == "stories":
        name = linked(cut(article.item.title or article.item.text, TITLE_LIMIT) or outlet, article.item.url)
        figure = text("top.told", language, count=one.publishers, outlet=outlet)
    elif what == "authors":
        name = linked(article.item.author or outlet, article.item.author_url)
        figure = text("top.influence", language, score=one.influence, count=one.counts.total)
        figure = Html(f"{figure}{_audience(article.item.metrics, clock)}")
        name = name if article.item.author in (None, outlet) else Html(f"{name} ({html(outlet)})")
    else:
        name, figure = html(outlet), text("top.count", language, count=one.counts.total)
    reach = text("compare.reach", language, reach=figures.about(one.reach, clock))
    return Html(f"\n{clock.number(place)}. {name}\n{figure} • {reach}\n{figures.flags(one.counts, clock)}")


def _audience(metrics: Metrics, clock: Clock) -> Html:
    """Followers, or the views of the newest report, where the network tells them."""
    for key in ("followers", "views"):
        if count := getattr(metrics, key):
            return Html(f" • {text(f'top.{key}', clock.language, count=figures.about(count, clock))}")
    return Html("")


def _others(what: str, order: Order, asked: Asked, language: ChatLanguage) -> tuple[Button, ...]:
    """The other rankings, and the other order of this one."""
    behind = f"{asked.one.id if asked.one else ALL} {asked.period.call}"
    other = "mentions" if order == "reach" else "reach"
    reordered = f"top {what} {BY_REACH} {behind}" if other == "reach" else f"top {what} {behind}"
    turn = button(f"top.button.by_{other}_{what}", language, reordered)
    return (*(button(f"top.button.{one}", language, f"top {one} {behind}") for one in RANKINGS if one != what), turn)


def _scopes(
    what: str, order: Order, asked: Asked, mine: Sequence[Tracker], language: ChatLanguage
) -> list[tuple[Button, ...]]:
    ranked = f"{what} {BY_REACH}" if order == "reach" else what
    return scope.switches(lambda tracker, period: f"top {ranked} {tracker} {period}", asked, mine, language)


COMMANDS = (Command("top", top),)
