"""Cleaning a text moves its entities along; commands, mentions and addresses are found as Telegram finds them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.preview.entities import Entity, cleaned, cut, found_in, units


def found(text: str) -> list[tuple[str, str]]:
    return [(entity.type, cut(text, entity)) for entity in found_in(text)]


def test_what_telegram_finds_by_itself() -> None:
    assert found("😀 /track@rasad_bot و @someone در #دیجی_کالا یا https://x.ir/خبر?a=1، و a@b.c /") == [
        ("bot_command", "/track@rasad_bot"),
        ("mention", "@someone"),
        ("hashtag", "#دیجی_کالا"),
        ("url", "https://x.ir/خبر?a=1"),
    ]
    assert found("1/2 and/or #1 @ab x@abcde") == []
    link = Entity("text_link", 0, 6, "http://x.ir/")
    assert list(found_in("@abcde /x", (link,))) == [Entity("bot_command", 7, 2)]


def test_a_text_is_stored_without_what_telegram_removes() -> None:
    text, entities = cleaned(
        " \u202aالف\r\nب😀\u2028ج\t\n", (Entity("bold", 1, 4), Entity("italic", 7, 5), Entity("code", 0, 1))
    )
    assert text == "الف\nب😀ج"
    assert [(entity.type, cut(text, entity)) for entity in entities] == [("bold", "الف"), ("italic", "ب😀ج")]


@given(st.text("ab 😀\u202a\r\n\tس"), st.data())
def test_an_entity_keeps_its_letters(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, len(text)))
    whole = Entity("bold", units(text[:begin]), units(text[begin:end]))
    plain, entities = cleaned(text, (whole,))
    kept = [character for character in text[begin:end] if character in "ab😀س"]
    marked = cut(plain, entities[0]) if entities else ""
    assert [character for character in marked if character in "ab😀س"] == kept
    assert plain == plain.strip(" \n\t")
