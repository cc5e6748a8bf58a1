"""Search in what is stored, over the full-text index of folded text. Finds candidates: the matcher has the last word."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.model import Article
from monitors.store import articles
from monitors.store.tables import UtcTime

SEARCH = text(
    "SELECT articles.id FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid "
    "WHERE articles_fts MATCH :expression AND articles.dated_at >= :since "
    "ORDER BY articles.dated_at DESC LIMIT :limit"
)


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
