"""X's recent search on loopback, with its rules: bearer token, query length, since_id, next_token, rate limit."""

import time

from aiohttp import web

TOKEN = "AAAA%2Ftoken"
EPOCH = 1_288_834_974_657
DAY = 86_400


def snowflake(age: float, sequence: int = 0) -> int:
    """The id of a post that is `age` seconds old."""
    return (int((time.time() - age) * 1000 - EPOCH) << 22) + sequence


def problem(status: int, title: str, detail: str, **more: object) -> web.Response:
    document = {"title": title, "detail": detail, "type": "about:blank", "status": status, **more}
    return web.json_response(document, status=status, content_type="application/problem+json")


class Network:
    """api.x.com with these posts (ids), newest first in its answers."""

    def __init__(self) -> None:
        self.posts: list[int] = []
        self.asked: list[dict[str, str]] = []
        self.left = 450
        self.reset = int(time.time()) + 600
        self.broken: web.Response | None = None

    async def answer(self, request: web.BaseRequest) -> web.Response:
        assert request.path == "/2/tweets/search/recent"
        asked = dict(request.query)
        self.asked.append(asked)
        if self.broken:
            return self.broken
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return problem(401, "Unauthorized", "Unauthorized")
        limits = {"x-rate-limit-limit": "450", "x-rate-limit-reset": str(self.reset)}
        if self.left == 0:
            refusal = problem(429, "Too Many Requests", "Too Many Requests")
            refusal.headers.update(limits | {"x-rate-limit-remaining": "0"})
            return refusal
        self.left -= 1
        if len(asked["query"]) > 512:
            return problem(400, "Invalid Request", "One or more parameters to your request was invalid.")
        since = int(asked.get("since_id", 0))
        if since and since < snowflake(7 * DAY):
            errors = [{"message": f"'since_id' must be a tweet id created after [{snowflake(7 * DAY)}]."}]
            return problem(400, "Invalid Request", "One or more parameters to your request was invalid.", errors=errors)
        return web.json_response(self._page(asked, since), headers=limits)

    def _page(self, asked: dict[str, str], since: int) -> dict[str, object]:
        reached = [post for post in sorted(self.posts, reverse=True) if post > max(since, snowflake(7 * DAY))]
        start = int(asked.get("next_token", "t0")[1:])
        page = reached[start : start + int(asked["max_results"])]
        if not page:
            return {"meta": {"result_count": 0}}
        meta: dict[str, object] = {"newest_id": str(page[0]), "oldest_id": str(page[-1]), "result_count": len(page)}
        if len(reached) > start + len(page):
            meta["next_token"] = f"t{start + len(page)}"
        return {"data": [{"id": str(post), "text": f"پاکنوش {post}", "author_id": "1"} for post in page], "meta": meta}
