"""The values that flow through Rasad, frozen and slotted, and the protocol of a kind of source.

What lives here: nouns of the domain (architecture.md, "Words") and nothing that acts. What does not: parsing,
matching, SQL, and everything a chat sees. All times are timezone-aware UTC.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

type Language = Literal["fa", "en", "ar"]
type TrackerKind = Literal["own", "competitor", "topic"]
type SentimentLabel = Literal["pos", "neu", "neg"]
type Family = Literal["place", "search", "stream", "inbox"]
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


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request that a kind of source wants made: a GET, or a POST of `body` where that is given.

    `secrets` are headers with the names of settings in braces, ("Authorization", "Bearer {X_BEARER_TOKEN}"), filled in at
    the last moment (credentials.py). Where the network wants a token instead, `login` says how it is got, and `secrets`
    name it. `otherwise` is asked where a setting is empty. Where people choose a server of their own, `host` is the
    setting whose value stands in place of the URL's host, and `only_at` the one that names the host to which secrets are
    shown: elsewhere they are as good as empty. Headers and body stay on their host, whatever redirects say.
    """

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    secrets: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    content_type: str = "application/json"
    login: "Login | None" = None
    otherwise: "Request | None" = None
    host: str | None = None
    only_at: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """How credentials are traded for a token that lasts for a while.

    `token` is the name under which `secrets` ask for it. `request` makes the request from the values of settings by name
    (KeyError: one is empty); `read` gives the token and the seconds that it lasts, or raises a ParseError.
    """

    token: str
    request: Callable[[Mapping[str, str]], Request]
    read: Callable[["Body"], tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Page:
    """What one response of a source said.

    `items` newest first or last, as the network gives them. `cursor` replaces the source's bookmark when all pages of
    the poll are read. `more` asks for one page further before the poll ends. `title` and `language` are the source's
    own words about itself. `ttl` (seconds) and `skip_hours` (UTC hours 0–23) are the publisher's wish about polling;
    `hub` and `topic` are its WebSub hub, where it names one. `discarded` counts entries beyond the cap.
    """

    items: tuple[Item, ...]
    title: str | None = None
    language: Language | None = None
    cursor: str | None = None
    more: Request | None = None
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    homepage: str | None = None
    hub: str | None = None
    topic: str | None = None
    discarded: int = 0


@dataclass(frozen=True, slots=True)
class Body:
    """A response's body as fetched: decompressed, within the size limit. `url` is the final one, after redirects."""

    content: bytes
    url: str
    content_type: str = ""  # the whole header value: "text/xml; charset=windows-1256"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one conditional GET brought. `body` is None where nothing changed: a 304, or the bytes hashed last time.

    `etag`, `last_modified` and `body_hash` are for the next request. `max_age` is how many seconds more the answer stays
    fresh by its Cache-Control. `moved_to` is the final URL where every redirect on the way there was permanent. `hub` and
    `topic` are its WebSub hub by its Link headers, which count before those that its page names.
    """

    body: Body | None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: bytes | None = None
    max_age: float | None = None
    moved_to: str | None = None
    hub: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll of a source brought: the HTTP side and the page of its first GET (None where nothing had changed), and
    the items of all its pages. `pushed`: it came by itself, so that the next poll stays when it was to be."""

    fetched: Fetched
    page: Page | None
    items: tuple[Item, ...] = ()
    pushed: bool = False


@dataclass(frozen=True, slots=True)
class FullText:
    """What the page of a stored article says: its title and main text, as plain as an Item's."""

    article_id: int
    title: str
    text: str


class SourceKind(Protocol):
    """What each file of monitors/sources/ offers, as one instance in `SOURCES`; no I/O of its own.

    An `address` is the kind's canonical spelling of what is watched: a feed's URL, a channel's name, a search term.
    """

    @property
    def kind(self) -> str:
        """The name in the database, in `--kind` and in docs/sources/: "feed", "telegram_channel", …"""

    @property
    def family(self) -> Family:
        """Places are added by people, and so are streams; searches follow the trackers' terms; inboxes wait for posts."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The settings without which it cannot ask: credentials. Empty for most."""

    @property
    def pace(self) -> float:
        """Seconds between two polls of sources of this kind, all together, as its network asks; 0 where hosts are many."""

    def recognise(self, text: str) -> str | None:
        """The address that a user's text means for this kind ("@name", "t.me/s/name" → "name"), or None."""

    def request(self, address: str, cursor: str | None) -> Request:
        """The first request of a poll."""

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """Items of one response, fast: runs in a thread, in time linear in the body.

        Raises a ParseError of monitors.errors, never anything else, whatever the bytes; HardToParse asks for `repair`.
        """

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """As `parse`, by a slow and tolerant parser; runs in a worker process with limits of time and memory."""

    def link(self, address: str) -> str:
        """Where a person opens this source in a browser."""


@runtime_checkable
class SearchKind(SourceKind, Protocol):
    """A kind of the family "search": its addresses are made of the terms that the trackers look for."""

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """The searches that find all these terms: one a term, or several in one where the network's queries can hold them.

        Adding or removing a term changes as few of them as can be."""


@runtime_checkable
class StreamKind(SourceKind, Protocol):
    """A kind of the family "stream": a live connection, which is kept open (streams.py) in place of polls.

    `request` is the WebSocket's handshake, an http(s) URL as all others; `parse` reads some of its messages, a line each, and
    its `Page.cursor` is where the next connection goes on."""

    @property
    def silence(self) -> float | None:
        """Seconds without a message after which its connection counts as dead; None where quiet hours are usual."""

    @property
    def missed(self) -> SourceKind | None:
        """What is polled, at the same address and from the same cursor on, for what was said while there was no connection;
        None where the network plays it again."""


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
