"""How the installation is: /status."""

from collections.abc import Sequence
from dataclasses import asdict, astuple
from datetime import timedelta

from bot import outbox, telling
from bot.calendar import Clock
from bot.chats import Chat
from bot.commands.command import Command, show
from bot.desk import Desk
from bot.messenger import Call, Reply
from bot.texts import Html, text
from monitors.health import WANTS_A_HAND, health
from monitors.store import pages, statistics
from monitors.store import sources as source_store

WINDOW = timedelta(days=1)


async def status(call: Call, chat: Chat, desk: Desk) -> Reply:
    """Sources healthy and failing, articles today, latency, queue, uptime."""
    language, now = chat.language, desk.now()
    clock = desk.clock(language)
    async with desk.database.read() as connection:
        watched = await source_store.watched(connection)
        stored = await statistics.articles_stored(connection, clock.bounds(clock.today(now))[0])
        queued = await outbox.waiting(connection)
        latencies = await telling.latencies(connection, now - WINDOW)
        read = await pages.tally(connection, now - WINDOW)
    failing = sum(health(one) in WANTS_A_HAND for one in watched)
    lines = [
        text("status.heading", language),
        text("status.sources", language, healthy=len(watched) - failing, failing=failing),
        text("status.articles", language, count=stored),
        text("status.seen", language, **_percentiles([one.to_seen for one in latencies if one.to_seen], clock)),
        text("status.sent", language, **_percentiles([one.to_sent for one in latencies], clock)),
        text("status.queue", language, count=queued),
        *([text("status.pages", language, **asdict(read))] if any(astuple(read)) else []),
        text("status.uptime", language, uptime=Html(clock.duration(now - desk.started_at))),
    ]
    heard = desk.heard_at()
    if heard is not None:
        lines.append(text("status.heard", language, ago=Html(clock.duration(now - heard))))
    return show(lines, language)


def _percentiles(spans: Sequence[timedelta], clock: Clock) -> dict[str, Html]:
    ordered = sorted(spans)
    if not ordered:
        return {"p50": Html("—"), "p95": Html("—")}
    last = len(ordered) - 1
    return {name: Html(clock.duration(ordered[round(last * share)])) for name, share in (("p50", 0.5), ("p95", 0.95))}


COMMANDS = (Command("status", status),)
