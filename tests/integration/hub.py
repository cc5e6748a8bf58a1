"""A WebSub hub as the specification has it (www.w3.org/TR/websub, 5 and 7), on this machine, with its manners to be chosen."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

from tests.integration.fetch.servers import Site, served


@dataclass
class Asked:
    """One request of a subscriber, and what it answered when the hub asked back."""

    mode: str
    topic: str
    callback: str
    secret: str
    lease: int | None
    echoed: bool | None = None


@dataclass
class Hub:
    """`status` is what requests are answered with, `lease` (seconds) what is granted; `verifies` is whether it asks back
    (before it answers, as some do), `challenge` what with, and `lies` are parameters in which its question is wrong."""

    site: Site
    session: aiohttp.ClientSession
    status: int = 202
    lease: int | None = 864_000
    verifies: bool = True
    challenge: str = "a challenge"
    lies: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.site.url("/hub")

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        form = {name: values[0] for name, values in parse_qs((await request.read()).decode()).items()}
        assert request.content_type == "application/x-www-form-urlencoded"
        lease = form.get("hub.lease_seconds")
        asked = Asked(
            form["hub.mode"],
            form["hub.topic"],
            form["hub.callback"],
            form["hub.secret"],
            int(lease) if lease is not None else None,
        )
        self.asked.append(asked)
        if self.verifies and self.status < 300:
            asked.echoed = await self.ask_back(asked)
        return web.Response(status=self.status)

    async def ask_back(self, asked: Asked, **lies: str) -> bool:
        """The verification of intent; whether the subscriber confirmed."""
        query = {"hub.mode": asked.mode, "hub.topic": asked.topic, "hub.challenge": self.challenge}
        if asked.mode == "subscribe" and self.lease is not None:
            query["hub.lease_seconds"] = str(self.lease)
        query |= self.lies | {f"hub.{name}": value for name, value in lies.items()}
        async with self.session.get(asked.callback, params=query) as response:
            return response.status == 200 and await response.text() == self.challenge

    async def push(
        self,
        body: bytes,
        *,
        method: str = "sha256",
        signature: str | None = None,
        to: str | None = None,
        content_type: str = "application/rss+xml",
    ) -> int:
        """Content distribution to the last subscriber; the status that it answers."""
        asked = self.asked[-1]
        if signature is None:
            signature = f"{method}={hmac.new(asked.secret.encode(), body, getattr(hashlib, method)).hexdigest()}"
        headers = {"Content-Type": content_type, "Link": f'<{asked.topic}>; rel="self"'}
        headers |= {"X-Hub-Signature": signature} if signature else {}
        async with self.session.post(to or asked.callback, data=BytesIO(body), headers=headers) as response:
            return response.status

    async def until_asked(self, count: int) -> None:
        """Returns when it was asked so often, and has asked back."""
        async with asyncio.timeout(10):
            while len(self.asked) < count or (self.verifies and self.asked[-1].echoed is None and self.status < 300):
                await asyncio.sleep(0.01)


@asynccontextmanager
async def hub_opened() -> AsyncIterator[Hub]:
    async with served(Site()) as site, aiohttp.ClientSession() as session:
        hub = Hub(site, session)
        site.handle("/hub", hub.answer)
        yield hub
