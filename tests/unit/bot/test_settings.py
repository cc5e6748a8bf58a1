"""Settings: every one documented, wrong ones named with what is expected, typing mistakes pointed out."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot import settings
from bot.settings import Settings, SettingsError

EXAMPLE = Path(__file__).parents[3] / ".env.example"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_example_has_every_setting_with_its_default() -> None:
    written = dotenv_values(EXAMPLE)
    assert set(written) == {name.upper() for name in Settings.model_fields}
    (Path.cwd() / ".env").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    from_example = settings.load()
    (Path.cwd() / ".env").unlink()
    assert from_example == settings.load()


def test_values_are_read_as_people_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_IDS", "12, 34")
    monkeypatch.setenv("BOT_API_URL", "http://127.0.0.1:8081/bot/")
    monkeypatch.setenv("SOURCE_MIRRORS", "t.me=https://relay.example/t.me/")
    monkeypatch.setenv("MASTODON_INSTANCE", "https://Mastodon.social/")
    monkeypatch.setenv("LOG_LEVEL", "INFO")
    loaded = settings.load()
    assert loaded.admin_ids == (12, 34)
    assert loaded.bot_api_url == "http://127.0.0.1:8081"
    assert loaded.source_mirrors == {"t.me": "https://relay.example/t.me"}
    assert loaded.credentials == {"MASTODON_INSTANCE": "mastodon.social"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("POLL_MIN_SECONDS", "often", "POLL_MIN_SECONDS: expected a valid number"),
        ("POLL_MIN_SECONDS", "0", "POLL_MIN_SECONDS: expected greater than or equal to 1"),
        ("ADMIN_IDS", "@ali", "ADMIN_IDS: expected numbers"),
        ("DEFAULT_LANGUAGE", "de", "DEFAULT_LANGUAGE: expected 'fa' or 'en'"),
        ("TIMEZONE", "Tehran", "TIMEZONE: expected the name of a time zone"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL: expected sqlite+aiosqlite:///"),
        ("TELEGRAM_PROXY", "127.0.0.1:1080", "TELEGRAM_PROXY: expected http://, https:// or socks5://"),
        ("MASTODON_INSTANCE", "https://mastodon.social/@sara", "MASTODON_INSTANCE: expected the name of a server"),
        ("ALLOW_PRIVATE_ADDRESSES", "perhaps", "ALLOW_PRIVATE_ADDRESSES: expected a valid boolean"),
        ("BOT_TOKEN", "hello", "BOT_TOKEN: expected what @BotFather gave"),
        ("POLL_MAX_SECONDS", "5", "POLL_MIN_SECONDS is larger than POLL_MAX_SECONDS"),
    ],
)
def test_a_wrong_value_stops_the_start_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=said.replace("(", r"\(").replace("+", r"\+")):
        settings.load()


def test_a_key_that_is_no_setting_is_pointed_out_with_the_nearest_name() -> None:
    assert settings.unknown_keys({"BOT_TOKN": "x", "LOG_LEVEL": "info", "COLOUR": "red"}) == {
        "BOT_TOKN": "BOT_TOKEN",
        "COLOUR": None,
    }


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "12345678:secret-secret-secret")
    assert "secret-secret" not in repr(settings.load())
