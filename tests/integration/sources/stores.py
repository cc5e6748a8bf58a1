"""App stores: what an app is called, and its reviews, newest first, in pages; each in its store's own form."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

START = 1_795_000_000  # seconds since 1970
HOSTS = ("itunes.apple.com", "play.google.com", "api.cafebazaar.ir", "apiserver.myket.ir")
TOKEN = "what Myket gave a device"


@dataclass
class Written:
    """A review; `at` is in seconds since 1970."""

    number: int
    text: str
    stars: int
    at: int

    @property
    def id(self) -> str:
        return str(12_900_000_000 + self.number)


class Store:
    """One app of this name; another is not there. `broken` is answered instead, as long as it is set."""

    def __init__(self, name: str = "پاکنوش") -> None:
        self.name = name
        self.a_page = 10
        self.reviews: list[Written] = []
        self.asked: list[str] = []
        self.broken: web.Response | None = None

    def write(self, *texts: str, stars: int = 5) -> list[str]:
        """New reviews, an hour apart; their ids."""
        for text in texts:
            number = len(self.reviews) + 1
            self.reviews.append(Written(number, text, stars, START + number * 3600))
        return [review.id for review in self.reviews[-len(texts) :]]

    def edit(self, number: int, text: str, stars: int) -> None:
        """An edit makes a review the newest."""
        review = next(one for one in self.reviews if one.number == number)
        review.text, review.stars, review.at = text, stars, max(one.at for one in self.reviews) + 60

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request.path)
        if self.broken:
            return self.broken
        if request.path == "/lookup":
            return self._lookup()
        if "/rss/customerreviews/" in request.path:
            return self._feed(request.path)
        if request.path == "/store/apps/details":
            return self._details()
        if request.path.endswith("/batchexecute"):
            return self._executed(parse_qs(await request.text())["f.req"][0])
        if "/applications/" in request.path:
            return self._myket(request)
        return self._bazaar(request.path.rpartition("/")[2], json.loads(await request.text())["singleRequest"])

    def _page(self, start: int) -> tuple[list[Written], int]:
        """Reviews from there on, and where the next page starts; 0 where there is none."""
        newest = sorted(self.reviews, key=lambda review: -review.at)
        end = start + self.a_page
        return newest[start:end], end if len(newest) > end else 0

    # ── Apple ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _lookup(self) -> web.Response:
        found = [{"trackName": self.name, "trackId": 1}] if self.name else []
        # Apple calls its JSON a script.
        return web.Response(
            text=json.dumps({"resultCount": len(found), "results": found}), content_type="text/javascript"
        )

    def _feed(self, path: str) -> web.Response:
        page = int(path.split("page=")[1].split("/")[0])
        reviews, _ = self._page((page - 1) * self.a_page)
        entries = [
            {
                "id": {"label": one.id},
                "author": {"name": {"label": "sara"}},
                "title": {"label": one.text},
                "content": {"label": one.text},
                "im:rating": {"label": str(one.stars)},
                "updated": {"label": datetime.fromtimestamp(one.at, UTC).isoformat()},
            }
            for one in reviews
        ]
        shown: dict[str, Any] = {"title": {"label": "iTunes Store: Customer Reviews"}}
        if entries:
            shown["entry"] = entries if len(entries) > 1 else entries[0]
        return web.json_response({"feed": shown})

    # ── Google ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _details(self) -> web.Response:
        if not self.name:
            return web.Response(status=404, text="<html><title>Not Found</title></html>", content_type="text/html")
        page = f"<html><head><title>{self.name} - برنامه‌ها در Google Play</title></head></html>"
        return web.Response(text=page, content_type="text/html")

    def _executed(self, call: str) -> web.Response:
        _, (_, _, page, *_), _ = json.loads(json.loads(call)[0][0][1])
        reviews, next_start = self._page(int(page[2]) if len(page) > 2 else 0)
        rows = [
            [one.id, ["سارا"], one.stars, None, one.text, [one.at, 0], 0, None, None, None, "4.1"] for one in reviews
        ]
        brought: list[Any] = [rows, None, [None, str(next_start)] if next_start else [], [1]]
        envelope = [["wrb.fr", "oCPfdb", json.dumps(brought), None, None, None, "generic"], ["di", 50]]
        return web.Response(text=f")]}}'\n\n{json.dumps(envelope)}", content_type="application/json")

    # ── Bazaar ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _bazaar(self, process: str, asked: dict[str, Any]) -> web.Response:
        if process == "AppDetailsV2Request":
            if not self.name:
                return self._replied(None, 404, "not found")
            return self._replied({"appDetailsV2Reply": {"meta": {"name": self.name}}})
        reviews, next_start = self._page(int(asked["reviewRequest"]["cursor"] or 0))
        rows = [
            {
                "id": int(one.id),
                "user": "سارا",
                "comment": one.text,
                "rate": one.stars,
                "date": datetime.fromtimestamp(one.at, UTC).strftime("%Y/%m/%d"),
            }
            for one in reviews
        ]
        return self._replied({"reviewReply": {"reviews": rows, "nextPageCursor": str(next_start or "")}})

    @staticmethod
    def _replied(reply: object, status: int = 200, message: str = "") -> web.Response:
        return web.json_response({"properties": {"statusCode": status, "errorMessage": message}, "singleReply": reply})

    # ── Myket ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _myket(self, request: web.BaseRequest) -> web.Response:
        if request.headers.get("Authorization") != TOKEN:
            return web.json_response({"code": 401, "translatedMessage": "دستگاه شما شناسایی نشد"}, status=401)
        if not self.name:
            return web.json_response({"code": 404, "translatedMessage": "برنامه یافت نشد"}, status=404)
        if not request.path.endswith("/reviews"):
            return web.json_response({"packageName": request.path.split("/")[3], "title": self.name, "version": {}})
        reviews, next_start = self._page(int(request.query["offset"]) * self.a_page // int(request.query["limit"]))
        rows = [
            {
                "id": one.id,
                "nickname": "سارا",
                "comment": one.text,
                "rate": float(one.stars),
                "creationDate": datetime.fromtimestamp(one.at, UTC).isoformat(),
                "positiveLikes": 0,
            }
            for one in reviews
        ]
        return web.json_response({"reviews": rows, "eol": not next_start})
