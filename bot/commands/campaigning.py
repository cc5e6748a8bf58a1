"""Campaigns: /campaign stores one, lists them, and tells how it went against before, after, and the campaign before it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot import campaign_report, chats, numbers
from bot.bulletin import Period
from bot.calendar import Clock, parse_day
from bot.chats import Chat, ChatLanguage
from bot.commands.command import Command, ask, button, illustrate, say, show
from bot.commands.tracking import LABEL_LIMIT, explain
from bot.desk import Desk
from bot.messenger import Button, Call, Reply
from bot.pictures import Words, statistics
from bot.render import cut
from bot.texts import Html, text
from monitors import campaigns
from monitors.campaigns import Phase, phase, stretches
from monitors.errors import QueryError
from monitors.language.query import parse
from monitors.language.text import fold
from monitors.model import Tracker
from monitors.store import campaigns as campaign_store
from monitors.store import trackers as tracker_store
from monitors.store.campaigns import Campaign

LONGEST = timedelta(days=120)
CAMPAIGNS_A_CHAT = 50
SHOWN = 10
ON_A_BUTTON = 40
TOPICS = 4
WORDS_OF_A_DAY = 3  # at most: «۱ آذر ۱۴۰۵»
JOINING = frozenset({"از", "تا", "from", "to", "until", "-", "–"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A campaign as somebody describes it; the last day is included."""

    name: str
    first: date
    last: date
    tags: tuple[str, ...]


async def campaign(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`/campaign NAME START END #tags` stores one; `/campaign NAME` tells of it; alone it lists them."""
    language, words = chat.language, call.argument.strip()
    async with desk.database.read() as connection:
        mine = await campaign_store.owned(connection, str(chat.key))
    if not words:
        return _list(mine, desk, language) if mine else await new(call, chat, desk)
    clock = desk.clock(language)
    if known := next((one for one in mine if fold(one.name) == fold(words)), None):
        return await _report(known, chat, desk)
    asked = described(words, clock.today(desk.now()))
    if asked is None:
        return say("campaign.how", language, *_openers(mine, language))
    if not asked.first <= asked.last:
        return say("campaign.backwards", language, first=clock.day(asked.first), last=clock.day(asked.last))
    if asked.last - asked.first >= LONGEST:
        return say("campaign.too_long", language, days=LONGEST.days)
    if any(fold(one.name) == fold(asked.name) for one in mine):
        return say("campaign.already", language, *_openers(mine, language), name=asked.name)
    if len(mine) >= CAMPAIGNS_A_CHAT:
        return say("campaign.too_many", language, *_openers(mine, language), limit=CAMPAIGNS_A_CHAT)
    return await _take_up(asked, chat, desk)


async def new(call: Call, chat: Chat, desk: Desk) -> Reply:
    """Asks for a campaign."""
    async with desk.database.write() as connection:
        await chats.expect(connection, chat.key, "campaign")
    return ask("campaign.ask", chat.language)


def described(words: str, today: date) -> Asked | None:
    """«یلدا ۱ آذر تا ۵ آذر #یلدا» → its name, days and hashtags; None where a name or one of two days is missing."""
    pieces = words.split()
    tags = tuple(dict.fromkeys(piece for piece in pieces if piece.startswith("#") and len(piece) > 1))
    rest = [piece for piece in pieces if not piece.startswith("#")]
    last, rest = _day(rest, today)
    first, rest = _day(rest, today)
    return Asked(" ".join(rest)[:LABEL_LIMIT], first, last, tags) if first and last and rest else None


def _day(pieces: Sequence[str], today: date) -> tuple[date | None, list[str]]:
    """The day that closes these words, and the words before it."""
    rest = list(pieces)
    for length in range(min(WORDS_OF_A_DAY, len(rest)), 0, -1):
        if day := parse_day(" ".join(rest[-length:]), today):
            del rest[-length:]
            while rest and rest[-1].lower() in JOINING:
                rest.pop()
            return day, rest
    return None, rest


async def _take_up(asked: Asked, chat: Chat, desk: Desk) -> Reply:
    language, now, clock = chat.language, desk.now(), desk.clock(chat.language)
    written = " | ".join(asked.tags)
    try:
        query = parse(written) if written else None
    except QueryError as error:
        return explain(error, written, language)
    async with desk.database.write() as connection:
        if query is None and not _own(await chats.trackers_of(connection, chat.key)):
            return say("campaign.nothing", language, (button("list.first", language, "track_own"),))
        since, until = clock.bounds(asked.first)[0], clock.bounds(asked.last)[1]
        tags = " ".join(asked.tags)
        taken = await campaign_store.add(connection, str(chat.key), asked.name, tags, since, until, now)
        tracker = None
        if query:
            owner = taken.trackers_owner
            tracker = await tracker_store.add(connection, owner, taken.name, written, "topic", now)
            await campaign_store.follow(connection, taken.id, tracker.id)
    if tracker and query:
        taken = replace(taken, tracker_id=tracker.id)
        await desk.roster.take_up(tracker, query, now)
        await campaigns.look_through(desk.database, taken, query)
        desk.wake_runner()
    return await _report(
        taken, chat, desk, Html(f"{text('campaign.taken_tags' if query else 'campaign.taken', language)}\n")
    )


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def opened(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`campaign_open NUMBER`, behind buttons; without a number the list."""
    async with desk.database.read() as connection:
        mine = await campaign_store.owned(connection, str(chat.key))
    if not call.argument:
        return _list(mine, desk, chat.language) if mine else await new(call, chat, desk)
    one = next((one for one in mine if str(one.id) == call.argument), None)
    return await _report(one, chat, desk) if one else say("campaign.gone", chat.language)


async def remove(call: Call, chat: Chat, desk: Desk) -> Reply:
    """`campaign_remove NUMBER [yes]`, behind buttons: asks once more."""
    language, (number, _, sure) = chat.language, call.argument.partition(" ")
    async with desk.database.read() as connection:
        mine = await campaign_store.owned(connection, str(chat.key))
    one = next((one for one in mine if str(one.id) == number), None)
    if one is None:
        return say("campaign.gone", language)
    if not sure:
        yes = button("campaign.yes", language, f"campaign_remove {one.id} yes")
        return say("campaign.sure", language, (yes, button("campaign.no", language, "campaign_open")), name=one.name)
    async with desk.database.write() as connection:
        await campaign_store.remove(connection, str(chat.key), one.id)
        if one.tracker_id:
            await tracker_store.remove(connection, one.trackers_owner, [one.tracker_id])
    if one.tracker_id:
        await desk.roster.let_go([one.tracker_id], desk.now())
    return replace(say("campaign.removed", language, name=one.name), edit=True)


def _list(mine: Sequence[Campaign], desk: Desk, language: ChatLanguage) -> Reply:
    clock = desk.clock(language)
    blocks = [text("campaign.list", language, count=len(mine))]
    for one in mine[:SHOWN]:
        days = campaign_report.days(one, clock)
        blocks.append(Html(f"\n{text('campaign.one', language, name=one.name, tags=one.tags)}\n{days}"))
    return show(blocks, language, *_openers(mine, language), (button("campaign.new", language, "campaign_new"),))


def _openers(mine: Sequence[Campaign], language: ChatLanguage) -> list[tuple[Button, ...]]:
    return [
        (button("campaign.open", language, f"campaign_open {one.id}", name=cut(one.name, ON_A_BUTTON)),)
        for one in mine[:SHOWN]
    ]


async def _report(one: Campaign, chat: Chat, desk: Desk, *before: Html) -> Reply:
    """The phases of a campaign as they stand, with their topics, a picture, and the campaign before it."""
    language, clock, now = chat.language, desk.clock(chat.language), desk.now()
    async with desk.database.read() as connection:
        own = [tracker.id for tracker in _own(await chats.trackers_of(connection, chat.key))]
        phases = [await phase(connection, one, own, part, clock.zone) for part in stretches(one, now)]
        mine = await campaign_store.owned(connection, str(chat.key))
        previous = next((other for other in mine if other.since < one.since), None)
        earlier = await _during(previous, own, desk, clock) if previous else None
    ids = (*own, one.tracker_id) if one.tracker_id else tuple(own)
    found = await desk.topics.find(ids, [(part.stretch.since, part.stretch.until) for part in phases], TOPICS)
    topics = {part.stretch.name: some.topics for part, some in zip(phases, found, strict=True)}
    blocks = [*before, campaign_report.heading(one, now, clock), *campaign_report.told(phases, topics, clock)]
    during = next((part for part in phases if part.stretch.name == "during"), None)
    if previous and earlier and during:
        blocks.append(campaign_report.against(during, earlier, previous.name, clock))
    keys = (
        button("campaign.remove", language, f"campaign_remove {one.id}"),
        button("campaign.all", language, "campaign_open"),
    )
    if not any(part.counts.total for part in phases):
        return show(blocks, language, keys)
    named = any(part.names.total for part in phases)  # an article with both would stand twice in the picture
    picture = await _picture(one, phases, tuple(own) if named else ids, desk, clock)
    return illustrate(picture, blocks, language, keys)


async def _during(one: Campaign, own: Sequence[int], desk: Desk, clock: Clock) -> Phase | None:
    """The numbers of another campaign while it ran."""
    ran = next((part for part in stretches(one, desk.now()) if part.name == "during"), None)
    if ran is None:
        return None
    async with desk.database.read() as connection:
        return await phase(connection, one, own, ran, clock.zone)


async def _picture(one: Campaign, phases: Sequence[Phase], ids: tuple[int, ...], desk: Desk, clock: Clock) -> bytes:
    """All its phases, day by day."""
    whole = Period("range", phases[0].stretch.since, phases[-1].stretch.until)
    async with desk.database.read() as connection:
        found = await numbers.gather(connection, ids, whole, clock)
    first, last = (clock.day(clock.today(at)) for at in (whole.since, whole.until - timedelta(seconds=1)))
    when = text("campaign.whole", clock.language, first=Html(first), last=Html(last))
    return await statistics(found, Words(one.name, str(when)), clock)


def _own(mine: Sequence[Tracker]) -> list[Tracker]:
    """The owner's names: the own brands or, where there is none, all that is no competitor."""
    return [one for one in mine if one.kind == "own"] or [one for one in mine if one.kind != "competitor"]


COMMANDS = (
    Command("campaign", campaign),
    Command("campaign_new", new, listed=False),
    Command("campaign_open", opened, listed=False),
    Command("campaign_remove", remove, listed=False),
)
