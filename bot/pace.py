"""How fast a platform lets us write: overall, to a chat, to a group. Arithmetic over a clock's seconds; sleeps nowhere.

Telegram's limits (core.telegram.org/bots/faq, "My bot is hitting limits"): about 30 messages a second overall, one a
second to a chat, 20 a minute to a group. A person waits for a reply, so replies take the next slot of their chat, and
deliveries leave them some of a group's minute. A flood wait holds back the chat that it was given for, and no other.
"""

from collections import defaultdict, deque
from dataclasses import dataclass

from bot.messenger import ChatKey


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages a second overall; seconds between two messages to a chat; messages a minute to a group, of which
    `kept_for_replies` are not for deliveries."""

    overall: int = 30
    chat_gap: float = 1.0
    group_minute: int = 20
    kept_for_replies: int = 4


class Pace:
    """When which chat may be written to next. All times are seconds of one monotonic clock."""

    def __init__(self, limits: Limits = Limits()) -> None:
        self._limits = limits
        self._ready: dict[ChatKey, float] = {}
        self._minutes: defaultdict[ChatKey, deque[float]] = defaultdict(deque)
        self._second: deque[float] = deque()

    def room(self, now: float) -> int:
        """How many deliveries may go out now, over all chats."""
        while self._second and self._second[0] <= now - 1:
            self._second.popleft()
        return max(0, self._limits.overall - len(self._second))

    def busy(self, now: float) -> tuple[ChatKey, ...]:
        """Chats that no delivery may go to yet."""
        self._ready = {chat: at for chat, at in self._ready.items() if at > now or self._minutes.get(chat)}
        return tuple(chat for chat in self._ready if self._ready_at(chat, now, reply=False) > now)

    def next_change(self, now: float) -> float | None:
        """When a busy chat, or room overall, comes free; None where nothing holds deliveries back."""
        waits = [self._ready_at(chat, now, reply=False) for chat in self.busy(now)]
        if not self.room(now):
            waits.append(self._second[0] + 1)
        return min(waits, default=None)

    def reserve(self, chat: ChatKey, now: float, *, reply: bool = False) -> float:
        """Takes the chat's next slot and returns when it is; later calls get later slots."""
        at = self._ready_at(chat, now, reply=reply)
        self._ready[chat] = at + self._limits.chat_gap
        self._second.append(at)
        if _is_group(chat):
            self._minutes[chat].append(at)
        return at

    def sending(self, chat: ChatKey, now: float) -> None:
        """A message leaves now, later perhaps than the slot it took: the next one keeps its distance from this moment."""
        self.hold(chat, now + self._limits.chat_gap)

    def hold(self, chat: ChatKey, until: float) -> None:
        """The platform wants nothing for this chat before then."""
        self._ready[chat] = max(self._ready.get(chat, until), until)

    def _ready_at(self, chat: ChatKey, now: float, *, reply: bool) -> float:
        at = max(now, self._ready.get(chat, now))
        if _is_group(chat):
            minute = self._minutes[chat]
            while minute and minute[0] <= now - 60:
                minute.popleft()
            quota = self._limits.group_minute - (0 if reply else self._limits.kept_for_replies)
            if len(minute) >= quota:
                at = max(at, minute[-quota] + 60)
        return at


def _is_group(chat: ChatKey) -> bool:
    return chat.id < 0  # Telegram numbers groups and supergroups below zero
