"""Hacker News' search as Algolia runs it: words, optional words, a filter by time, pages."""

import time
from collections.abc import Mapping

from aiohttp import web


class Algolia:
    """hn.algolia.com with these posts: (id, age in seconds, words)."""

    def __init__(self) -> None:
        self.posts: list[tuple[int, float, str]] = []
        self.asked: list[dict[str, str]] = []
        self.broken: web.Response | None = None
        self.started = int(time.time())

    def post(self, words: str, *, age: float = 0) -> str:
        self.posts.append((1000 + len(self.posts), self.started - age, words))
        return str(self.posts[-1][0])

    async def answer(self, request: web.BaseRequest) -> web.Response:
        assert request.path == "/api/v1/search_by_date"
        asked = dict(request.query)
        self.asked.append(asked)
        if self.broken:
            return self.broken
        found = sorted((post for post in self.posts if self._matches(post, asked)), key=lambda post: -post[1])
        size, page = int(asked["hitsPerPage"]), int(asked.get("page", 0))
        hits = [self._hit(*post) for post in found[page * size : (page + 1) * size]]
        pages = min(-(-len(found) // size), 1000 // size)
        return web.json_response({"hits": hits, "nbHits": len(found), "page": page, "nbPages": pages})

    def _matches(self, post: tuple[int, float, str], asked: Mapping[str, str]) -> bool:
        _, at, words = post
        after = int(asked["numericFilters"].removeprefix("created_at_i>")) if "numericFilters" in asked else 0
        query, optional = set(asked["query"].lower().split()), set(asked.get("optionalWords", "").lower().split())
        standing = set(words.lower().split())
        return at > after and query - optional <= standing and bool(query & standing)

    @staticmethod
    def _hit(number: int, at: float, words: str) -> dict[str, object]:
        tags = ["comment", "author_x", "story_1"]
        return {"objectID": str(number), "created_at_i": int(at), "author": "x", "comment_text": words, "_tags": tags}
