"""The Bot API as data judges requests and answers: does this method exist, are these its fields, types and lengths?

    schema = Schema.load(SHARED / "data/botapi/schema.json")
    assert schema.violations("sendMessage", {"chat_id": "5", "text": "<b>سلام</b>", "parse_mode": "HTML"}) == []

Values may be as they travel in a form (numbers, Booleans and objects written as strings) or JSON; anything that is not
JSON counts as a file. Lengths are counted in UTF-16 code units, the strictest way of counting, so that what passes here
passes wherever characters are counted otherwise (docs/decisions/preview.md).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bot.platforms.preview import links
from bot.platforms.preview.entities import units
from tests import tdlib

_LENGTH = re.compile(r"(?:(\d+)-|[Uu]p to |[Aa]t most )(\d+) (characters|bytes|items|commands)")
_CONSTANT = re.compile(r"(?:must be|always) ['“]?(\w+)['”]?$")
_PARSED = re.compile(r"after entit(?:ies|y) parsing")
_NUMBER = re.compile(r"-?\d+")
_PARSE_MODES = ("HTML", "Markdown", "MarkdownV2")
_BUTTON_LOOKS = {"text", "icon_custom_emoji_id", "style"}


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    type: str
    required: bool
    description: str

    @property
    def constant(self) -> str | None:
        """The only value that the field may have, where there is one ("must be photo")."""
        match = _CONSTANT.search(self.description)
        return match[1] if match and self.type == "String" else None


@dataclass(frozen=True, slots=True)
class _Shape:
    """A method or a type: fields, or for a type of several kinds the kinds' names."""

    fields: Mapping[str, _Field]
    kinds: tuple[str, ...]


class Schema:
    """schema.json, read: which is made of sections with `children`, whose `annotations` are parameters or fields."""

    def __init__(self, methods: Mapping[str, _Shape], types: Mapping[str, _Shape]) -> None:
        self._methods = methods
        self._types = types

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file."""
        shapes: dict[str, dict[str, _Shape]] = {"methods": {}, "types": {}}
        for section in json.loads(path.read_text("utf-8"))["items"]:
            for child in section["children"]:
                if child.get("category") in shapes:
                    shapes[child["category"]][child["name"]] = _shape(child)
        return cls(shapes["methods"], shapes["types"])

    def violations(self, method: str, params: Mapping[str, Any]) -> list[str]:
        """Everything that is wrong with a request, [] where nothing is."""
        if method not in self._methods:
            return [f"{method}: no such method"]
        attached = set(re.findall(r"attach://([\w.-]+)", " ".join(map(str, params.values()))))
        sent = {name: value for name, value in params.items() if name not in attached}
        fields = self._methods[method].fields
        return [f"{method}: {found}" for found in self._object(fields, sent, wired=True)]

    def mismatches(self, type_name: str, value: Any) -> list[str]:
        """Everything in which a JSON value differs from a type of the API ("Message", "Array of Update")."""
        return list(self._value(_Field(type_name, type_name, required=True, description=""), value, {}, wired=False))

    def _object(self, fields: Mapping[str, _Field], given: Mapping[str, Any], *, wired: bool) -> Iterator[str]:
        for name, field in fields.items():
            if field.required and given.get(name) is None:
                yield f"{name} is required"
        for name, value in given.items():
            if name not in fields:
                yield f"{name} is unknown"
            elif value is not None:
                yield from self._value(fields[name], value, given, wired=wired)

    def _value(self, field: _Field, value: Any, beside: Mapping[str, Any], *, wired: bool) -> Iterator[str]:
        attempts = [list(self._typed(field, kind, value, beside, wired=wired)) for kind in _alternatives(field.type)]
        yield from min(attempts, key=len)

    def _typed(self, field: _Field, kind: str, value: Any, beside: Mapping[str, Any], *, wired: bool) -> Iterator[str]:
        if kind in self._types and kind != "InputFile":
            yield from self._structure(field, kind, _unwired(value) if wired else value)
        elif kind.startswith("Array of "):
            yield from self._array(field, kind.removeprefix("Array of "), _unwired(value) if wired else value)
        elif not _is(kind, value, wired=wired):
            yield f"{field.name} is no {kind}: {value!r}"
        elif kind == "String":
            yield from _text(field, str(value), beside)

    def _structure(self, field: _Field, kind: str, value: Any) -> Iterator[str]:
        shape = self._types[kind]
        if kind == "KeyboardButton" and isinstance(value, str):
            return
        if not isinstance(value, dict):
            yield f"{field.name} is no {kind}: {value!r}"
        elif shape.kinds:
            attempts = [list(self._structure(field, each, value)) for each in shape.kinds]
            yield from min(attempts, key=lambda found: (any("must be" in one for one in found), len(found)))
        else:
            yield from (f"{field.name}.{found}" for found in self._object(shape.fields, value, wired=False))
            if kind == "InlineKeyboardButton" and len(value.keys() - _BUTTON_LOOKS) != 1:
                yield f"{field.name}: exactly one action is wanted: {sorted(value)}"
            if kind == "InlineKeyboardButton" and "url" in value and not _is_address(value["url"]):
                yield f"{field.name}.url is no address: {value['url']!r}"

    def _array(self, field: _Field, of: str, value: Any) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{field.name} is no Array: {value!r}"
            return
        yield from _length(field, len(value), ("items", "commands"))
        for place, each in enumerate(value):
            one = _Field(f"{field.name}[{place}]", of, required=True, description="")
            yield from self._value(one, each, {}, wired=False)


def _shape(child: Mapping[str, Any]) -> _Shape:
    fields = (_Field(a["name"], a["type"], a["required"], a["description"]) for a in child["annotations"])
    kinds = () if child["annotations"] else tuple(re.findall(r"^ - (\w+)$", child["description"], re.MULTILINE))
    return _Shape({field.name: field for field in fields}, kinds)


def _alternatives(written: str) -> list[str]:
    """ "Integer or String" → both; "A, B and C", the elements of an array, → each."""
    return [written] if written.startswith("Array of ") else re.split(r", | and | or ", written)


def _unwired(value: Any) -> Any:
    """A JSON-serialized value of a form, read; what is no JSON stays a string, which is no object."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except json.JSONDecodeError:
        return value


def _is(kind: str, value: Any, *, wired: bool) -> bool:
    """Whether a value is of a simple type, as it may be written in a form (`wired`) or in JSON."""
    match kind:
        case "String":
            return isinstance(value, str)
        case "Integer":
            written = wired and isinstance(value, str) and bool(_NUMBER.fullmatch(value))
            return written or (isinstance(value, int) and not isinstance(value, bool))
        case "Float":
            written = wired and isinstance(value, str) and bool(re.fullmatch(r"-?\d+(\.\d+)?", value))
            return written or (isinstance(value, (int, float)) and not isinstance(value, bool))
        case "Boolean" | "True":
            allowed = ("true", "false") if kind == "Boolean" else ("true",)
            return value is True or (kind == "Boolean" and value is False) or (wired and value in allowed)
        case "InputFile":
            return not isinstance(value, (str, int, float, bool, list, dict))
    raise LookupError(f"the schema has a type that this reader does not know: {kind}")


def _text(field: _Field, value: str, beside: Mapping[str, Any]) -> Iterator[str]:
    if field.constant is not None and value != field.constant:
        yield f"{field.name} must be {field.constant}, not {value!r}"
    if field.name.endswith("parse_mode") and value not in _PARSE_MODES:
        yield f"{field.name} is none of {_PARSE_MODES}: {value!r}"
    size = units(value)
    if _PARSED.search(field.description):
        mode = beside.get(f"{field.name}_parse_mode", beside.get("parse_mode"))
        try:
            size = units(tdlib.parse_html(value)[0].strip() if mode == "HTML" else value.strip())
        except tdlib.Refused as refused:
            yield f"{field.name} cannot be parsed: {refused}"
    yield from _length(field, size, ("characters",))
    yield from _length(field, len(value.encode()), ("bytes",))


def _length(field: _Field, size: int, measures: tuple[str, ...]) -> Iterator[str]:
    for low, high, measure in _LENGTH.findall(field.description):
        if measure in measures and not int(low or 0) <= size <= int(high):
            yield f"{field.name} has {size} {measure}, not {low or 0}-{high}"


def _is_address(value: Any) -> bool:
    try:
        return bool(links.checked(value))
    except links.WrongAddress:
        return False
