"""The languages say the same things: same keys, same placeholders, and markup that Telegram accepts."""

import re
from string import Formatter

from bot.texts import LANGUAGES, Html, keys, text


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_languages_have_the_same_keys_and_placeholders() -> None:
    fa, en = (keys(language) for language in LANGUAGES)
    assert fa.keys() == en.keys()
    assert {key for key in fa if placeholders(fa[key]) != placeholders(en[key])} == set()


def test_tags_are_known_and_closed() -> None:
    for language in LANGUAGES:
        for key, template in keys(language).items():
            opened: list[str] = []
            for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", template):
                assert name in {"b", "i", "code", "blockquote", "a"}, key
                assert not closing or opened.pop() == name, key
                if not closing:
                    opened.append(name)
            assert not opened, key


def test_values_are_escaped_unless_they_are_html_and_numbers_are_localised() -> None:
    assert text("list.heading", "fa", count=1284).endswith("(۱٬۲۸۴)")
    assert "&lt;b&gt;" in text("untrack.one", "en", label="<b>")
    assert "<b>" in text("untrack.one", "en", label=Html("<b>"))


def test_breaks_and_spaces_at_the_ends_of_a_text_are_kept() -> None:
    """They divide it from what stands beside it: a tracker's query from its numbers."""
    assert text("list.query", "fa", query="اسنپ") == "\n<code>اسنپ</code>"
    assert text("pack.unverified", "en").startswith(" ")
