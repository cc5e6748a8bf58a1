"""Folding, its way back, languages and sentences."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitors.language.text import detect_language, fold, fold_document, sentences
from monitors.model import Span
from tests.unit.language.strategies import any_text, persian_text, texts

FOLDED = [
    ("كتابي", "کتابی", "Arabic kaf and yeh"),
    ("مدرسة", "مدرسه", "teh marbuta"),
    ("آأإٱ", "اااا", "every alef"),
    ("مسئولۀ رؤیا", "مسیوله رویا", "hamza on its carriers"),
    ("جزء", "جز", "hamza alone"),
    ("اِسـَنـپّ", "اسنپ", "diacritics and tatweel"),
    ("دیجی\u200cکالا_دیجی کالا", "دیجی کالا دیجی کالا", "breaks"),
    ("دیجی¬کالا", "دیجی کالا", "the ZWNJ of a lost code page"),
    ("\u200fاسنپ\u200e\ufeff\u2067\u2069\u00ad", "اسنپ", "marks that are not seen"),
    ("۱۲٣٤56", "123456", "digits"),
    ("۴٫۵G ۱٬۲۵۰", "4.5g 1,250", "decimal and thousands signs"),
    ("Café ÉTÉ Øre ß", "cafe ete ore ss", "Latin case and accents"),
    ("Ｓｎａｐｐ", "snapp", "full-width forms"),
    ("ﺍﯾﺮﺍﻥ ﻻ", "ایران لا", "presentation forms"),
    ("«الف» “ب” ‘پ’", '"الف" "ب" \'پ\'', "quotes"),
    ("a–b—c−d‑e", "a-b-c-d-e", "dashes"),
    ("C++ AT&T .NET e-estekhdam", "c++ at&t .net e-estekhdam", "symbols of names"),
    ("Snapp™", "snapp™", "a trade mark is no letter"),
    ("الف\tب\nپ\u00a0ت\u3000ث", "الف ب پ ت ث", "every kind of space"),
    ("سلام😍", "سلام😍", "emoji"),
    ("한국 日本", "한국 日本", "other scripts stay"),
    ("\ud800", "\ufffd", "half a character is none"),
    ("سلام \ufffe", "سلام \ufffe", "what is no character, but codecs' own mark"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "folded", "why"), FOLDED, ids=[why for *_, why in FOLDED])
def test_folding(text: str, folded: str, why: str) -> None:
    assert fold(text) == folded, why


@given(texts)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts, texts)
def test_folding_looks_at_each_character_alone(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


@given(texts, texts)
@example("", "")
@example("ﷲ", "½ﬁ\u064b")
def test_the_way_back_leads_to_the_characters_that_were_folded(title: str, text: str) -> None:
    document = fold_document(title, text)
    assert document.folded == f"{fold(title)}\n{fold(text)}"
    origins = [document.original_at(at) for at in range(len(document.folded))]
    assert origins == sorted(origins)
    for folded, origin in zip(document.folded, origins, strict=True):
        assert folded in fold(document.original[origin]) or (folded == "\n" and origin == len(title))


@given(texts, texts, st.data())
def test_a_span_cuts_out_what_was_folded(title: str, text: str, data: st.DataObject) -> None:
    document = fold_document(title, text)
    part = data.draw(
        st.sampled_from([part for part in ("title", "text") if fold({"title": title, "text": text}[part])] or [""])
    )
    if not part:
        return
    first, last = (0, document.separator) if part == "title" else (document.separator + 1, len(document.folded))
    start = data.draw(st.integers(first, last - 1))
    end = data.draw(st.integers(start + 1, last))
    span = document.span(start, end)
    original = {"title": title, "text": text}[span.part]
    assert span.part == part
    assert document.folded[start:end] in fold(original[span.start : span.end])


def test_a_span_takes_the_diacritics_of_its_last_letter_and_no_more() -> None:
    document = fold_document("", "راه اِسنَپِّ\u200f ما")
    start = document.folded.index("اسنپ")
    assert document.span(start, start + 4) == Span("text", 4, 12)


def test_title_and_text_each_have_their_own_offsets() -> None:
    document = fold_document("خبرِ اسنپ", "و اسنپ")
    first = document.folded.index("اسنپ")
    second = document.folded.index("اسنپ", first + 1)
    assert [document.span(at, at + 4) for at in (first, second)] == [Span("title", 5, 9), Span("text", 2, 6)]


def test_a_large_text_is_folded_in_linear_time() -> None:
    unseen = "".join(chr(code) for code in range(0x4E00, 0x9FFF))
    started = time.process_time()
    fold_document("ﷲ" * 100_000, unseen + "اِ\u200c" * 300_000)
    assert time.process_time() - started < 2


# ── language ─────────────────────────────────────────────────────────────────────────────────────────────────────────

LANGUAGES = [
    ("شرکت اسنپ اعلام کرد که قیمت‌ها را افزایش نمی‌دهد", "fa"),
    ("شركت ايران خودرو اعلام كرد كه قيمت ها را افزايش نمي دهد", "fa"),
    ("نشست بین‌المللی بانک‌های مرکزی", "fa"),
    ("دیجی‌کالا", "fa"),
    ("گوشی Samsung Galaxy S24 Ultra در ایران رجیستر شد", "fa"),
    ("أعلنت الشركة أن الأسعار لن ترتفع هذا العام", "ar"),
    ("انفجار في بغداد", "ar"),
    ("The company said that prices will not rise this year", "en"),
    ("Snapp", "en"),
    ("Die Preise werden nicht steigen, sagte der Sprecher", None),
    ("Le prix de la voiture est dans les journaux", None),
    ("Цены не вырастут в этом году", None),
    ("یہ خبر آج کے اخبار میں ہے", None),
    ("کۆمپانیاکە ڕایگەیاند کە نرخەکان بەرز نابنەوە", None),
    ("日本の会社", None),
    ("۱۲۳ !؟", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "language"), LANGUAGES)
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert detect_language(text) == language


@given(any_text)
def test_any_text_has_a_language_or_none(text: str) -> None:
    assert detect_language(text) in ("fa", "en", "ar", None)


# ── sentences ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_sentences_are_ranges_of_the_text() -> None:
    text = "قیمت‌ها بالا رفت. چرا؟\nکسی نمی‌داند!"
    assert [text[start:end] for start, end in sentences(text)] == ["قیمت‌ها بالا رفت.", "چرا؟", "کسی نمی‌داند!"]


@given(persian_text)
def test_sentences_stand_in_order_and_do_not_overlap(text: str) -> None:
    bounds = [bound for sentence in sentences(text) for bound in sentence]
    assert bounds == sorted(bounds)
    assert all(0 <= bound <= len(text) for bound in bounds)
