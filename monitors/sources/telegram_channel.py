"""The kind "telegram_channel": a public channel, read through its web preview (t.me/s/NAME). An address is its name.

What lives here: how a channel is named. What does not: its pages (channel_page.py).
"""

import re
from urllib.parse import parse_qs

from monitors.kinds import Body, Family, Page, Request
from monitors.sources.channel_links import name_in_path, parts_of
from monitors.sources.channel_page import Preview

_PREVIEW = Preview("tgme", site="https://t.me", pages="https://t.me/s")
_NAME = re.compile(r"[a-z][a-z0-9_]{3,31}", re.IGNORECASE)
_HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog"})
# First parts of t.me paths that are no names (core.telegram.org/api/links).
_RESERVED = frozenset(
    {
        *("joinchat", "addstickers", "addemoji", "addtheme", "addlist", "share", "proxy", "socks", "setlanguage"),
        *("confirmphone", "invoice", "boost", "giftcode", "contact", "login"),
    }
)
_BOT_LINK = frozenset({"start", "startgroup", "startapp"})


class TelegramChannel:
    """See monitors.kinds.SourceKind."""

    kind = "telegram_channel"
    family: Family = "place"
    needs = ()
    pace = 0.5

    def recognise(self, text: str) -> str | None:
        """@name, t.me/name, t.me/s/name, t.me/name/123, name.t.me; no invitations, bots or private posts."""
        text = text.strip()
        name = text.removeprefix("@") if text.startswith("@") else _name_in_link(text)
        if name is None or not _NAME.fullmatch(name) or name.lower() in _RESERVED or name.lower().endswith("bot"):
            return None
        return name.lower()

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
        """The preview, which opens without an app."""
        return f"{_PREVIEW.pages}/{address}"


def _name_in_link(text: str) -> str | None:
    """The channel's name in a link to it or to a post of it."""
    url = parts_of(text)
    if url is None:
        return None
    query = parse_qs(url.query)
    host = (url.hostname or "").removeprefix("www.")
    if query.keys() & _BOT_LINK:
        return None
    if url.scheme == "tg" and host == "resolve":
        return query.get("domain", [None])[0]
    if host.endswith(".t.me") and url.path in {"", "/"}:
        return host.removesuffix(".t.me")
    return name_in_path(url, _HOSTS)
