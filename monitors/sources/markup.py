"""HTML → plain text, for titles and texts of items: what a reader would see, in time linear in the input.

Not a sanitiser: its output is text, and whoever shows it escapes it. A regular expression rather than an HTML parser
because entries are many and small, and because nothing of the structure is needed but where lines break.
"""

import html
import re
from collections.abc import Iterable

# Every alternative stops at the next "<" (or runs to the end once), so the whole scan is linear whatever comes.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(script|style|template|svg|iframe|object|noscript|head)\b(?:[^<>]*/>|.*?(?:</\1\s*>|\Z))"
    r"|<!\[CDATA\[|\]\]>|<[!?][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTES = r"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>"""
_PARAGRAPH = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|dl|table|blockquote|pre|section|article|figure|header|footer)\b" + _ATTRIBUTES,
    re.IGNORECASE,
)
_LINE = re.compile(r"<(?:br|hr|li|tr|dt|dd|figcaption)\b" + _ATTRIBUTES, re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b" + _ATTRIBUTES, re.IGNORECASE)
_TAG = re.compile(rf"</?[a-z]{_ATTRIBUTES}|</?[a-z][^<>]*>", re.IGNORECASE)
_CUT_TAG = re.compile(r"</?[a-z][^<>]*\Z|<!--[^<>]*\Z", re.IGNORECASE)

_MARKUP = re.compile(
    r"</[a-z][a-z0-9]*\s*>|<[a-z][a-z0-9]*\s[^<>]*=|<(?:br|hr|p|img|div|li|ul|ol|span)\b[^<>]*>|<!--|&#?\w{2,31};",
    re.IGNORECASE,
)

# Removed: controls, byte order marks, and the bidi embeddings, overrides and isolates with which a title could turn
# round the message it is shown in (Unicode UAX #9). LRM, RLM and ZWNJ stay: Persian is written with them.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1d\x1f\x7f\x80-\x9f\ufeff\ufff9-\ufffc\ufffe\uffff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_ZWNJ = "\u200c"
_OBJECT = "\ufffc"  # the only one of _CONTROLS that Python would print
_BREAK = "\x1e"  # where a tag breaks the line: newlines of the source are spaces in HTML, so they cannot say it
_BLANK_LINES = re.compile(r"\n{3,}")


def looks_like_markup(text: str) -> bool:
    """Whether `text`, whose publisher did not say, is HTML rather than plain text with a "<" in it."""
    return ("<" in text or "&" in text) and _MARKUP.search(text) is not None


def plain(markup: str) -> str:
    """What a reader sees of `markup`: paragraphs and line breaks as newlines, entities decoded, no tags or scripts."""
    if "<" not in markup:
        return clean(html.unescape(markup))
    markup = _UNSEEN.sub(" ", markup)
    markup = _PARAGRAPH.sub(_BREAK * 2, markup)
    markup = _LINE.sub(_BREAK, markup)
    markup = _CELL.sub(" ", markup)
    text = html.unescape(_CUT_TAG.sub("", _TAG.sub("", markup)))
    return _laid_out(_CONTROLS.sub("", text).split(_BREAK))


def clean(text: str) -> str:
    """Plain text without control characters and bidi overrides, its spaces single, at most one blank line in a row."""
    if _is_tidy(text):
        return text.strip()
    return _laid_out(_CONTROLS.sub("", text).splitlines())


def _is_tidy(text: str) -> bool:
    """Whether there is nothing to clean: no control, no line end, and single spaces only. Of most texts it is true, and
    Python's own test of a text costs a fifth of a regular expression's; ZWNJ, which it would not print, is Persian."""
    return text.replace(_ZWNJ, "").isprintable() and "  " not in text and _OBJECT not in text


def _laid_out(lines: Iterable[str]) -> str:
    return _BLANK_LINES.sub("\n\n", "\n".join([" ".join(line.split()) for line in lines])).strip()


def headline(text: str) -> str:
    """What stands for a title where there is none: the first line with a letter or digit in it. Many posts begin with a line
    of emoji or dashes."""
    lines = text.split("\n")
    return next((line for line in lines if any(map(str.isalnum, line))), lines[0])


def one_line(text: str) -> str:
    """A title: cleaned plain text on one line."""
    if _is_tidy(text):
        return text.strip()
    return " ".join(_CONTROLS.sub("", text).split())
