"""Warns chats when much more than usual is said of a tracker: what rose, how much, since when, what is behind it, a picture.

    every few minutes, for each tracker that is stirred and each sensitivity that its chats chose:
        the hours of six weeks → the warnings that are due                          (monitors/spikes.py)
        in one transaction: keep them · the message to each chat, as a notice       (outbox.py)

The running hour is judged as if it had ended, which can only be too cautious, so a storm is told of while it grows; the hour
before it too, for what was read late. What does not live here: what a spike is, how notices travel.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import charts, chats, outbox
from bot.calendar import Clock
from bot.charts import Heading
from bot.chats import Chat
from bot.commands.command import button, illustrate
from bot.figures import FLAGS
from bot.messenger import Message
from bot.render import Renderer, linked
from bot.texts import Html, text
from monitors.model import Tracker
from monitors.spikes import HOUR, SENSITIVITIES, TEHRAN, Hour, Sensitivity, Spike, current, expected
from monitors.store import rankings, rhythm, spikes, trackers
from monitors.store.engine import Database
from monitors.store.rankings import Ranked
from monitors.store.statistics import Scope
from monitors.waiting import first_of

EVERY = 120.0  # seconds
LEARNT = timedelta(days=43)  # six weeks and today
STIRRED = 3  # mentions in two hours, below which no sensitivity warns
STORIES = 3
DRAWN = 36  # hours

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Storm:
    """A spike of a tracker with what a message about it shows."""

    tracker: Tracker
    spike: Spike
    stories: tuple[Ranked, ...]
    hours: tuple[Hour, ...]  # the last ones, in order
    usual: tuple[float, ...]  # mentions in each of them


async def follow(
    database: Database,
    renderer: Renderer,
    now: Callable[[], datetime],
    on_notice: Callable[[], None],
    stopping: asyncio.Event,
) -> None:
    """Looks every few minutes until `stopping`; calls `on_notice` when something is to be sent."""
    while not stopping.is_set():
        async with database.read() as connection:
            stirred = await spikes.stirred(connection, now() - 2 * HOUR, STIRRED)
        for tracker_id in stirred:
            if not stopping.is_set() and await look(database, renderer, tracker_id, now()):
                on_notice()
        await first_of(stopping, seconds=EVERY)


async def look(database: Database, renderer: Renderer, tracker_id: int, now: datetime) -> bool:
    """One tracker; returns whether somebody is told."""
    told = False
    async with database.read() as connection:
        hearers = await chats.hearing(connection, tracker_id)
        hours = await _hours(connection, tracker_id, now)
    for sensitivity in SENSITIVITIES:
        concerned = [chat for chat in hearers if chat.sensitivity == sensitivity]
        if concerned and await _warn(database, renderer, tracker_id, sensitivity, concerned, hours, now):
            told = True
    return told


async def _hours(connection: AsyncConnection, tracker_id: int, now: datetime) -> tuple[Hour, ...]:
    """From the first hour with a mention to the running one."""
    scope = Scope((tracker_id,), now - LEARNT, now + timedelta(seconds=1), TEHRAN)
    found = await rhythm.by_hour(connection, scope)
    counts = rhythm.every_hour(found, scope)
    first = min(found, default=now)
    return tuple(Hour(at, one.total, one.neg) for at, one in counts.items() if at >= first)


async def _warn(
    database: Database,
    renderer: Renderer,
    tracker_id: int,
    sensitivity: Sensitivity,
    concerned: Sequence[Chat],
    hours: Sequence[Hour],
    now: datetime,
) -> bool:
    async with database.read() as connection:
        warned = await spikes.warned(connection, tracker_id, sensitivity)
    due = [
        spike
        for judged in (hours[:-1], hours)
        for spike in await asyncio.to_thread(current, judged, sensitivity, warned)
    ]
    if not due:
        return False
    worst = max(due, key=lambda spike: (spike.start, spike.kind == "negative", spike.times))
    async with database.read() as connection:
        storm = await _storm(connection, tracker_id, worst, hours, now)
    written = [(chat, await message(storm, renderer.clock(chat.language))) for chat in concerned]
    async with database.write() as connection:
        await spikes.keep(connection, tracker_id, sensitivity, due)
        for chat, one in written:
            await outbox.notify(connection, chat.key, (one,), now)
    log.info("storm_told", tracker=tracker_id, kind=worst.kind, count=worst.count, usual=round(worst.usual, 1))
    return True


async def _storm(
    connection: AsyncConnection, tracker_id: int, spike: Spike, hours: Sequence[Hour], now: datetime
) -> Storm:
    tracker = await trackers.by_id(connection, tracker_id)
    scope = Scope((tracker_id,), min(spike.since, spike.start), now + timedelta(seconds=1), TEHRAN)
    stories = await rankings.stories(connection, scope, "mentions", STORIES)
    usual = await asyncio.to_thread(expected, hours, "mentions", DRAWN)
    return Storm(tracker, spike, stories, tuple(hours[-len(usual) :]), usual)


# ── words and picture ────────────────────────────────────────────────────────────────────────────────────────────────


async def message(storm: Storm, clock: Clock) -> Message:
    """How a chat of the clock's language hears of it."""
    language, spike = clock.language, storm.spike
    blocks = [
        text(f"storm.{spike.kind}", language, label=storm.tracker.label),
        text(
            f"storm.{spike.kind}_figures",
            language,
            count=spike.count,
            hours=spike.hours,
            times=Html(clock.number(round(spike.times, 1))),
            usual=Html(clock.number(round(spike.usual, 1))),
        ),
        text("storm.since", language, since=clock.moment(spike.since)),
        *([text("storm.behind", language)] if storm.stories else []),
        *(_story(place, one, clock) for place, one in enumerate(storm.stories, 1)),
    ]
    latest = button("storm.latest", language, f"latest {storm.tracker.id}")
    picture = await charts.png(await asyncio.to_thread(drawn, storm, clock))
    reply = illustrate(picture, blocks, language, (latest, button("storm.sensitivity", language, "spikes")))
    return reply.messages[0]


def drawn(storm: Storm, clock: Clock) -> str:
    """The hours of the storm beside what is usual, as SVG."""
    title = str(text("storm.picture", clock.language, label=Html(storm.tracker.label)))
    heading = Heading(title, clock.moment(storm.spike.start))
    return charts.spike(heading, storm.hours, storm.usual, storm.spike.start, clock)


def _story(place: int, one: Ranked, clock: Clock) -> Html:
    flag = max(FLAGS, key=lambda label: (getattr(one.counts, label), label == "neg"))
    item = one.article.item
    headline = linked(item.title or item.text[:80], item.url)
    return text(
        "storm.story",
        clock.language,
        place=Html(clock.number(place)),
        flag=Html(FLAGS[flag]),
        headline=headline,
        outlets=one.publishers,
    )
