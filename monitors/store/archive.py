"""Search in what is stored, over the full-text index of folded text. Finds candidates: the matcher has the last word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, text
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.model import Article, Language
from monitors.store import articles
from monitors.store.times import UtcTime, milliseconds

# A join that SQLite may not turn round: with statistics of a young archive it asked the index once for each article.
SEARCH = text(
    "SELECT articles.id FROM articles_fts CROSS JOIN articles ON articles.id = articles_fts.rowid "
    "WHERE articles_fts MATCH :expression AND articles.dated_at >= :since "
    "ORDER BY articles.dated_at DESC LIMIT :limit"
)
# The index gives its rows in the order of their numbers, so that this ends at the limit and does not look at the rest.
# Nothing counts for a moment after it was seen: what was seen before `since` need not be looked at.
SCAN = text(
    "SELECT articles.id, articles.title, articles.text, articles.language, coalesce(articles.outlet, sources.title) AS outlet, "
    "articles.url, articles.dated_at FROM articles_fts CROSS JOIN articles ON articles.id = articles_fts.rowid "
    "CROSS JOIN sources ON sources.id = articles.source_id WHERE articles_fts MATCH :expression "
    "AND articles_fts.rowid > :after "
    "AND articles_fts.rowid >= coalesce((SELECT id FROM articles WHERE seen_at >= :since ORDER BY seen_at, id LIMIT 1), 0) "
    "AND articles.dated_at >= :since AND articles.dated_at < :until ORDER BY articles_fts.rowid DESC LIMIT :limit"
).columns(language=Text, dated_at=UtcTime)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the matcher needs of a stored article; `dated_at` is the moment it counts for."""

    article_id: int
    title: str
    text: str
    language: Language | None
    outlet: str
    url: str | None
    dated_at: datetime


async def search(
    connection: AsyncConnection, expression: str | None, since: datetime, limit: int
) -> tuple[Article, ...]:
    """Articles whose folded text satisfies an FTS5 expression, newest first; an expression of None takes all."""
    if expression is None:
        statement = text("SELECT id FROM articles WHERE dated_at >= :since ORDER BY dated_at DESC LIMIT :limit")
    else:
        statement = SEARCH.bindparams(expression=expression)
    statement = statement.bindparams(limit=limit).bindparams(
        since=UtcTime().process_bind_param(since, connection.dialect)
    )
    ids = list(await connection.scalars(statement))
    found = await articles.by_ids(connection, ids)
    return tuple(found[i] for i in ids)


async def scan(
    connection: AsyncConnection, expression: str, since: datetime, until: datetime, limit: int, after: int = 0
) -> Sequence[Candidate]:
    """The articles of since ≤ t < until whose folded text satisfies an FTS5 expression: those that were stored last, at
    most `limit`, in time that does not grow with the archive; only those whose id is above `after`."""
    bound = {"expression": expression, "since": milliseconds(since), "until": milliseconds(until)}
    bound |= {"limit": limit, "after": after}
    return [Candidate(*row) for row in await connection.execute(SCAN, bound)]
