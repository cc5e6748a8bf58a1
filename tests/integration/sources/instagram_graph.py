"""Instagram's Graph API on loopback: whose account, which hashtag, posts by paging.next, error documents."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

TOKEN = "EAAexample"
ACCOUNT, TAG = "17841400000000001", "17843000000000001"
API = "https://graph.facebook.com/v25.0"


def graph_error(status: int, code: int, message: str) -> web.Response:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "x"}
    return web.json_response({"error": error}, status=status)


@dataclass
class Graph:
    """Posts with a hashtag, posts that tag the account, and comments, by number and time."""

    posts: dict[int, datetime] = field(default_factory=dict)
    comments: list[int] = field(default_factory=list)
    hashtags_left: int = 30
    asked: list[str] = field(default_factory=list)
    instead: web.Response | None = None

    async def answer(self, request: web.BaseRequest) -> web.Response:
        path = request.path.removeprefix("/v25.0/")
        self.asked.append(path)
        assert "access_token" not in request.query, "the token has no business in an address"
        if self.instead is not None:
            return self.instead
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return graph_error(401, 190, "Invalid OAuth access token - Cannot parse access token")
        match path.split("/"):
            case ["me", "accounts"]:
                other = {"instagram_business_account": {"id": "1", "username": "other"}, "id": "8"}
                own = {"instagram_business_account": {"id": ACCOUNT, "username": "Paknoosh"}, "id": "9"}
                return web.json_response({"data": [{"id": "7"}, own, other]})
            case ["ig_hashtag_search"]:
                if self.hashtags_left == 0:
                    return graph_error(400, 18, "(#18) The maximum number of hashtags has been exceeded")
                assert request.query["user_id"] == ACCOUNT
                return web.json_response({"data": [{"id": TAG}]})
            case [number, "recent_media" | "tags" as edge]:
                assert number == (TAG if edge == "recent_media" else ACCOUNT)
                return web.json_response(self._page(request))
            case [number, "media"]:
                comments = [{"id": str(one), "text": "ترش بود", "username": "buyer"} for one in self.comments]
                below: Any = {"permalink": "https://www.instagram.com/p/C1/", "comments": {"data": comments}}
                return web.json_response({"data": [below, {"permalink": "https://www.instagram.com/p/C2/"}]})
            case _:
                return graph_error(404, 2500, "Unknown path components")

    def _page(self, request: web.BaseRequest) -> dict[str, Any]:
        start = int(request.query.get("after", 0))
        newest = sorted(((at, number) for number, at in self.posts.items()), reverse=True)
        page = newest[start : start + 50]
        data = [
            {"id": str(number), "caption": "#پاکنوش", "timestamp": f"{at:%Y-%m-%dT%H:%M:%S}+0000"}
            for at, number in page
        ]
        if len(newest) <= start + 50:
            return {"data": data}
        query = "&".join(f"{name}={value}" for name, value in request.query.items() if name != "after")
        return {
            "data": data,
            "paging": {"next": f"{API}{request.path[6:]}?access_token={TOKEN}&{query}&after={start + 50}"},
        }
