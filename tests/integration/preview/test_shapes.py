"""What the endpoint answers and sends is of the Bot API's own types, as its schema has them."""

from typing import Any

import pytest

from bot.platforms.preview import PREVIEW_USER_ID, PreviewServer
from bot.platforms.preview.methods import METHODS
from tests.botapi import Schema
from tests.integration.preview.conftest import Api
from tests.integration.preview.test_bot_api import png
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
ME = PREVIEW_USER_ID
KEYBOARD = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}, {"text": "c", "copy_text": {"text": "d"}}]]}


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema.load(SHARED / "data/botapi/schema.json")


async def test_every_method_exists_in_the_real_api(schema: Schema) -> None:
    assert [method for method in METHODS if "no such method" in str(schema.violations(method, {}))] == []


async def test_results(schema: Schema, api: Api, preview: PreviewServer) -> None:
    async def check(kind: str, method: str, **parameters: Any) -> Any:
        answer = await api(method, **parameters)
        assert answer["ok"], answer
        assert schema.mismatches(kind, answer["result"]) == []
        return answer["result"]

    html = "<b>سلام</b> <a href='x.ir'>a</a> <pre><code class='language-py'>x</code></pre> <a href='tg://user?id=5'>u</a> #tag"
    sent = await check("Message", "sendMessage", chat_id=ME, text=html, parse_mode="HTML", reply_markup=KEYBOARD)
    answered = {"message_id": sent["message_id"]}
    await check("Message", "sendMessage", chat_id=ME, text="x", reply_parameters=answered)
    await check("Message", "editMessageText", chat_id=ME, text="y", **answered)
    photo = preview.people.send_file("a.png", png())
    assert photo.file
    await check("Message", "sendDocument", chat_id=ME, document=photo.file.id, caption="c #x")
    await check("File", "getFile", file_id=photo.file.id)
    await check("User", "getMe")
    await check("ChatFullInfo", "getChat", chat_id=ME)
    await check("WebhookInfo", "getWebhookInfo")
    await api("setMyCommands", commands=[{"command": "a", "description": "b"}])
    await check("Array of BotCommand", "getMyCommands")
    group = preview.people.group("گروه")
    preview.people.add_bot(group, status="administrator")
    await check("ChatMember", "getChatMember", chat_id=group.id, user_id=ME)
    await check("ChatMember", "getChatMember", chat_id=group.id, user_id=preview.world.bot.id)
    await check("Array of ChatMember", "getChatAdministrators", chat_id=group.id)
    preview.people.migrate(group)


async def test_updates(schema: Schema, api: Api, preview: PreviewServer) -> None:
    people = preview.people
    said = people.say("/track https://x.ir/خبر @someone #رصد", reply_to=people.say("x"))
    people.edit(said, "/list")
    people.send_file("a.opml", b"<opml/>", caption="c")
    group = people.group("گروه")
    people.add_bot(group)
    people.migrate(group)
    people.block()
    await api("sendMessage", chat_id=group.moved_to, text="x", reply_markup=KEYBOARD)
    with pytest.raises(TimeoutError):
        await people.press(people.messages(group.moved_to or 0)[-1], "a", within=0.01)
    updates = (await api("getUpdates"))["result"]
    assert {key for update in updates for key in update} == {
        *("update_id", "message", "edited_message", "my_chat_member", "callback_query")
    }
    assert schema.mismatches("Array of Update", updates) == []
