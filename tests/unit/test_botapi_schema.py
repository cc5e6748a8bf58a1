"""The judge of Bot API requests: what is right passes, and every sort of planted mistake is named."""

import json
from typing import Any

import pytest

from bot.platforms.preview.parameters import Upload
from tests.botapi import Schema
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
PICTURE = Upload("a.png", "image/png", b"...")


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema.load(SHARED / "data/botapi/schema.json")


def keyboard(**button: Any) -> str:
    return json.dumps({"inline_keyboard": [[{"text": "x", **button}]]})


MESSAGE = {"chat_id": "1000", "text": "سلام"}
RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("getMe", {}),
    ("sendMessage", MESSAGE),
    ("sendMessage", {"chat_id": 1000, "text": "x", "disable_notification": True}),
    ("sendMessage", MESSAGE | {"disable_notification": "true", "reply_markup": keyboard(callback_data="a:1")}),
    ("sendMessage", MESSAGE | {"text": f"<b>{'x' * 4096}</b>", "parse_mode": "HTML"}),
    ("sendMessage", MESSAGE | {"reply_markup": {"keyboard": [["a", {"text": "b"}]], "resize_keyboard": True}}),
    ("sendMessage", MESSAGE | {"reply_markup": {"force_reply": True, "selective": True}}),
    (
        "sendMessage",
        MESSAGE | {"link_preview_options": '{"is_disabled": true}', "reply_parameters": '{"message_id": 5}'},
    ),
    ("sendMessage", MESSAGE | {"entities": [{"type": "bold", "offset": 0, "length": 2}]}),
    ("sendPhoto", {"chat_id": "1000", "photo": PICTURE, "caption": "x"}),
    ("sendPhoto", {"chat_id": "1000", "photo": "AgACAgIAAx"}),
    (
        "sendMediaGroup",
        {"chat_id": 5, "media": '[{"type":"photo","media":"attach://a"},{"type":"photo","media":"id"}]', "a": PICTURE},
    ),
    (
        "editMessageMedia",
        {
            "chat_id": 5,
            "message_id": 6,
            "media": '{"type":"document","media":"attach://f0","caption":"c"}',
            "f0": PICTURE,
        },
    ),
    (
        "setMyCommands",
        {
            "commands": '[{"command":"start","description":"آغاز"}]',
            "scope": '{"type":"chat","chat_id":5}',
            "language_code": "fa",
        },
    ),
    ("setMessageReaction", {"chat_id": 5, "message_id": 6, "reaction": '[{"type":"emoji","emoji":"👍"}]'}),
    ("answerCallbackQuery", {"callback_query_id": "5", "text": "x" * 200, "show_alert": "false"}),
    ("getUpdates", {"offset": "-1", "timeout": "10", "allowed_updates": '["message"]'}),
]
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("sendMesage", MESSAGE, "no such method"),
    ("sendMessage", {"text": "x"}, "chat_id is required"),
    ("sendMessage", MESSAGE | {"disable_web_page_preview": "true"}, "disable_web_page_preview is unknown"),
    ("sendMessage", MESSAGE | {"disable_notification": "True"}, "disable_notification is no Boolean"),
    ("sendMessage", MESSAGE | {"disable_notification": 1}, "disable_notification is no Boolean"),
    ("sendMessage", MESSAGE | {"message_thread_id": "5.5"}, "message_thread_id is no Integer"),
    ("sendMessage", MESSAGE | {"text": 5}, "text is no String"),
    ("sendMessage", MESSAGE | {"text": ""}, "text has 0 characters, not 1-4096"),
    ("sendMessage", MESSAGE | {"text": "<b> \n</b>", "parse_mode": "HTML"}, "text has 0 characters"),
    ("sendMessage", MESSAGE | {"text": f"<b>{'x' * 4097}</b>", "parse_mode": "HTML"}, "text has 4097 characters"),
    ("sendMessage", MESSAGE | {"text": "😀" * 2049}, "text has 4098 characters"),
    ("sendMessage", MESSAGE | {"text": "<b>x", "parse_mode": "HTML"}, "text cannot be parsed"),
    ("sendMessage", MESSAGE | {"text": "1 < 2", "parse_mode": "HTML"}, "text cannot be parsed"),
    ("sendMessage", MESSAGE | {"parse_mode": "html5"}, "parse_mode is none of"),
    ("sendMessage", MESSAGE | {"entities": '{"type":"bold"}'}, "entities is no Array"),
    ("sendMessage", MESSAGE | {"entities": [{"type": "bold", "offset": 0}]}, "entities[0].length is required"),
    ("sendMessage", MESSAGE | {"entities": [{"type": "bold", "offset": "0", "length": 1}]}, "offset is no Integer"),
    ("sendMessage", MESSAGE | {"reply_markup": "[]"}, "reply_markup is no"),
    ("sendMessage", MESSAGE | {"reply_markup": "{not json"}, "reply_markup is no"),
    ("sendMessage", MESSAGE | {"reply_markup": keyboard(callback_data="س" * 33)}, "callback_data has 66 bytes"),
    ("sendMessage", MESSAGE | {"reply_markup": keyboard(callback_data="")}, "callback_data has 0 bytes"),
    ("sendMessage", MESSAGE | {"reply_markup": keyboard()}, "exactly one action"),
    ("sendMessage", MESSAGE | {"reply_markup": keyboard(callback_data="a", url="https://x.ir")}, "exactly one action"),
    ("sendMessage", MESSAGE | {"reply_markup": keyboard(url="localhost")}, "is no address"),
    ("sendMessage", MESSAGE | {"reply_markup": keyboard(data="a")}, "data is unknown"),
    ("sendMessage", MESSAGE | {"reply_markup": {"inline_keyboard": [{"text": "x", "callback_data": "y"}]}}, "is no Array"),
    ("sendMessage", MESSAGE | {"reply_markup": {"remove_keyboard": False}}, "remove_keyboard is no True"),
    ("sendMessage", MESSAGE | {"reply_parameters": '{"message_id": "5"}'}, "message_id is no Integer"),
    ("sendPhoto", {"chat_id": "1", "photo": PICTURE, "caption": "x" * 1025}, "caption has 1025 characters"),
    ("sendPhoto", {"chat_id": "1", "photo": PICTURE, "thumb": PICTURE}, "thumb is unknown"),
    ("sendMediaGroup", {"chat_id": 5, "media": '[{"type":"photo","media":"id"}]'}, "media has 1 items, not 2-10"),
    ("sendMediaGroup", {"chat_id": 5, "media": '[{"type":"photo"},{"type":"photo","media":"x"}]'}, "media[0].media is required"),
    ("sendMediaGroup", {"chat_id": 5, "media": '[{"type":"gif","media":"x"},{"type":"photo","media":"x"}]'}, "must be"),
    ("editMessageMedia", {"message_id": 6, "media": '{"type":"photo","media":"x","caption":"<i>","parse_mode":"HTML"}'}, "cannot be parsed"),
    ("setMyCommands", {"commands": json.dumps([{"command": "x", "description": "y" * 257}])}, "has 257 characters, not 1-256"),
    ("setMyCommands", {"commands": json.dumps([{"command": "x", "description": "y"}] * 101)}, "commands has 101 commands"),
    ("setMyCommands", {"commands": "[]", "scope": '{"type":"chat"}'}, "scope.chat_id is required"),
    ("answerCallbackQuery", {"callback_query_id": "5", "text": "x" * 201}, "text has 201 characters"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "params"), RIGHT)
def test_a_right_request_passes(schema: Schema, method: str, params: dict[str, Any]) -> None:
    assert schema.violations(method, params) == []


@pytest.mark.parametrize(("method", "params", "named"), WRONG)
def test_a_planted_mistake_is_named(schema: Schema, method: str, params: dict[str, Any], named: str) -> None:
    assert any(named in found for found in schema.violations(method, params)), schema.violations(method, params)


def test_answers_are_judged_by_type(schema: Schema) -> None:
    message = {"message_id": 1, "date": 2, "chat": {"id": 5, "type": "private"}}
    assert schema.mismatches("Message", message) == []
    assert schema.mismatches("Array of Message", [message, message]) == []
    assert schema.mismatches("Message", message | {"chat": {"id": 5}}) == ["Message.chat.type is required"]
    assert schema.mismatches("Message", message | {"txt": "x"}) == ["Message.txt is unknown"]
