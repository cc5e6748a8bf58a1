"""robots.txt (RFC 9309): what a site asks of machines, kept for a day.

What lives here: asking for the file, and for how long its word holds. What does not: reading it (Protego, in the worker,
since a pattern may be made to take long).
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from monitors.errors import FetchError, HttpStatus
from monitors.fetch import Fetcher
from monitors.kinds import Request
from monitors.worker import Worker

NAME = "Rasad"  # as in the User-Agent
LONGEST = 500 * 1024  # bytes that are read of a file
HOLDS = timedelta(hours=24)
UNREACHED_HOLDS = timedelta(minutes=10)
MOST_HELD = 8 * 1024 * 1024  # bytes of all files together
MOST_SITES = 5_000
TOO_MANY = 429


class Rules(NamedTuple):
    """Whether an address may be read, and how many seconds are to lie between two requests to its site."""

    allowed: bool
    delay: float


@dataclass(frozen=True, slots=True)
class _File:
    """What a site answered, and until when that counts: its bytes, or the error that kept us from them."""

    answer: bytes | FetchError
    until: datetime


class Robots:
    """The rules of all sites that articles are read from."""

    def __init__(self, fetcher: Fetcher, worker: Worker, now: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._worker = worker
        self._now = now
        self._files: OrderedDict[str, _File] = OrderedDict()

    async def rules(self, url: str) -> Rules:
        """The rules for a URL. A site without the file allows everything; one whose file cannot be got now allows nothing
        yet: that raises the FetchError. Raises ParsingTooLong too."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        file = self._files.get(site)
        if file is None or file.until <= self._now():
            file = await self._ask(site)
            self._keep(site, file)
        if isinstance(file.answer, FetchError):
            raise file.answer
        return await self._worker.run(_read, file.answer, url) if file.answer else Rules(True, 0.0)

    async def _ask(self, site: str) -> _File:
        try:
            fetched = await self._fetcher.get(Request(f"{site}/robots.txt", (("Accept", "text/plain, */*;q=0.5"),)))
        except HttpStatus as error:
            if 400 <= error.status < 500 and error.status != TOO_MANY:
                return _File(b"", self._now() + HOLDS)
            return _File(error, self._now() + UNREACHED_HOLDS)
        except FetchError as error:
            return _File(error, self._now() + UNREACHED_HOLDS)
        return _File(fetched.body.content[:LONGEST] if fetched.body else b"", self._now() + HOLDS)

    def _keep(self, site: str, file: _File) -> None:
        self._files[site] = file
        self._files.move_to_end(site)
        while len(self._files) > MOST_SITES or sum(map(_size, self._files.values())) > MOST_HELD:
            self._files.popitem(last=False)


def _size(file: _File) -> int:
    return len(file.answer) if isinstance(file.answer, bytes) else 0


def _read(content: bytes, url: str) -> Rules:
    from protego import Protego  # only the worker needs it

    rules = Protego.parse(content.decode("utf-8-sig", "replace"))
    return Rules(rules.can_fetch(url, NAME), rules.crawl_delay(NAME) or 0.0)
