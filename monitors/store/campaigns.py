"""Campaigns: what an owner had said about itself, from when until when, and under which hashtags. Their rows.

The hashtags of a campaign are a tracker that the campaign owns ("campaign:7"): followed and counted as any other, listed
with nobody's, and told to nobody.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.store.statistics import Scope
from monitors.store.tables import campaigns, mentions


@dataclass(frozen=True, slots=True)
class Campaign:
    """since ≤ t < until, whole days of the owner's. `tags` are as they were written, `tracker_id` follows them."""

    id: int
    owner: str
    name: str
    tags: str
    tracker_id: int | None
    since: datetime
    until: datetime

    @property
    def trackers_owner(self) -> str:
        """Who owns the tracker of the hashtags."""
        return f"campaign:{self.id}"


async def add(
    connection: AsyncConnection, owner: str, name: str, tags: str, since: datetime, until: datetime, now: datetime
) -> Campaign:
    """A new campaign, as stored; its hashtags are not tracked yet."""
    values = {"owner": owner, "name": name, "tags": tags, "since": since, "until": until, "created_at": now}
    return _campaign((await connection.execute(insert(campaigns).values(values).returning(campaigns))).one())


async def follow(connection: AsyncConnection, campaign_id: int, tracker_id: int) -> None:
    """This tracker finds the campaign's hashtags."""
    await connection.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(tracker_id=tracker_id))


async def owned(connection: AsyncConnection, owner: str) -> tuple[Campaign, ...]:
    """An owner's campaigns, the last to begin first."""
    mine = select(campaigns).where(campaigns.c.owner == owner)
    rows = await connection.execute(mine.order_by(campaigns.c.since.desc(), campaigns.c.id.desc()))
    return tuple(_campaign(row) for row in rows)


async def remove(connection: AsyncConnection, owner: str, campaign_id: int) -> None:
    """Removes an owner's campaign; the tracker of its hashtags stays for the caller to remove."""
    await connection.execute(delete(campaigns).where(campaigns.c.owner == owner, campaigns.c.id == campaign_id))


async def publishers(connection: AsyncConnection, scope: Scope) -> int:
    """How many publishers mention the scope's trackers."""
    within = (mentions.c.dated_at >= scope.since, mentions.c.dated_at < scope.until)
    count = select(func.count(mentions.c.publisher.distinct())).where(
        mentions.c.tracker_id.in_(scope.tracker_ids), *within
    )
    return await connection.scalar(count) or 0


def _campaign(row: Row[Any]) -> Campaign:
    return Campaign(*(getattr(row, name) for name in Campaign.__dataclass_fields__))
