"""Whose turn it is among the sources of a network."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from monitors.errors import AskedTooOften, HttpStatus, NeedsCredentials, NotTheAnswer, SourceError, TimedOut
from monitors.kinds import Body, Family, Page, Request
from monitors.turns import Turns

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@dataclass
class Network:
    kind: str
    pace: float
    family: Family = "place"
    needs: tuple[str, ...] = ()

    def recognise(self, text: str) -> str | None:
        return text

    def request(self, address: str, cursor: str | None) -> Request:
        return Request("https://network.example/")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        return Page(())

    repair = parse

    def link(self, address: str) -> str:
        return "https://network.example/"


@pytest.fixture
def turns() -> Turns:
    return Turns([Network("slow", 5), Network("long", 870), Network("feed", 0)])


def test_a_kind_is_asked_at_its_pace(turns: Turns) -> None:
    asked = [second for second in range(20) if turns.take("slow", NOON + second * SECOND)]
    assert asked == [0, 5, 10, 15]


def test_kinds_do_not_wait_for_one_another(turns: Turns) -> None:
    assert [turns.take(kind, NOON) for kind in ("slow", "long", "feed", "feed", "slow")] == [True] * 4 + [False]
    assert turns.waiting(NOON) == {"slow": NOON + 5 * SECOND, "long": NOON + 870 * SECOND}
    assert turns.waiting(NOON + 5 * SECOND) == {"long": NOON + 870 * SECOND}


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (HttpStatus(429, 900), 900),
        (HttpStatus(429, 5), 60),
        (HttpStatus(429), 60),
        (HttpStatus(429, 10**9), 86_400),
        (HttpStatus(503, 120), 120),
        (HttpStatus(403, 900, "Quota exceeded.", too_often=True), 900),
        (AskedTooOften("Please limit requests to one every 5 seconds"), 60),
        (HttpStatus(503), None),
        (HttpStatus(403, 900), None),
        (NotTheAnswer("<html>"), None),
        (TimedOut(), None),
    ],
)
def test_a_refusal_keeps_the_whole_kind_waiting(turns: Turns, error: SourceError, wait: int | None) -> None:
    until = turns.failed("slow", error, NOON)
    assert until == (None if wait is None else NOON + wait * SECOND)
    assert turns.failed("feed", error, NOON) is None, "many hosts: none speaks for the others"
    assert turns.take("feed", NOON)
    if wait:
        assert not turns.take("slow", NOON + (wait - 1) * SECOND)
        assert turns.take("slow", NOON + wait * SECOND)


def test_a_poll_that_asked_nobody_takes_no_turn(turns: Turns) -> None:
    turns.take("long", NOON)
    turns.failed("long", NeedsCredentials("KEY"), NOON)
    assert turns.take("long", NOON)


def test_a_start_takes_up_the_pace_where_it_was_left(turns: Turns) -> None:
    turns.resume({"long": NOON - 10 * MINUTE, "slow": NOON - MINUTE, "feed": NOON, "gone": NOON})
    assert turns.waiting(NOON) == {"long": NOON - 10 * MINUTE + 870 * SECOND}
    assert turns.take("gone", NOON), "a kind that is no more is an error of its sources, not of the loop"
