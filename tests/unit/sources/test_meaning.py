"""What words may mean: kinds that know their own spelling before those that take any URL, and no guess between several."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from monitors.kinds import Body, Family, Page, Request
from monitors.sources import PLACES
from monitors.sources.meaning import is_url, meanings, named


@dataclass(frozen=True)
class Spelled:
    """A kind whose addresses begin with one of some signs."""

    kind: str
    signs: Sequence[str]
    family: Family = "place"
    needs: tuple[str, ...] = ()
    pace: float = 0.0

    def recognise(self, text: str) -> str | None:
        return next((text.removeprefix(sign) for sign in self.signs if text.startswith(sign) and " " not in text), None)

    def request(self, address: str, cursor: str | None) -> Request:
        raise NotImplementedError

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        raise NotImplementedError

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        raise NotImplementedError

    def link(self, address: str) -> str:
        if self.kind == "town_square":
            raise ValueError(address)
        return f"{self.signs[-1]}{address}"


KINDS = (
    Spelled("bird_handle", ("@", "https://bird.example/")),
    Spelled("town_square", ("@", "#", "https://town.example/@")),
    Spelled("board", ("r/",)),
    Spelled("journal", ("https://",)),
    Spelled("page", ("https://",)),
    Spelled("messenger", ("https://messenger.example/",)),
)
NAMES = {"board": "تالار Board"}


def meant(words: str) -> list[tuple[str, str]]:
    return [(one.kind.kind, one.address) for one in meanings(words, KINDS, NAMES)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("https://bird.example/snapp", [("bird_handle", "snapp")]),
        ("https://other.example/", [("journal", "other.example/"), ("page", "other.example/")]),
        ("@snapp", [("bird_handle", "snapp"), ("town_square", "snapp")]),
        ("r/iran", [("board", "iran")]),
        ("snapp", [("bird_handle", "snapp"), ("town_square", "snapp"), ("board", "snapp"), ("messenger", "snapp")]),
        ("messenger snapp", [("messenger", "snapp")]),
        ("bird @snapp", [("bird_handle", "snapp")]),
        ("#snapp town", [("town_square", "snapp")]),
        ("board snapp", [("board", "snapp")]),
        ("تالار snapp", [("board", "snapp")]),
        ("two words", []),
        ("", []),
    ],
)
def test_words_mean_what_the_kinds_read_in_them(words: str, expected: list[tuple[str, str]]) -> None:
    assert meant(words) == expected


def test_a_tag_and_a_host_are_the_tag_there() -> None:
    for words in ("#snapp mastodon.social", "mastodon.social #snapp", "#snapp@mastodon.social"):
        assert ("mastodon", "#snapp@mastodon.social") in [
            (one.kind.kind, one.address) for one in meanings(words, PLACES, {})
        ]


def test_a_network_is_recognised_where_nothing_else_is() -> None:
    kind = named("mastodon #snapp", PLACES)
    assert kind
    assert kind.kind == "mastodon"
    assert named("two words", PLACES) is None


def test_an_address_on_the_web_is_told_from_a_name() -> None:
    assert is_url("https://www.isna.ir/rss", PLACES)
    assert is_url("isna.ir/rss", PLACES)
    assert not is_url("#دیجی‌کالا", PLACES)
    assert not is_url("دیجی‌کالا", PLACES)


def test_the_kinds_of_ours_keep_what_they_know_from_the_kind_that_takes_any_url() -> None:
    for words in ("t.me/digikala", "https://t.me/s/digikala", "@digikala", "telegram digikala"):
        assert [(one.kind.kind, one.address) for one in meanings(words, PLACES, {})] == [
            ("telegram_channel", "digikala")
        ]
