"""What a query would bring, told from the archive of the last week; and what to say of one that would bring too much.

What lives here: looking back, off the loop. What does not: taking trackers up (roster.py), how text matches (language/).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitors import decide
from monitors.language.advice import Homograph, homographs, words_to_exclude
from monitors.language.archive import candidates
from monitors.language.match import Matcher
from monitors.language.query import Query
from monitors.language.text import Document, fold_document
from monitors.model import NO_WORDS, Article, MentionedArticle, OwnWords
from monitors.store import archive
from monitors.store.engine import Database

LOOK_BACK = timedelta(days=7)
MOST = 3000  # articles that are matched again, newest first
MANY_A_DAY = 100  # mentions that nobody reads
SAMPLE = 300  # articles that words are told apart by


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the last week had for a query, newest first, and what is worth saying about it.

    `exclude` are words that set unwanted mentions apart, where there are too many; `homographs` the names that are common
    words too.
    """

    found: tuple[MentionedArticle, ...]
    homographs: tuple[Homograph, ...]
    exclude: tuple[str, ...]

    @property
    def a_day(self) -> float:
        """Mentions a day."""
        return len(self.found) / LOOK_BACK.days

    @property
    def too_many(self) -> bool:
        """Whether alerts would come by the hundred."""
        return self.a_day >= MANY_A_DAY


async def look_back(
    database: Database, query: Query, now: datetime, tracker_id: int = 0, words: OwnWords = NO_WORDS
) -> Outlook:
    """Looks through the archive; stores nothing. `words` are those of the tracker's chat."""
    since = now - LOOK_BACK
    async with database.read() as connection:
        likely = await archive.search(connection, candidates(query), since, MOST)
        others = await archive.search(connection, None, since, SAMPLE)
    return await asyncio.to_thread(_outlook, query, likely, others, tracker_id, words)


def _outlook(
    query: Query, likely: Sequence[Article], others: Sequence[Article], tracker_id: int, words: OwnWords
) -> Outlook:
    matcher = Matcher(((tracker_id, query),))
    found = []
    for article in likely:
        mentions = decide.mentions_in(article.item, article.outlet, article.source_kind, matcher, {tracker_id: words})
        if mentions:
            found.append(MentionedArticle(article, mentions))
    outlook = Outlook(tuple(found), homographs(query), ())
    if not outlook.too_many:
        return outlook
    matching = {one.article.id for one in found}
    here = [_document(one.article) for one in found[:SAMPLE]]
    elsewhere = [_document(article) for article in others if article.id not in matching]
    return Outlook(outlook.found, outlook.homographs, tuple(words_to_exclude(query, here, elsewhere)))


def _document(article: Article) -> Document:
    return fold_document(article.item.title, article.item.text)
