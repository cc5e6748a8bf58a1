"""Looks at what somebody wants watched, before it is: which kind it is, what it is called, what is newest in it.

What lives here: from a user's words to sources that were read once. What does not: adding them (store/sources.py).
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex
from urllib.parse import urlsplit

from monitors.errors import NotAFeed, SourceError
from monitors.fetch import Fetcher
from monitors.model import Item, Language, SourceKind
from monitors.poll import Parse, poll
from monitors.sources import discovery
from monitors.sources.feed import Feed
from monitors.sources.page import instead_of_feed

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
                    return await self._instead(kind, address, page)
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

    async def _instead(self, kind: SourceKind, address: str, page: NotAFeed) -> tuple[Found, ...]:
        """What a page that is no feed leads to: the feeds that it announces, else those where feeds usually are, else the
        page itself. Raises the page's own error where nothing can be read."""
        found = await self._among(kind, page.alternates[:ALTERNATES])
        if not found and kind.kind == Feed.kind:
            usual = await self._among(kind, discovery.guesses(address))
            found = (*usual[:1], *await self._first(instead_of_feed(address, page.what)))
        if not found:
            raise page
        return found

    async def _first(self, spellings: Sequence[str]) -> tuple[Found, ...]:
        """What the first of these leads to that leads anywhere."""
        for words in spellings:
            with contextlib.suppress(SourceError):
                return await self.look(words)
        return ()

    async def _among(self, kind: SourceKind, addresses: Sequence[str]) -> tuple[Found, ...]:
        """Those of the addresses that can be read."""
        outcomes = await asyncio.gather(*(self._read(kind, address) for address in addresses), return_exceptions=True)
        found = {one.address: one for one in outcomes if isinstance(one, Found)}
        unexpected = [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, SourceError)]
        if unexpected:
            raise unexpected[0]
        return tuple(found.values())

    async def _read(self, kind: SourceKind, address: str) -> Found:
        polled = await poll(kind, address, None, self._fetcher, self._parse)
        page = polled.page
        url = kind.link(address)
        title = (page.title if page else None) or urlsplit(url).hostname or address
        moved = polled.fetched.moved_to if url == address else None  # only an address that is a URL moves with it
        return Found(kind.kind, moved or address, title, page.language if page else None, polled.items)
