"""The kind "bale_channel": a public channel of the messenger Bale, read through its web preview (ble.ir/s/NAME). An address is
its name.

The preview is a Next.js page that shows about ten posts and no older ones. Its data stands in the page as JSON: in
`__NEXT_DATA__`, or in the pieces that React's server components push. The cursor is the time of the oldest post on the first
page that was ever read (milliseconds): what is older comes into view where newer posts were deleted, and is no news.
"""

import json
import re
from collections.abc import Iterator

from monitors.errors import ChannelUnavailable, NotTheAnswer
from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item, Metrics
from monitors.sources.answer import Answer
from monitors.sources.channel_links import name_in_path, parts_of
from monitors.sources.encoding import decode
from monitors.sources.entries import GUID, TEXT, TITLE, shortened
from monitors.sources.markup import headline, one_line, plain

_NAME = re.compile(r"[a-z][a-z0-9_]{3,63}", re.IGNORECASE)
_HOSTS = frozenset({"ble.ir"})
_RESERVED = frozenset({"join", "share"})
_LONGEST_WORDS = 120  # characters of an unexpected page that its error holds

_NEXT_DATA = re.compile(r'<script[^<>]{0,300}\bid="__NEXT_DATA__"[^<>]{0,300}>([^<]*)</script>')
_PUSHED = re.compile(r'self\.__next_f\.push\(\[1,\s*("(?:[^"\\]|\\.)*+")\]\)')
_MESSAGES = re.compile(r'"messages":\s*(?=\[)')
_TRIES = 20  # lists called "messages" that are looked into
_TITLE = re.compile(r'<meta\s[^<>]{0,100}property="og:title"[^<>]{0,100}\bcontent="([^"<>]*)"')
_KINDS = ("textMessage", "photoMessage", "videoMessage", "documentMessage", "audioMessage", "voiceMessage")


class BaleChannel:
    """See monitors.kinds.SourceKind."""

    kind = "bale_channel"
    family: Family = "place"
    needs = ()
    pace = 2.0

    def recognise(self, text: str) -> str | None:
        """ble.ir/name, ble.ir/s/name; no invitations and no bots."""
        url = parts_of(text)
        name = url and name_in_path(url, _HOSTS)
        if not name or not _NAME.fullmatch(name) or name.lower() in _RESERVED or name.lower().endswith("bot"):
            return None
        return name.lower()

    def request(self, address: str, cursor: str | None) -> Request:
        """The only page."""
        return Request(self.link(address))

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts of the page. Raises ChannelUnavailable where Bale shows none, NotTheAnswer for what is no page of Bale."""
        page = decode(body.content, body.content_type)
        messages = list(_messages(page))
        if not messages and ("__NEXT_DATA__" in page or "__next_f" in page):
            raise ChannelUnavailable(f"no preview of {address}")
        if not messages:
            raise NotTheAnswer(one_line(plain(page))[:_LONGEST_WORDS] or "an empty page")
        dated = [number for message in messages if (number := message["date"].number)]
        first = int(cursor) if cursor and cursor.isdecimal() and len(cursor) < 16 else min(dated, default=0)
        return Page(
            items=tuple(
                self._item(message, address)
                for message in messages
                if message["rid"].text and (message["date"].number or first) >= first
            ),
            title=_title(page),
            cursor=str(first),
            homepage=self.link(address),
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """There is nothing to mend: what is no JSON is passed over."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The preview."""
        return f"https://ble.ir/s/{address}"

    def _item(self, message: Answer, address: str) -> Item:
        number = message["rid"].text[:GUID]
        text = _words(message["message"])
        return Item(
            guid=number,
            # The preview has no addresses of single posts: this opens the channel, and tells its posts apart.
            url=f"{self.link(address)}?rid={number}" if number.lstrip("-").isdecimal() else None,
            title=shortened(headline(text), TITLE),
            text=shortened(text, TEXT),
            published_at=message["date"].time,
            metrics=Metrics(views=message["viewCount"].number),
        )


def _messages(page: str) -> Iterator[Answer]:
    """The posts in the page's data: the first list called "messages" that holds any."""
    found = _NEXT_DATA.search(page)
    data = found[1] if found else "".join(_unquoted(piece[1]) for piece in _PUSHED.finditer(page))
    decoder = json.JSONDecoder()
    for place, _ in zip(_MESSAGES.finditer(data), range(_TRIES), strict=False):
        try:
            value, _ = decoder.raw_decode(data, place.end())
        except (ValueError, RecursionError):
            continue
        messages = [message for message in Answer(value) if message["message"]]
        if messages:
            yield from messages
            return


def _unquoted(piece: str) -> str:
    try:
        return str(json.loads(piece))
    except ValueError:
        return ""


def _words(message: Answer) -> str:
    """A text, or what stands under a picture, a film or a file."""
    for kind in _KINDS:
        if words := message[kind, "text"].text or message[kind, "caption", "text"].text:
            return words
    return ""


def _title(page: str) -> str | None:
    """The channel's name: «بله | کانال نام» without what Bale puts before it."""
    found = _TITLE.search(page)
    named = one_line(plain(found[1])).rpartition("|")[2].strip() if found else ""
    return shortened(named.removeprefix("کانال").strip(), TITLE) or None
