"""The kind "eitaa_channel": a public channel of the messenger Eitaa, read through its web preview (eitaa.com/NAME), whose markup
is that of Telegram's widget under other names. An address is the channel's name.

What lives here: how a channel is named. What does not: its pages (channel_page.py).
"""

import re

from monitors.kinds import Body, Family, Page, Request
from monitors.sources.channel_links import name_in_path, parts_of
from monitors.sources.channel_page import Preview

_PREVIEW = Preview("etme", site="https://eitaa.com", pages="https://eitaa.com")
_NAME = re.compile(r"[a-z][a-z0-9_]{3,63}", re.IGNORECASE)
_HOSTS = frozenset({"eitaa.com"})
_RESERVED = frozenset({"joinchat", "share", "addstickers"})


class EitaaChannel:
    """See monitors.kinds.SourceKind."""

    kind = "eitaa_channel"
    family: Family = "place"
    needs = ()
    pace = 2.0

    def recognise(self, text: str) -> str | None:
        """eitaa.com/name, eitaa.com/s/name, eitaa.com/name/123; no invitations."""
        url = parts_of(text)
        name = url and name_in_path(url, _HOSTS)
        return name.lower() if name and _NAME.fullmatch(name) and name.lower() not in _RESERVED else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest page."""
        return Request(self.link(address))

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts of a page."""
        return _PREVIEW.read(body, address, cursor)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """HTML is always parsed tolerantly."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The preview."""
        return f"{_PREVIEW.pages}/{address}"
