"""The hand-written word lists of common_words.toml, folded: stopwords, whole words, homographs. Data only, no rule."""

import tomllib
from pathlib import Path
from typing import Final

from monitors.language.text import fold

_LISTS: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _joined(word: str) -> str:
    return fold(word).replace(" ", "")


STOPWORDS: Final = {language: frozenset(map(_joined, words.split())) for language, words in _LISTS["stopwords"].items()}
"""By language, the words that say nothing about what a text is about."""

ANY_STOPWORD: Final = frozenset[str]().union(*STOPWORDS.values())

REPORTING_WORDS: Final = frozenset(
    _joined(word) for words in _LISTS["reporting_words"].values() for word in words.split()
)
"""Words of whoever reports, and of when and how much: they are no topic."""

GENERIC_WORDS: Final = frozenset(_joined(word) for words in _LISTS["generic_words"].values() for word in words.split())
"""Words that are a topic only beside one that is not among them."""

VERBAL_NOUNS: Final = frozenset(map(_joined, _LISTS["verbal_nouns"]["fa"].split()))
"""Nouns that look like a verb."""

JOINING_WORDS: Final = frozenset(map(_joined, _LISTS["joining_words"]["fa"].split()))
"""Function words of Persian, which are no piece of a name that is written as one word."""

WHOLE_WORDS: Final = frozenset(map(_joined, _LISTS["whole_words"]["fa"].split()))
"""Words that look like a name with a suffix and are words of their own."""

HOMOGRAPHS: Final = {_joined(name): tuple(context) for name, context in _LISTS["homographs"].items()}
"""Names that are common words too, with context words in their usual spelling."""
