"""getUpdates: the queue of what happened, handed out at least once and kept until an offset confirms it."""

import asyncio
from collections import deque
from typing import Any

from bot.platforms.preview.model import Refusal, bad_request

# Only these arrive where allowed_updates never named any (Bot API, getUpdates).
_OPT_IN = {"chat_member", "message_reaction", "message_reaction_count"}
_MOST = 100
_LONGEST_POLL = 50.0  # seconds, as Telegram caps it


class Updates:
    """The queue of one bot. `add` puts an update in; `get` is getUpdates."""

    def __init__(self, first_id: int) -> None:
        self._next_id = first_id
        self._pending: deque[dict[str, Any]] = deque()
        self._allowed: frozenset[str] = frozenset()
        self._arrival = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None  # set to an error when another poll, or the end, takes over

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, kind: str, payload: dict[str, Any]) -> None:
        """Queue one update, unless the bot did not ask for its kind."""
        wanted = kind in self._allowed if self._allowed else kind not in _OPT_IN
        if wanted:
            self._pending.append({"update_id": self._next_id, kind: payload})
            self._next_id += 1
            self._arrival.set()

    def clear(self) -> None:
        """Forget what is pending (drop_pending_updates)."""
        self._pending.clear()

    def close(self) -> None:
        """End a poll that is waiting."""
        if self._poll and not self._poll.done():
            self._poll.cancel()

    async def get(self, offset: int, limit: int, wait: float, allowed: list[str] | None) -> list[dict[str, Any]]:
        """The oldest pending updates from `offset` on, waiting up to `wait` seconds for one.

        A second poll ends the first, which is refused with 409, as on Telegram.
        """
        if not 1 <= limit <= _MOST:
            limit = _MOST
        if wait < 0:
            raise bad_request("timeout must be non-negative")
        if allowed is not None:
            self._allowed = frozenset(allowed)
        self._confirm(offset)
        if self._poll and not self._poll.done():
            self._poll.set_exception(
                Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                ),
            )
        if not self._pending:
            await self._wait(min(wait, _LONGEST_POLL))
        return list(self._pending)[:limit]

    def _confirm(self, offset: int) -> None:
        if offset < 0:  # all but the last -offset are forgotten
            offset = self._next_id + offset
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()

    async def _wait(self, seconds: float) -> None:
        self._arrival.clear()
        self._poll = poll = asyncio.get_running_loop().create_future()
        arrival = asyncio.ensure_future(self._arrival.wait())
        try:
            await asyncio.wait((arrival, poll), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if poll.done() and not poll.cancelled():
                poll.result()
        finally:
            arrival.cancel()
            poll.cancel()
