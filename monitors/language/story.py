"""Which story an article belongs to: the articles of the last 72 hours, by the runs of words that they share.

    read (story_text.py) → who shares runs of words (story_table.py) → the likeliest compared one by one (story_same.py)

What lives here: the index and its window. What does not: what makes two texts one story (story_same.py), where stories are
kept (store/), who is told of them. A story goes by the id of its first article.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

import numpy as np

from monitors.identity import canonical_url
from monitors.language.story_numbers import Figure
from monitors.language.story_same import similarity
from monitors.language.story_table import Hashes, Postings
from monitors.language.story_text import Telling, read

WINDOW: Final = timedelta(hours=72)

_LEAD: Final = 16  # runs of words at the beginning that are always looked up by
_SAMPLE: Final = 40  # and of the rest
_LEAST_SHARE: Final = 0.2  # of the runs of the shorter: whoever shares less is not compared
_LEAST_OF_SAMPLE: Final = 0.1
_COMPARED: Final = 8  # articles, at most
_BYTES_AN_ARTICLE: Final = 1_500  # measured, of 48 words


@dataclass(frozen=True, slots=True)
class Told:
    """An article as stories are made of it. `folded` is Document.folded; `told_at` the moment it counts for, UTC.

    `origin` is the address of what a forwarded post was forwarded from, `url` its own.
    """

    article_id: int
    folded: str
    told_at: datetime
    url: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article belongs. `like` is the article it was recognised by and `similarity` how much of the shorter of the
    two the longer holds, 0–1; None and 0.0 where it begins a story."""

    story_id: int
    similarity: float = 0.0
    like: int | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    article_id: int
    story_id: int
    told_at: float  # seconds
    text: str  # the telling's words, a space between them: a list of them takes eight times the memory
    figures: tuple[Figure, ...]
    digest: bool
    postings: int
    addresses: frozenset[str]

    @property
    def telling(self) -> Telling:
        return Telling(self.text.split(), self.figures, self.digest)


class StoryIndex:
    """The stories of the last 72 hours. What is older is forgotten when something newer is told, so that memory is bounded
    by what is told in that time.

    Any thread may call; calls wait for one another. It holds nothing that cannot be refilled from the store.
    """

    def __init__(self, window: timedelta = WINDOW) -> None:
        self._window = window.total_seconds()
        self._kept: dict[int, _Kept] = {}  # by number of arrival, without a gap
        self._oldest, self._next = 1, 1
        self._by_article: dict[int, _Kept] = {}
        self._by_address: dict[str, _Kept] = {}
        self._postings = Postings()
        self._posted = 0
        self._newest = float("-inf")
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return self._postings.size + len(self._kept) * _BYTES_AN_ARTICLE

    def assign(self, told: Told) -> Placed:
        """The story of an article, which belongs to it from now on. An article that is known keeps its story."""
        with self._lock:
            if known := self._by_article.get(told.article_id):
                return Placed(known.story_id, 1.0, known.article_id)
            article = _Article(told)
            self._forget(article.told_at)
            placed = self._forwarded(article) or self._nearest(article) or Placed(told.article_id)
            self._keep(article, placed.story_id)
            return placed

    def refill(self, stored: Iterable[tuple[Told, int]]) -> None:
        """Take up articles with the ids of the stories they were given, in the order in which they were told."""
        with self._lock:
            for told, story_id in stored:
                if told.article_id not in self._by_article:
                    article = _Article(told)
                    self._forget(article.told_at)
                    self._keep(article, story_id)

    # ── finding ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _forwarded(self, article: "_Article") -> Placed | None:
        """The story of what the article was forwarded from, or of what was forwarded from it or from the same."""
        for address in article.addresses:
            if kept := self._by_address.get(address):
                return Placed(kept.story_id, 1.0, kept.article_id)
        return None

    def _nearest(self, article: "_Article") -> Placed | None:
        """The story of the likeliest article that tells the same."""
        for kept in self._likely(article):
            apart = abs(kept.told_at - article.told_at)
            if apart <= self._window and (alike := similarity(article.telling, kept.telling, apart / 3600)):
                return Placed(kept.story_id, alike, kept.article_id)
        return None

    def _likely(self, article: "_Article") -> Iterator[_Kept]:
        """Those that share most runs of words, by what the index remembers."""
        for number, shared in self._postings.sharing_most(article.runs, _COMPARED):
            kept = self._kept.get(number)  # None: forgotten; its postings stay until pushed out
            if kept is None:
                continue
            least = _LEAST_OF_SAMPLE if kept.postings == _LEAD + _SAMPLE else _LEAST_SHARE
            if shared >= least * min(kept.postings, len(article.runs)):
                yield kept

    # ── keeping ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _keep(self, article: "_Article", story_id: int) -> None:
        posted = _sample(article.runs)
        telling = article.telling
        kept = _Kept(
            article.article_id,
            story_id,
            article.told_at,
            " ".join(telling.words),
            telling.figures,
            telling.digest,
            len(posted),
            article.addresses,
        )
        self._posted += len(posted)
        self._postings.post(self._next, posted, self._posted)
        self._kept[self._next] = self._by_article[article.article_id] = kept
        for address in article.addresses:
            self._by_address[address] = kept
        self._next += 1

    def _forget(self, now: float) -> None:
        self._newest = max(self._newest, now)
        while self._kept and self._newest - self._kept[self._oldest].told_at > self._window:
            gone = self._kept.pop(self._oldest)
            self._oldest += 1
            self._posted -= gone.postings
            del self._by_article[gone.article_id]
            for address in gone.addresses:
                if self._by_address.get(address) is gone:
                    del self._by_address[address]


class _Article:
    """What the index needs of an article that arrives."""

    def __init__(self, told: Told) -> None:
        self.article_id = told.article_id
        self.told_at = told.told_at.timestamp()
        self.telling = read(told.folded)
        self.runs = np.fromiter(self.telling.runs, np.int64, len(self.telling.runs))
        self.addresses = frozenset(page for address in (told.url, told.origin) if address and (page := _page(address)))


def _page(address: str) -> str | None:
    """An address in one spelling; None for that of a site or a channel, which many posts are forwarded from."""
    page = canonical_url(address)
    return page if page and page.count("/") > 1 else None


def _sample(runs: Hashes) -> Hashes:
    """The runs of words by which an article is looked up: those of its lead, and a sample of the others, by their hash."""
    if len(runs) <= _LEAD + _SAMPLE:
        return runs
    return np.concatenate([runs[:_LEAD], np.sort(runs[_LEAD:])[:_SAMPLE]])


def numbered(articles: Sequence[Told]) -> Iterator[int]:
    """The stories of articles as numbers from 1, in the order given; they are compared in the order they were told in."""
    index = StoryIndex()
    stories = {told.article_id: index.assign(told).story_id for told in sorted(articles, key=lambda told: told.told_at)}
    numbers: dict[int, int] = {}
    for told in articles:
        yield numbers.setdefault(stories[told.article_id], len(numbers) + 1)
