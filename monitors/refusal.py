"""An error status → HttpStatus: the network's own words with it, and whether and for how long it has had enough of us.

Without the words a person reads "error 403" and cannot know that a quota is used up or a token has run out. What lives here:
reading the first kilobytes of such an answer, in little time. What does not: what follows from it (schedule.py, turns.py).
"""

import asyncio
from datetime import UTC, datetime

import aiohttp

from monitors import headers
from monitors.decompress import Decompressor
from monitors.errors import BodyDamaged, Gone, HttpStatus, NotTheAnswer
from monitors.kinds import Body
from monitors.sources.answer import Answer, complaint, read

LARGEST = 16_384  # bytes of a refusal that are read
PATIENCE = 3.0  # seconds
LATER = 900.0  # seconds to wait where a quota is used up and nothing says until when

# Networks that say it with another status. Meta: application, user, page, custom and business limits
# (developers.facebook.com/docs/graph-api/guides/error-handling); Google: the errors of cloud.google.com/apis/design/errors.
_META_CODES = frozenset({4, 17, 32, 613, 80001, 80002})
_GOOGLE_REASONS = frozenset({"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded", "userRateLimitExceeded"})


async def refusal(response: aiohttp.ClientResponse) -> HttpStatus:
    """The error that an answer with this status is."""
    if response.status == 410:
        return Gone()
    said = await _document(response)
    wait = headers.waiting_time(response.headers, datetime.now(UTC))
    too_often = _says_too_often(said)
    if wait is None and too_often:
        wait = LATER
    return HttpStatus(response.status, wait, complaint(said), too_often=too_often)


def _says_too_often(said: Answer) -> bool:
    code, reason = said["error", "code"].number, said["error", "errors", 0, "reason"].text
    return code in _META_CODES or reason in _GOOGLE_REASONS


async def _document(response: aiohttp.ClientResponse) -> Answer:
    """The JSON of the answer; an empty Answer where it sent none, or none in time."""
    if "json" not in response.headers.get("Content-Type", ""):
        return Answer()
    try:
        async with asyncio.timeout(PATIENCE):
            return read(Body(await _beginning(response), ""))
    except (TimeoutError, aiohttp.ClientError, BodyDamaged, NotTheAnswer):
        return Answer()


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    """The body; nothing of one that is too large."""
    decompressor = Decompressor(response.headers.get("Content-Encoding", ""))
    beginning = b""
    received = 0
    async for chunk in response.content.iter_any():
        received += len(chunk)
        for piece in decompressor.feed(chunk):
            beginning += piece
            if len(beginning) > LARGEST:
                return b""
        if received > LARGEST:
            return b""
    return beginning + b"".join(decompressor.finish())
