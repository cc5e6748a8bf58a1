"""The archive asked by a query: what satisfies it in a period, newest or most relevant first, a page at a time.

What lives here: finding, ranking and judging one page, off the loop. What does not: what a query means (language/), the
candidates (store/archive.py), what a user sees (bot/).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from monitors import decide
from monitors.language.archive import candidates
from monitors.language.match import Matcher
from monitors.language.query import Query
from monitors.language.text import fold_document
from monitors.model import Article, MentionedArticle, Span
from monitors.store import archive, articles
from monitors.store.archive import Candidate
from monitors.store.engine import Database

type Order = Literal["newest", "relevant"]

MOST: Final = 2000  # candidates that are matched: those stored last

# Okapi BM25's saturation and normalisation of length; a hit in the headline counts as several in the text.
_K1: Final = 1.2
_B: Final = 0.75
_HEADLINE: Final = 4


@dataclass(frozen=True, slots=True)
class Findings:
    """A page of what was found, out of `total`; `complete` is False where the archive holds more candidates than were
    looked at, so that only the last stored were."""

    page: tuple[MentionedArticle, ...]
    total: int
    complete: bool


@dataclass(frozen=True, slots=True)
class _Found:
    article_id: int
    relevance: float
    dated_at: datetime


async def search(
    database: Database, query: Query, since: datetime, until: datetime, order: Order, first: int, count: int
) -> Findings:
    """The articles of since ≤ t < until that satisfy the query: `count` of them from the `first`, which is 0 for the best."""
    async with database.read() as connection:
        likely = await archive.scan(connection, candidates(query), since, until, MOST)
    ranked = await asyncio.to_thread(_ranked, query, likely, order)
    ids = [one.article_id for one in ranked[first : first + count]]
    async with database.read() as connection:
        shown = await articles.by_ids(connection, ids)
    page = await asyncio.to_thread(_judged, query, [shown[id_] for id_ in ids if id_ in shown])
    return Findings(page, len(ranked), len(likely) < MOST)


def _ranked(query: Query, likely: Sequence[Candidate], order: Order) -> list[_Found]:
    matcher = Matcher(((0, query),))
    mean = sum(len(one.text) for one in likely) / max(1, len(likely)) or 1.0
    found = []
    for one in likely:
        document = fold_document(one.title, one.text)
        hits = matcher.find(document, source=f"{one.outlet} {one.url or ''}", language=one.language)
        if hits:
            found.append(_Found(one.article_id, _relevance(hits[0].spans, len(one.text) / mean), one.dated_at))
    if order == "newest":
        return sorted(found, key=lambda one: (one.dated_at, one.article_id), reverse=True)
    return sorted(found, key=lambda one: (one.relevance, one.dated_at, one.article_id), reverse=True)


def _relevance(spans: Sequence[Span], length: float) -> float:
    """How much an article is about the query, 0 to 1: Okapi BM25 (Robertson and Zaragoza 2009) of one term; `length`
    against the mean."""
    times = sum(_HEADLINE if span.part == "title" else 1 for span in spans)
    return times / (times + _K1 * (1 - _B + _B * length))


def _judged(query: Query, shown: Sequence[Article]) -> tuple[MentionedArticle, ...]:
    matcher = Matcher(((0, query),))
    return tuple(
        MentionedArticle(one, decide.mentions_in(one.item, one.outlet, one.source_kind, matcher)) for one in shown
    )
