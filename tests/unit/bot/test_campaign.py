"""How a campaign is written, in words that people use."""

from datetime import date

import pytest

from bot.commands.campaigning import described

TODAY = date(2026, 11, 22)
FIRST, LAST = date(2026, 12, 16), date(2026, 12, 21)


@pytest.mark.parametrize(
    "words",
    [
        "شب یلدا ۱۴۰۵/۰۹/۲۵ ۱۴۰۵/۰۹/۳۰ #یلدا #نمونه_یلدا",
        "شب یلدا ۲۵ آذر ۳۰ آذر #یلدا #نمونه_یلدا",
        "شب یلدا از ۲۵ آذر ۱۴۰۵ تا ۳۰ آذر ۱۴۰۵ #یلدا #نمونه_یلدا",
        "شب یلدا 2026-12-16 to 2026-12-21 #یلدا #نمونه_یلدا",
        "#یلدا شب یلدا 1405-9-25 - 1405-9-30 #نمونه_یلدا #یلدا",
    ],
)
def test_a_name_two_days_and_hashtags(words: str) -> None:
    asked = described(words, TODAY)
    assert asked
    assert (asked.name, asked.first, asked.last) == ("شب یلدا", FIRST, LAST)
    assert asked.tags == ("#یلدا", "#نمونه_یلدا")


@pytest.mark.parametrize(
    "words", ["یلدا", "یلدا ۱۴۰۵/۰۹/۲۵", "۱۴۰۵/۰۹/۲۵ ۱۴۰۵/۰۹/۳۰ #یلدا", "یلدا ۱۴۰۵/۱۳/۰۱ ۱۴۰۵/۱۳/۰۲", "#"]
)
def test_less_is_no_campaign(words: str) -> None:
    assert described(words, TODAY) is None
