"""What goes wrong between a bot and Telegram, on demand: refusals, dropped connections, waiting; and the flood limits."""

import asyncio
import math
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Literal

from bot.platforms.preview.model import Chat, Refusal

type Moment = Literal["before", "after"]  # of the request's effect

_CODES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
_CODES |= {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway"}


@dataclass(slots=True)
class Hold:
    """A request that is kept waiting. `reached` is set when it has come; `release` lets it go on."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let the request go on."""
        self.released.set()


class Dropped(Exception):
    """The connection is to be cut without an answer."""


@dataclass(slots=True)
class Fault:
    """One planned trouble for the next request of `method` (of any where it is "*"), to `chat_id` where that is given."""

    method: str
    chat_id: int | None
    moment: Moment
    refusal: Refusal | None = None
    hold: Hold | None = None

    async def strike(self, moment: Moment) -> None:
        """Do the harm, if this is its moment: wait, refuse or drop."""
        if moment != self.moment:
            return
        if self.hold:
            self.hold.reached.set()
            await self.hold.released.wait()
        elif self.refusal:
            raise self.refusal
        else:
            raise Dropped


class Trouble:
    """The list of planned faults; each strikes once, in the order they were planned."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def fail_next(
        self,
        method: str,
        error_code: int,
        description: str = "",
        parameters: dict[str, int] | None = None,
        *,
        chat_id: int | None = None,
        times: int = 1,
    ) -> None:
        """Refuse the next request(s) of a method; 429 with {"retry_after": 3}, 400 with {"migrate_to_chat_id": -100…}."""
        refusal = Refusal(error_code, description or _CODES.get(error_code, "Error"), parameters)
        self._planned += [Fault(method, chat_id, "before", refusal) for _ in range(times)]

    def drop_next(self, method: str, moment: Moment = "before", *, chat_id: int | None = None) -> None:
        """Cut the connection of the next request, before its effect or after it (the message is sent, the answer lost)."""
        self._planned.append(Fault(method, chat_id, moment))

    def hold_next(self, method: str, moment: Moment = "before", *, chat_id: int | None = None) -> Hold:
        """Keep the next request waiting before or after its effect. A request whose client goes away meanwhile ends."""
        hold = Hold()
        self._planned.append(Fault(method, chat_id, moment, hold=hold))
        return hold

    def take(self, method: str, chat_id: int) -> Fault | None:
        """The fault that is due for a request, which is thereby used up."""
        for fault in self._planned:
            if fault.method in (method, "*") and fault.chat_id in (chat_id, None):
                self._planned.remove(fault)
                return fault
        return None


# ── flood limits ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Limit:
    messages: int
    seconds: float


_EVERYWHERE = _Limit(30, 1.0)
_CHAT = _Limit(1, 1.0)
_GROUP = _Limit(20, 60.0)


class FloodLimits:
    """Telegram's limits on sending (https://core.telegram.org/bots/faq#broadcasting-to-users), without its leniency."""

    def __init__(self) -> None:
        self._sent: defaultdict[tuple[str, int], deque[float]] = defaultdict(deque)

    def count(self, chat: Chat, now: float, messages: int = 1) -> None:
        """Count messages about to be sent at `now` (seconds); raises a Refusal with retry_after where they are too many."""
        bounds = [(("all", 0), _EVERYWHERE), (("chat", chat.id), _CHAT)]
        bounds += [(("group", chat.id), _GROUP)] if chat.type != "private" else []
        for key, limit in bounds:
            sent = self._sent[key]
            while sent and sent[0] <= now - limit.seconds:
                sent.popleft()
            if len(sent) >= limit.messages:
                wait = max(1, math.ceil(sent[0] + limit.seconds - now))
                raise Refusal(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        for key, _ in bounds:
            self._sent[key].extend([now] * messages)
