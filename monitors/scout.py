"""Looks at what somebody wants watched, before it is: which kind it is, what it is called, what is newest in it.

What lives here: from a user's words to sources that were read once. What does not: which kinds the words fit
(sources/meaning.py), adding them (store/sources.py).
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from urllib.parse import urlsplit

from monitors.errors import NeedsCredentials, NotAFeed, SourceError
from monitors.fetch import Fetcher
from monitors.kinds import Request, SourceKind, StreamKind
from monitors.model import Item, Language
from monitors.poll import Parse, poll
from monitors.sources import discovery
from monitors.sources.encoding import decode
from monitors.sources.feed import Feed
from monitors.sources.meaning import Meaning, meanings
from monitors.sources.page import instead_of_feed
from monitors.streams import sample

ALTERNATES = 4  # feeds of a page that are tried
OFFERS_KEPT = 200
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """A source that was read once and may be added; `items` newest first where they are dated."""

    kind: str
    address: str
    title: str
    language: Language | None
    items: tuple[Item, ...]


class Scout:
    """Reads places before they are watched, and keeps what it offered until the answer comes.

    `credentials` are the names of the settings of networks that are set.
    """

    def __init__(
        self,
        places: Sequence[SourceKind],
        fetcher: Fetcher,
        parse: Parse,
        credentials: frozenset[str] = frozenset(),
    ) -> None:
        self._places = places
        self._fetcher = fetcher
        self._parse = parse
        self._credentials = credentials
        self._offers: OrderedDict[str, Found | Meaning] = OrderedDict()

    def meanings(self, words: str, names: Mapping[str, str]) -> tuple[Meaning, ...]:
        """The sources that the words may mean, likeliest first; `names` are people's names of kinds, by kind."""
        return meanings(words, self._places, names)

    def missing(self, kind: SourceKind) -> tuple[str, ...]:
        """The settings without which this kind cannot ask, and which are not set."""
        return tuple(name for name in kind.needs if name not in self._credentials)

    async def read(self, meaning: Meaning) -> tuple[Found, ...]:
        """The source, or the feeds of the page that it turned out to be, best first. Raises SourceError."""
        if missing := self.missing(meaning.kind):
            raise NeedsCredentials(", ".join(missing))
        try:
            return (await self._read(meaning.kind, meaning.address),)
        except NotAFeed as page:
            return await self._instead(meaning.kind, meaning.address, page)

    async def read_first(self, some: Sequence[Meaning]) -> tuple[Found, ...]:
        """The first of these that reads its page as its own kind; the error of the first where none does."""
        first: NotAFeed | None = None
        for meaning in some:
            try:
                return await self.read(meaning)
            except NotAFeed as error:  # a web page, which a later kind may know how to read
                first = first or error
        if first:
            raise first
        return ()

    async def look(self, words: str) -> tuple[Found, ...]:
        """What the likeliest meaning of the words leads to; nothing where there is none. Raises SourceError."""
        return await self.read_first(self.meanings(words, {}))

    def offer(self, what: Found | Meaning) -> str:
        """A short token that `take` and `chosen` give it back for, later."""
        token = token_hex(6)
        self._offers[token] = what
        while len(self._offers) > OFFERS_KEPT:
            self._offers.popitem(last=False)
        return token

    def take(self, token: str) -> Found | None:
        """The source that was offered under the token; None where that was too long ago."""
        offered = self._offers.get(token)
        return offered if isinstance(offered, Found) else None

    def chosen(self, token: str) -> Meaning | None:
        """The meaning that was offered under the token; None where that was too long ago."""
        offered = self._offers.get(token)
        return offered if isinstance(offered, Meaning) else None

    async def _instead(self, kind: SourceKind, address: str, page: NotAFeed) -> tuple[Found, ...]:
        """What a page that is no feed leads to: the feeds that it announces; else one where feeds usually are, or the site's
        news sitemap, and the page itself. Raises the page's own error where nothing can be read."""
        found = await self._among(kind, page.alternates[:ALTERNATES])
        if not found and kind.kind == Feed.kind:
            usual = (await self._among(kind, discovery.guesses(address)))[:1] or await self._news_sitemap(address)
            found = (*usual, *await self._first(instead_of_feed(address, page.what)))
        if not found:
            raise page
        return found

    async def _news_sitemap(self, url: str) -> tuple[Found, ...]:
        """That of the page's site, where its robots.txt names one."""
        try:
            body = (await self._fetcher.get(Request(discovery.robots(url)))).body
        except SourceError:
            return ()
        named = discovery.news_sitemaps(decode(body.content)) if body else ()
        return await self._first([f"sitemap:{one}" for one in named])

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
        if isinstance(kind, StreamKind):
            polled = await sample(kind, address, self._fetcher, self._parse)
        else:
            polled = await poll(kind, address, None, self._fetcher, self._parse)
        page = polled.page
        url = kind.link(address)
        title = (page.title if page else None) or urlsplit(url).hostname or address
        moved = polled.fetched.moved_to if url == address else None  # only an address that is a URL moves with it
        items = sorted(polled.items, key=lambda item: item.published_at or LONG_AGO, reverse=True)
        return Found(kind.kind, moved or address, title, page.language if page else None, tuple(items))
