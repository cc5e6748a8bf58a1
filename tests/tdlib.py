"""Telegram's own parser of parse_mode=HTML: TDLib's parseTextEntities, which runs offline. The judge of ours."""

import json
from typing import Any

import tdjson

from bot.platforms.preview.entities import Entity

_NAMES = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "CustomEmoji": "custom_emoji",
    "DateTime": "date_time",
}
_ARGUMENTS = ("url", "user_id", "language", "custom_emoji_id", "unix_time")


class Refused(ValueError):
    """TDLib would not parse it; the message is its own."""


def _execute(request: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"{}")
    return answer


_execute({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


def parse_html(markup: str) -> tuple[str, tuple[Entity, ...]]:
    """Text and entities as TDLib reads them; raises Refused. The format of a date_time is not told."""
    mode = {"@type": "textParseModeHTML"}
    answer = _execute({"@type": "parseTextEntities", "text": markup, "parse_mode": mode})
    if answer["@type"] == "error":
        raise Refused(answer["message"].removeprefix("Can't parse entities: "))
    return answer["text"], tuple(_entity(entity) for entity in answer["entities"])


def _entity(entity: dict[str, Any]) -> Entity:
    kind = entity["type"]
    argument = next((str(kind[name]) for name in _ARGUMENTS if name in kind), "")
    return Entity(_NAMES[kind["@type"].removeprefix("textEntityType")], entity["offset"], entity["length"], argument)
