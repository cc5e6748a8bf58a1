"""Looks at what somebody wants watched, before it is: which kind it is, what it is called, what is newest in it.

What lives here: from a user's words to sources that were read once. What does not: adding them (store/sources.py).
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex
from urllib.parse import urlsplit

from monitors.errors import NotAFeed, SourceError
from monitors.fetch import Fetcher
from monitors.model import Item, Language, SourceKind
from monitors.poll import Parse, poll

ALTERNATES = 4  # feeds of a page that are tried
OFFERS_KEPT = 200


@dataclass(frozen=True, slots=True)
class Found:
    """A source that was read once and may be added; `items` as it gave them."""

    kind: str
    address: str
    title: str
    language: Language | None
    items: tuple[Item, ...]


class Scout:
    """Reads places before they are watched, and keeps what it offered until the answer comes."""

    def __init__(self, places: Sequence[SourceKind], fetcher: Fetcher, parse: Parse) -> None:
        self._places = places
        self._fetcher = fetcher
        self._parse = parse
        self._offers: OrderedDict[str, Found] = OrderedDict()

    async def look(self, words: str) -> tuple[Found, ...]:
        """What the words lead to, best first; nothing where no kind of source recognises them. Raises SourceError."""
        for kind in self._places:
            if address := kind.recognise(words):
                try:
                    return (await self._read(kind, address),)
                except NotAFeed as page:
                    if not page.alternates:
                        raise
                    return await self._among(kind, page)
        return ()

    def offer(self, found: Found) -> str:
        """A short token that `take` gives the source for, later."""
        token = token_hex(6)
        self._offers[token] = found
        while len(self._offers) > OFFERS_KEPT:
            self._offers.popitem(last=False)
        return token

    def take(self, token: str) -> Found | None:
        """What was offered under the token; None where that was too long ago."""
        return self._offers.get(token)

    async def _among(self, kind: SourceKind, page: NotAFeed) -> tuple[Found, ...]:
        """Those of a page's feeds that can be read; the page's own error where none can."""
        tries = [self._read(kind, address) for address in page.alternates[:ALTERNATES]]
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        found = {one.address: one for one in outcomes if isinstance(one, Found)}
        unexpected = [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, SourceError)]
        if unexpected:
            raise unexpected[0]
        if not found:
            raise page
        return tuple(found.values())

    async def _read(self, kind: SourceKind, address: str) -> Found:
        polled = await poll(kind, address, None, self._fetcher, self._parse)
        page = polled.page
        title = (page.title if page else None) or urlsplit(address).hostname or address
        return Found(
            kind.kind, polled.fetched.moved_to or address, title, page.language if page else None, polled.items
        )
