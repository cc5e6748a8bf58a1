"""A press release and an article: does the article reprint it, how much of it is kept, under whose headline? Pure.

What lives here: that comparison, and where in the archive to look for it. What does not: what makes two texts one story
(story_same.py), finding and keeping reprints (monitors/releases.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitors.language.common_words import ANY_STOPWORD
from monitors.language.story_same import similarity
from monitors.language.story_text import Telling, read
from monitors.language.text import fold, fold_document

LEAST_WORDS: Final = 15  # of a release; shorter ones are like any other text

_LONGEST: Final = 3_000  # words that are compared
_RUN: Final = 4  # words of a phrase that the archive is asked for
_TELLING_WORDS: Final = 3  # of them, that are no stopwords
_LEAD: Final = 60  # words from which most reprints keep something: every third phrase of them is asked for
_EVERY: Final = 3
_OF_THE_REST: Final = 20  # phrases
_WORD: Final = re.compile(r"[^\W_]+")
_LEAST_HEADLINE: Final = 3  # words that a headline has in common with another that is longer


@dataclass(frozen=True, slots=True)
class Text:
    """A press release, read once for all articles it is compared with. `phrases` asks the full-text index (an FTS5
    expression) for every article that may reprint it."""

    headline: str  # folded
    telling: Telling
    phrases: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How an article reprints a release: `kept` is the share of its distinct runs of three words, 0–1."""

    kept: float
    same_headline: bool


def text_of(title: str, text: str) -> Text | None:
    """A release, read; None where it is too short to be recognised."""
    folded = fold_document(title, text).folded
    telling = read(folded, _LONGEST)
    words = _WORD.findall(folded)
    phrases = " OR ".join(f'"{phrase}"' for phrase in dict.fromkeys(_phrases(words)))
    if len(words) < LEAST_WORDS or not phrases:
        return None
    return Text(fold(title), telling, phrases)


def compare(release: Text, title: str, text: str) -> Likeness | None:
    """How the article reprints the release; None where it does not, as stories are told apart. However much later."""
    telling = read(fold_document(title, text).folded, _LONGEST)
    if not similarity(release.telling, telling, 0.0):
        return None
    ours = release.telling.shingles
    kept = len(ours & telling.shingles) / len(ours)
    return Likeness(kept, _same_headline(release.headline, fold(title)))


def _same_headline(ours: str, theirs: str) -> bool:
    """Whether one is the other, or holds it beside a kicker or the name of an outlet."""
    one, other = sorted((_WORD.findall(ours), _WORD.findall(theirs)), key=len)
    if len(one) < _LEAST_HEADLINE:
        return one == other
    return f" {' '.join(one)} " in f" {' '.join(other)} "


def _phrases(words: Sequence[str]) -> Iterator[str]:
    """Runs of words that say something: many of the lead, some of the rest."""
    last = len(words) - _RUN + 1
    step = max(1, (last - _LEAD) // _OF_THE_REST)
    for at in (*range(0, min(_LEAD, last), _EVERY), *range(_LEAD, last, step)):
        run = words[at : at + _RUN]
        if sum(word not in ANY_STOPWORD and not word.isdecimal() for word in run) >= _TELLING_WORDS:
            yield " ".join(run)
