"""What other tools post (webhook_in.py tells its shape) → Items: validated, or refused with the place of what is wrong."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from monitors.errors import BadItems
from monitors.model import Item, Language, Metrics
from monitors.sources.dates import parse_date
from monitors.sources.entries import GUID, TEXT, TITLE, hashed, shortened, web_url
from monitors.sources.markup import clean, one_line

MOST_ITEMS = 100  # of one body
_PROBLEMS = 10  # that are told
_LONG = 200_000  # characters of a string that is looked at
_COUNT = Annotated[int | None, Field(ge=0, lt=2**53)]


def items_of(content: bytes) -> tuple[Item, ...]:
    """The items that a body holds. Raises BadItems, which says what is wrong with which."""
    try:
        given = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadItems((("", "no JSON"),)) from error
    if isinstance(given, dict) and given.keys() == {"items"}:
        given = given["items"]
    given = given if isinstance(given, list) else [given]
    if not 0 < len(given) <= MOST_ITEMS:
        raise BadItems((("items", f"1 to {MOST_ITEMS} items at a time"),))
    read, problems = [], []
    for place, one in enumerate(given):
        try:
            read.append(_Posted.model_validate(one).item())
        except ValidationError as error:
            problems += [(_place(place, one["loc"]), _plain(one["msg"])) for one in error.errors()]
    if problems:
        raise BadItems(tuple(problems[:_PROBLEMS]))
    return tuple(read)


def _place(number: int, path: tuple[int | str, ...]) -> str:
    return ".".join(["items", str(number), *map(str, path)])


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should be", "should be").lower()


# ── one item ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _web(value: object) -> str | None:
    if value is None or value == "":
        return None
    url = web_url(value) if isinstance(value, str) else None
    if url is None:
        raise ValueError("should be an address that begins with http:// or https://")
    return url


def _time(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    time = parse_date(text, UTC)
    if time is None:
        raise ValueError("should be a date as in 2026-11-25T10:00:00Z, or seconds since 1970")
    return time


class _Counts(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    views: _COUNT = None
    likes: _COUNT = None
    reposts: _COUNT = None
    replies: _COUNT = None
    followers: _COUNT = None
    stars: _COUNT = None


class _Posted(BaseModel):
    model_config = ConfigDict(extra="forbid", str_max_length=_LONG)

    guid: Annotated[str, Field(min_length=1)] | None = None
    title: str = ""
    text: str = ""
    url: Annotated[str | None, BeforeValidator(_web)] = None
    author: str | None = None
    author_url: Annotated[str | None, BeforeValidator(_web)] = None
    outlet: str | None = None
    published_at: Annotated[datetime | None, BeforeValidator(_time)] = None
    language: Language | None = None
    metrics: _Counts = _Counts()

    @model_validator(mode="before")
    @classmethod
    def _an_object(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("should be an object")  # noqa: TRY004 - pydantic tells of ValueErrors
        return value

    @model_validator(mode="after")
    def _says_something(self) -> "_Posted":
        if not one_line(self.title) and not clean(self.text):
            raise ValueError("a title or a text is needed")
        return self

    def item(self) -> Item:
        """As an Item, cleaned and cut to what items promise."""
        title, text = shortened(one_line(self.title), TITLE), shortened(clean(self.text), TEXT)
        guid = one_line(self.guid or "") or self.url or hashed(title, text)
        return Item(
            guid=guid if len(guid) <= GUID else hashed(guid),
            url=self.url,
            title=title,
            text=text,
            author=one_line(self.author or "")[:200] or None,
            published_at=self.published_at,
            author_url=self.author_url,
            outlet=one_line(self.outlet or "")[:200] or None,
            language=self.language,
            metrics=Metrics(**self.metrics.model_dump()),
        )
