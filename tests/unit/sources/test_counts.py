import pytest

from monitors.sources.counts import count_in


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("30196", 30196),
        ("۱٫۲ هزار", 1200),
        ("۴٫۸۵ میلیون", 4_850_000),
        ("2.1K", 2100),
        ("7m", 7_000_000),
        ("12,345", 12345),
        ("۱۲٬۳۴۵", 12345),
        ("بازدید: ۷ هزار", 7000),
        ("", None),
        ("هزار", None),
        ("7 days", None),
        ("9" * 5000, None),
    ],
)
def test_counts_are_read_as_people_are_shown_them(text: str, count: int | None) -> None:
    assert count_in(text) == count
