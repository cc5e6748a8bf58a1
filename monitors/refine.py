"""Second opinions: judgements of the light model are looked at again by a deeper one, within seconds, or stay as they are.

What lives here: a bounded queue, one thread at a time, the time limit. What does not: the models (language/), what becomes of a
changed judgement (the caller's `changed`), chats. The queue is in memory: what waits in it when the process ends stays as the
light model judged it.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import cast

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

    `load` makes the model, in a thread, when the first mention comes; if it raises, the light judgements stay.
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
        self._answering: asyncio.Future[Sentiment] | None = None
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
        try:
            await self._work()
        finally:
            self._ended = True

    async def _work(self) -> None:
        while True:
            doubt, until = await self._waiting.get()
            if self._model is None:
                try:
                    self._model = await _in_thread(self._load)
                except Exception as error:  # noqa: BLE001  # a folder or package of others; sentiment goes on without it
                    log.warning("sentiment_model_not_loaded", error=repr(error), instead="light")
                    return
                until = max(until, time.monotonic() + self._patience)  # the first one does not pay for the loading
            try:
                await self._refine(doubt, until, self._model)
            except TimeoutError:
                log.debug("sentiment_not_refined", article=doubt.article_id, reason="late")
            except Exception:  # one mention's trouble; the next is asked about
                log.exception("sentiment_not_refined", article=doubt.article_id)

    async def _refine(self, doubt: Doubt, until: float, model: Judge) -> None:
        """Raises TimeoutError for what is late, and whatever the model or the caller raises."""
        if until <= time.monotonic():
            raise TimeoutError
        async with asyncio.timeout(until - time.monotonic()):
            if self._answering:  # one that was late, and is on its way still
                await asyncio.wait([self._answering])
            self._answering = _in_thread(partial(doubt.question.answered, model))
            deeper = await asyncio.shield(self._answering)
        if deeper != doubt.light:
            await self._changed(doubt, deeper)


def _in_thread[T](call: Callable[[], T]) -> asyncio.Future[T]:
    """The call's result, from a thread that does not keep the process from ending, as an executor's would."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()

    def settle(error: Exception | None, value: T | None) -> None:
        if result.done():
            return
        if error:
            result.set_exception(error)
        else:
            result.set_result(cast("T", value))

    def work() -> None:
        error, value = None, None
        try:
            value = call()
        except Exception as raised:  # noqa: BLE001  # handed to whoever waits
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, error, value)

    threading.Thread(target=work, name="sentiment", daemon=True).start()
    return result
