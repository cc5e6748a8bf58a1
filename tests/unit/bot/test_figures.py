"""Figures as people read them."""

from zoneinfo import ZoneInfo

import pytest

from bot.calendar import Clock
from bot.direction import ALM
from bot.figures import about, change, flags, overview, short_change
from monitors.store.statistics import Counts

FA, EN = (Clock(ZoneInfo("Asia/Tehran"), language) for language in ("fa", "en"))


@pytest.mark.parametrize(
    ("value", "persian", "english"),
    [
        (0, "۰", "0"),
        (87, "۸۷", "87"),
        (434, "۴۳۰", "430"),
        (1_000, "۱ هزار", "1K"),
        (3_340, "۳٫۳ هزار", "3.3K"),
        (9_990, "۱۰ هزار", "10K"),
        (45_600, "۴۶ هزار", "46K"),
        (1_249_999, "۱٫۲ میلیون", "1.2M"),
        (38_000_000, "۳۸ میلیون", "38M"),
    ],
)
def test_an_estimate_is_no_finer_than_it_is_known(value: int, persian: str, english: str) -> None:
    assert about(value, FA) == persian
    assert about(value, EN) == english


def test_change_is_in_percent_and_in_times_where_nobody_reads_percents() -> None:
    assert short_change(112, 100, FA) == f"▲ {ALM}۱۲٪"
    assert short_change(55, 100, EN) == "▼ 45%"
    assert short_change(100, 100, EN) == "= 0%"
    assert short_change(55, 2, FA) == "▲ ۲۸ برابر"
    assert short_change(5, 0, EN) == ""
    assert "nothing in the period before" in change(5, 0, EN)


def test_an_overview_has_total_split_and_reach() -> None:
    total, split, reach = overview(Counts(1, 2, 1), Counts(0, 2, 0), 12_345, EN).splitlines()
    assert total == "Mentions: <b>4</b> (▲ 100% against 2 in the period before)"
    assert split == "🟢 positive 25%   ⚪️ neutral 50%   🔴 negative 25%"
    assert reach == "👥 Estimated reach: about 12K readings"


def test_shares_in_short_leave_out_what_is_nothing() -> None:
    assert flags(Counts(0, 3, 1), EN) == "⚪️\u00a075%  🔴\u00a025%"
    assert flags(Counts(2, 0, 0), FA) == f"🟢\u00a0{ALM}۱۰۰٪"
