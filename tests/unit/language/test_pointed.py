"""Reviews of one thing made into reviews of several (tests/benchmarks/pointed.py), by hand."""

from collections import Counter

import numpy as np

from monitors.training.sentiment import Labelled
from tests.benchmarks.pointed import evened, in_its_clause, pointed

GOOD = Labelled("غذا خیلی خوشمزه بود", (), "fa", "pos", "one", own=False)
BAD = Labelled("پیک دیر رسید و بسته پاره بود.", (), "fa", "neg", "two", own=False)
SHORT = Labelled("بد", (), "fa", "neg", "three", own=False)


def test_only_the_clause_of_the_target_is_left() -> None:
    text = "صفحه‌اش عالیه، ولی $T$ زود خالی می‌شه. در کل راضی‌ام"
    at = text.index("$T$")
    cut = in_its_clause(Labelled(text, ((at, at + 3),), "fa", "neg", "four", own=False))
    ((start, end),) = cut.marks
    assert (cut.text, cut.text[start:end], cut.label) == ("ولی $T$ زود خالی می‌شه.", "$T$", "neg")


def test_as_many_of_each_label_as_of_the_rarest() -> None:
    drawn = evened([GOOD] * 7 + [BAD] * 3, np.random.default_rng(0))
    assert Counter(row.label for row in drawn) == {"pos": 3, "neg": 3}


def test_a_review_keeps_its_label_and_its_target_is_a_word_of_it() -> None:
    made = pointed([GOOD, BAD] * 200, np.random.default_rng(0))
    assert [row.label for row in made] == ["pos", "neg"] * 200
    for row, source in zip(made, [GOOD, BAD] * 200, strict=True):
        assert source.text.rstrip(" .") in row.text
        for start, end in row.marks:
            assert row.text[start:end] in source.text.split() or row.text[start:end] + "." in source.text.split()
    joined = [row for row in made if len(row.text) > len(BAD.text) + 5]
    assert 100 < len(joined) < 200  # of 400: three in four have a target, half of these a neighbour
    assert all(row.marks for row in joined)
    before = [row for row in joined if row.label == "pos" and not row.text.startswith(GOOD.text)]
    assert before
    assert all(row.text.endswith(GOOD.text) for row in before)


def test_a_review_without_a_word_stays_as_it_is() -> None:
    assert pointed([SHORT], np.random.default_rng(3)) == [SHORT]
