"""A campaign before, while and after it ran: how much was said of the owner's names and its hashtags, in which tone, by whom.

What lives here: which stretches are compared, their numbers, and what the archive has of the hashtags from before they were
followed. What does not: its rows (store/campaigns.py), topics (topics.py), how it is told (bot/).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from monitors import decide
from monitors.language.archive import candidates
from monitors.language.match import Matcher
from monitors.language.query import Query
from monitors.model import Article, Mention
from monitors.store import archive, articles, rankings, recording, statistics
from monitors.store import campaigns as rows
from monitors.store.campaigns import Campaign
from monitors.store.engine import Database
from monitors.store.rankings import Ranked
from monitors.store.statistics import Counts, Scope

type Name = Literal["before", "during", "after"]

MOST: Final = 2_000  # articles that may hold its hashtags, stored last
SHOWN: Final = 3  # publishers and authors


@dataclass(frozen=True, slots=True)
class Stretch:
    """since ≤ t < until; the part of it that has passed."""

    name: Name
    since: datetime
    until: datetime

    @property
    def days(self) -> float:
        """Its length, at least an hour of it."""
        return max((self.until - self.since) / timedelta(days=1), 1 / 24)


@dataclass(frozen=True, slots=True)
class Phase:
    """What a stretch held: mentions of the owner's names, and of the hashtags. Reach, publishers and authors are those of the
    names where there are any, else of the hashtags."""

    stretch: Stretch
    names: Counts
    tags: Counts
    reach: int
    publishers: int
    top_publishers: tuple[Ranked, ...]
    top_authors: tuple[Ranked, ...]

    @property
    def counts(self) -> Counts:
        """Of the names where there are any, else of the hashtags."""
        return self.names if self.names.total else self.tags


def stretches(campaign: Campaign, now: datetime) -> tuple[Stretch, ...]:
    """As long before and after as it runs, up to now; what has not begun is left out."""
    length = campaign.until - campaign.since
    whole = (
        Stretch("before", campaign.since - length, campaign.since),
        Stretch("during", campaign.since, campaign.until),
        Stretch("after", campaign.until, campaign.until + length),
    )
    return tuple(Stretch(one.name, one.since, min(one.until, now)) for one in whole if one.since < now)


async def phase(
    connection: AsyncConnection, campaign: Campaign, own: Sequence[int], stretch: Stretch, zone: ZoneInfo
) -> Phase:
    """The numbers of a stretch; `own` are the trackers of the owner's names."""
    within = (stretch.since, stretch.until)
    tag = [campaign.tracker_id] if campaign.tracker_id else []
    names = statistics.total((await statistics.counts(connection, own, *within)).values())
    tags = statistics.total((await statistics.counts(connection, tag, *within)).values())
    scope = Scope(tuple(own if names.total else tag), *within, zone)
    return Phase(
        stretch,
        names,
        tags,
        await statistics.reach(connection, scope),
        await rows.publishers(connection, scope),
        await rankings.publishers(connection, scope, "mentions", SHOWN),
        await rankings.voices(connection, scope, "mentions", SHOWN),
    )


async def look_through(database: Database, campaign: Campaign, query: Query) -> None:
    """Stores what the archive has of the hashtags since before the campaign, for its tracker; alerts nobody."""
    assert campaign.tracker_id  # noqa: S101 - it is asked of campaigns with hashtags
    length = campaign.until - campaign.since
    async with database.read() as connection:
        likely = await archive.scan(
            connection, candidates(query), campaign.since - length, campaign.until + length, MOST
        )
        found = await articles.by_ids(connection, [one.article_id for one in likely])
    judged = await asyncio.to_thread(_judged, query, campaign.tracker_id, list(found.values()))
    async with database.write() as connection:
        await recording.add_mentions(connection, judged, {})


def _judged(
    query: Query, tracker_id: int, likely: Sequence[Article]
) -> list[tuple[int, datetime, tuple[Mention, ...]]]:
    matcher = Matcher(((tracker_id, query),))
    return [
        (one.id, one.dated_at, decide.mentions_in(one.item, one.outlet, one.source_kind, matcher)) for one in likely
    ]
