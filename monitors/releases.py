"""A press release → its reprints among the articles that were stored since it was last looked at.

What lives here: looking, off the loop. What does not: what a reprint is (language/release.py), keeping them
(store/releases.py), telling of them (bot/).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from monitors.language import release as language
from monitors.store import archive
from monitors.store.archive import Candidate
from monitors.store.engine import Database
from monitors.store.releases import Release, Reprint
from monitors.store.tables import articles

FOLLOWED: Final = timedelta(days=7)
LOOK_BACK: Final = timedelta(
    days=30
)  # before it was handed in: releases are told of late, and forms of last year are others
MOST: Final = 1_000  # candidates that are compared at a time


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found, among the articles up to `seen_article_id`."""

    found: tuple[Reprint, ...]
    seen_article_id: int


async def look(database: Database, release: Release) -> Look:
    """Compares what was stored since the last look; stores nothing."""
    async with database.read() as connection:
        newest = await connection.scalar(select(func.max(articles.c.id))) or 0
        if newest <= release.seen_article_id:
            return Look((), release.seen_article_id)
        read = await asyncio.to_thread(language.text_of, release.title, release.text)
        since, until = release.created_at - LOOK_BACK, release.closes_at
        likely: Sequence[Candidate] = ()
        if read:
            likely = await archive.scan(connection, read.phrases, since, until, MOST, after=release.seen_article_id)
    found = await asyncio.to_thread(_compared, read, likely) if read and likely else ()
    return Look(found, newest)


def _compared(read: language.Text, likely: Sequence[Candidate]) -> tuple[Reprint, ...]:
    compared = ((one, language.compare(read, one.title, one.text)) for one in likely)
    found = [
        Reprint(one.article_id, one.outlet, one.title, one.url, one.dated_at, like.kept, like.same_headline)
        for one, like in compared
        if like
    ]
    return tuple(sorted(found, key=lambda reprint: (reprint.dated_at, reprint.article_id)))
