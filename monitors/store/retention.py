"""Forgetting: articles without a mention go when their time is over; what was mentioned stays until somebody deletes it."""

from datetime import datetime

from sqlalchemy import delete, exists, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.store.engine import Database
from monitors.store.tables import articles, mentions

AT_ONCE = 500  # articles a transaction, so that writers wait little


async def forget(database: Database, before: datetime) -> int:
    """Removes unmentioned articles that were first seen before then; returns how many."""
    removed = 0
    while True:
        async with database.write() as connection:
            some = await _remove_some(connection, before)
        removed += some
        if some < AT_ONCE:
            break
    async with database.write() as connection:
        await connection.execute(text("PRAGMA optimize"))
    return removed


async def _remove_some(connection: AsyncConnection, before: datetime) -> int:
    unmentioned = ~exists().where(mentions.c.article_id == articles.c.id)
    old = select(articles.c.id).where(articles.c.seen_at < before, unmentioned).limit(AT_ONCE)
    ids = list(await connection.scalars(old))
    if ids:
        await connection.execute(text("DELETE FROM articles_fts WHERE rowid = :id"), [{"id": id_} for id_ in ids])
        await connection.execute(delete(articles).where(articles.c.id.in_(ids)))
    return len(ids)
