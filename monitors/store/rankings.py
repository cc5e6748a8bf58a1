"""Who and what stands out in a period: publishers, voices and stories, by mentions or by reach.

What lives here: rankings over one index, with names looked up for the few that are shown. What does not: the formulas
(monitors/reach.py), and how they read (bot/).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.model import Article
from monitors.reach import influence
from monitors.store import articles
from monitors.store.statistics import BY_LABEL, WITHIN, Counts, Scope, bounds

type Order = Literal["mentions", "reach"]
type Pair = tuple[Row[Any], Row[Any]]  # what was counted of one, and what it reached

CANDIDATES = 10  # voices that are scored for one that is shown

_COUNTED = (
    "SELECT {group} AS one, count(*) AS n, {by_label}, sum(response) AS response, max(article_id) AS newest, "
    "min(article_id) AS oldest FROM mentions WHERE {within} GROUP BY {group} ORDER BY n DESC, one LIMIT :limit"
)
# A publisher's reports of one story on one day reach its readers once: the most read of them counts.
_REACHED = (
    "SELECT one, sum(reach) AS reach, count(DISTINCT publisher) AS publishers FROM (SELECT {group} AS one, publisher, "
    "max(reach) AS reach FROM mentions WHERE {within} GROUP BY {group}, publisher, story_id, (dated_at + :offset) / 86400000"
    ") AS reports GROUP BY one ORDER BY {first} DESC, {second} DESC, one LIMIT :limit"
)


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
    pairs = await _ranked(connection, "publisher", scope, order, limit)
    found = await articles.by_ids(connection, [counted.newest for counted, _ in pairs])
    return tuple(Ranked(found[counted.newest], _counts(counted), reached.reach) for counted, reached in pairs)


async def voices(connection: AsyncConnection, scope: Scope, order: Order, limit: int) -> tuple[Ranked, ...]:
    """Who signed the most; in the order of reach, the most influential of those who reached the most."""
    pairs = await _ranked(connection, "voice", scope, order, limit * CANDIDATES if order == "reach" else limit)
    scored = [(influence(told.reach / seen.n, seen.response / seen.n, seen.n), seen, told) for seen, told in pairs]
    if order == "reach":
        scored.sort(key=lambda one: -one[0])
    del scored[limit:]
    found = await articles.by_ids(connection, [seen.newest for _, seen, _ in scored])
    return tuple(Ranked(found[seen.newest], _counts(seen), told.reach, score) for score, seen, told in scored)


async def stories(connection: AsyncConnection, scope: Scope, order: Order, limit: int) -> tuple[Ranked, ...]:
    """What was told by the most publishers, or reached the most readers."""
    by = ("publishers", "reach") if order == "mentions" else ("reach", "publishers")
    pairs = await _reached_first(connection, "story_id", scope, by, limit)
    found = await articles.by_ids(connection, [counted.oldest for counted, _ in pairs])
    return tuple(
        Ranked(found[counted.oldest], _counts(counted), reached.reach, publishers=reached.publishers)
        for counted, reached in pairs
    )


async def _ranked(connection: AsyncConnection, group: str, scope: Scope, order: Order, limit: int) -> list[Pair]:
    """What is counted and what is reached of the first ones. The costly half is asked about few, where it can be."""
    if order == "reach":
        return await _reached_first(connection, group, scope, ("reach", "publishers"), limit)
    counted = await _rows(connection, _COUNTED, group, scope, limit)
    ones = [row.one for row in counted]
    reached = {row.one: row for row in await _rows(connection, _REACHED, group, scope, limit, ones)}
    return sorted(((row, reached[row.one]) for row in counted), key=lambda pair: (-pair[0].n, -pair[1].reach))


async def _reached_first(
    connection: AsyncConnection, group: str, scope: Scope, by: tuple[str, str], limit: int
) -> list[Pair]:
    reached = await _rows(connection, _REACHED, group, scope, limit, by=by)
    ones = [row.one for row in reached]
    counted = {row.one: row for row in await _rows(connection, _COUNTED, group, scope, limit, ones)}
    return [(counted[row.one], row) for row in reached]


async def _rows(
    connection: AsyncConnection,
    template: str,
    group: str,
    scope: Scope,
    limit: int,
    ones: Sequence[int] | None = None,
    by: tuple[str, str] = ("reach", "publishers"),
) -> Sequence[Row[Any]]:
    """`ones` are those that are asked about; None for all."""
    within = f"{WITHIN} AND {group} {'IS NOT NULL' if ones is None else 'IN :ones'}"
    written = template.format(group=group, by_label=BY_LABEL, within=within, first=by[0], second=by[1])
    lists = {"trackers": list(scope.tracker_ids)} | ({} if ones is None else {"ones": list(ones)})
    expanding = text(written).bindparams(*(bindparam(name, expanding=True) for name in lists))
    return (await connection.execute(expanding, bounds(scope) | lists | {"limit": limit})).all()


def _counts(row: Row[Any]) -> Counts:
    return Counts(row.pos, row.neu, row.neg)
