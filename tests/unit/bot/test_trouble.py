"""A source's trouble in words: every error has some, and something to do about it, in each language."""

import pytest

from bot.chats import ChatLanguage
from bot.texts import LANGUAGES, keys
from bot.trouble import advice, why
from monitors.errors import SourceError


def reasons(kind: type[SourceError]) -> set[str]:
    return {kind.reason}.union(*(reasons(one) for one in kind.__subclasses__()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_words_and_a_remedy(language: ChatLanguage) -> None:
    for reason in reasons(SourceError):
        assert f"source_error.{reason}" in keys(language)
        assert advice(f"{reason} x", language)


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("http_status 404", "The address has changed"),
        ("http_status 503", "The trouble is the site's"),
        ("http_status 429", "asked for patience"),
        ("http_status 418", "If it stays so"),
        ("unreachable", "SOURCES_PROXY"),
    ],
)
def test_the_remedy_is_the_error_s_own(error: str, remedy: str) -> None:
    assert remedy in advice(error, "en")


def test_what_a_network_said_is_escaped() -> None:
    assert "&lt;b&gt;" in why("not_the_answer <b>", "en")
    assert "<b>" not in why("of_tomorrow <b>", "en")
