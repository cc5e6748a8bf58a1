"""A Bot API request's parameters, which arrive as text, as JSON or as files, read as the types that methods want."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.preview.model import bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart request."""

    name: str
    mime: str
    content: bytes = field(repr=False)


class Parameters:
    """Read access to what a request, or an object inside it, carries; a value of a wrong shape is refused.

    `files` are the request's uploads, which objects inside it name by attach://NAME.
    """

    def __init__(self, raw: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> None:
        self._raw = raw
        self._files = files or {name: value for name, value in raw.items() if isinstance(value, Upload)}

    def __contains__(self, name: str) -> bool:
        return self._raw.get(name) is not None

    def text(self, name: str) -> str:
        """A string, "" where it is missing."""
        value = self._raw.get(name)
        if isinstance(value, (Upload, dict, list)):
            raise bad_request(f'Field "{name}" must be of type String')
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

    def object(self, name: str) -> "Parameters":
        """A JSON-serialized object, an empty one where it is missing."""
        value = self._json(name)
        return self.inside({} if value is None else value)

    def array(self, name: str) -> list[Any]:
        """A JSON-serialized array, [] where it is missing."""
        value = self._json(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise bad_request(f'Field "{name}" must be of type Array')
        return value

    def objects(self, name: str) -> list["Parameters"]:
        """A JSON-serialized array of objects."""
        return [self.inside(each) for each in self.array(name)]

    def inside(self, value: Any) -> "Parameters":
        """An object that stands within this one."""
        if not isinstance(value, dict):
            raise bad_request("expected an Object")
        return Parameters(value, self._files)

    def upload(self, name: str) -> Upload | str:
        """A file that came along, or the string (file_id or URL) that stands for one; "" where there is neither."""
        value = self._raw.get(name)
        if isinstance(value, Upload):
            return value
        text = self.text(name)
        return self._files.get(text.removeprefix("attach://"), text) if text.startswith("attach://") else text

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
