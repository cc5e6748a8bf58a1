"""What the property tests of this folder draw from: texts of every kind, names, spellings of a name, queries."""

from hypothesis import strategies as st

PERSIAN = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
ZWNJ = "\u200c"

any_text = st.text(st.characters(exclude_categories=()), max_size=60)  # lone surrogates too
persian_text = st.text(PERSIAN + "آأإئؤيكةۀىءًّـ" + ZWNJ + "_ .,،؛«»()#@۰۱٢٣4\n", max_size=60)
texts = st.one_of(any_text, persian_text, st.text("aAéßﬁ" + "ﷲﻻ…½" + "بپ" + ZWNJ + " _-+.#&|~\"'", max_size=40))

names = st.lists(st.text(PERSIAN, min_size=2, max_size=7), min_size=1, max_size=3)
"""A name as its words."""

words = st.one_of(
    st.text(PERSIAN, min_size=2, max_size=6),
    st.sampled_from(
        ["اسنپ", "دیجی‌کالا", "ایران خودرو", "C++", "AT&T", ".NET", "e-estekhdam", "4.5G", "Café", "snapp.ir"]
    ),
)
terms = st.one_of(words, words.map('"{}"'.format), st.text(PERSIAN, min_size=2, max_size=6).map("#{}".format))


def _combined(operands: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(operands, operands).map(" | ".join),
        st.tuples(operands, operands).map(" + ".join),
        st.tuples(operands, operands).map(" - ".join),
        st.tuples(operands, operands).map("|".join),
        st.tuples(operands, operands).map(" AND NOT ".join),
        st.tuples(terms, st.integers(1, 100), terms).map("{0[0]} ~{0[1]} {0[2]}".format),
        operands.map("({})".format),
        operands.map("title:({})".format),
        st.tuples(operands, st.sampled_from(["lang:fa", "lang:en", "source:isna.ir", 'source:"ایسنا"'])).map(" ".join),
    )


queries = st.recursive(terms, _combined, max_leaves=6)
"""Queries that are written well; some are refused for what they would match."""

scribbles = st.text('ab اب"«»()|+-–~#:،٫۱2\u200c\u200fORANDNOT title:lang:', max_size=40)
"""Texts that look a little like queries."""
