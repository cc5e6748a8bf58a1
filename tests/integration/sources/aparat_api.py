"""Aparat's public API on loopback: channels and searches with the same videos."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from monitors.sources.dates import TEHRAN

SITE = "https://www.aparat.com"


@dataclass
class Api:
    """Videos by number, with how many days old each is; every channel and search has all of them."""

    videos: dict[int, float] = field(default_factory=dict)
    newest_first: bool = True
    instead: web.Response | None = None
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append(request.path)
        if self.instead is not None:
            return self.instead
        method, *variables = request.path.removeprefix("/etc/api/").split("/")
        asked = dict(zip(variables[::2], variables[1::2], strict=True))
        start, size = int(asked.get("curoffset", 0)), int(asked["perpage"])
        numbers = sorted(self.videos, reverse=self.newest_first)
        page = [self._video(number) for number in numbers[start : start + size]]
        further = f"{SITE}{request.path.partition('/curoffset')[0]}/curoffset/{start + size}"
        paging = {"pagingForward": further if len(numbers) > start + size else "", "pagingBack": ""}
        return web.json_response({method.lower(): page, "ui": paging})

    def _video(self, number: int) -> dict[str, object]:
        at = datetime.now(TEHRAN) - timedelta(days=self.videos[number])
        return {"id": str(number), "uid": f"vid{number}", "title": "پاکنوش", "create_date": f"{at:%Y-%m-%d %H:%M:%S}"}
