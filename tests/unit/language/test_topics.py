"""What sets mentions apart: phrases before their words, each thing once, and none of what every report is full of."""

import pytest

from monitors.language.topic_text import Said, read_other, read_said
from monitors.language.topics import topics
from monitors.model import SentimentLabel, Span

NAME = "نمونه‌خودرو"
OTHERS = tuple(
    f"{subject} در {place} گفت که {matter} تا پایان سال بهتر می‌شود."
    for subject in ("وزیر راه", "رئیس دانشگاه", "فرماندار", "سرمربی تیم")
    for place in ("اصفهان", "شیراز", "تبریز", "مشهد", "رشت")
    for matter in ("جاده‌ها", "کتابخانه‌ها", "آب کشاورزی", "ورزشگاه شهر")
)


def said(
    number: int, text: str, title: str = "", label: SentimentLabel = "neu", story: int = 0, publisher: int = 0
) -> Said:
    spans, at = [], text.find(NAME)
    while at >= 0:
        spans.append(Span("text", at, at + len(NAME)))
        at = text.find(NAME, at + 1)
    return Said(number, title, text, tuple(spans), label, story or number, publisher or number)


def test_a_phrase_says_it_and_leads_to_its_mentions() -> None:
    mentions = [
        *[
            said(n, f"مشتریان {NAME} از افزایش قیمت خودروهای {n % 3} سیلندر گله دارند.", label="neg")
            for n in range(1, 7)
        ],
        *[said(n, f"به گزارش ایسنا، {NAME} روز شنبه کارخانهٔ باتری‌سازی را در سمنان باز کرد.") for n in range(7, 11)],
    ]
    found = topics(mentions, OTHERS, 8)
    by_words = {one.words: one for one in (*found.phrases, *found.words)}
    assert by_words["افزایش قیمت خودروهای"].article_ids == (1, 2, 3, 4, 5, 6)
    assert by_words["افزایش قیمت خودروهای"].label == "neg"
    everything = " ".join(by_words)
    for unwanted in ("نمونه", "ایسنا", "گزارش", "شنبه", "دارند", "سیلندر گله"):
        assert unwanted not in everything
    assert not {"قیمت", "افزایش", "خودرو"} & by_words.keys()


def test_spellings_and_endings_are_one_word() -> None:
    spelled = ("پیام‌رسان‌ها", "پیام رسان", "پیام‌رسان", "پیام‌رسان‌های", "پيام‌رسان")
    mentions = [said(n, f"{NAME} {word}") for n, word in enumerate(spelled, 1)]
    (one, *others) = [*(found := topics(mentions, OTHERS, 8)).phrases, *found.words]
    assert len(one.article_ids) == 5
    assert others == []


def test_reprints_of_one_story_say_less_than_as_many_stories() -> None:
    mentions = [
        *[said(n, f"{NAME} نمایشگاه خودروی برقی برپا کرد.", story=99) for n in range(1, 7)],
        *[said(n, f"فراخوان تعویض ترمز {NAME} ادامه دارد، شمارهٔ {n}.") for n in range(7, 13)],
    ]
    assert topics(mentions, OTHERS, 8).phrases[0].words == "فراخوان تعویض ترمز"


def test_what_one_outlet_always_says_is_its_signature() -> None:
    mentions = [
        *[said(n, f"{NAME} خبر داد. با دنیای خودرو همراه باشید.", publisher=7) for n in range(1, 5)],
        *[said(n, f"{NAME} از خط تازهٔ رنگ بهره برد.") for n in range(5, 13)],
    ]
    assert all("دنیای" not in one.words for one in topics(mentions, OTHERS, 8).phrases)


def test_hashtags_are_counted_but_for_the_name() -> None:
    mentions = [said(n, f"#گرانی_خودرو {NAME} #نمونه_خودرو") for n in range(1, 4)]
    mentions += [Said(9, "", "#نمونه_خودرو #گرانی_خودرو", (Span("text", 1, 12),), "neu", 9, 9)]
    (tag,) = topics(mentions, OTHERS, 8).hashtags
    assert tag.words == "#گرانی_خودرو"
    assert tag.article_ids == (1, 2, 3, 9)


def test_without_a_background_what_most_say_counts() -> None:
    mentions = [said(n, f"فراخوان تعویض ترمز {NAME}، شمارهٔ {n}.") for n in range(1, 9)]
    assert topics(mentions, (), 8).phrases[0].words == "فراخوان تعویض ترمز"
    assert topics((), OTHERS, 8).phrases == ()


@pytest.mark.parametrize("text", ["", "؟!…", "https://a.example/x @handle 1405/09/01", "\u200c\u200f_#"])
def test_what_is_no_word_is_no_word(text: str) -> None:
    reading = read_other(text)
    assert reading.hashtags == ()
    assert reading.runs == ()


def test_the_name_and_marks_cut_what_stands_around() -> None:
    text = f"قیمت {NAME} بالا، بازار"
    runs = read_said(said(1, text)).runs
    assert [[word.surface for word in run] for run in runs] == [["قیمت"], ["بالا"], ["بازار"]]
