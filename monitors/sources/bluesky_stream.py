"""The kind "bluesky_stream": all posts of Bluesky as they are written, by a Jetstream server. An address is its host.

Jetstream is the network's firehose as JSON (github.com/bluesky-social/jetstream): one event a message, hundreds a second. Only
posts are asked for, and of those only what a tracker matches is kept (streams.py). The cursor is the time of the last event
in microseconds (`time_us`), the same on all servers; a connection begins some seconds before it, as their authors advise.
"""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item
from monitors.sources.answer import Answer, lines, no_answer
from monitors.sources.bluesky_posts import SITE, from_record

_PUBLIC = "jetstream2.us-east.bsky.network"  # one of four of Bluesky's own
_NAMES = frozenset({"bluesky_stream", "jetstream", "bluesky live"})
_HOST = re.compile(r"[a-z0-9.-]+\.[a-z]{2,}(?::\d{1,5})?")
_POSTS = "app.bsky.feed.post"
_LARGEST = 200_000  # bytes of an event that are asked for; a post has 300 letters
_REWIND = 5_000_000  # microseconds
_WRITTEN = frozenset({"create", "update"})


class BlueskyStream:
    """See monitors.kinds.StreamKind."""

    kind = "bluesky_stream"
    family: Family = "stream"
    needs = ()
    pace = 0.0
    silence = 60.0
    missed = None

    def recognise(self, text: str) -> str | None:
        """ "bluesky_stream", or wss://HOST/subscribe of another server."""
        text = text.strip().lower()
        if text in _NAMES:
            return _PUBLIC
        try:
            url = urlsplit(text)
        except ValueError:
            return None
        jetstream = url.scheme == "wss" and url.path == "/subscribe" and _HOST.fullmatch(url.netloc)
        return url.netloc if jetstream else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The connection, from a little before the cursor on; from now on where there is none."""
        wanted = {"wantedCollections": _POSTS, "maxMessageSizeBytes": _LARGEST, "compress": "false"}
        since = {"cursor": max(int(cursor) - _REWIND, 0)} if cursor and cursor.isdecimal() else {}
        return Request(f"https://{address}/subscribe?{urlencode(wanted | since)}")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts among some events, a line each. Raises NotTheAnswer where none of them is an event."""
        events = [event for event in lines(body) if event["time_us"].number]
        if not events:
            raise no_answer(body)
        return Page(
            items=tuple(item for event in events if (item := _item(event))),
            title="Bluesky",
            cursor=str(max(event["time_us"].number or 0 for event in events)),
            homepage=SITE,
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """There is no other reading of JSON."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The network; a stream has no page."""
        return SITE


def _item(event: Answer) -> Item | None:
    commit = event["commit"]
    if commit["collection"].raw != _POSTS or commit["operation"].raw not in _WRITTEN:
        return None
    uri = f"at://{event['did'].raw}/{_POSTS}/{commit['rkey'].raw}"
    return from_record(uri, commit["record"], seen_at=_moment(event["time_us"].number or 0))


def _moment(microseconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(microseconds / 1_000_000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
