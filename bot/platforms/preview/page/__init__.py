"""The chat page of the person PREVIEW_USER_ID: three static files, a stream of events, and what the page may ask for.

GET  /preview/events     server-sent events: "state" (everything) first, then one "message", "deleted", "action",
                         "menu" or "person" a change; after a lost connection the browser comes back and gets "state"
POST /preview/say        {"text", "reply_to"}        POST /preview/press   {"message_id", "row", "column"} → the answer
POST /preview/file       a multipart form: file      POST /preview/language {"language"}
"""

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.platforms.preview import wire
from bot.platforms.preview.model import Chat, Message
from bot.platforms.preview.people import People
from bot.platforms.preview.world import PREVIEW_USER_ID, Change

_HERE = Path(__file__).parent
_FONT = _HERE.parents[2] / "fonts" / "Vazirmatn.woff2"
_FILES = {"/": _HERE / "page.html", "/preview/style.css": _HERE / "style.css", "/preview/app.js": _HERE / "app.js"}
_FILES |= {"/preview/icon.svg": _HERE / "icon.svg", "/preview/Vazirmatn.woff2": _FONT}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'"
)
_HEADERS = {"Content-Security-Policy": f"{_POLICY}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}
_HEADERS |= {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}
_LONGEST_HISTORY = 200  # messages that a page shows when it opens
_HEARTBEAT = 15.0  # seconds between signs of life, so that a dead connection is noticed


class Page:
    """The page's routes."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._world = people.world

    def routes(self) -> list[web.RouteDef]:
        """To be added to the application."""
        return [
            *(web.get(path, _file) for path in _FILES),
            web.get("/preview/events", self._events),
            web.get("/preview/file/{id}", self._attachment),
            web.post("/preview/say", self._say),
            web.post("/preview/press", self._press),
            web.post("/preview/file", self._send_file),
            web.post("/preview/language", self._language),
        ]

    # ── what the page shows ──────────────────────────────────────────────────────────────────────────────────────────

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        with self._world.listening() as changes:
            await _send(response, "state", self._state())
            while True:
                try:
                    change = await asyncio.wait_for(changes.get(), _HEARTBEAT)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if change.kind == "closed":
                    return response
                for name, value in self._event(change):
                    await _send(response, name, value)

    def _event(self, change: Change) -> list[tuple[str, Any]]:
        if change.kind == "commands":
            return [("person", self._person())]
        if change.chat_id != PREVIEW_USER_ID or change.kind == "pressed":
            return []
        if change.kind == "person":  # perhaps in another language now
            return [("state", self._state())]
        if change.kind == "action":
            return [("action", change.detail)]
        message = self._chat.messages.get(change.message_id)
        if message is None:
            return [("deleted", change.message_id)]
        return [("message", self._message(message)), ("asked", self._asked())]

    @property
    def _chat(self) -> Chat:
        return self._people.chat(PREVIEW_USER_ID)

    def _state(self) -> dict[str, Any]:
        messages = list(self._chat.messages.values())[-_LONGEST_HISTORY:]
        shown = [self._message(message) for message in messages]
        return {"messages": shown, "asked": self._asked(), "person": self._person()}

    def _message(self, message: Message) -> dict[str, Any]:
        mine = message.sender.id == PREVIEW_USER_ID
        return self._world.written(message) | {"mine": mine, "reactions": message.reactions}

    def _asked(self) -> dict[str, Any] | None:
        message = self._world.asked(self._chat)
        if message is None or message.markup is None:
            return None
        markup = message.markup
        asked = {"kind": markup.kind, "rows": markup.rows, "placeholder": markup.placeholder}
        return asked | {"message_id": message.id, "text": message.text}

    def _person(self) -> dict[str, Any]:
        """What depends on the language of the person's Telegram."""
        language = self._world.people[PREVIEW_USER_ID].language_code
        menu = self._world.menu(self._chat, language)
        texts = {name: self._world.profile_text(name, language) for name in ("name", "description")}
        commands = [{"command": each.command, "description": each.description} for each in menu]
        return {"language": language, "bot": wire.person(self._world.bot), "commands": commands} | texts

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        """Pictures are shown, everything else is downloaded: nothing that was sent runs here."""
        file = self._world.files.get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        if file.kind == "photo":
            return web.Response(body=file.content, content_type=file.mime, headers=_HEADERS)
        named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
        return web.Response(body=file.content, content_type="application/octet-stream", headers=_HEADERS | named)

    # ── what the person does ─────────────────────────────────────────────────────────────────────────────────────────

    async def _say(self, request: web.Request) -> web.StreamResponse:
        said = await request.json()
        if said["text"].strip():
            self._people.say(said["text"], reply_to=said.get("reply_to"))
        return web.json_response({})

    async def _press(self, request: web.Request) -> web.StreamResponse:
        where = await request.json()
        try:
            message = self._chat.messages[where["message_id"]]
            answer = await self._people.press(message, message.keyboard[where["row"]][where["column"]])
        except (LookupError, ValueError, TimeoutError):  # deleted or edited meanwhile, or the bot is silent
            return web.json_response({})
        return web.json_response({"text": answer.text, "alert": answer.alert, "url": answer.url})

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        sent = (await request.post()).get("file")
        if not isinstance(sent, web.FileField):
            raise web.HTTPBadRequest
        self._people.send_file(sent.filename, sent.file.read())
        return web.json_response({})

    async def _language(self, request: web.Request) -> web.StreamResponse:
        self._people.speak(str((await request.json())["language"]))
        return web.json_response({})


async def _file(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(_FILES[request.path], headers=_HEADERS)


async def _send(response: web.StreamResponse, name: str, value: Any) -> None:
    await response.write(f"event: {name}\ndata: {json.dumps(value)}\n\n".encode())
