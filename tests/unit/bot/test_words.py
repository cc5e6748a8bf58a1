"""A chat's own words are read as people write them."""

import pytest

from bot.commands.words import read, reworded
from monitors.language.passage import Passage
from monitors.language.sentiment import judge
from monitors.model import OwnWords


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("", ("", None, None)),
        ("بانک آریو", ("بانک آریو", None, None)),
        ("3 neg", ("3", "neg", None)),
        ("3 neg تعطیل، تحریم", ("3", "neg", ("تعطیل", "تحریم"))),
        ("3 pos رکورد\nصادرات , رکورد", ("3", "pos", ("رکورد", "صادرات"))),
        ("بانک آریو برای ما منفی است: تعطیل، تحریم", ("بانک آریو", "neg", ("تعطیل", "تحریم"))),
        ("برای ما مثبت است: صادرات", ("", "pos", ("صادرات",))),
        ("Kelvo negative: closed; sanctions", ("Kelvo", "neg", ("closed", "sanctions"))),
        ("Kelvo neutral: -", ("Kelvo", "neu", ())),
        ("نام: بی‌لحن", ("نام: بی‌لحن", None, None)),
    ],
)
def test_what_a_call_says(argument: str, expected: tuple[str, str | None, tuple[str, ...] | None]) -> None:
    asked = read(argument)
    assert (asked.name, asked.label, asked.words) == expected


def test_a_word_has_one_tone_the_last_one_said() -> None:
    before = OwnWords(negative=("تعطیل", "تحریم"), positive=("رکورد",))
    assert reworded(before, "neu", ("تعطيل",)) == OwnWords(("تحریم",), ("رکورد",), ("تعطيل",))


def test_neutral_words_hold_back_the_model_and_contradicting_ones_leave_it_alone() -> None:
    passage = Passage("اسنپ باز هم قطع شد و مسافران سرگردان ماندند", ((0, 4),))
    assert judge(passage, "fa", "").label == "neg"
    held = judge(passage, "fa", "", OwnWords(neutral=("مسافر",)))
    assert (held.label, held.evidence) == ("neu", ("مسافران",))
    assert judge(passage, "fa", "", OwnWords(neutral=("مسافر",), positive=("قطع",))).label == "neg"
