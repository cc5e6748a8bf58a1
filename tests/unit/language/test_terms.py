"""A term is found wherever its name stands as a token, in any spelling, and nowhere else."""

from hypothesis import assume, given
from hypothesis import strategies as st

from monitors.language.common_words import JOINING_WORDS, WHOLE_WORDS
from monitors.language.terms import Place, Term, places, suffixes
from monitors.language.text import fold, fold_document
from tests.unit.language.strategies import PERSIAN, ZWNJ, names, persian_text, texts

ENDS = st.sampled_from([" ", "\n", "، ", "؟", "»", " (", "…", "/", "!", '"', "😍", "—"])
VARIANTS = {"ی": "ىي", "ک": "ك", "ا": "آأٱ", "و": "ؤ", "ه": "ةۀ"}
MARKS = ["", "", "", "ِ", "ّ", "ـ", "\u200d", "\u200f"]


def named(name: str, *, exact: bool = False) -> Term:
    term = Term.of(name, exact=exact)
    assert term is not None
    return term


def spelled(name: list[str], data: st.DataObject) -> str:
    """The name in one of its spellings: other letters, marks, and breaks between its words or none."""
    letters = []
    for word in name:
        for letter in word:
            letters.append(data.draw(st.sampled_from(letter + VARIANTS.get(letter, ""))))
            letters.append(data.draw(st.sampled_from(MARKS)))
        letters.append(data.draw(st.sampled_from(["", ZWNJ, "_", " "])))
    return "".join(letters[:-1])


@given(names, persian_text, persian_text, st.data())
def test_a_name_is_found_where_it_stands_as_a_token(
    name: list[str], before: str, after: str, data: st.DataObject
) -> None:
    written = spelled(name, data)
    assume(len(fold(written).split()) == 1 or len(name) > 1)
    opening, closing = data.draw(ENDS), data.draw(ENDS)
    document = fold_document("", before + opening + written + closing + after)
    term = named(" ".join(name))
    start = len(fold(before + opening)) + 1
    assert start in {place.start for place in places(term, document)}


@given(st.text(PERSIAN, min_size=2, max_size=8), st.data())
def test_suffixes_are_part_of_what_is_found(name: str, data: st.DataObject) -> None:
    suffix = data.draw(st.sampled_from(sorted(suffixes(name))))
    assume(name + suffix not in WHOLE_WORDS)
    term = named(name)
    place = Place(1, 1 + len(name + suffix))
    assert place in places(term, fold_document("", name + suffix))
    exact = named(name, exact=True)
    assert place.start not in {found.start for found in places(exact, fold_document("", name + suffix))}


@given(st.text(PERSIAN, min_size=2, max_size=8), st.text(PERSIAN, min_size=1, max_size=6))
def test_other_letters_before_or_after_make_another_word(name: str, more: str) -> None:
    term = named(name)
    assume(more not in suffixes(name) and not (more + name).startswith(name))
    assert Place(1, 1 + len(name)) not in places(term, fold_document("", name + more))
    assert places(term, fold_document("", more + name)) == () or (more + name).find(name) == 0


@given(st.text(PERSIAN, min_size=2, max_size=6), st.data())
def test_no_piece_of_a_name_is_a_word_that_joins_others(name: str, data: st.DataObject) -> None:
    piece = data.draw(st.sampled_from(sorted(JOINING_WORDS)))
    term = named(f"{name}{piece}")
    assert places(term, fold_document("", f"{name} {piece}")) == ()
    assert places(term, fold_document("", f"{name}{ZWNJ}{piece}"))


@given(names, texts, texts)
def test_no_term_stands_across_title_and_text(name: list[str], title: str, text: str) -> None:
    document = fold_document(title, text)
    for place in places(named(" ".join(name)), document):
        assert "\n" not in document.folded[place.start : place.end]
    half = len(name[0]) // 2
    divided = fold_document(name[0][:half], name[0][half:])
    assert places(named(name[0]), divided) == ()


def test_a_name_that_stands_twice_is_found_twice() -> None:
    document = fold_document("اسنپ", "اسنپ و اسنپی")
    assert [document.folded[place.start : place.end] for place in places(named("اسنپ"), document)] == [
        "اسنپ",
        "اسنپ",
        "اسنپی",
    ]
