"""The preview's endpoint: the Bot API over HTTP, and beside it the chat page and the sample newsroom.

What lives here: the socket, which requests may enter, and the way of a Bot API request from the wire to its method and
back. What does not: what the methods do (methods/), the page (page.py), the news (newsroom/).
"""

import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from bot.platforms.preview.methods import METHODS
from bot.platforms.preview.model import Refusal
from bot.platforms.preview.newsroom import Newsroom
from bot.platforms.preview.page import Page
from bot.platforms.preview.parameters import Parameters, Upload
from bot.platforms.preview.people import People
from bot.platforms.preview.trouble import Dropped, FloodLimits, Trouble
from bot.platforms.preview.world import BOT_ID, Change, Clock, World

PREVIEW_TOKEN = f"{BOT_ID}:preview-needs-no-secret-only-a-shape"
_HOSTS = ("127.0.0.1", "localhost")
_LARGEST_REQUEST = 60 << 20
_REQUESTS_KEPT = 10_000
_SENDING = {"sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup"}
_NAMES = {name.lower(): name for name in (*METHODS, "getUpdates")}  # methods are found in any case, as on Telegram

type _Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request that the bot made. `parameters` as they came: strings, or JSON values of a JSON body, or Uploads."""

    method: str
    parameters: dict[str, Any]
    at: float


class PreviewServer:
    """A Telegram of one bot on 127.0.0.1.

    `people` does what people do (say, press, wait_for_message); `trouble` plans refusals and dropped connections;
    `requests` holds the last 10,000 requests of the bot; `newsroom` publishes sample news. `flood_limits` enforces
    Telegram's limits on sending. Port 0 takes a free one; `clock` gives Unix time in seconds.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = PREVIEW_TOKEN,
        flood_limits: bool = False,
        clock: Clock = time.time,
    ) -> None:
        self.token = token
        self.world = World(clock)
        self.people = People(self.world)
        self.trouble = Trouble()
        self.newsroom = Newsroom(clock)
        self.requests: deque[ApiRequest] = deque(maxlen=_REQUESTS_KEPT)
        self._flood = FloodLimits() if flood_limits else None
        self._port = port
        self._runner = web.AppRunner(
            self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=1
        )

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=_LARGEST_REQUEST, middlewares=[_only_from_here])
        application.router.add_route("*", "/bot{token}/{method}", self._answer)
        application.router.add_get("/file/bot{token}/{kind}/{id}/{name}", self._download)
        application.add_routes(Page(self.people).routes())
        application.add_routes(self.newsroom.routes())
        return application

    # ── life ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Listen; raises OSError where the port is taken."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, _HOSTS[0], self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.newsroom.address = f"{self.url}/newsroom"

    async def stop(self) -> None:
        """Answer what waits and close the socket."""
        self.world.updates.close()
        self.world.tell(Change("closed", 0))
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """Where the page is: http://127.0.0.1:PORT."""
        return f"http://{_HOSTS[0]}:{self._port}"

    @property
    def api_url(self) -> str:
        """The base URL of the Bot API, to which a bot adds its token: http://127.0.0.1:PORT/bot."""
        return f"{self.url}/bot"

    def calls(self, method: str) -> list[ApiRequest]:
        """The requests of one method, oldest first."""
        return [request for request in self.requests if request.method == method]

    async def called(self, method: str, times: int = 1, *, within: float = 10.0) -> list[ApiRequest]:
        """The requests of one method, once there have been at least `times`; TimeoutError after `within` seconds."""
        return await self.people.wait_until(
            lambda: calls if len(calls := self.calls(method)) >= times else None, within=within
        )

    # ── the Bot API ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request)
            result = await self._result(request.match_info["method"], await _read(request))
        except Refusal as refusal:
            answer = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            more = {"parameters": refusal.parameters} if refusal.parameters else {}
            return web.json_response(answer | more, status=refusal.code)
        except Dropped:
            if request.transport:
                request.transport.abort()
            return web.Response()
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, request: web.Request) -> None:
        given = request.match_info["token"]
        if ":" not in given:
            raise Refusal(404, "Not Found")
        if given != self.token:
            raise Refusal(401, "Unauthorized")

    async def _result(self, asked: str, raw: dict[str, Any]) -> Any:
        method = _NAMES.get(asked.lower(), asked)
        self.requests.append(ApiRequest(method, raw, self.world.clock()))
        self.world.tell(Change("request", 0, detail=method))
        if asked.lower() not in _NAMES:
            raise Refusal(404, "Not Found: method not found")
        parameters = Parameters(raw)
        fault = self.trouble.take(method, parameters.integer("chat_id"))
        if fault:
            await fault.strike("before")
        if method == "getUpdates":
            result: Any = await self._updates(parameters)
        else:
            self._count(method, parameters)
            result = METHODS[method](self.world, parameters)
        if fault:
            await fault.strike("after")
        return result

    async def _updates(self, parameters: Parameters) -> list[dict[str, Any]]:
        return await self.world.updates.get(
            parameters.integer("offset"),
            parameters.integer("limit", 100),
            parameters.integer("timeout"),
            parameters.array("allowed_updates") if "allowed_updates" in parameters else None,
        )

    def _count(self, method: str, parameters: Parameters) -> None:
        if self._flood and method in _SENDING:
            messages = len(parameters.array("media")) or 1
            self._flood.count(self.world.chat(parameters.integer("chat_id")), self.world.clock(), messages)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self.world.files.get(request.match_info["id"])
        if request.match_info["token"] != self.token or file is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")


async def _read(request: web.Request) -> dict[str, Any]:
    """The parameters of a request: from its address, and from a form, multipart or JSON body."""
    raw: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            raw |= await request.json()
        except (ValueError, TypeError) as error:
            raise Refusal(400, "Bad Request: can't parse JSON") from error
        return raw
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            raw[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            raw[name] = value
    return raw


@web.middleware
async def _only_from_here(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuse what another web page makes a browser send: a Host that is not this machine's, or a foreign Origin."""
    host = request.headers.get("Host", "")
    origin = request.headers.get("Origin")
    if host.rpartition(":")[0] not in _HOSTS or origin not in (None, f"http://{host}"):
        raise web.HTTPForbidden(text="The preview answers only to this machine's own pages.")
    return await handler(request)
