"""Judgements of stored mentions as they change: second opinions.

What lives here: their SQL. What does not: storing mentions (articles.py), who judges (monitors/opinion.py, refine.py).
"""

from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.model import Sentiment
from monitors.store.tables import mentions


async def judge_anew(
    connection: AsyncConnection, article_id: int, tracker_id: int, old: Sentiment, new: Sentiment
) -> bool:
    """Replaces a stored judgement that is still `old`; returns whether it was."""
    same = (mentions.c.article_id == article_id) & (mentions.c.tracker_id == tracker_id)
    statement = update(mentions).where(same, mentions.c.label == old.label, mentions.c.score == old.score)
    written = await connection.execute(statement.values(columns(new)))
    return bool(written.rowcount)


def columns(judged: Sentiment) -> dict[str, Any]:
    """A judgement as columns of `mentions`."""
    return {
        "label": judged.label,
        "score": judged.score,
        "certain": judged.certain,
        "evidence": list(judged.evidence),
    }
