"""Articles and their mentions read back: what is known, and what is shown by article, address, story or tracker.

What lives here: reading. What does not: storing (recording.py), search in the archive (archive.py), numbers (statistics.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.model import Article, Item, Known, Mention, MentionedArticle, Metrics
from monitors.store import judgements
from monitors.store.tables import articles, mentions
from monitors.store.tables import sources as sources_table

KEYS_A_QUERY = 500
METRICS = tuple(Metrics.__dataclass_fields__)
# Asked for every item of every poll, so it is written for the driver itself.
KNOWN = f"SELECT id, source_id, guid_key, url_key, content_key, {', '.join(METRICS)} FROM articles WHERE {{}} IN ({{}})"  # noqa: S608


async def known(
    connection: AsyncConnection, guid_keys: Sequence[bytes], url_keys: Sequence[bytes]
) -> Mapping[bytes, Known]:
    """The stored articles behind any of these keys, by each of their own keys."""
    rows: dict[int, Row[Any]] = {}
    for column, keys in (("guid_key", guid_keys), ("url_key", url_keys)):
        for some in batched(keys, KEYS_A_QUERY):
            found = await connection.exec_driver_sql(KNOWN.format(column, ", ".join("?" * len(some))), some)
            rows.update((row.id, row) for row in found)
    tracker_ids = {
        article_id: {found.tracker_id for found in some} for article_id, some in (await of(connection, rows)).items()
    }
    return {
        key: Known(
            article_id=row.id,
            source_id=row.source_id,
            guid_key=row.guid_key,
            url_key=row.url_key,
            content_key=row.content_key,
            metrics=_metrics(row),
            tracker_ids=frozenset(tracker_ids.get(row.id, ())),
        )
        for row in rows.values()
        for key in (row.guid_key, row.url_key)
        if key
    }


async def of(connection: AsyncConnection, article_ids: Iterable[int]) -> Mapping[int, tuple[Mention, ...]]:
    """The mentions of these articles, by article id."""
    found: dict[int, list[Mention]] = defaultdict(list)
    for some in batched(article_ids, KEYS_A_QUERY):
        for row in await connection.execute(select(mentions).where(mentions.c.article_id.in_(some))):
            found[row.article_id].append(judgements.mention(row))
    return {article_id: tuple(some) for article_id, some in found.items()}


# ── reading back ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def by_ids(connection: AsyncConnection, article_ids: Iterable[int]) -> Mapping[int, Article]:
    """Articles by id; those that retention has taken are missing."""
    found: dict[int, Article] = {}
    statement = select(
        articles, sources_table.c.title.label("source_title"), sources_table.c.kind.label("source_kind")
    ).join(sources_table)
    for some in batched(article_ids, KEYS_A_QUERY):
        for row in await connection.execute(statement.where(articles.c.id.in_(some))):
            found[row.id] = _article(row)
    return found


async def telling(connection: AsyncConnection, story_id: int, tracker_ids: Sequence[int]) -> tuple[Article, ...]:
    """The articles of a story that mention any of these trackers, in the order in which they told it."""
    ids = (
        select(articles.c.id)
        .join(mentions, mentions.c.article_id == articles.c.id)
        .where(articles.c.story_id == story_id, mentions.c.tracker_id.in_(tracker_ids))
        .distinct()
    )
    found = await by_ids(connection, list(await connection.scalars(ids)))
    return tuple(sorted(found.values(), key=lambda one: (one.dated_at, one.id)))


async def by_url(connection: AsyncConnection, url_key: bytes) -> MentionedArticle | None:
    """The article at an address (identity.url_key), with all its mentions."""
    found = await connection.scalar(select(articles.c.id).where(articles.c.url_key == url_key))
    if found is None:
        return None
    return MentionedArticle((await by_ids(connection, [found]))[found], (await of(connection, [found])).get(found, ()))


async def alerted(connection: AsyncConnection, article_id: int) -> frozenset[int]:
    """The trackers whose chats were told of the article; the others' mentions were found quietly."""
    told = select(mentions.c.tracker_id).where(mentions.c.article_id == article_id, mentions.c.alert_id.is_not(None))
    return frozenset(await connection.scalars(told))


def _metrics(row: Row[Any]) -> Metrics:
    return Metrics(*(getattr(row, name) for name in METRICS))


def item_of(row: Row[Any]) -> Item:
    """The item in a row of the articles."""
    return Item(
        guid=row.guid_key.hex(),
        url=row.url,
        title=row.title,
        text=row.text,
        author=row.author,
        published_at=row.published_at,
        author_url=row.author_url,
        outlet=row.outlet,
        language=row.language,
        origin=row.origin,
        metrics=_metrics(row),
    )


def _article(row: Row[Any]) -> Article:
    return Article(
        row.id, item_of(row), row.outlet or row.source_title, row.source_kind, row.seen_at, row.dated_at, row.story_id
    )


async def mentioned(
    connection: AsyncConnection,
    tracker_ids: Sequence[int],
    since: datetime,
    until: datetime,
    limit: int,
    offset: int = 0,
) -> tuple[MentionedArticle, ...]:
    """Articles that count for since ≤ t < until and mention any of these trackers, newest first, with those mentions."""
    of_trackers = mentions.c.tracker_id.in_(tracker_ids)
    newest = (
        select(mentions.c.article_id)
        .where(of_trackers, mentions.c.dated_at >= since, mentions.c.dated_at < until)
        .group_by(mentions.c.article_id)
        .order_by(func.max(mentions.c.dated_at).desc(), mentions.c.article_id.desc())
        .limit(limit)
        .offset(offset)
    )
    ids = list(await connection.scalars(newest))
    found, told = await by_ids(connection, ids), await of(connection, ids)
    return tuple(
        MentionedArticle(found[i], tuple(some for some in told[i] if some.tracker_id in tracker_ids)) for i in ids
    )
