"""YouTube on loopback: its site, where a channel is looked up, and its Data API, which counts searches."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aiohttp import web

from tests.unit.sources.golden import FIXTURES

KEY = "AIza-example"
CHANNEL = "UCexample_0123456789abcd"
SITE: Path = FIXTURES / "youtube"


@dataclass
class Site:
    """www.youtube.com: one channel, its page (which asks Europeans about cookies first) and its feed."""

    asked: list[str] = field(default_factory=list)
    status: int = 200

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append(request.path_qs)
        if self.status != 200:
            return web.Response(status=self.status)
        if request.path_qs == f"/feeds/videos.xml?channel_id={CHANNEL}":
            return web.Response(body=(SITE / "feed.xml").read_bytes(), content_type="text/xml")
        if request.path == "/@nemoone":
            consent = "<html><title>Before you continue to YouTube</title></html>"
            page = (SITE / "channel.html").read_text() if "SOCS" in request.cookies else consent
            return web.Response(text=page, content_type="text/html")
        if request.path == "/@consent":
            return web.Response(text="<html><title>Before you continue</title></html>", content_type="text/html")
        return web.Response(status=404)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def refusal(status: int, reason: str, message: str) -> web.Response:
    errors = [{"message": message, "domain": "youtube.quota", "reason": reason}]
    return web.json_response({"error": {"code": status, "message": message, "errors": errors}}, status=status)


@dataclass
class Api:
    """www.googleapis.com with these videos and threads, by id and time."""

    videos: dict[str, datetime] = field(default_factory=dict)
    threads: dict[str, datetime] = field(default_factory=dict)
    searches_left: int = 100
    asked: list[str] = field(default_factory=list)
    broken: str | None = None
    refusal: web.Response | None = None

    async def answer(self, request: web.BaseRequest) -> web.Response:
        resource = request.path.removeprefix("/youtube/v3/")
        self.asked.append(resource)
        if request.headers.get("X-Goog-Api-Key") != KEY:
            return refusal(400, "badRequest", "API key not valid. Please pass a valid API key.")
        if self.refusal is not None:
            return self.refusal
        if self.broken is not None:
            return web.Response(text=self.broken, content_type="application/json")
        return getattr(self, f"_{resource}")(request)  # type: ignore[no-any-return]

    def _search(self, request: web.BaseRequest) -> web.Response:
        if self.searches_left == 0:
            return refusal(403, "quotaExceeded", 'You have exceeded your <a href="/quota">quota</a>.')
        self.searches_left -= 1
        since = datetime.fromisoformat(request.query.get("publishedAfter", "2000-01-01T00:00:00Z"))
        found = sorted(((at, number) for number, at in self.videos.items() if at >= since), reverse=True)
        items = [{"id": {"videoId": number}, "snippet": {"publishedAt": stamp(at)}} for at, number in found[:50]]
        return web.json_response({"kind": "youtube#searchListResponse", "items": items})

    def _videos(self, request: web.BaseRequest) -> web.Response:
        items = [
            {"id": number, "snippet": {"title": "پاکنوش", "publishedAt": stamp(self.videos[number])}}
            for number in request.query["id"].split(",")
        ]
        return web.json_response({"kind": "youtube#videoListResponse", "items": items})

    def _commentThreads(self, request: web.BaseRequest) -> web.Response:  # noqa: N802 - as the API spells it
        if request.query.get("videoId") == "no_comments":
            return refusal(403, "commentsDisabled", "The video has disabled comments.")
        start = int(request.query.get("pageToken", "0"))
        newest = sorted(((at, number) for number, at in self.threads.items()), reverse=True)
        page = [
            {"snippet": {"topLevelComment": {"id": number, "snippet": {"publishedAt": stamp(at), "textDisplay": "x"}}}}
            for at, number in newest[start : start + 100]
        ]
        more = {"nextPageToken": str(start + 100)} if len(newest) > start + 100 else {}
        return web.json_response({"items": page, **more})
