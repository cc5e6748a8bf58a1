"""One poll of one source: fetch, parse, and on to further pages where the kind asks for them.

What lives here: that sequence. What does not: when it happens (runner.py), what it means (decide.py).
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from monitors.fetch import Fetcher
from monitors.kinds import Body, Page, Polled, SourceKind
from monitors.model import PollState

PAGES = 5  # a poll; a longer gap is closed as far as it goes

type Parse = Callable[[SourceKind, Body, str, str | None], Awaitable[Page]]


async def poll(kind: SourceKind, address: str, state: PollState | None, fetcher: Fetcher, parse: Parse) -> Polled:
    """Reads a source once. Raises a SourceError where it cannot be read.

    A page that fails after the first loses nothing: the cursor stays, and the next poll asks again from there.
    """
    cursor = state.cursor if state else None
    request = kind.request(address, cursor)
    if state is None:
        fetched = await fetcher.get(request)
    else:
        fetched = await fetcher.get(
            request, etag=state.etag, last_modified=state.last_modified, body_hash=state.body_hash
        )
    if fetched.body is None:
        return Polled(fetched, None)
    first = page = await parse(kind, fetched.body, address, cursor)
    items = list(page.items)
    for _ in range(PAGES - 1):
        if page.more is None:
            break
        further = (await fetcher.get(page.more)).body
        if further is None:
            break
        page = await parse(kind, further, address, cursor)
        items += page.items
        if first.cursor is None:  # a page that only leads to the first one with items has no bookmark to set
            first = replace(first, cursor=page.cursor)
    return Polled(replace(fetched, body=None), first, tuple(items))  # the bytes are read; nobody needs them any more
