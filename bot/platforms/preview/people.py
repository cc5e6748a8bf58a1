"""What people do in the preview's Telegram, and what they see: the page acts through this, and so do tests.

    people.say("/track دیجی‌کالا")
    alert = await people.wait_for_message(lambda message: "دیجی‌کالا" in message.text)
    answer = await people.press(alert, "📌")

A person or a chat is given by its id or its object; without one it is the person at the page, and their private chat.
What people do takes effect at once; only what waits for the bot is awaited.
"""

import asyncio
import mimetypes
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.platforms.preview import compose, media, wire
from bot.platforms.preview.model import Button, Chat, MemberStatus, Message, Person
from bot.platforms.preview.parameters import Upload
from bot.platforms.preview.world import BOT_USERNAME, PREVIEW_USER_ID, Answer, Change, World

_PATIENCE = 10.0  # seconds


class People:
    """Everyone but the bot."""

    def __init__(self, world: World) -> None:
        self.world = world

    # ── who is there ─────────────────────────────────────────────────────────────────────────────────────────────────

    def person(self, person_id: int, name: str, language_code: str = "fa", username: str | None = None) -> Person:
        """A new person, who has not yet written to the bot."""
        person = Person(person_id, name, language_code, username)
        self.world.meet(person, started=False)
        return person

    def group(self, title: str, *members: Person | int, chat_id: int | None = None) -> Chat:
        """A new group of the person at the page and `members`, as yet without the bot."""
        chat = Chat(chat_id or -self.world.next_id(), "group", title, {PREVIEW_USER_ID: "creator"})
        chat.members |= {_id(member): "member" for member in members}
        self.world.chats[chat.id] = chat
        return chat

    def chat(self, chat: Chat | Person | int = PREVIEW_USER_ID) -> Chat:
        """A chat by its id, or the private chat of a person."""
        return chat if isinstance(chat, Chat) else self.world.chats[_id(chat)]

    def speak(self, language_code: str, user: Person | int = PREVIEW_USER_ID) -> None:
        """Change the language of somebody's Telegram."""
        self.world.meet(replace(self.world.people[_id(user)], language_code=language_code))

    # ── what they say and send ───────────────────────────────────────────────────────────────────────────────────────

    def say(
        self,
        text: str,
        *,
        user: Person | int = PREVIEW_USER_ID,
        chat: Chat | int | None = None,
        reply_to: Message | int | None = None,
    ) -> Message:
        """Write a message."""
        words, entities = compose.spoken(text)
        return self._send(user, chat, reply_to, text=words, entities=entities)

    def send_file(
        self,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        user: Person | int = PREVIEW_USER_ID,
        chat: Chat | int | None = None,
    ) -> Message:
        """Send a file as a document."""
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = self.world.keep(media.document(Upload(name, mime, content)))
        words, entities = compose.spoken(caption)
        return self._send(user, chat, None, text=words, entities=entities, file=file)

    def _send(
        self, user: Person | int, chat: Chat | int | None, reply_to: Message | int | None, **content: Any
    ) -> Message:
        sender = self.world.people[_id(user)]
        home = self.chat(sender.id if chat is None else chat)
        answered = reply_to.id if isinstance(reply_to, Message) else reply_to
        message = Message(self.world.next_id(), home.id, sender, self.world.now(), reply_to=answered, **content)
        if home.type == "private":
            home.started, home.blocked = True, False
        self.world.post(message)
        if self._heard_by_bot(home, message):
            self.world.update("message", self.world.written(message))
        return message

    def _heard_by_bot(self, home: Chat, message: Message) -> bool:
        """In a group a bot with privacy mode hears commands, its name and answers to itself, unless it is administrator."""
        if home.type == "private":
            return True
        status = self.world.status(home, self.world.bot.id)
        answered = home.messages.get(message.reply_to or 0)
        mentions = any(name.endswith(f"@{BOT_USERNAME}") for name in message.marked("mention"))
        commands = any("@" not in name or name.endswith(f"@{BOT_USERNAME}") for name in message.marked("bot_command"))
        spoken_to = mentions or commands or (answered is not None and answered.sender == self.world.bot)
        return status == "administrator" or (status == "member" and spoken_to)

    def edit(self, message: Message, text: str) -> Message:
        """Change the text of one's own message."""
        words, entities = compose.spoken(text)
        edited = self.world.change(message, text=words, entities=entities, edit_date=self.world.now())
        if self._heard_by_bot(self.chat(message.chat_id), edited):
            self.world.update("edited_message", self.world.written(edited))
        return edited

    # ── buttons ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def press(
        self,
        message: Message,
        button: Button | str,
        *,
        user: Person | int = PREVIEW_USER_ID,
        within: float = _PATIENCE,
    ) -> Answer:
        """Press an inline button (given by a part of its text) and wait for what answerCallbackQuery shows.

        KeyError where there is no such button, ValueError for one that does not ask the bot, TimeoutError.
        """
        home = self.chat(message.chat_id)
        chosen = home.messages[message.id].button(button) if isinstance(button, str) else button
        if chosen.callback_data is None:
            raise ValueError(f"{chosen.text!r} does not ask the bot: {chosen}")
        query = str(self.world.next_id())
        self.world.queries[query] = answered = asyncio.get_running_loop().create_future()
        self.world.update(
            "callback_query",
            {
                "id": query,
                "from": wire.person(self.world.people[_id(user)]),
                "message": self.world.written(home.messages[message.id]),
                "chat_instance": str(home.id),
                "data": chosen.callback_data,
            },
        )
        self.world.tell(Change("pressed", home.id, message.id, chosen.callback_data))
        try:
            return await asyncio.wait_for(answered, within)
        finally:
            del self.world.queries[query]

    # ── coming and going ─────────────────────────────────────────────────────────────────────────────────────────────

    def add_bot(self, chat: Chat, *, user: Person | int = PREVIEW_USER_ID, status: MemberStatus = "member") -> None:
        """Add the bot to a group, or make it an administrator there."""
        self._set_standing(chat, status, user)
        added = {"new_chat_members": [wire.person(self.world.bot)]}
        self._note(chat, user, added)

    def remove_bot(self, chat: Chat, *, user: Person | int = PREVIEW_USER_ID) -> None:
        """Remove the bot from a group."""
        self._set_standing(chat, "kicked", user)

    def block(self, user: Person | int = PREVIEW_USER_ID) -> None:
        """Stop the bot in one's private chat."""
        self._set_standing(self.chat(user), "kicked", user)

    def unblock(self, user: Person | int = PREVIEW_USER_ID) -> None:
        """Let the bot write again."""
        self._set_standing(self.chat(user), "member", user)

    def _set_standing(self, chat: Chat, status: MemberStatus, user: Person | int) -> None:
        bot, by = self.world.bot, self.world.people[_id(user)]
        if chat.type == "private":
            before: MemberStatus = "kicked" if chat.blocked else "member"
            chat.blocked = status == "kicked"
        else:
            before = self.world.status(chat, bot.id)
            chat.members[bot.id] = status
        self.world.update(
            "my_chat_member",
            {
                "chat": wire.chat(chat),
                "from": wire.person(by),
                "date": self.world.now(),
                "old_chat_member": wire.member(bot, before),
                "new_chat_member": wire.member(bot, status),
            },
        )

    def migrate(self, group: Chat) -> Chat:
        """Turn a group into a supergroup with another id; the bot is told in both."""
        supergroup = Chat(-1000000000000 - self.world.next_id(), "supergroup", group.title, dict(group.members))
        self.world.chats[supergroup.id] = supergroup
        group.moved_to = supergroup.id
        self._note(group, PREVIEW_USER_ID, {"migrate_to_chat_id": supergroup.id})
        self._note(supergroup, PREVIEW_USER_ID, {"migrate_from_chat_id": group.id})
        return supergroup

    def _note(self, chat: Chat, user: Person | int, service: dict[str, Any]) -> None:
        sender = self.world.people[_id(user)]
        message = Message(self.world.next_id(), chat.id, sender, self.world.now(), service=service)
        self.world.update("message", self.world.written(self.world.post(message)))

    # ── what they see ────────────────────────────────────────────────────────────────────────────────────────────────

    def messages(self, chat: Chat | Person | int = PREVIEW_USER_ID) -> list[Message]:
        """What the bot said in a chat, oldest first, as it stands now."""
        return list(self.chat(chat).said_by(self.world.bot.id))

    async def wait_for_message(
        self,
        wanted: Callable[[Message], bool] = lambda message: True,
        *,
        chat: Chat | Person | int = PREVIEW_USER_ID,
        after: Message | None = None,
        within: float = _PATIENCE,
    ) -> Message:
        """The first message of the bot in a chat, later than `after`, that is as wanted, now or once it comes or is edited.

        TimeoutError, with what was said instead, when none is after `within` seconds.
        """

        def found() -> Message | None:
            later = (message for message in self.messages(chat) if after is None or message.id > after.id)
            return next(filter(wanted, later), None)

        try:
            return await self.wait_until(found, within=within)
        except TimeoutError as error:
            said = "\n---\n".join(message.text for message in self.messages(chat)[-5:])
            raise TimeoutError(f"no such message within {within} s; the last ones are:\n{said}") from error

    async def ask(self, text: str, *, within: float = _PATIENCE, **where: Any) -> Message:
        """Say something (`user`, `chat` and `reply_to` as in `say`) and wait for the bot's next message there."""
        said = self.say(text, **where)
        return await self.wait_for_message(chat=said.chat_id, after=said, within=within)

    async def wait_until[T](self, condition: Callable[[], T | None], *, within: float = _PATIENCE) -> T:
        """What `condition` gives, once it gives something: looked at now and after every change. TimeoutError."""
        with self.world.listening() as changes:
            async with asyncio.timeout(within):
                while not (seen := condition()):
                    await changes.get()
                return seen


def _id(someone: Person | int) -> int:
    return someone if isinstance(someone, int) else someone.id
