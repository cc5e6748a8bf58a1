"""Where words stand about the brand: clauses, words written apart, inflections, negation."""

import pytest

from monitors.language.clause import divide
from monitors.language.lexicon import word


def test_punctuation_and_contrast_begin_a_clause() -> None:
    clauses = divide("اپ خوبه ولی پشتیبانی بد. تمام", ())
    assert [token.clause for token in clauses.tokens if token.word.norm in {"خوبه", "بد", "تمام"}] == [0, 1, 2]


def test_the_brand_is_one_token_whatever_it_is_called() -> None:
    text = "قیمت بانک خاور میانه، بالا رفت"
    clauses = divide(text, ((5, 20),))
    brand = [token for token in clauses.tokens if token.is_brand]
    assert [(token.start, token.end) for token in brand] == [(5, 20)]
    assert clauses.home == {0}


@pytest.mark.parametrize(("written", "norm"), [("نمی رسه", "نمیرسه"), ("نمی‌رسه", "نمیرسه"), ("کتاب ها", "کتابها")])
def test_a_word_written_apart_is_one_word(written: str, norm: str) -> None:
    assert [token.word.norm for token in divide(written, ()).tokens] == [norm]


@pytest.mark.parametrize("written", ["عالی", "عاااالی", "عاليه", "عالی‌ان"])
def test_spellings_and_inflections_of_praise_are_praise(written: str) -> None:
    assert "good" in word(written).groups


@pytest.mark.parametrize(("written", "negated"), [("نمی‌خرم", True), ("نکرد", True), ("نشست", False), ("نماد", False)])
def test_negated_verbs_are_known(written: str, negated: bool) -> None:
    assert word(written).negated is negated
