"""The archive, by the query language: /search, and its pages."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot import bulletin as bulletins
from bot import chats, lookups
from bot.bulletin import Period, UnknownPeriod
from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, ask, button, fits, pages, say, show
from bot.commands.tracking import explain
from bot.desk import Desk
from bot.messenger import Button, Call, Reply
from bot.render import quoted
from bot.texts import Html, text
from monitors import search as archive
from monitors.errors import QueryError
from monitors.language.query import Query, parse
from monitors.model import MentionedArticle
from monitors.search import MOST, Findings, Order

PAGE = 5
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
OTHER: dict[str, Order] = {"newest": "relevant", "relevant": "newest"}


async def search(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/search QUERY [period]`: what the archive has for a query, newest first."""
    words = call.argument.strip()
    if not words:
        async with desk.database.write() as connection:
            await chats.expect(connection, chat.key, "search")
        return ask("search.ask", chat.language)
    return await _page(words, "newest", 1, chat, desk)


async def turn(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`search_page NUMBER ORDER PAGE`, behind buttons: another page, or the other order, of a search made before."""
    if call.pressed is None:  # somebody wrote it
        return await search(call, chat, desk)
    number, order, page = call.argument.split()
    async with desk.database.read() as connection:
        words = await lookups.find(connection, chat.key, int(number))
    if words is None:
        return say("search.gone", chat.language)
    return await _page(words, "relevant" if order == "relevant" else "newest", int(page), chat, desk, edit=True)


async def _page(words: str, order: Order, page: int, chat: Chat, desk: Desk, *, edit: bool = False) -> Reply:
    language, now = chat.language, desk.now()
    try:
        written, period = bulletins.closing(words, now, desk.clock(language))
        written = written or words  # «امروز» alone is a word to look for
        query = parse(written)
    except UnknownPeriod as error:
        return say("search.unknown_period", language, given=str(error))
    except QueryError as error:
        return explain(error, written, language)
    since, until = (period.since, period.until) if period else (BEGINNING, now + timedelta(days=1))
    found = await archive.search(desk.database, query, since, until, order, (page - 1) * PAGE, PAGE)
    heading = _heading(query, period, found, order, desk, language)
    offer = f"track_own {written}"
    tracking = (button("test.track", language, offer),) if fits(offer) and not await _tracked(chat, desk, query) else ()
    if not found.total:
        return show([heading, text("search.empty", language)], language, tracking)
    async with desk.database.write() as connection:
        number = await lookups.keep(connection, chat.key, words, now)
    blocks = [heading, *with_passages(found.page, (page - 1) * PAGE + 1, desk, language)]
    turning = pages(f"search_page {number} {order}", page, PAGE, found.total, language)
    return show(blocks, language, turning, _reorder(number, order, found.total, language), tracking, edit=edit)


def _heading(
    query: Query, period: Period | None, found: Findings, order: Order, desk: Desk, language: ChatLanguage
) -> Html:
    when = desk.renderer.period(period, language) if period else text("search.always", language)
    lines = [text("search.heading", language, query=str(query), period=when)]
    if found.total:
        lines.append(text(f"search.found_{order}", language, count=found.total))
    if not found.complete:
        lines.append(text("search.incomplete", language, limit=MOST))
    return Html("\n".join(lines))


def with_passages(shown: Sequence[MentionedArticle], first: int, desk: Desk, language: ChatLanguage) -> list[Html]:
    """A block an article: its line as in every list, and the passage with what was found in bold."""
    lines = desk.renderer.mentions(shown, {}, language, first)
    return [
        Html(
            f"\n{line}\n{quoted(one.article.item.text, one.article.item.title, [s for m in one.mentions for s in m.spans])}"
        )
        for line, one in zip(lines, shown, strict=True)
    ]


def _reorder(number: int, order: Order, total: int, language: ChatLanguage) -> tuple[Button, ...]:
    if total <= 1:
        return ()
    return (button(f"search.{OTHER[order]}", language, f"search_page {number} {OTHER[order]} 1"),)


async def _tracked(chat: Chat, desk: Desk, query: Query) -> bool:
    """Whether the chat tracks just this already."""
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
    return any(str(query) == one.query or query == _parsed(one.query) for one in mine)


def _parsed(written: str) -> Query | None:
    try:
        return parse(written)
    except QueryError:  # stored under older rules
        return None


COMMANDS = (Command("search", search), Command("search_page", turn, listed=False))
