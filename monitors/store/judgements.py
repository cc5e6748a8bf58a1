"""Judgements of stored mentions as they change: second opinions, and what chats say themselves.

A tracker is one chat's, and so are its mentions: chats that watch the same name correct each their own. The chat's label
takes the place of the model's in `label`, so that every number counts it by the same index; `model_label` keeps what the
model says.

What lives here: their SQL. What does not: storing mentions (articles.py), who judges (monitors/opinion.py, refine.py).
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.model import Mention, Sentiment, SentimentLabel, Span
from monitors.store.tables import mentions

_by_model: ColumnElement[str] = func.coalesce(mentions.c.model_label, mentions.c.label)
_by_chat = mentions.c.labelled_at.is_not(None)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a chat says of a mention; `model` is what the model said."""

    article_id: int
    spans: tuple[Span, ...]
    label: SentimentLabel
    model: SentimentLabel


async def judge_anew(
    connection: AsyncConnection, article_id: int, tracker_id: int, old: Sentiment, new: Sentiment
) -> bool:
    """Replaces the model's judgement where it is still `old`; returns whether it was. A chat's own label stays."""
    statement = update(mentions).where(
        _one(article_id, tracker_id), _by_model == old.label, mentions.c.score == old.score
    )
    written = await connection.execute(statement.values(columns(new) | kept_by_chat(new.label)))
    return bool(written.rowcount)


async def correct(
    connection: AsyncConnection, article_id: int, tracker_id: int, label: SentimentLabel, now: datetime
) -> bool:
    """The tracker's chat says itself what is said of it; returns whether there is such a mention."""
    statement = update(mentions).where(_one(article_id, tracker_id))
    written = await connection.execute(statement.values(label=label, model_label=_by_model, labelled_at=now))
    return bool(written.rowcount)


async def agreement(
    connection: AsyncConnection, tracker_ids: Sequence[int], since: datetime
) -> Mapping[tuple[SentimentLabel, SentimentLabel], int]:
    """How often, of the mentions that chats labelled since then, by (the model's label, the chat's)."""
    statement = (
        select(mentions.c.model_label, mentions.c.label, func.count())
        .where(mentions.c.tracker_id.in_(tracker_ids), _by_chat, mentions.c.labelled_at >= since)
        .group_by(mentions.c.model_label, mentions.c.label)
    )
    return {(model, label): count for model, label, count in await connection.execute(statement)}


async def corrections(connection: AsyncConnection) -> AsyncIterator[Correction]:
    """All that chats have said, oldest first."""
    rows = await connection.stream(select(mentions).where(_by_chat).order_by(mentions.c.labelled_at, mentions.c.id))
    async for row in rows:
        yield Correction(row.article_id, tuple(Span(*span) for span in row.spans), row.label, row.model_label)


def columns(judged: Sentiment) -> dict[str, Any]:
    """A judgement as columns of `mentions`."""
    return {
        "label": judged.label,
        "score": judged.score,
        "certain": judged.certain,
        "evidence": list(judged.evidence),
    }


def kept_by_chat(label: Any) -> dict[str, Any]:
    """The columns of labels when the model judges anew: where the chat has its own label, only the model's is replaced."""
    return {
        "label": case((_by_chat, mentions.c.label), else_=label),
        "model_label": case((_by_chat, label), else_=None),
    }


def mention(row: Any) -> Mention:
    """A row of `mentions` as a value."""
    spans, corrected = tuple(Span(*span) for span in row.spans), row.labelled_at is not None
    if corrected:
        return Mention(row.tracker_id, spans, Sentiment(row.label, 1.0), corrected)
    return Mention(row.tracker_id, spans, Sentiment(row.label, row.score, row.certain, tuple(row.evidence)))


def _one(article_id: int, tracker_id: int) -> ColumnElement[bool]:
    return (mentions.c.article_id == article_id) & (mentions.c.tracker_id == tracker_id)
