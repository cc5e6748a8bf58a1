"""What a kind of source offers, and what it speaks in: requests, bodies, pages.

What lives here: the protocols of the files in monitors/sources/, and the values of asking and answering, frozen and slotted. What
does not: what was published and what is judged (model.py), asking itself (fetch.py), reading (sources/).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from monitors.model import Item, Language

type Family = Literal["place", "search", "stream", "inbox"]


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
