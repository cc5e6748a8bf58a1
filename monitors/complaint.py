"""What a network says of its refusal: the words in the JSON that comes with an error status.

Without them a person reads "error 403" and cannot know that a quota is used up or a token has run out. What lives here:
reading the first kilobytes of such an answer, in little time. What does not: what follows from it (schedule.py).
"""

import asyncio

import aiohttp

from monitors.decompress import Decompressor
from monitors.errors import BodyDamaged, NotTheAnswer
from monitors.model import Body
from monitors.sources.answer import complaint, read

LARGEST = 16_384  # bytes of a refusal that are read
PATIENCE = 3.0  # seconds


async def words_of(response: aiohttp.ClientResponse) -> str:
    """The network's own words on one line; "" where it sent no JSON, or none in time."""
    if "json" not in response.headers.get("Content-Type", ""):
        return ""
    try:
        async with asyncio.timeout(PATIENCE):
            return _said(await _beginning(response))
    except (TimeoutError, aiohttp.ClientError, BodyDamaged):
        return ""


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
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


def _said(content: bytes) -> str:
    try:
        return complaint(read(Body(content, "")))
    except NotTheAnswer:
        return ""
