"""Storing what decisions add: articles, their index, stories, mentions, alerts, the state of polls.

What lives here: the spine of storing (`record`). What does not: reading it back (articles.py), the state of polls (sources.py),
the way of alerts to chats (bot/outbox.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors import reach
from monitors.language.story import StoryIndex, Told
from monitors.model import Decision, Edited, Fresh, Item, Mention
from monitors.store import judgements, pages, sources
from monitors.store.articles import KEYS_A_QUERY, METRICS, item_of
from monitors.store.tables import alerts, articles, mentions, trackers
from monitors.store.times import UtcTime, milliseconds

LAST_ARTICLE = select(func.max(articles.c.id))
JUDGED_ANEW = (
    "spans",
    "score",
    "certain",
    "evidence",
    "source_id",
    "story_id",
    "publisher",
    "voice",
    "reach",
    "response",
)

# What every new article costs is written for the driver itself: SQLAlchemy would take as long over a row as SQLite does.
VALUES = (
    *("source_id", "guid_key", "url_key", "content_key"),
    *("url", "title", "text", "author", "author_url", "outlet", "language", "origin", *METRICS, "published_at"),
)
INSERT_ARTICLE = (
    f"INSERT INTO articles ({', '.join(VALUES)}, id, seen_at, dated_at) VALUES ({', '.join('?' * (len(VALUES) + 3))})"  # noqa: S608
)
UPDATE_ARTICLE = (  # OR IGNORE: the new address may be another article's by now; then the article stays as it was
    f"UPDATE OR IGNORE articles SET {', '.join(f'{name} = ?' for name in VALUES)}, edited_at = ? WHERE id = ?"  # noqa: S608
)
INSERT_FTS = "INSERT INTO articles_fts (rowid, folded) VALUES (?, ?)"
UPDATE_FTS = text("UPDATE articles_fts SET folded = :folded WHERE rowid = :id")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What `record` wrote: how many alerts it raised, and (source id, article id, what was judged) of articles whose
    mentions are news, or were judged anew."""

    alerts: int
    judged: tuple[tuple[int, int, Fresh], ...]


async def record(connection: AsyncConnection, decisions: Sequence[Decision], stories: StoryIndex) -> Recorded:
    """Writes all that polls brought, in the caller's one transaction.

    An item that another decision of the same batch, or another process, has stored meanwhile is left as it stands.
    """
    ids = await _insert_articles(connection, decisions)
    written = [(one.source_id, ids[new.guid_key], new) for one in decisions for new in one.fresh if new.guid_key in ids]
    news = [(source_id, article_id, new) for source_id, article_id, new in written if new.alert]
    for decision in decisions:
        for edit in decision.edited:
            await _update_article(connection, decision.source_id, edit)
    edited = [
        (one.source_id, edit.article_id, edit.fresh) for one in decisions for edit in one.edited if edit.content_changed
    ]
    fresh = [(article_id, new) for _, article_id, new in (*written, *edited)]
    await _tell_stories(connection, [(article_id, new) for article_id, new in fresh if new.mentions], stories)
    raised = await _raise_alerts(connection, [(article_id, new) for article_id, new in fresh if new.alert])
    await add_mentions(connection, [(article_id, new.dated_at, new.mentions) for article_id, new in fresh], raised)
    await pages.want(connection, [(article_id, new) for article_id, new in fresh if new.read_page])
    await pages.settle(connection, [one.page_read for one in decisions if one.page_read], pages.READ)
    await sources.save_states(connection, decisions)
    return Recorded(len(raised), (*news, *edited))


async def _insert_articles(connection: AsyncConnection, decisions: Sequence[Decision]) -> Mapping[bytes, int]:
    """Article ids by guid key. Whoever writes holds the lock since before it asked what is known, so ids can be counted on."""
    taken = set[bytes]()
    fresh = []
    for decision in decisions:
        for new in decision.fresh:
            if new.url_key is None or new.url_key not in taken:
                fresh.append((decision.source_id, new))
                taken.add(new.url_key or new.guid_key)
    if not fresh:
        return {}
    last = await connection.scalar(LAST_ARTICLE) or 0
    numbered = [(article_id, *one) for article_id, one in enumerate(fresh, last + 1)]
    rows = [
        (*_values(source_id, new), article_id, milliseconds(new.seen_at), milliseconds(new.dated_at))
        for article_id, source_id, new in numbered
    ]
    await connection.exec_driver_sql(INSERT_ARTICLE, rows)
    await connection.exec_driver_sql(INSERT_FTS, [(article_id, new.folded) for article_id, _, new in numbered])
    return {new.guid_key: article_id for article_id, _, new in numbered}


async def _update_article(connection: AsyncConnection, source_id: int, edit: Edited) -> None:
    if not edit.content_changed:
        measured = update(articles).where(articles.c.id == edit.article_id)
        await connection.execute(measured.values(asdict(edit.fresh.item.metrics)))
        received = update(mentions).where(mentions.c.article_id == edit.article_id)
        await connection.execute(received.values(_reception(edit.fresh.item)))
        return
    values = (*_values(source_id, edit.fresh), milliseconds(edit.fresh.seen_at), edit.article_id)
    await connection.exec_driver_sql(UPDATE_ARTICLE, values)
    await connection.execute(UPDATE_FTS, {"id": edit.article_id, "folded": edit.fresh.folded})
    gone = update(mentions).where(
        mentions.c.article_id == edit.article_id,
        mentions.c.tracker_id.not_in([found.tracker_id for found in edit.fresh.mentions]),
    )
    await connection.execute(gone.values(spans=[]))


async def _tell_stories(
    connection: AsyncConnection, mentioning: Sequence[tuple[int, Fresh]], stories: StoryIndex
) -> None:
    """Gives articles that mention somebody to the story that they tell."""
    placed = [
        {"article": article_id, "story": stories.assign(_told(article_id, new)).story_id}
        for article_id, new in mentioning
    ]
    if placed:
        statement = update(articles).where(articles.c.id == bindparam("article")).values(story_id=bindparam("story"))
        await connection.execute(statement, placed)


def _told(article_id: int, new: Fresh) -> Told:
    return Told(article_id, new.folded, new.dated_at, new.item.url, new.item.origin)


async def recently_told(connection: AsyncConnection, since: datetime) -> list[tuple[Told, int]]:
    """The articles of stories since then with their story ids, in the order in which they were told."""
    statement = text(
        "SELECT articles.id, folded, dated_at, url, origin, story_id FROM articles JOIN articles_fts ON articles_fts.rowid = articles.id "
        "WHERE story_id IS NOT NULL AND dated_at >= :since ORDER BY dated_at, articles.id"
    ).columns(dated_at=UtcTime)
    rows = await connection.execute(statement.bindparams(bindparam("since", since, UtcTime)))
    return [(Told(row.id, row.folded, row.dated_at, row.url, row.origin), row.story_id) for row in rows]


async def _raise_alerts(connection: AsyncConnection, told: Sequence[tuple[int, Fresh]]) -> Mapping[int, int]:
    """Alert ids by article id."""
    raised: dict[int, int] = {}
    for some in batched(told, KEYS_A_QUERY):
        rows = [{"kind": "mention", "article_id": article_id, "created_at": new.seen_at} for article_id, new in some]
        statement = insert(alerts).returning(alerts.c.id, alerts.c.article_id)
        raised.update((row.article_id, row.id) for row in await connection.execute(statement, rows))
    return raised


async def add_mentions(
    connection: AsyncConnection, judged: Iterable[tuple[int, datetime, Sequence[Mention]]], raised: Mapping[int, int]
) -> None:
    """Stores mentions (article id, the moment it counts for, whom it mentions); those that stood already are judged anew,
    and who was told of them stays. `raised` has the alerts that tell of the new ones, by article id.

    A tracker that was removed while its mention was on the way is passed over.
    """
    rows = [
        _mention_columns(found, article_id, dated_at) | {"alert_id": raised.get(article_id)}
        for article_id, dated_at, told in judged
        for found in told
    ]
    wanted = {row["tracker_id"] for row in rows}
    if not wanted:
        return
    alive = set(await connection.scalars(select(trackers.c.id).where(trackers.c.id.in_(wanted))))
    rows = [row for row in rows if row["tracker_id"] in alive]
    if rows:
        kept = await _kept_of_articles(connection, {row["article_id"] for row in rows})
        rows = [row | kept[row["article_id"]] for row in rows]
        statement = upsert(mentions)
        judged_anew = {name: statement.excluded[name] for name in JUDGED_ANEW}
        judged_anew |= judgements.kept_by_chat(statement.excluded["label"])
        key = (mentions.c.article_id, mentions.c.tracker_id)
        await connection.execute(statement.on_conflict_do_update(key, set_=judged_anew), rows)


async def _kept_of_articles(
    connection: AsyncConnection, article_ids: Iterable[int]
) -> Mapping[int, dict[str, int | None]]:
    """What mentions keep of their articles (tables.py), by article id."""
    kept: dict[int, dict[str, int | None]] = {}
    for some in batched(article_ids, KEYS_A_QUERY):
        for row in await connection.execute(select(articles).where(articles.c.id.in_(some))):
            item = item_of(row)
            voice = reach.voice_of(item)
            kept[row.id] = {
                "source_id": row.source_id,
                "story_id": row.story_id or row.id,
                "publisher": reach.key(reach.publisher_of(item)),
                "voice": reach.key(voice) if voice else None,
                **_reception(item),
            }
    return kept


def _reception(item: Item) -> dict[str, int]:
    return {"reach": reach.readings(item), "response": reach.response(item)}


def _values(source_id: int, new: Fresh) -> tuple[Any, ...]:
    """What stands in VALUES' columns."""
    item, metrics = new.item, new.item.metrics
    return (
        *(source_id, new.guid_key, new.url_key, new.content_key),
        *(item.url, item.title, item.text, item.author, item.author_url, item.outlet, new.language, item.origin),
        *(metrics.views, metrics.likes, metrics.reposts, metrics.replies, metrics.followers, metrics.stars),
        milliseconds(item.published_at),
    )


def _mention_columns(found: Mention, article_id: int, dated_at: datetime) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "tracker_id": found.tracker_id,
        "spans": [[span.part, span.start, span.end] for span in found.spans],
        "dated_at": dated_at,
        **judgements.columns(found.sentiment),
    }
