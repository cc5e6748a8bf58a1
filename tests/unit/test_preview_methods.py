"""Whatever a bot sends, the preview's methods give a result or refuse it in the Bot API's way; they never break."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.preview.methods import METHODS
from bot.platforms.preview.model import Message, Refusal
from bot.platforms.preview.parameters import Parameters, Upload
from bot.platforms.preview.world import PREVIEW_USER_ID, World

leaf = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=3)
    | st.sampled_from([[], {}, [[]], [5], "photo", "emoji"])
)


def objects(*keys: str, inside: st.SearchStrategy[Any] = leaf) -> st.SearchStrategy[Any]:
    """JSON objects with some of the right keys, and values of any kind, right or wrong."""
    return st.dictionaries(st.sampled_from(keys), inside, max_size=len(keys))


def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return leaf | st.lists(one | leaf, max_size=3)


button = objects("text", "callback_data", "url", "copy_text", inside=leaf | objects("text"))
media = objects("type", "media", "caption", inside=leaf | st.sampled_from(["photo", "document", "attach://photo"]))
SHAPES = {
    "text": st.sampled_from(["", "x", "<b>"]),
    "parse_mode": leaf | st.just("HTML"),
    "entities": several(
        objects(
            "type",
            "offset",
            "length",
            "url",
            "user",
            inside=leaf | st.sampled_from(["bold", "text_mention", "date_time"]),
        )
    ),
    "reply_markup": objects(
        "inline_keyboard", "keyboard", "force_reply", "remove_keyboard", inside=several(several(button))
    ),
    "reply_parameters": leaf | objects("message_id", "allow_sending_without_reply"),
    "media": media | several(media),
    "photo": leaf | st.builds(Upload, st.text(max_size=3), st.just("image/png"), st.binary(max_size=9)),
    "document": leaf | st.builds(Upload, st.text(max_size=3), st.just("text/plain"), st.binary(max_size=9)),
    "commands": several(objects("command", "description")),
    "scope": leaf | objects("type", "chat_id", inside=leaf | st.sampled_from(["chat", "default"])),
    "reaction": several(objects("type", "emoji")),
    "message_ids": several(leaf),
    "user_id": leaf,
    "message_id": leaf,
    "chat_id": leaf,
    "language_code": leaf,
}
written = {
    name: shape | shape.map(lambda given: given if isinstance(given, Upload) else json.dumps(given))
    for name, shape in SHAPES.items()
}


def outcome(world: World, method: str, raw: dict[str, Any]) -> int:
    try:
        json.dumps(METHODS[method](world, Parameters(raw)))
    except Refusal as refusal:
        return refusal.code
    return 200


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(METHODS)), st.fixed_dictionaries({}, optional=written))
def test_junk_is_refused(method: str, raw: dict[str, Any]) -> None:
    world = World()
    world.post(Message(1, PREVIEW_USER_ID, world.bot, 1, "y"))
    right = {"chat_id": PREVIEW_USER_ID, "message_id": 1, "text": "x", "action": "typing"}
    assert outcome(world, method, right | raw) in (200, 400, 403)
