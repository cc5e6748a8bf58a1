"""A server that keeps the rules of public.api.bsky.app and bsky.social: pages, sessions, rate limits, their errors."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta

from aiohttp import web

START = datetime(2026, 11, 25, 9, tzinfo=UTC)
ACCOUNT = {"BLUESKY_HANDLE": "@rasad.example", "BLUESKY_APP_PASSWORD": "abcd-efgh"}


def stamp(number: int) -> str:
    return (START + timedelta(minutes=number)).isoformat().replace("+00:00", ".000Z")


def post(number: int) -> dict[str, object]:
    author = {"did": "did:plc:example", "handle": "paknoosh.example", "displayName": "پاکنوش"}
    record = {"$type": "app.bsky.feed.post", "text": f"پاکنوش {number}", "createdAt": stamp(number), "langs": ["fa"]}
    uri = f"at://did:plc:example/app.bsky.feed.post/3l{number}"
    return {"uri": uri, "cid": "b", "author": author, "record": record, "indexedAt": stamp(number), "likeCount": number}


def guids(*numbers: int) -> list[str]:
    return [f"at://did:plc:example/app.bsky.feed.post/3l{number}" for number in numbers]


def refusal(status: int, name: str, message: str) -> web.Response:
    limits = {
        "RateLimit-Limit": "3000",
        "RateLimit-Reset": str(int(time.time()) + 120),
        "RateLimit-Policy": "3000;w=300",
    }
    return web.json_response({"error": name, "message": message}, status=status, headers=limits)


class Network:
    """public.api.bsky.app and bsky.social with these posts, newest first in their answers."""

    def __init__(self) -> None:
        self.posts: list[int] = []
        self.asked: list[dict[str, str]] = []
        self.sessions: list[object] = []
        self.limited = False
        self.broken: web.Response | None = None

    async def answer(self, request: web.BaseRequest) -> web.Response:
        name = request.path.removeprefix("/xrpc/")
        if self.limited:
            return refusal(429, "RateLimitExceeded", "Rate Limit Exceeded")
        if name == "com.atproto.server.createSession":
            return self._session(await request.json())
        self.asked.append(dict(request.query))
        if self.broken:
            return self.broken
        if name == "app.bsky.feed.getAuthorFeed":
            return self._feed(request)
        assert name == "app.bsky.feed.searchPosts"
        if request.headers.get("Authorization") != f"Bearer {self._token()}":
            return refusal(401, "AuthMissing", "Authentication Required")
        return self._found(request)

    def _session(self, given: dict[str, str]) -> web.Response:
        self.sessions.append(given)
        if given != {"identifier": "rasad.example", "password": "abcd-efgh"}:
            return refusal(401, "AuthenticationRequired", "Invalid identifier or password")
        return web.json_response({"accessJwt": self._token(), "refreshJwt": "r", "did": "did:plc:rasad"})

    def _token(self) -> str:
        claims = {"scope": "com.atproto.appPass", "iat": 1_700_000_000, "exp": 1_700_007_200, "n": len(self.sessions)}
        return f"h.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.s"

    def _feed(self, request: web.BaseRequest) -> web.Response:
        if request.query["actor"] != "paknoosh.example":
            return refusal(400, "InvalidRequest", "Profile not found")
        return self._page("feed", request, sorted(self.posts, reverse=True))

    def _found(self, request: web.BaseRequest) -> web.Response:
        since = request.query.get("since", "")
        return self._page("posts", request, [one for one in sorted(self.posts, reverse=True) if stamp(one) >= since])

    def _page(self, name: str, request: web.BaseRequest, found: list[int]) -> web.Response:
        start, limit = int(request.query.get("cursor", 0)), int(request.query["limit"])
        page = found[start : start + limit]
        document: dict[str, object] = {name: [post(one) if name == "posts" else {"post": post(one)} for one in page]}
        if len(found) > start + limit:
            document["cursor"] = str(start + limit)
        return web.json_response(document)
