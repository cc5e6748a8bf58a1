"""Who and what stands out in a period: publishers, voices and stories, by mentions or by reach.

What lives here: rankings over one index, with names looked up for the few that are shown. What does not: the formulas
(monitors/reach.py), and how they read (bot/).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors import reach
from monitors.model import Article
from monitors.store import articles
from monitors.store.statistics import Counts, Scope, bounds

type Order = Literal["mentions", "reach"]

# A publisher's reports of one story on one day reach its readers once: the most read of them counts.
_REPORTS = (
    "SELECT {group} AS one, publisher, count(*) AS n, sum(label = 'pos') AS pos, sum(label = 'neg') AS neg, "
    "max(reach) AS reach, sum(response) AS response, max(article_id) AS newest, min(article_id) AS oldest FROM mentions "
    "WHERE tracker_id IN :trackers AND dated_at >= :since AND dated_at < :until AND {group} IS NOT NULL "
    "GROUP BY {group}, publisher, story_id, (dated_at + :offset) / 86400000"
)
_RANKED = (
    "SELECT one, sum(n) AS n, sum(pos) AS pos, sum(neg) AS neg, sum(reach) AS reach, sum(response) AS response, "
    "max(newest) AS newest, min(oldest) AS oldest, {publishers} AS publishers FROM ({reports}) "
    "GROUP BY one ORDER BY {first} DESC, {second} DESC, one LIMIT :limit"
)
_COLUMNS: dict[Order, tuple[str, str]] = {"mentions": ("n", "reach"), "reach": ("reach", "n")}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A publisher, a voice or a story: its mentions, estimated reach (readings), and its newest article or, of a story, its
    first. `influence` (0–100) is a voice's, `publishers` is how many tell a story."""

    article: Article
    counts: Counts
    reach: int
    influence: int = 0
    publishers: int = 1


async def publishers(connection: AsyncConnection, scope: Scope, order: Order, limit: int) -> tuple[Ranked, ...]:
    """Who published the most."""
    rows = await _rows(connection, "publisher", scope, _COLUMNS[order], limit)
    found = await articles.by_ids(connection, [row.newest for row in rows])
    return tuple(Ranked(found[row.newest], _counts(row), row.reach) for row in rows)


async def voices(connection: AsyncConnection, scope: Scope, order: Order, limit: int) -> tuple[Ranked, ...]:
    """Who signed the most; in the order of reach, the most influential of those."""
    candidates = limit * 10 if order == "reach" else limit
    rows = await _rows(connection, "voice", scope, _COLUMNS[order], candidates)
    scored = [(reach.influence(row.reach / row.n, row.response / row.n, row.n), row) for row in rows]
    if order == "reach":
        scored.sort(key=lambda pair: -pair[0])
    del scored[limit:]
    found = await articles.by_ids(connection, [row.newest for _, row in scored])
    return tuple(Ranked(found[row.newest], _counts(row), row.reach, influence) for influence, row in scored)


async def stories(connection: AsyncConnection, scope: Scope, order: Order, limit: int) -> tuple[Ranked, ...]:
    """What was told by the most publishers, or reached the most readers."""
    first = ("publishers", "reach") if order == "mentions" else ("reach", "publishers")
    rows = await _rows(connection, "story_id", scope, first, limit)
    found = await articles.by_ids(connection, [row.oldest for row in rows])
    return tuple(Ranked(found[row.oldest], _counts(row), row.reach, publishers=row.publishers) for row in rows)


async def _rows(
    connection: AsyncConnection, group: str, scope: Scope, columns: tuple[str, str], limit: int
) -> Sequence[Row[Any]]:
    reports = _REPORTS.format(group=group)
    publishers = "count(DISTINCT publisher)" if group == "story_id" else "1"
    ranked = _RANKED.format(reports=reports, publishers=publishers, first=columns[0], second=columns[1])
    statement = text(ranked).bindparams(bindparam("trackers", expanding=True))
    return (await connection.execute(statement, bounds(scope) | {"limit": limit})).all()


def _counts(row: Row[Any]) -> Counts:
    return Counts(row.pos, row.n - row.pos - row.neg, row.neg)
