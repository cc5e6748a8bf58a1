"""Settings, from the environment and `.env`; each is described in `.env.example`, which a test holds against this file.

What lives here: names, types, defaults, and clear words for what is wrong. What does not: anything that acts on them.
"""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ENV_FILE = Path(".env")
TELEGRAM = "https://api.telegram.org"


NETWORK_CREDENTIALS = (
    "x_bearer_token",
    "youtube_api_key",
    "reddit_client_id",
    "reddit_client_secret",
    "mastodon_instance",
    "mastodon_token",
    "bluesky_handle",
    "bluesky_app_password",
    "instagram_token",
    "linkedin_token",
    "myket_token",
)


class SettingsError(Exception):
    """Settings that cannot be used; `str()` says which, and what is expected, a line each."""


def _url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("expected an address that begins with http:// or https://")
    return value.rstrip("/").removesuffix("/bot")


def _proxy(value: str) -> str:
    if not value.startswith(("http://", "https://", "socks5://", "socks5h://")):
        raise ValueError("expected http://, https:// or socks5://, as in socks5://127.0.0.1:1080")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("expected the name of a time zone, as in Asia/Tehran") from None
    return value


def _model(value: str) -> str:
    if value.lower() in {"light", "e5"}:
        return value.lower()
    if not Path(value).is_dir():
        raise ValueError("expected light, e5, or the path of a folder with tokenizer.json, model.onnx and labels.txt")
    return value


type Proxy = Annotated[str, AfterValidator(_proxy)]


class Settings(BaseSettings):
    """Every setting of Rasad. Empty values count as not set."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    bot_token: SecretStr | None = None
    bot_api_url: Annotated[str, AfterValidator(_url)] = TELEGRAM
    admin_ids: Annotated[tuple[int, ...], NoDecode] = ()
    database_url: str = "sqlite+aiosqlite:///data/rasad.db"
    data_dir: Path = Path("data")
    default_language: Literal["fa", "en"] = "fa"
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Tehran"
    poll_min_seconds: float = Field(default=60, ge=1)
    poll_max_seconds: float = Field(default=1800, ge=1)
    allow_private_addresses: bool = False
    telegram_proxy: Proxy | None = None
    sources_proxy: Proxy | None = None
    source_mirrors: Annotated[dict[str, str], NoDecode] = {}
    default_sources: bool = True
    retention_days: int = Field(default=30, ge=1)
    fulltext: Literal["off", "feeds"] = "off"
    sentiment_model: Annotated[str, AfterValidator(_model)] = "e5"
    x_bearer_token: SecretStr | None = None
    youtube_api_key: SecretStr | None = None
    reddit_client_id: SecretStr | None = None
    reddit_client_secret: SecretStr | None = None
    mastodon_instance: SecretStr | None = None
    mastodon_token: SecretStr | None = None
    bluesky_handle: SecretStr | None = None
    bluesky_app_password: SecretStr | None = None
    instagram_token: SecretStr | None = None
    linkedin_token: SecretStr | None = None
    myket_token: SecretStr | None = None
    listen_host: str = "127.0.0.1"
    listen_port: int | None = Field(default=None, ge=1, le=65535)
    public_url: Annotated[str, AfterValidator(_url)] | None = None
    webhook_secret: Annotated[SecretStr, Field(min_length=16)] | None = None
    preview_port: int = Field(default=8081, ge=0, le=65535)
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def credentials(self) -> dict[str, str]:
        """Those of networks that are set, by the names that kinds of sources ask for: "X_BEARER_TOKEN"."""
        named = {name.upper(): getattr(self, name) for name in NETWORK_CREDENTIALS}
        return {name: value.get_secret_value() for name, value in named.items() if value}

    @property
    def hooks(self) -> str | None:
        """The address that other tools post to, without the name at its end; None where they may not."""
        if self.webhook_secret is None:
            return None
        return f"{self.public_url or f'http://{self.listen_host}:{self.listen_port}'}/hooks/"

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = value.replace(",", " ").split()
        if not all(part.lstrip("-").isdigit() for part in parts):
            raise ValueError("expected numbers with commas between them, as in 12345,67890")
        return tuple(int(part) for part in parts)

    @field_validator("source_mirrors", mode="before")
    @classmethod
    def _mirrors(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [part.split("=", 1) for part in value.replace(",", " ").split()]
        if not all(len(pair) == 2 and pair[1].startswith(("http://", "https://")) for pair in pairs):
            raise ValueError("expected host=address pairs, as in t.me=https://relay.example/t.me")
        return {host.lower(): url.rstrip("/") for host, url in pairs}

    @field_validator("mastodon_instance", mode="before")
    @classmethod
    def _instance(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        host = value.rpartition("://")[2].strip("/").lower()
        if "/" in host or "@" in host or "." not in host:
            raise ValueError("expected the name of a server, as in mastodon.social")
        return host

    @field_validator("log_level", "log_format", "default_language", "fulltext", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith("sqlite+aiosqlite:///"):
            raise ValueError("expected sqlite+aiosqlite:///path, as in sqlite+aiosqlite:///data/rasad.db")
        return value

    @model_validator(mode="after")
    def _ordered(self) -> "Settings":
        if self.poll_min_seconds > self.poll_max_seconds:
            raise ValueError("POLL_MIN_SECONDS is larger than POLL_MAX_SECONDS")
        token = self.bot_token.get_secret_value() if self.bot_token else None
        if token and self.bot_api_url == TELEGRAM and not re.fullmatch(r"\d+:[\w-]+", token, re.ASCII):
            raise ValueError("BOT_TOKEN: expected what @BotFather gave, as in 123456789:AAE…")
        if (self.public_url or self.webhook_secret) and not self.listen_port:
            raise ValueError("PUBLIC_URL and WEBHOOK_SECRET need LISTEN_PORT, the port that is listened on")
        return self


def load() -> Settings:
    """Reads the settings. Raises SettingsError."""
    try:
        return Settings()
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, e['loc'])).upper() or 'settings'}: {_plain(e['msg'])}" for e in error.errors())
        raise SettingsError("\n".join(lines)) from None


def unknown_keys(written: Mapping[str, object] | None = None) -> dict[str, str | None]:
    """Keys of `.env` that are no setting, each with the nearest name that is one."""
    keys = dotenv_values(ENV_FILE) if written is None else written
    names = [name.upper() for name in Settings.model_fields]
    unknown = [key for key in keys if key.upper() not in names]
    return {key: next(iter(difflib.get_close_matches(key.upper(), names, 1, 0.6)), None) for key in unknown}


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should be", "expected")
