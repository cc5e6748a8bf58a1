"""What a query does and why: /test, /why."""

from bot import chats, telling
from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, ask, button, fits, say, show
from bot.commands.tracking import explain as explain_error
from bot.commands.tracking import told
from bot.desk import Desk
from bot.messenger import Call, Reply
from bot.texts import Html, listed, text
from monitors import identity
from monitors.errors import QueryError
from monitors.language.explain import Explanation, explain
from monitors.language.query import parse
from monitors.language.text import fold_document
from monitors.model import MentionedArticle, Tracker
from monitors.outlook import look_back
from monitors.store import articles

SHOWN = 5  # places of terms


async def test(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/test QUERY`: what the last week would have brought, without tracking it."""
    language, written = chat.language, call.argument.strip()
    if not written:
        async with desk.database.write() as connection:
            await chats.expect(connection, chat.key, "test")
        return ask("test.ask", language)
    try:
        query = parse(written)
    except QueryError as error:
        return explain_error(error, written, language)
    outlook = await look_back(desk.database, query, desk.now())
    offer = f"track_own {written}"
    rows = ((button("test.track", language, offer),),) if fits(offer) else ()
    return show([text("test.heading", language, query=str(query)), *told(outlook, desk, language)], language, *rows)


async def why(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/why URL`, or as an answer to an alert: which term matched where, what blocked, what held it back."""
    language = chat.language
    async with desk.database.read() as connection:
        mine = await chats.trackers_of(connection, chat.key)
        if call.replied and not call.argument.strip():
            one = await telling.told_by(connection, chat.key, call.replied)
        else:
            key = identity.url_key(call.argument.strip())
            one = await articles.by_url(connection, key) if key else None
        alerted = await articles.alerted(connection, one.article.id) if one else frozenset[int]()
    if not call.argument.strip() and not call.replied:
        return say("why.how", language)
    if one is None:
        return say("why.unknown", language)
    blocks = [
        text("why.article", language, title=one.article.item.title or one.article.outlet, outlet=one.article.outlet)
    ]
    blocks += [block for tracker in mine for block in _reasons(tracker, one, tracker.id in alerted, language)]
    return show(blocks, language)


def _reasons(tracker: Tracker, one: MentionedArticle, alerted: bool, language: ChatLanguage) -> list[Html]:
    item = one.article.item
    document = fold_document(item.title, item.text)
    source = f"{one.article.outlet} {item.url or ''}"
    found = explain(parse(tracker.query), document, source=source, language=item.language)
    verdict = "why.no" if not found.satisfied else "why.yes" if alerted else "why.quiet"
    head = text(verdict, language, label=tracker.label, query=tracker.query)
    return [Html("\n" + head), *_details(found, language)]


def _details(found: Explanation, language: ChatLanguage) -> list[Html]:
    lines = [text("why.found", language, term=one.term, folded=one.folded) for one in found.found[:SHOWN]]
    lines += [text("why.blocked", language, term=one.term, folded=one.folded) for one in found.blocking[:SHOWN]]
    if not found.satisfied and found.missing:
        lines.append(text("why.missing", language, terms=listed(found.missing, language)))
    if found.unmet:
        lines.append(text("why.unmet", language, terms=listed(found.unmet, language)))
    return lines


COMMANDS = (Command("test", test), Command("why", why))
