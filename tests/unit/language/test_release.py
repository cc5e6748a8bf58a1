"""What is a reprint of a press release, how much of it is kept, and what the archive is asked for."""

import sqlite3

import pytest

from monitors.language.release import compare, text_of
from monitors.language.text import fold_document

TITLE = "فروشگاه نمونه ده شعبهٔ تازه باز می‌کند"
LEAD = "فروشگاه زنجیره‌ای نمونه تا پایان امسال ده شعبهٔ تازه در استان‌های جنوبی باز می‌کند و سیصد نفر را به کار می‌گیرد."
MORE = "مدیر توسعهٔ این فروشگاه گفت که شعبه‌ها با همکاری سرمایه‌گذاران بومی ساخته می‌شوند و نیمی از کالاها از تولیدکنندگان همان استان خریداری خواهد شد."
OTHER = "وزیر راه گفت که آزادراه تازه تا پایان سال به بهره‌برداری می‌رسد و رفت‌وآمد میان دو شهر را نیم ساعت کوتاه‌تر می‌کند."


def kept(title: str, text: str) -> tuple[float, bool] | None:
    release = text_of(TITLE, f"{LEAD}\n{MORE}")
    assert release
    like = compare(release, title, text)
    return (round(like.kept, 1), like.same_headline) if like else None


def test_a_copy_is_whole_whatever_its_spelling() -> None:
    assert kept(TITLE, f"{LEAD}\n{MORE}") == (1.0, True)
    respelled = LEAD.replace("ی", "ي").replace("ک", "ك").replace("\u200c", " ")
    assert kept(f"رسانهٔ یک: {TITLE}", f"به گزارش ایسنا، {respelled} {MORE}")[1] is True  # type: ignore[index]


def test_a_shortened_copy_keeps_a_share_under_another_headline() -> None:
    found = kept("سیصد شغل تازه در جنوب", LEAD)
    assert found
    assert 0.2 < found[0] < 0.6
    assert found[1] is False


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("آزادراه تازه", OTHER),
        ("", ""),
        (TITLE.replace("نمونه", "دیگر"), LEAD.replace("نمونه", "دیگر").replace("ده", "سی").replace("سیصد", "هزار")),
    ],
)
def test_other_news_and_the_same_form_of_another_are_no_reprints(title: str, text: str) -> None:
    assert kept(title, text) is None


def test_a_release_of_a_few_words_cannot_be_recognised() -> None:
    assert text_of("", "ما امروز باز هستیم") is None
    assert text_of("", "و در به از که این را با است برای آن یک خود تا بر هم نیز می شد شده") is None


@pytest.mark.parametrize(("text", "proposed"), [(LEAD, True), (MORE, True), (OTHER, False)])
def test_the_archive_is_asked_for_its_pieces(text: str, proposed: bool) -> None:
    release = text_of(TITLE, f"{LEAD}\n{MORE}")
    assert release
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE VIRTUAL TABLE archive USING fts5(folded, tokenize = 'unicode61 remove_diacritics 0')")
        database.execute("INSERT INTO archive VALUES (?)", (fold_document("", text).folded,))
        rows = database.execute("SELECT 1 FROM archive WHERE archive MATCH ?", (release.phrases,)).fetchall()
    database.close()
    assert bool(rows) is proposed
