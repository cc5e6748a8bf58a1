"""An instance of Mastodon: a stream that plays nothing again, and the same statuses on the pages of a timeline."""

import json

from aiohttp import web

from tests.integration.streams.jetstream import Jetstream

INSTANCE = "social.example"


class Instance(Jetstream):
    """As Jetstream's server, but with statuses, a token, no cursor, and the same statuses on pages."""

    def __init__(self) -> None:
        super().__init__()
        self.statuses: list[dict[str, object]] = []
        self.pages = 0

    def post(self, text: str, *, number: int | None = None, event: str = "update") -> None:
        number = 100 + len(self.statuses) if number is None else number
        url = f"https://{INSTANCE}/@sara/{number}"
        status: dict[str, object] = {
            "id": str(number),
            "uri": url,
            "url": url,
            "created_at": "2026-11-18T10:00:00Z",
            "content": f"<p>{text}</p>",
            "account": {"username": "sara", "acct": "sara"},
        }
        self.statuses = [one for one in self.statuses if one["id"] != str(number)] + [status]
        payload = json.dumps(status, ensure_ascii=False)
        self.say(json.dumps({"stream": ["hashtag", "شیر"], "event": event, "payload": payload}, ensure_ascii=False))

    async def respond(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Authorization") != "Bearer s3cret":
            return web.json_response({"error": "Missing access token"}, status=401)
        if request.path == "/api/v1/streaming":
            return await super().respond(request)
        assert request.path == "/api/v1/timelines/tag/شیر"
        self.pages += 1
        before = int(request.query.get("max_id", 10**9))
        found = [one for one in reversed(self.statuses) if int(str(one["id"])) < before]
        return web.json_response(found[:40])
