"""WebSub (www.w3.org/TR/websub): feeds that name a hub are pushed by it within seconds, as long as we can be reached.

    source names a hub → POST subscribe (callback, secret, lease) → the hub asks back: GET challenge → echoed, if we asked
    → the hub posts the feed → signature → parsed by the source's kind → recorder, as if polled
    lease nearly over → subscribe again          removed, paused, another hub → POST unsubscribe → GET challenge → forgotten
What lives here: the loop that asks hubs, and the callback. What does not: the rows (store/websubs.py), the socket
(listening.py). Polls go on, as seldom as they may, for what a hub loses; where it pushes nothing readable, one comes at once.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog
from aiohttp import web

from monitors.errors import HttpStatus, ParseError, SourceError
from monitors.fetch import Fetcher
from monitors.kinds import Body, Fetched, Page, Polled, Request, SourceKind
from monitors.listening import LARGEST, body_of
from monitors.model import Source
from monitors.parsing import Parser
from monitors.recorder import Reading, Recorder
from monitors.schedule import describe
from monitors.store import sources, websubs
from monitors.store.engine import Database
from monitors.store.websubs import Mode, Subscription
from monitors.waiting import first_of

PATH = "/websub/"
METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})  # of signatures
LONGEST_CHALLENGE = 2_000  # characters
LONGEST_LEASE = timedelta(days=90)
AT_ONCE = 10  # requests to hubs
GIVEN_UP = 4  # requests to leave, after which a hub is left without its word
FORM = "application/x-www-form-urlencoded"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between two looks, the lease that is asked for, until a hub that was silent or refused is asked again (doubling
    up to the longest), until one that denied is, and the shortest time between two renewals. A lease is renewed when
    `share` of it is over."""

    look: float = 5.0
    lease: float = 10 * 86_400.0
    again: float = 600.0
    longest: float = 86_400.0
    least: float = 60.0
    share: float = 0.8


class WebSub:
    """Subscribes sources of `kinds` at their hubs. `public_url` is where others reach the listener."""

    def __init__(
        self,
        database: Database,
        fetcher: Fetcher,
        parser: Parser,
        recorder: Recorder,
        kinds: Mapping[str, SourceKind],
        public_url: str,
        now: Callable[[], datetime],
        pace: Pace | None = None,
    ) -> None:
        self._database = database
        self._fetcher = fetcher
        self._parser = parser
        self._recorder = recorder
        self._kinds = kinds
        self._base = public_url.rstrip("/") + PATH
        self._now = now
        self._pace = pace or Pace()

    def routes(self) -> list[web.RouteDef]:
        """What the listener is to serve."""
        return [web.get(f"{PATH}{{token}}", self._verify), web.post(f"{PATH}{{token}}", self._take)]

    async def run(self, stopping: asyncio.Event) -> None:
        """Keeps the subscriptions until `stopping`; they go on at the hubs, and here at the next start."""
        while not stopping.is_set():
            async with self._database.write() as connection:
                await websubs.leave_unwanted(connection, self._kinds.keys(), self._base, self._now())
                for new in await websubs.wanted(connection, self._kinds.keys()):
                    callback, secret = self._base + secrets.token_urlsafe(24), secrets.token_urlsafe(32)
                    row = Subscription(new.source_id, new.hub, new.topic, callback, secret)
                    await websubs.begin(connection, row, self._now())
                due = await websubs.due(connection, self._now(), AT_ONCE)
            async with asyncio.TaskGroup() as group:
                for one in due:
                    group.create_task(self._ask(one))
            await first_of(stopping, seconds=self._pace.look)

    # ── asking a hub ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _ask(self, one: Subscription) -> None:
        """One request. What is asked is written first, since hubs ask back before they answer."""
        mode: Mode = "unsubscribe" if one.pending == "unsubscribe" else "subscribe"
        wait = min(self._pace.again * 2.0 ** min(one.failures, 16), self._pace.longest)
        again_at = self._now() + timedelta(seconds=wait)
        async with self._database.write() as connection:
            if mode == "unsubscribe" and one.failures >= GIVEN_UP:
                return await websubs.left(connection, one)
            await websubs.asked(connection, one, mode, again_at)
        try:
            await self._fetcher.get(self._request(one, mode))
        except SourceError as error:
            if isinstance(error, HttpStatus) and 200 <= error.status < 300:  # 202 and 204 are how a hub says yes
                return None
            log.warning("hub_refused", hub=one.hub, topic=one.topic, mode=mode, error=repr(error))
            async with self._database.write() as connection:
                await websubs.refused(connection, one, again_at, describe(error))
        return None

    def _request(self, one: Subscription, mode: Mode) -> Request:
        form = {"hub.mode": mode, "hub.topic": one.topic, "hub.callback": one.callback, "hub.secret": one.secret}
        form |= {"hub.lease_seconds": str(int(self._pace.lease))} if mode == "subscribe" else {}
        return Request(one.hub, body=urlencode(form), content_type=FORM)

    # ── asked by a hub ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _verify(self, request: web.Request) -> web.Response:
        """Whether we meant it: the challenge is echoed where just this was asked, and is waiting for its answer."""
        given = request.query
        one = await self._subscription(request)
        if one is None or given.get("hub.topic") != one.topic:
            raise web.HTTPNotFound
        if given.get("hub.mode") == "denied":
            await self._deny(one, given.get("hub.reason", ""))
            return web.Response()
        challenge = given.get("hub.challenge", "")
        if given.get("hub.mode") != one.pending or not 0 < len(challenge) <= LONGEST_CHALLENGE:
            raise web.HTTPNotFound
        async with self._database.write() as connection:
            if one.pending == "unsubscribe":
                await websubs.left(connection, one)
            else:
                await websubs.verified(connection, one, *self._lease(given.get("hub.lease_seconds", "")))
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    def _lease(self, seconds: str) -> tuple[datetime, datetime]:
        """When it ends, and when it is renewed. Hubs of before WebSub name no lease: then it is the one we asked for."""
        stated = int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 12 else 0
        lease = min(timedelta(seconds=stated or self._pace.lease), LONGEST_LEASE)
        renewal = max(lease * self._pace.share, timedelta(seconds=self._pace.least))
        return self._now() + lease, self._now() + renewal

    async def _deny(self, one: Subscription, reason: str) -> None:
        log.warning("hub_denied", hub=one.hub, topic=one.topic, why=reason[:200])
        async with self._database.write() as connection:
            await websubs.denied(connection, one, self._now() + timedelta(seconds=self._pace.longest), "denied")

    async def _subscription(self, request: web.Request) -> Subscription | None:
        async with self._database.read() as connection:
            return await websubs.by_callback(connection, self._base + request.match_info["token"])

    # ── what a hub brings ────────────────────────────────────────────────────────────────────────────────────────────

    async def _take(self, request: web.Request) -> web.Response:
        """A feed, pushed. 410 lets a hub stop; a wrong signature is answered as a right one, and what came is ignored."""
        one = await self._subscription(request)
        if one is None or one.pending == "unsubscribe" or one.lease_until is None or one.lease_until <= self._now():
            raise web.HTTPGone
        body = await body_of(request, LARGEST)
        if not _is_signed(body, request.headers.get("X-Hub-Signature", ""), one.secret):
            log.warning("push_not_signed", hub=one.hub, topic=one.topic)
            return web.Response(status=202)
        async with self._database.read() as connection:
            source = await sources.by_id(connection, one.source_id)
        if source and source.active and not source.paused:
            await self._record(source, Body(body, one.topic, request.headers.get("Content-Type", "")))
        return web.Response(status=204)

    async def _record(self, source: Source, body: Body) -> None:
        page = await self._read(source, body)
        if page is None:
            async with self._database.write() as connection:
                await sources.poll_at(connection, source.id, self._now())
            return
        polled = Polled(Fetched(None), replace(page, items=()), page.items, pushed=True)
        await (await self._recorder.submit(Reading(source, polled)))

    async def _read(self, source: Source, body: Body) -> Page | None:
        """None where it says only that there is something, or cannot be read."""
        if not body.content.strip():
            return None
        try:
            return await self._parser.parse(self._kinds[source.kind], body, source.address, source.state.cursor)
        except ParseError as error:
            log.warning("push_unreadable", address=source.address, error=repr(error))
            return None


def _is_signed(body: bytes, header: str, secret: str) -> bool:
    """Whether an X-Hub-Signature ("sha256=HEX") is the body's."""
    method, _, signature = header.partition("=")
    if method.lower() not in METHODS:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.lower().encode("utf-8", "replace"))
