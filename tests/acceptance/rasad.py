"""Starts, kills and talks to a Rasad process, as its admin and its users do."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from bot.direction import MARKS
from bot.platforms.preview.model import Message
from bot.platforms.preview.server import PreviewServer
from bot.platforms.preview.world import PREVIEW_USER_ID
from tests.botapi import Schema
from tests.shared import SHARED

PATIENCE = 45.0  # seconds for anything that a user waits for


class Rasad:
    """A process `rasad run` on the test's Telegram. `settings` are environment variables; `log` is what it wrote."""

    def __init__(self, telegram: PreviewServer, folder: Path, **settings: str) -> None:
        self.telegram = telegram
        self.people = telegram.people
        self.database = folder / "rasad.db"
        self._folder = folder
        self._settings = {
            "BOT_TOKEN": telegram.token,
            "BOT_API_URL": telegram.url,
            "ADMIN_IDS": str(PREVIEW_USER_ID),
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "DATA_DIR": str(folder),
            "DEFAULT_SOURCES": "false",
            "ALLOW_PRIVATE_ADDRESSES": "true",
            "SENTIMENT_MODEL": "light",  # the deeper one costs each process seconds
            "POLL_MIN_SECONDS": "1",
            "POLL_MAX_SECONDS": "2",
            **settings,
        }
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.kill()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process and self._process.returncode is None:
            await self.stop()
        self._judge_requests()

    def _judge_requests(self) -> None:
        """Every request that it made is as the Bot API's schema says, where that is at hand."""
        file = SHARED / "data/botapi/schema.json"
        schema = Schema.load(file) if file.exists() else None
        for request in self.telegram.requests if schema else ():
            assert schema
            assert schema.violations(request.method, request.parameters) == [], request

    @property
    def log(self) -> str:
        """All that its processes have written to standard output and error."""
        return (self._folder / "log.txt").read_text("utf-8")

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process
        return self._process.pid

    async def start(self) -> None:
        """Starts the process, and returns when it listens."""
        heard = len(self.telegram.calls("getUpdates"))
        with (self._folder / "log.txt").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.cli", "run",
                cwd=self._folder, stdout=log, stderr=log,
                env={**os.environ, **self._settings},
            )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            while len(self.telegram.calls("getUpdates")) == heard:
                if self._process.returncode is not None:
                    raise AssertionError(f"it ended: {self.log}")
                await asyncio.sleep(0.05)

    async def stop(self) -> float:
        """SIGTERM; returns after how many seconds it ended."""
        assert self._process
        started = asyncio.get_running_loop().time()
        self._process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(self._process.wait(), 10)
        assert code == 0, self.log
        return asyncio.get_running_loop().time() - started

    async def kill(self) -> None:
        """kill -9."""
        assert self._process
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def command(self, *words: str) -> tuple[int, str]:
        """Runs `rasad …` beside the process, with its settings; returns its exit code and what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli", *words, cwd=self._folder, stdout=-1, env={**os.environ, **self._settings}
        )
        printed, _ = await process.communicate()
        return process.returncode or 0, printed.decode()

    # ── as its users ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def ask(self, text: str, **where: Any) -> Message:
        """Says something and waits for the bot's first answer to it; its text comes without direction marks."""
        answer = await self.people.ask(text, within=PATIENCE, **where)
        return replace(answer, text=seen(answer), entities=())

    async def hear(self, holding: str, **where: Any) -> Message:
        """Waits for a message of the bot that holds some words."""
        return await self.people.wait_for_message(lambda one: holding in seen(one), within=PATIENCE, **where)

    def heard(self, holding: str) -> list[Message]:
        """All messages of the bot in the private chat that hold some words."""
        return [message for message in self.people.messages() if holding in seen(message)]

    async def watch(self, url: str) -> None:
        """Adds a source by command and button, and waits until its backlog has been read."""
        offer = await self.ask(f"/addsource {url}")
        await self.people.press(offer, "✅")
        async with asyncio.timeout(PATIENCE):
            while "🕓" in (await self.ask("/sources")).text:
                await asyncio.sleep(0.3)


def seen(message: Message) -> str:
    """What a reader sees of a message: its text without direction marks."""
    return MARKS.sub("", message.text)
