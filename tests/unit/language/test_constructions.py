"""Comparisons and denials say by their build who is meant; whatever could turn the sense leaves it to the model."""

import re
import time
from pathlib import Path

import pytest

from monitors.language.constructions import construction
from monitors.language.passage import Passage
from monitors.language.sentiment import judge
from monitors.training.sentiment import read

DATA = Path(__file__).parents[3] / "monitors/data/sentiment"

GOOD = """
[[تپسی]] خیلی بهتر از اسنپه
[[تپسی]] از اسنپ بهتره
[[تپسي]] از اسنپ خيلي بهتره
به نظرم [[تپسی]] به مراتب ارزون‌تر از اسنپه
[[نوآذر]] سریع‌تر از بقیه است
دیجی‌کالا کندتر از [[باسلام]] عمل می‌کنه
از [[تپسی]] بهتر پیدا نمیشه
بهتر از [[تپسی]] نداریم
خدایی بهتر از [[تپسی]] ندیدم
این یکی بدتر از [[تپسی]]ه
[[ایرانسل]] از همراه اول خیلی بهتره
[[تپسی]] بهتر و ارزون‌تر از اسنپه
[[تپسی]] نسبت به اسنپ خیلی بهتره
[[Kelvo]]'s drivers are much better than Orvanta's
[[Kelvo]] is way better than Orvanta
[[Kelvo]] feels much faster than the rest
Nothing is better than [[Kelvo]]
Orvanta is worse than [[Kelvo]].
"""
BAD = """
تپسی خیلی بهتر از [[اسنپ]]ه
تپسی از [[اسنپ]] بهتره
تپسی از [[اسنپ]] خیلی بهتره، حداقل کنسل نمی‌کنن
همه‌جا ارزان‌تر از [[دیجی‌کالا]] است
باسلام خیلی سریع‌تر از [[دیجی‌کالا]] رسوند
[[اسنپ]] گرون‌تر از تپسیه
[[اسنپ]] ضعیف‌تر از پارسال شده
بدتر از [[اسنپ]] ندیدم
تپسی نسبت به [[اسنپ]] خیلی بهتره
Kelvo's drivers are much better than [[Orvanta]]'s
Kelvo is way better than [[Orvanta]]
Anything is cheaper than [[Orvanta]]
[[Orvanta]] is slower than Kelvo
"""
NEUTRAL = """
[[اسنپ]] خبر هک شدن را تکذیب کرد
شرکت [[اسنپ]] شایعهٔ فروش سهام را تکذیب کرد
مدیرعامل [[اسنپ]] گزارش قطعی سراسری را بی‌اساس خواند
روابط عمومی [[بانک آریو]] خبر ورشکستگی را رد کرد
سخنگوی [[بانک آریو]]: سرمایه‌ها امن است. [[بانک آریو]] نشت اطلاعات را تکذیب کرد.
[[Kelvo]] denied reports of a data breach
A spokesman for [[Kelvo]] rejected claims that it was for sale.
[[Kelvo]] denies data breach
[[Kelvo]] denied the hacking report
[[Kelvo]] denies that it sold user data
"""
LEFT_TO_THE_MODEL = """
تپسی تمیزتر از ماشین‌های [[اسنپ]] نیست
تپسی بهتره یا [[اسنپ]]؟
تپسی از [[اسنپ]] بهتره؟
مگه تپسی بهتر از [[اسنپ]]ه
کی گفته تپسی بهتر از [[اسنپ]]ه
تپسی بهتر از [[اسنپ]]ه ولی گرونه
فکر می‌کردم [[تپسی]] بهتر از اسنپه
[[تپسی]] بهتر از اسنپ نیست
آره [[تپسی]] خیلی بهتر از اسنپه 😂
از [[اسنپ]] سریع‌تر رسیدم
[[اسنپ]] خبر هک شدن را تکذیب کرد، اما قطعی دو ساعته را پذیرفت
[[اسنپ]] نفوذ را تکذیب کرد؛ با این حال گفت ایمیل‌ها دیده شده است
بورس خبر صدور مجوز [[آریو]] را تکذیب کرد
وزارت ارتباطات افزایش سرمایهٔ [[آریو]] را تکذیب کرد
[[اسنپ]] که خبر هک را تکذیب کرده بود حالا خسارت می‌دهد
باز هم [[اسنپ]] خبر قطعی را تکذیب کرد 🙄
[[اسنپ]] درخواست مرخصی رانندگان را رد کرد
[[طلانما]] مرز یک میلیون مشتری را رد کرد
[[Kelvo]] denied my refund
[[Kelvo]] denied boarding to forty passengers
[[Kelvo]] denied any breach but told users to change passwords
Is Kelvo better than [[Orvanta]]?
Kelvo should be better than [[Orvanta]]
[[Kelvo]] is not better than Orvanta
Profit was better than [[Kelvo]] expected
"""


def marked(line: str) -> Passage:
    text, marks = "", []
    for piece in re.split(r"(\[\[.*?\]\])", line):
        words = piece.removeprefix("[[").removesuffix("]]")
        if words != piece:
            marks.append((len(text), len(text) + len(words)))
        text += words
    return Passage(text, tuple(marks))


def lines(block: str) -> list[str]:
    return block.strip().splitlines()


@pytest.mark.parametrize(
    ("line", "label"),
    [(line, label) for label, block in (("pos", GOOD), ("neg", BAD), ("neu", NEUTRAL)) for line in lines(block)],
)
def test_who_is_meant_is_seen_and_said(line: str, label: str) -> None:
    passage = marked(line)
    judged = judge(passage, "fa", "")
    assert judged.label == label
    assert judged.certain
    assert all(words in passage.text for words in judged.evidence)
    assert judged.evidence


@pytest.mark.parametrize("line", lines(LEFT_TO_THE_MODEL))
def test_what_could_turn_the_sense_is_left_to_the_model(line: str) -> None:
    passage = marked(line)
    assert construction(passage.text, passage.marks) is None


def test_it_is_right_nine_times_in_ten_on_our_own_passages() -> None:
    rows = read(sorted(DATA.glob("passages_*.jsonl")))
    fired = [(found.label, row.label) for row in rows if (found := construction(row.text, row.marks))]
    assert len(fired) >= 20
    assert sum(said == label for said, label in fired) >= 0.9 * len(fired)


def test_a_headline_and_a_text_that_disagree_are_left_to_the_model() -> None:
    head, body = marked("[[تپسی]] بهتر از اسنپه"), marked("اسنپ بهتر از [[تپسی]]ه")
    judged = judge(Passage(body.text, body.marks, head.text, head.marks), "fa", "")
    assert "بهتر از" not in judged.evidence or judged.score != 0.9


def test_long_hostile_text_takes_no_time() -> None:
    text = "اسنپ " + "خبر گزارش شایعه بهتر از را رد " * 2_000
    started = time.process_time()
    construction(text, ((0, 4),))
    assert time.process_time() - started < 2
