"""A Bot API request's parameters, which arrive as text, as JSON or as files, read as the types that methods want."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from bot.platforms.preview.model import bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart request."""

    name: str
    mime: str
    content: bytes = field(repr=False)


class Parameters:
    """Read access to what a request carried; a value of a wrong shape is refused as Telegram refuses it."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw

    def __contains__(self, name: str) -> bool:
        return self._raw.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """A string, "" where it is missing."""
        value = self._raw.get(name)
        if isinstance(value, (Upload, dict, list)):
            raise bad_request(f"{name} must be a string")
        text = "" if value is None else str(value)
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise bad_request("strings must be encoded in UTF-8")
        return text

    def integer(self, name: str, default: int = 0) -> int:
        """An integer, `default` where it is missing or is none (as Telegram reads it)."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """A Boolean: true, yes, 1 or t in any case."""
        return self.text(name).lower() in ("true", "yes", "1", "t")

    def object(self, name: str) -> dict[str, Any] | None:
        """A JSON-serialized object, None where it is missing."""
        value = self._json(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {name}")
        return cast("dict[str, Any] | None", value)

    def array(self, name: str) -> list[Any] | None:
        """A JSON-serialized array, None where it is missing."""
        value = self._json(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"can't parse {name}: expected an Array")
        return value

    def upload(self, name: str) -> Upload | str | None:
        """A file that came along, or the string (file_id, attach://…, URL) that stands for one."""
        value = self._raw.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            value = self._raw.get(value.removeprefix("attach://"))
        return value if isinstance(value, Upload) or (isinstance(value, str) and value) else None

    def merged(self, fields: Mapping[str, Any]) -> "Parameters":
        """The same request's files with the fields of an object inside it (an InputMedia)."""
        return Parameters({**self._raw, "caption": "", "parse_mode": "", "caption_entities": None, **fields})

    def _json(self, name: str) -> Any:
        value = self._raw.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise bad_request(f"can't parse {name} JSON object") from error
