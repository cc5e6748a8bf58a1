"""A review of a tracked app is a mention of it, judged by its words and its stars."""

import pytest

from monitors.decide import mentions_in
from monitors.language.match import Matcher
from monitors.language.query import parse
from monitors.model import Item, Metrics, Sentiment

OURS, THEIRS = 1, 2
MATCHER = Matcher([(OURS, parse("پاکنوش")), (THEIRS, parse("زلالینه"))])


def judged(text: str, stars: int | None, app: str = "پاکنوش: بهترین خرید آسان و رایگان") -> dict[int, Sentiment]:
    shown = "★" * stars + "☆" * (5 - stars) if stars else ""
    item = Item("1", None, f"{app} {shown} {text}", text, language="fa", metrics=Metrics(stars=stars))
    return {mention.tracker_id: mention.sentiment for mention in mentions_in(item, "کافه‌بازار", "cafe_bazaar", MATCHER)}


@pytest.mark.parametrize(("stars", "label"), [(1, "neg"), (2, "neg"), (3, "neu"), (4, "pos"), (5, "pos")])
def test_a_review_that_does_not_name_the_app_is_judged_by_its_stars(stars: int, label: str) -> None:
    assert {tracker: sentiment.label for tracker, sentiment in judged("کد نمی‌فرستد", stars).items()} == {OURS: label}


def test_the_name_under_which_an_app_advertises_itself_praises_nobody() -> None:
    assert judged("کد نمی‌فرستد", 1)[OURS].label == "neg"


def test_words_about_the_app_outweigh_the_stars() -> None:
    """Many give five stars so that their complaint is seen."""
    assert judged("پشتیبانی پاکنوش افتضاحه، سه روزه جواب نمیدن", 5)[OURS].label == "neg"


def test_the_stars_are_no_word_on_others_that_a_review_names() -> None:
    text = "زلالینه هم همین را دارد"
    worst, best = judged(text, 1), judged(text, 5)
    assert (worst[OURS].label, best[OURS].label) == ("neg", "pos")
    assert worst[THEIRS] == best[THEIRS]


def test_what_has_no_stars_is_judged_as_ever() -> None:
    assert judged("پشتیبانی پاکنوش افتضاحه، سه روزه جواب نمیدن", None, app="گلایه از پاکنوش")[OURS].label == "neg"
