"""Everything that may go wrong while the world is read and judged, as one tree. Errors carry facts, not sentences:
what a user reads is written in bot/texts from `reason` and the attributes; `str(error)` is for logs.

    RasadError
    ├── SourceError                  a source could not be read this time
    │   ├── FetchError
    │   │   ├── Unreachable          name resolution, connection, TLS
    │   │   ├── TimedOut
    │   │   ├── Disconnected         a live connection ended; `code`
    │   │   ├── AddressRefused       the guard: not http(s), or a private, loopback or link-local address
    │   │   ├── BodyTooLarge
    │   │   ├── NeedsCredentials     a setting that its network asks for is empty; `setting`
    │   │   ├── BodyDamaged          a content-encoding that does not decode
    │   │   └── HttpStatus           4xx, 5xx or a redirect that leads nowhere; `status`, `retry_after`, `said`
    │   │       └── Gone             410: do not come back
    │   └── ParseError
    │       ├── HardToParse          the fast parser refuses; `repair` may still read it
    │       ├── NotAFeed             the bytes are something else; `alternates` are feeds that the page names
    │       ├── NotTheAnswer         an error page, prose or another document where data was asked for; `what`
    │       │   └── AskedTooOften    … which says that requests are too many, as a status 429 does
    │       ├── NothingFound         a page on which nothing was found of what is looked for
    │       ├── BadItems             what a tool has posted; `problems`
    │       ├── BadSelector          a CSS selector that is none; `selector`
    │       ├── ChannelUnavailable   a channel that does not exist or shows no preview
    │       ├── AccountUnavailable   an account or page that is not there, or that our credentials may not read
    │       ├── AppUnavailable       an app that its store does not have, or not in that country
    │       └── ParsingTooLong       the parser was stopped at its time or memory limit
    └── QueryError                   a query that cannot be read; `position` points at the character
"""


class RasadError(Exception):
    """The root: catching it catches all that Rasad raises on purpose."""

    reason = "unknown"


class SourceError(RasadError):
    """A source could not be read this time."""

    retry_after: float | None = None  # seconds, where the server said so


class FetchError(SourceError):
    """The bytes did not arrive."""


class Unreachable(FetchError):
    """Name resolution, connection or TLS failed."""

    reason = "unreachable"


class TimedOut(FetchError):
    """Connecting, reading or the whole took longer than its limit."""

    reason = "timed_out"


class Disconnected(FetchError):
    """A live connection came to its end; `code` is the WebSocket's close code (RFC 6455, 7.4), where there is one."""

    reason = "disconnected"

    def __init__(self, code: int | None = None, said: str = "") -> None:
        super().__init__(f"connection ended: {code} {said}".rstrip())
        self.code = code


class AddressRefused(FetchError):
    """The guard refused the address: no http(s), or not on the public internet."""

    reason = "address_refused"

    def __init__(self, address: str) -> None:
        super().__init__(f"address refused: {address}")
        self.address = address


class BodyTooLarge(FetchError):
    """The decompressed body passed the limit (bytes)."""

    reason = "body_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"body is larger than {limit} bytes")
        self.limit = limit


class BodyDamaged(FetchError):
    """The body does not decode by its content-encoding."""

    reason = "body_damaged"


class NeedsCredentials(FetchError):
    """The network wants credentials, and the setting for them is empty."""

    reason = "needs_credentials"

    def __init__(self, setting: str) -> None:
        super().__init__(f"{setting} is not set")
        self.setting = setting


class HttpStatus(FetchError):
    """The server answered with an error status; `said` are its own words, where it sent any. `too_often`: it has had
    enough requests for now, whatever the status."""

    reason = "http_status"

    def __init__(
        self, status: int, retry_after: float | None = None, said: str = "", *, too_often: bool = False
    ) -> None:
        super().__init__(f"HTTP {status} {said}".rstrip())
        self.status = status
        self.retry_after = retry_after
        self.said = said
        self.too_often = too_often or status == 429


class Gone(HttpStatus):
    """410: the source is gone for good."""

    reason = "gone"

    def __init__(self) -> None:
        super().__init__(410)


class ParseError(SourceError):
    """The bytes arrived and cannot be read."""

    reason = "unreadable"


class HardToParse(ParseError):
    """Not well-formed: the fast parser refuses, the kind's slow and tolerant `repair` may still read it."""

    reason = "malformed"


class NotAFeed(ParseError):
    """The bytes are no feed; `alternates` are addresses that they name in its place, best first: the feeds that a page
    announces, the parts of an index of sitemaps."""

    reason = "not_a_feed"

    def __init__(self, what: str, alternates: tuple[str, ...] = ()) -> None:
        super().__init__(f"not a feed: {what}")
        self.what = what
        self.alternates = alternates

    def __reduce__(self) -> tuple[type["NotAFeed"], tuple[str, tuple[str, ...]]]:
        """Crosses from the worker process as it was made: an exception is pickled by its message otherwise."""
        return NotAFeed, (self.what, self.alternates)


class NotTheAnswer(ParseError):
    """The network answered something else than the data that was asked for; `what` is its beginning, or its own words."""

    reason = "not_the_answer"

    def __init__(self, what: str) -> None:
        super().__init__(f"not the answer: {what}")
        self.what = what

    def __reduce__(self) -> tuple[type["NotTheAnswer"], tuple[str]]:
        """As NotAFeed's."""
        return type(self), (self.what,)


class AskedTooOften(NotTheAnswer):
    """The network says with status 200 that it has had enough requests for now."""


class NothingFound(ParseError):
    """A page without what is looked for on it: a list of articles, a text, what a selector names."""

    reason = "nothing_found"


class BadItems(ParseError):
    """Items that were posted to us cannot be read. `problems` are pairs: where ("items.0.url"), and what is wrong there."""

    reason = "bad_items"

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__("; ".join(f"{at}: {what}" for at, what in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type["BadItems"], tuple[tuple[tuple[str, str], ...]]]:
        """As NotAFeed's."""
        return BadItems, (self.problems,)


class BadSelector(ParseError):
    """What was given as a CSS selector is none."""

    reason = "bad_selector"

    def __init__(self, selector: str) -> None:
        super().__init__(f"no CSS selector: {selector}")
        self.selector = selector

    def __reduce__(self) -> tuple[type["BadSelector"], tuple[str]]:
        """As NotAFeed's."""
        return BadSelector, (self.selector,)


class ChannelUnavailable(ParseError):
    """The channel does not exist or has no public preview."""

    reason = "channel_unavailable"


class AccountUnavailable(ParseError):
    """The account or page is not there, or our credentials do not belong to it."""

    reason = "account_unavailable"


class AppUnavailable(ParseError):
    """The store does not have the app, or not in that country."""

    reason = "app_unavailable"


class ParsingTooLong(ParseError):
    """The parser was stopped at its limit of time or memory."""

    reason = "parsing_too_long"


class QueryError(RasadError):
    """A query that cannot be read. `position` is a character offset into the query; `reason` names the mistake.

    Reasons: "empty", "unexpected", "unclosed_quote", "unclosed_parenthesis", "missing_operand", "only_negative",
    "too_broad", "too_long", "too_deep" (parentheses), "bad_restriction", "bad_distance", "bad_tag", "comma" (a list
    needs `|`). `fragment` is the piece of the query that it is about.
    """

    def __init__(self, reason: str, position: int = 0, fragment: str = "") -> None:
        super().__init__(f"{reason} at {position}: {fragment!r}")
        self.reason = reason
        self.position = position
        self.fragment = fragment
