"""The values that flow through Rasad, frozen and slotted.

What lives here: nouns of the domain (architecture.md, "Words") and nothing that acts. What does not: parsing,
matching, SQL, what kinds of sources speak in (kinds.py), and everything a chat sees. All times are timezone-aware UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

type Language = Literal["fa", "en", "ar"]
type TrackerKind = Literal["own", "competitor", "topic"]
type SentimentLabel = Literal["pos", "neu", "neg"]
type Part = Literal["title", "text"]


# ── what a source published ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Metrics:
    """How an item was received, where its network says so; None where it does not."""

    views: int | None = None
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    followers: int | None = None
    stars: int | None = None


NO_METRICS = Metrics()
STAR = "★"  # what the title of a review has behind the name of what is reviewed: NAME ★★☆☆☆ WORDS


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a source published, as read: plain text (no markup), absolute http(s) `url` or None, UTC time or None.

    `guid` identifies it within its source and is never empty. `outlet` is the publisher where it is not the source
    itself (a search finds many outlets); `origin` is the url of what a forwarded post was forwarded from.
    """

    guid: str
    url: str | None
    title: str
    text: str
    author: str | None = None
    published_at: datetime | None = None
    author_url: str | None = None
    outlet: str | None = None
    language: Language | None = None
    origin: str | None = None
    metrics: Metrics = NO_METRICS


# ── sources ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class PollState:
    """What a source's polls have taught so far; written in the same transaction as what they brought.

    `cursor` is the source kind's own bookmark (the last post id, a search's since-id); None until the first success.
    `interval` is in seconds. `moved_to` is a permanent redirect's target and `moved_seen` how often it was seen in a row.
    `ttl` (seconds) and `skip_hours` (bit h is set where hour h of UTC is to be skipped) are the publisher's wish, kept for
    the polls that find nothing changed and so do not read it again. What was published before `quiet_before` is no news at
    the next poll: a search has taken up terms, and finds what was said of them before (monitors/following.py).
    """

    next_poll_at: datetime
    interval: float
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    cursor: str | None = None
    failures: int = 0
    failing_since: datetime | None = None
    error: str | None = None
    last_success_at: datetime | None = None
    last_item_at: datetime | None = None
    items_per_day: float | None = None
    moved_to: str | None = None
    moved_seen: int = 0
    ttl: int | None = None
    skip_hours: int = 0
    quiet_before: datetime | None = None
    hub: str | None = None  # its WebSub hub, and what it calls the source there
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A place or a search that is watched. (`kind`, `address`) is unique; `title` is the outlet's name for people.

    One that is not `active` was removed or is gone for good; a `paused` one waits for its admin.
    """

    id: int
    kind: str
    address: str
    title: str
    state: PollState
    language: Language | None = None
    active: bool = True
    paused: bool = False
    fulltext: bool | None = None  # whether its articles' pages are read; None: as the settings say
    pushed_until: datetime | None = None  # how long a hub tells us by itself what is new

    @property
    def first_sight(self) -> bool:
        """Whether no poll has succeeded yet: the backlog that the next one brings is news to nobody."""
        return self.state.last_success_at is None

    def has_as_backlog(self, published_at: datetime | None) -> bool:
        """Whether what was published then is news to nobody: at first sight all, later what a search finds of the time
        before it took up a term."""
        quiet_before = self.state.quiet_before
        earlier = quiet_before is not None and published_at is not None and published_at < quiet_before
        return self.first_sight or earlier


# ── judgement ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Words that a chat calls good, bad or neither for its tracker, as it wrote them; they outvote the model."""

    negative: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()


NO_WORDS = OwnWords()


@dataclass(frozen=True, slots=True)
class Tracker:
    """What somebody tracks. `owner` is opaque here (bot writes the chat's key into it); `query` is as the user wrote it."""

    id: int
    owner: str
    label: str
    query: str
    kind: TrackerKind = "own"
    words: OwnWords = NO_WORDS


@dataclass(frozen=True, slots=True)
class Span:
    """Where a term stands in an item: character offsets [start, end) into its original title or text."""

    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A tracker that an item satisfies, and where its positive terms stand (at least one span, in reading order)."""

    tracker_id: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Sentiment:
    """A judgement about the brand in its passage, not about the article's mood.

    `score` is the calibrated probability of `label`, 0–1. `certain` is False in the abstain band, where label is "neu".
    `evidence` holds the words that decided, in the text's own spelling, strongest first.
    """

    label: SentimentLabel
    score: float
    certain: bool = True
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """An item × a tracker: where it matched and what is said of the brand there. `corrected` is whether the tracker's chat
    said so itself: then the judgement is its own label and nothing else."""

    tracker_id: int
    spans: tuple[Span, ...]
    sentiment: Sentiment
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Fresh:
    """An item that is to be stored for the first time, judged. `alert` is whether anybody is to be told.

    `folded` is its title and text as the full-text index keeps them; `dated_at` is the moment it counts for in numbers.
    `read_page` is whether its page is to be read too (monitors/fulltext.py).
    """

    item: Item
    guid_key: bytes
    url_key: bytes | None
    content_key: bytes
    folded: str
    language: Language | None
    dated_at: datetime
    seen_at: datetime
    mentions: tuple[Mention, ...] = ()
    alert: bool = False
    read_page: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """A stored article whose text or metrics changed at its source, or whose page was read; new mentions alert, old ones are
    judged anew."""

    article_id: int
    fresh: Fresh
    content_changed: bool  # False: only its metrics moved


@dataclass(frozen=True, slots=True)
class Known:
    """An article as the store knows it, as far as deciding needs: by whom it is identified and what it held."""

    article_id: int
    source_id: int
    guid_key: bytes
    url_key: bytes | None
    content_key: bytes
    metrics: Metrics
    tracker_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Article:
    """A stored item. `outlet` is who published it; `source_kind` how it was read; `story_id` is the article that told the
    same first (often itself), None for an article that mentions nobody."""

    id: int
    item: Item
    outlet: str
    source_kind: str
    seen_at: datetime
    dated_at: datetime
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class MentionedArticle:
    """A stored item with those of its mentions that were asked for."""

    article: Article
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """All that one successful or failed poll changes, ready to be written in one transaction; or what an article's page
    changes, which leaves the poll state as it is (None).

    `asked` is the address that was read: a source that has taken another one meanwhile keeps the state it got with it.
    """

    source_id: int
    asked: str
    state: PollState | None
    fresh: tuple[Fresh, ...] = ()
    edited: tuple[Edited, ...] = ()
    address: str | None = None  # a new address, after a permanent move
    title: str | None = None  # the source's own name, where it had none
    active: bool = True  # False: the source is gone for good (410)
    page_read: int | None = None  # the article whose page was read
