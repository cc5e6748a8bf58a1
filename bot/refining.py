"""What becomes of a second opinion: the stored mention is judged anew, and messages that told it otherwise are edited.

What lives here: that transaction. What does not: asking (monitors/refine.py), sending (deliver.py). A message that was not
sent yet renders the newest judgement by itself. Nobody is told of an article twice: a refined label only edits.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot import outbox
from monitors import opinion
from monitors.model import Sentiment
from monitors.refine import Doubt, Refiner
from monitors.store import judgements
from monitors.store.engine import Database

log = structlog.get_logger()


def refiner(database: Database, model: str, now: Callable[[], datetime], on_edit: Callable[[], None]) -> Refiner | None:
    """Second opinions by the model of the settings; None where the light one is all that is wanted."""
    load = opinion.deeper(model)
    return Refiner(load, rewriting(database, now, on_edit)) if load else None


def rewriting(
    database: Database, now: Callable[[], datetime], on_edit: Callable[[], None]
) -> Callable[[Doubt, Sentiment], Awaitable[None]]:
    """What to do with each second opinion. `on_edit` is called when messages are to be edited."""

    async def rewrite(doubt: Doubt, deeper: Sentiment) -> None:
        shows = (deeper.label, deeper.certain) != (doubt.light.label, doubt.light.certain)
        async with database.write() as connection:
            ids = doubt.article_id, doubt.tracker_id
            shows = await judgements.judge_anew(connection, *ids, doubt.light, deeper) and shows
            if shows:
                await outbox.freshen(connection, doubt.article_id, now())
        if shows:
            log.info("sentiment_refined", article=doubt.article_id, light=doubt.light.label, deeper=deeper.label)
            on_edit()

    return rewrite
