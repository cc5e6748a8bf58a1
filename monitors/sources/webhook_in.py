"""The kind "webhook_in": items that other tools post (monitors/hooks.py). An address is the name in POST /hooks/NAME.

A body is one item, a list of items, or {"items": […]}, as JSON:

    {"guid": "1204", "title": "…", "text": "…", "url": "https://…", "author": "…", "author_url": "https://…",
     "outlet": "…", "published_at": "2026-11-25T10:00:00+03:30", "language": "fa", "metrics": {"views": 12}}
Only a title or a text is needed. Without a guid the url is it, else a hash of both. What is unknown or wrong is refused with
its place, and with it the whole body.
"""

import re
from typing import NoReturn

from monitors.kinds import Body, Family, Page

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def is_name(text: str) -> bool:
    """Whether a hook may be called so: 1 to 40 small Latin letters, digits, - and _."""
    return _NAME.fullmatch(text) is not None


class WebhookIn:
    """See monitors.kinds.SourceKind."""

    kind = "webhook_in"
    family: Family = "inbox"
    needs = ()
    pace = 0.0

    def recognise(self, text: str) -> None:
        """Nothing: a hook begins with the first signed post to it."""

    def request(self, address: str, cursor: str | None) -> NoReturn:
        """There is nobody to ask."""
        raise LookupError("items are posted here")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The items of a body. Raises BadItems."""
        from monitors.sources.posted import items_of  # pydantic takes nine megabytes: loaded with the first post

        return Page(items_of(body.content))

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """As `parse`: who posts can be told what is wrong."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The path that is posted to."""
        return f"/hooks/{address}"
