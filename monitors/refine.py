"""Second opinions: judgements of the light model are looked at again by a deeper one, within seconds, or stay as they are.

What lives here: a bounded queue, one worker thread, the time limit. What does not: the models (language/), what becomes of a
changed judgement (the caller's `changed`), chats. The queue is in memory: what waits in it when the process ends stays as the
light model judged it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import structlog

from monitors.model import Sentiment
from monitors.opinion import Judge, Question

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A stored mention whose light judgement is to be looked at again."""

    article_id: int
    tracker_id: int
    question: Question
    light: Sentiment


class Refiner:
    """Asks the deeper model about what is offered, in order; `changed` hears of judgements that are not the light one's.

    `load` makes the model, in the worker's thread, when the first mention comes; if it raises, the light judgements stay.
    At most `room` mentions wait; one that is not judged `patience` seconds after it was offered keeps its light judgement.
    """

    def __init__(
        self,
        load: Callable[[], Judge],
        changed: Callable[[Doubt, Sentiment], Awaitable[None]],
        *,
        room: int = 200,
        patience: float = 10.0,
    ) -> None:
        self._load = load
        self._changed = changed
        self._patience = patience
        self._waiting: asyncio.Queue[tuple[Doubt, float]] = asyncio.Queue(room)
        self._model: Judge | None = None
        self._ended = False

    def offer(self, doubt: Doubt) -> bool:
        """Ask for a second opinion; False where too many wait or the model is not to be had, and the light judgement
        stands. Never waits."""
        if self._ended or self._waiting.full():
            return False
        self._waiting.put_nowait((doubt, time.monotonic() + self._patience))
        return True

    async def run(self) -> None:
        """Work until cancelled. Ends by itself only where the model cannot be loaded."""
        with ThreadPoolExecutor(1, "sentiment") as thread:
            try:
                await self._work(thread)
            finally:
                self._ended = True
                thread.shutdown(wait=False, cancel_futures=True)

    async def _work(self, thread: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        while True:
            doubt, until = await self._waiting.get()
            if self._model is None:
                try:
                    self._model = await loop.run_in_executor(thread, self._load)
                except Exception as error:  # noqa: BLE001  # a folder or package of others; sentiment goes on without it
                    log.warning("sentiment_model_not_loaded", error=repr(error), instead="light")
                    return
                until = max(until, time.monotonic() + self._patience)  # the first one does not pay for the loading
            await self._refine(doubt, until, self._model, thread)

    async def _refine(self, doubt: Doubt, until: float, model: Judge, thread: ThreadPoolExecutor) -> None:
        if until <= time.monotonic():
            log.warning("sentiment_not_refined", reason="late")
            return
        asked = asyncio.get_running_loop().run_in_executor(thread, doubt.question.answered, model)
        try:
            async with asyncio.timeout(until - time.monotonic()):
                deeper = await asked
            if deeper != doubt.light:
                await self._changed(doubt, deeper)
        except TimeoutError:
            log.warning("sentiment_not_refined", reason="late")
        except Exception:  # one mention's trouble; the next is asked about
            log.exception("sentiment_not_refined")
