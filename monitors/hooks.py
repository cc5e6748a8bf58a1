"""POST /hooks/NAME: other tools post items, signed, and they become articles as polled ones do.

    X-Rasad-Timestamp: 1764064800                    seconds since 1970, at most five minutes from our clock
    X-Rasad-Signature: sha256=HEX                    HMAC-SHA256 of "TIMESTAMP.BODY" with WEBHOOK_SECRET
    → 200 {"received": 2}                            written; the same guid again changes or does nothing
    → 401 signature or clock, 404 no such name, 409 paused, 410 removed, 413 too large, 422 items (where and why), 429 too often
What lives here: who may post, how much, and to which source. What does not: what a body holds (sources/webhook_in.py).
A name begins with the first post to it; whoever has the secret may make some.
"""

import hashlib
import hmac
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from time import monotonic

from aiohttp import web

from monitors import schedule
from monitors.errors import BadItems
from monitors.kinds import Body, Fetched, Polled
from monitors.listening import body_of
from monitors.model import Source
from monitors.parsing import Parser
from monitors.recorder import Reading, Recorder
from monitors.sources.webhook_in import WebhookIn, is_name
from monitors.store import sources
from monitors.store.engine import Database
from monitors.store.sources import NewSource

KIND = WebhookIn()
TIMESTAMP, SIGNATURE = "X-Rasad-Timestamp", "X-Rasad-Signature"
LARGEST = 1024 * 1024  # bytes of a body
WINDOW = 300.0  # seconds that a timestamp may be off
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many posts a minute one name may get, and how many names there may be."""

    a_minute: int = 120
    names: int = 100


class Hooks:
    """The handler of posts. `secret` is what they are signed with."""

    def __init__(
        self,
        database: Database,
        parser: Parser,
        recorder: Recorder,
        secret: str,
        now: Callable[[], datetime],
        allowance: Allowance | None = None,
    ) -> None:
        self._database = database
        self._parser = parser
        self._recorder = recorder
        self._secret = secret.encode()
        self._now = now
        self._allowance = allowance or Allowance()
        self._posts: defaultdict[str, deque[float]] = defaultdict(deque)

    def routes(self) -> list[web.RouteDef]:
        """What the listener is to serve."""
        return [web.post("/hooks/{name}", self._post)]

    async def _post(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if not is_name(name):
            raise web.HTTPNotFound
        body = await self._signed_body(request)
        if wait := self._wait(name):
            headers = {"Retry-After": str(ceil(wait))}
            return web.json_response({"error": "too many posts"}, status=429, headers=headers)
        try:
            page = await self._parser.parse(KIND, Body(body, ""), name, None)
        except BadItems as bad:
            problems = [{"at": at, "error": error} for at, error in bad.problems]
            return web.json_response({"error": "items that cannot be read", "problems": problems}, status=422)
        source = await self._source(name)
        polled = Polled(Fetched(None), replace(page, items=()), page.items, pushed=True)
        await (await self._recorder.submit(Reading(source, polled)))
        return web.json_response({"received": len(page.items)})

    async def _signed_body(self, request: web.Request) -> bytes:
        """Raises HTTPUnauthorized for what is not signed, or not now."""
        stamp, signature = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
        if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
            raise web.HTTPUnauthorized(reason=f"{TIMESTAMP} should be seconds since 1970")
        if abs(self._now().timestamp() - int(stamp)) > WINDOW:
            raise web.HTTPUnauthorized(reason=f"{TIMESTAMP} is more than five minutes off")
        body = await body_of(request, LARGEST)
        expected = "sha256=" + hmac.new(self._secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise web.HTTPUnauthorized(reason=f"{SIGNATURE} does not fit")
        return body

    def _wait(self, name: str) -> float:
        """Seconds until the name may be posted to again; 0 where it may be now."""
        posts, now = self._posts[name], monotonic()
        while posts and posts[0] <= now - MINUTE:
            posts.popleft()
        if len(posts) >= self._allowance.a_minute:
            return posts[0] + MINUTE - now
        posts.append(now)
        return 0.0

    async def _source(self, name: str) -> Source:
        """The source of that name, made where there is none yet. Raises HTTPConflict, HTTPGone, HTTPForbidden."""
        async with self._database.write() as connection:
            source = await sources.by_address(connection, KIND.kind, name)
            if source is None:
                if len(await sources.active_of(connection, {KIND.kind})) >= self._allowance.names:
                    raise web.HTTPForbidden(reason="too many names; remove one with /removesource")
                state = replace(schedule.initial(self._now()), last_success_at=self._now())  # its first item is news
                await sources.add(connection, [NewSource(KIND.kind, name, name)], state, self._now())
                source = await sources.by_address(connection, KIND.kind, name)
        assert source  # noqa: S101 - it was just added
        if source.paused:
            raise web.HTTPConflict(reason="this source is paused")
        if not source.active:
            raise web.HTTPGone(reason="this source was removed")
        return source
