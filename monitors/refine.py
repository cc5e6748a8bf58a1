"""Second opinions: judgements of the light model are looked at again by a deeper one, within seconds, or stay as they are.

What lives here: a bounded queue, one worker thread, the time limit. What does not: the models (language/), what becomes of a
changed judgement (the caller's `changed`), chats.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import structlog

from monitors.language.passage import Passage
from monitors.language.sentiment import OwnWords
from monitors.model import Language, Sentiment

_log = structlog.get_logger()


class Judge(Protocol):
    """A deeper model, loaded: `language.sentiment_e5.E5`, `language.sentiment_onnx.Onnx`."""

    def judge(self, passage: Passage, language: Language | None, kind: str, words: OwnWords | None = None) -> Sentiment:
        """What the passage says of the brand; called in a thread of its own, one passage at a time."""
        ...


@dataclass(frozen=True, slots=True)
class _Doubt[Key]:
    key: Key
    passage: Passage
    language: Language | None
    kind: str
    light: Sentiment
    words: OwnWords | None
    until: float  # monotonic seconds


class Refiner[Key]:
    """Asks the deeper model about what is offered, in order; `changed` hears of judgements that are not the light one's.

    `load` makes the model, in the worker's thread, when the first passage comes; if it raises, the light judgements stay.
    At most `room` passages wait; one that is not judged `patience` seconds after it was offered keeps its light judgement.
    """

    def __init__(
        self,
        load: Callable[[], Judge],
        changed: Callable[[Key, Sentiment], Awaitable[None]],
        *,
        room: int = 200,
        patience: float = 10.0,
    ) -> None:
        self._load = load
        self._changed = changed
        self._patience = patience
        self._waiting: asyncio.Queue[_Doubt[Key]] = asyncio.Queue(room)
        self._model: Judge | None = None

    def offer(
        self,
        key: Key,
        passage: Passage,
        language: Language | None,
        kind: str,
        light: Sentiment,
        words: OwnWords | None = None,
    ) -> bool:
        """Ask for a second opinion; False where too many wait, and the light judgement stands. Never waits."""
        try:
            self._waiting.put_nowait(
                _Doubt(key, passage, language, kind, light, words, time.monotonic() + self._patience)
            )
        except asyncio.QueueFull:
            return False
        return True

    async def run(self) -> None:
        """Work until cancelled. Ends by itself only where the model cannot be loaded."""
        with ThreadPoolExecutor(1, "sentiment") as thread:
            try:
                await self._work(thread)
            finally:
                thread.shutdown(wait=False, cancel_futures=True)

    async def _work(self, thread: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        while True:
            doubt = await self._waiting.get()
            if self._model is None:
                try:
                    self._model = await loop.run_in_executor(thread, self._load)
                except Exception:  # noqa: BLE001  # a folder or package of others; sentiment goes on without it
                    _log.exception("sentiment_model_not_loaded")
                    return
            await self._refine(doubt, self._model, thread)

    async def _refine(self, doubt: _Doubt[Key], model: Judge, thread: ThreadPoolExecutor) -> None:
        asked = asyncio.get_running_loop().run_in_executor(
            thread, model.judge, doubt.passage, doubt.language, doubt.kind, doubt.words
        )
        try:
            async with asyncio.timeout(max(0.0, doubt.until - time.monotonic())):
                deeper = await asked
        except TimeoutError:
            _log.warning("sentiment_not_refined", reason="late")
            return
        except Exception:  # noqa: BLE001
            _log.exception("sentiment_not_refined")
            return
        if deeper != doubt.light:
            await self._changed(doubt.key, deeper)
