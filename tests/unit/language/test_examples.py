"""Drafts become examples, examples become lines, and two readings become a label."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitors.labelling import app
from monitors.language.examples import Example, from_draft, marked, numbered, read, split_of, write

PAIR = "# social ride-hailing targeted comparison\n[[تیزرو|pos]] {خیلی بهتر از} [[رهپو|neg]]ه {گرون هم هست|neg}، [[تیزرو]] نه"


def words(example: Example, extents: tuple[tuple[int, int], ...]) -> list[str]:
    return [example.text[start:end] for start, end in extents]


def test_a_draft_gives_one_example_a_brand() -> None:
    better, worse = numbered(from_draft(PAIR, "07", taken=11), ())
    assert better.text == worse.text == "تیزرو خیلی بهتر از رهپوه گرون هم هست، تیزرو نه"
    assert (better.id, worse.id, better.situation) == ("07-0012a", "07-0012b", "07-0012")
    assert (better.label, words(better, better.spans)) == ("pos", ["تیزرو", "تیزرو"])
    assert words(better, better.evidence) == ["خیلی بهتر از"]
    assert (worse.label, words(worse, worse.spans)) == ("neg", ["رهپو"])
    assert words(worse, worse.evidence) == ["خیلی بهتر از", "گرون هم هست"]
    assert (better.language, better.sector, better.tags) == ("fa", "ride-hailing", ("targeted", "comparison"))


def test_a_line_reads_back_as_it_was_written() -> None:
    for example in numbered(from_draft(PAIR, "07"), ()):
        assert read(write(example)) == example


def test_a_part_of_the_name_or_another_spelling_names_the_brand_again() -> None:
    hotel, inn = from_draft("# review travel targeted\n[[هتل سرو|pos]] و [[مهمانسرای کاج|neu]] … [[سرو]] {عالی}", "07")
    assert words(hotel, hotel.spans) == ["هتل سرو", "سرو"]
    assert words(inn, inn.spans) == ["مهمانسرای کاج"]
    (bank,) = from_draft("# news banking\n[[نیک‌پی|neu]] و #[[nikpay]]", "07")
    assert words(bank, bank.spans) == ["نیک‌پی", "nikpay"]


def test_blocks_on_one_event_share_its_situation() -> None:
    draft = "# news oil\n[[A|neu]] one\n\n#+ social oil\n[[A|neu]] two\n\n# news oil\n[[B|neu]] three"
    assert [example.id for example in numbered(from_draft(draft, "07"), ())] == ["07-0001a", "07-0001b", "07-0002a"]


@pytest.mark.parametrize(
    "block",
    [
        "# news banking\nno brand here",
        "# news banking\n[[آریو|pos]] without evidence",
        "# news banking nonsense\n[[آریو|neu]] with an unknown tag",
        "# news bankers\n[[آریو|neu]] with an unknown sector",
        "# leaflet banking\n[[آریو|neu]] of an unknown kind",
        "# news banking\n[[آریو|bad]] with an unknown label",
        "# news banking targeted\n[[آریو|neu]] and [[هیرسا|neu]] and then [[نیلان]]",
        "[[آریو|neu]] without a header",
    ],
)
def test_a_block_that_cannot_be_read_is_told(block: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)→"):
        from_draft(f"# news banking\n[[آریو|neu]] is fine\n\n{block}", "07")


def test_offsets_that_miss_the_brand_are_refused() -> None:
    (example,) = numbered(from_draft("# news oil\nA note on [[Kelvo|neu]] today", "07"), ())
    with pytest.raises(ValueError, match="not the brand"):
        read(write(example).replace('"spans":[[10,15]]', '"spans":[[10,14]]'))


def test_four_of_fifteen_situations_are_for_testing() -> None:
    share = sum(split_of(f"07-{number:04}") == "test" for number in range(3000)) / 3000
    assert share == pytest.approx(4 / 15, abs=0.03)


def test_two_readings_and_a_ruling(tmp_path: Path) -> None:
    target, draft, answers, rulings = (tmp_path / name for name in ("passages_07.jsonl", "draft", "answers", "rulings"))
    draft.write_text(f"{PAIR}\n\n# news oil denial\n[[نفت‌بار|neu]] خبر را\u2028تکذیب کرد", encoding="utf-8")
    run("add", target, draft)
    assert "07-0001a\tsocial\t[[تیزرو]] خیلی بهتر از رهپوه" in run("blind", target)
    answers.write_text("07-0001a\tpos\n07-0001b\tneg\n07-0002a\tneg\n", encoding="utf-8")
    told = run("second", target, answers)
    assert "07-0002a\tneu\tneg" in told
    assert "3 of 3 read twice, 1 disputed" in told
    rulings.write_text("07-0002a\tneg\t5: a test\tتکذیب\n", encoding="utf-8")
    run("resolve", target, rulings)
    *_, last = (read(line) for line in target.read_text(encoding="utf-8").removesuffix("\n").split("\n"))
    assert (last.label, last.label_1, last.label_2, last.reason) == ("neg", "neu", "neg", "5: a test")
    assert words(last, last.evidence) == ["تکذیب"]
    assert run("blind", target) == ""


def test_a_bad_block_adds_nothing(tmp_path: Path) -> None:
    target, draft = tmp_path / "passages_07.jsonl", tmp_path / "draft"
    draft.write_text(f"{PAIR}\n\n# news oil\nno brand", encoding="utf-8")
    outcome = CliRunner().invoke(app, ["add", str(target), str(draft)])
    assert outcome.exit_code != 0
    assert not target.exists()


def run(command: str, *paths: Path) -> str:
    outcome = CliRunner().invoke(app, [command, *map(str, paths)], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def test_the_blind_reader_sees_one_brand() -> None:
    _, worse = from_draft(PAIR, "07")
    assert marked(worse) == "تیزرو خیلی بهتر از [[رهپو]]ه گرون هم هست، تیزرو نه"
