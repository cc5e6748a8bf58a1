"""What an alert says of a brand, and why: the light model, with the shipped weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.language.passage import Passage
from monitors.language.sentiment import LABELS, by_stars, judge, labelled, probabilities
from monitors.model import Language, OwnWords, Sentiment


def about(marked: str, language: Language | None = "fa", words: OwnWords | None = None) -> Sentiment:
    """The judgement of a text whose brand stands between [ ]."""
    return judge(passage(marked), language, "", words)


def passage(marked: str) -> Passage:
    text, marks = "", []
    for number, part in enumerate(marked.replace("]", "[").split("[")):
        if number % 2:
            marks.append((len(text), len(text) + len(part)))
        text += part
    return Passage(text, tuple(marks))


@pytest.mark.parametrize(
    ("marked", "label"),
    [
        ("اینترنت [ایرانسل] باز قطع شد و کاربران گلایه دارند", "neg"),
        ("دمشون گرم [اسنپ]، خیلی سریع اومد", "pos"),
        ("عجب نتی داره [همراه اول] 🤦", "neg"),
        ("[سایپا] فهرست قیمت محصولات خود را اعلام کرد", "neu"),
        ("نشست خبری [بانک ملت] فردا برگزار می‌شود", "neu"),
        ("پشتیبانی [دیجی‌کالا] افتضاحه، سه روزه جواب نمیدن", "neg"),
    ],
)
def test_plain_cases_are_judged_as_a_reader_would(marked: str, label: str) -> None:
    assert about(marked).label == label


def test_hashtags_that_file_a_post_say_nothing() -> None:
    said = "[دیجی‌کالا] کد تخفیف داد؛ امتحان کردم و عالی کار کرد. دمشان گرم!"
    assert about(f"{said} #[دیجی_کالا] #دانشجو #قطعی") == about(said)
    assert about("پولم رو خوردن، افتضاح بود #[دیجی_کالا]").label == "neg", "one that alone names the brand stays"
    assert about("[اسنپ] #خراب بود و #گران، دیگه نمی‌خرم").label == "neg", "one within a sentence is a word of it"


def test_english_is_judged_by_the_same_rules() -> None:
    assert about("[Tesla] recalls 20,000 cars over a brake defect", "en").label == "neg"
    assert about("Love my new [Fairphone], best battery I have ever had", "en").label == "pos"


def test_the_label_belongs_to_the_brand_not_to_the_text() -> None:
    winner, loser = (
        probabilities(passage("[تپسی] خیلی بهتر از اسنپه"), "fa"),
        probabilities(passage("تپسی خیلی بهتر از [اسنپ]ه"), "fa"),
    )
    assert winner[LABELS.index("pos")] > loser[LABELS.index("pos")]
    assert winner[LABELS.index("neg")] < loser[LABELS.index("neg")]


def test_the_brands_own_name_decides_nothing() -> None:
    assert np.allclose(
        probabilities(passage("[بانک عالی] جریمه شد"), "fa"), probabilities(passage("[افتضاح] جریمه شد"), "fa")
    )


def test_evidence_stands_in_the_text_and_only_where_a_side_is_taken() -> None:
    text = "اینترنت [ایرانسل] باز قطع شد و کاربران گلایه دارند"
    found = about(text)
    assert 1 <= len(found.evidence) <= 3
    assert all(words in text for words in found.evidence)
    assert any("قطع" in words or "گلایه" in words for words in found.evidence)
    assert about("نشست خبری [بانک ملت] فردا برگزار می‌شود").evidence == ()


def test_a_doubtful_side_is_shown_as_neutral_and_uncertain() -> None:
    assert labelled(np.array([0.40, 0.25, 0.35], np.float32), 0.42) == Sentiment("neu", 0.25, certain=False)
    assert labelled(np.array([0.50, 0.25, 0.25], np.float32), 0.42) == Sentiment("neg", 0.5)
    assert labelled(np.array([0.2, 0.41, 0.39], np.float32), 0.42).certain


def test_headline_and_text_are_judged_together() -> None:
    headline = Passage("جزئیات در متن.", (), "پشتیبانی دیجی‌کالا افتضاحه", ((8, 17),))
    assert judge(headline, "fa", "").label == "neg"


def test_words_of_the_chat_outvote_the_model_and_are_the_first_reason() -> None:
    words = OwnWords(negative=("مناقصه",), positive=("ادغام",))
    plain = "مناقصه‌های [فولاد کهن] فردا برگزار می‌شود"
    assert about(plain).label == "neu"
    found = about(plain, words=words)
    assert (found.label, found.certain, found.evidence[0]) == ("neg", True, "مناقصه‌های")
    assert about("خبر ادغام [فولاد کهن] منتشر شد", words=words).label == "pos"
    both = "مناقصه و ادغام [فولاد کهن]"
    assert about(both, words=words) == about(both)
    assert about("نشست [فولاد کهن]", words=words) == about("نشست [فولاد کهن]")


def test_a_text_without_the_brand_or_without_words_is_still_judged() -> None:
    for empty in (Passage("", ()), Passage("…", ()), Passage("\n\n", (), "", ()), Passage("الف", ((0, 3),))):
        assert judge(empty, None, "").label in LABELS


@given(st.text(max_size=200), st.data())
def test_any_text_gets_a_probability_and_evidence_of_its_own(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    marks = ((start, end),) if end > start else ()
    found = judge(Passage(text, marks), None, "")
    assert 0 <= found.score <= 1
    assert all(words in text for words in found.evidence)
    assert found == judge(Passage(text, marks), None, "")


@pytest.mark.parametrize(
    ("stars", "label", "why"),
    [(1, "neg", ("★☆☆☆☆",)), (2, "neg", ("★★☆☆☆",)), (3, "neu", ()), (4, "pos", ("★★★★☆",)), (5, "pos", ("★★★★★",))],
)
def test_stars_say_what_the_words_of_a_review_leave_open(stars: int, label: str, why: tuple[str, ...]) -> None:
    for open_ in (Sentiment("neu", 0.4, certain=False), Sentiment("neu", 0.8)):
        judged = by_stars(open_, stars)
        assert (judged.label, judged.evidence, judged.certain) == (label, why, True)
    said = Sentiment("neg", 0.7, evidence=("افتضاح",))
    assert by_stars(said, stars) == said


@pytest.mark.parametrize("stars", [None, 0, 6, 100])
def test_what_are_no_stars_change_nothing(stars: int | None) -> None:
    open_ = Sentiment("neu", 0.4, certain=False)
    assert by_stars(open_, stars) == open_
