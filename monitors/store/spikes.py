"""Which trackers are stirred, and the warnings that were given of each: what keeps a storm from being told twice.

What lives here: their SQL. What does not: what a spike is (monitors/spikes.py), who is told (bot/storms.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.spikes import Kind, Sensitivity, Spike
from monitors.store.tables import mentions, warnings


async def stirred(connection: AsyncConnection, since: datetime, least: int) -> tuple[int, ...]:
    """The trackers with at least so many mentions since then."""
    recent = select(mentions.c.tracker_id).where(mentions.c.dated_at >= since)
    rows = await connection.scalars(recent.group_by(mentions.c.tracker_id).having(func.count() >= least))
    return tuple(rows)


async def warned(connection: AsyncConnection, tracker_id: int, sensitivity: Sensitivity) -> Mapping[Kind, Spike]:
    """The latest warning of each kind."""
    of_both = (warnings.c.tracker_id == tracker_id) & (warnings.c.sensitivity == sensitivity)
    rows = await connection.execute(select(warnings).where(of_both))
    return {
        cast("Kind", row.kind): Spike(row.start, cast("Kind", row.kind), row.total, row.usual, row.hours, row.since)
        for row in rows
    }


async def keep(connection: AsyncConnection, tracker_id: int, sensitivity: Sensitivity, spikes: Sequence[Spike]) -> None:
    """These were warned of: each is the latest of its kind from now on."""
    for spike in spikes:
        values = asdict(spike) | {"tracker_id": tracker_id, "sensitivity": sensitivity}
        values["total"] = values.pop("count")
        await connection.execute(
            upsert(warnings).values(values).on_conflict_do_update(list(warnings.primary_key), set_=values)
        )
