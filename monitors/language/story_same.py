"""Do two articles tell the same story? One is a copy of the other, whole or shortened, under whatever headline.

What lives here: the judgement over two tellings, and its numbers. What does not: reading a text (story_text.py), finding
which of many articles to ask about (story.py). The reasons and what they were measured on are in docs/decisions/stories.md.

    similarity = containment + opening − apart − lopsided − brief       same story: at least 0.51, and no contradiction
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import filterfalse, islice, pairwise
from math import log2
from typing import Final

from monitors.language.common_words import ANY_STOPWORD
from monitors.language.story_numbers import NUMBER
from monitors.language.story_text import BREAK, EDGE_WORDS, Telling
from monitors.language.text import fold

_THRESHOLD: Final = 0.51
_LEAST_SHINGLES: Final = 4  # a text of fewer than six words is like any other
_CLEAR: Final = 0.8  # a containment that one disputed number or name does not outweigh

_OPENING_WORDS: Final = 8  # words that are no stopwords
_PASSED_OVER: Final = ANY_STOPWORD | {BREAK}
_OPENING_WEIGHT: Final = 0.25
_APART_WEIGHT: Final = 0.05  # for each doubling of the time between them, beyond APART_HOURS
_APART_HOURS: Final = 3.0
_LOPSIDED_WEIGHT: Final = 0.3  # where one is nothing beside the other's length
_LOPSIDED_SHARE: Final = 0.25
_BRIEF_WEIGHT: Final = 0.3
_BRIEF_WORDS: Final = 24
_AGREED_A_DISPUTE: Final = 4  # numbers in the same words that must agree for one that does not

_NAMED_WITHIN: Final = 120  # words; comparing takes their product
_FORM_WORDS: Final = 40  # longer texts are no forms with other names filled in
_FORM_RATIO: Final = 2
_REPEATED: Final = 2
_LONGEST_NAME: Final = 6  # words
_LONGEST_FIRST: Final = 3  # at the beginning, where headlines differ anyway
_AROUND: Final = 4  # words that are the same before and after it, together, in the headline or in the text
_SPELLING: Final = 0.6  # words more alike than this are spellings of one
_MARKS: Final = frozenset(("", NUMBER, BREAK))
_REFERRING: Final = frozenset(map(fold, ("این", "آن", "وی", "او")))


@dataclass(frozen=True, slots=True)
class _Pair:
    short: Telling
    long: Telling
    containment: float


def similarity(one: Telling, other: Telling, hours: float) -> float:
    """How much of the shorter one the longer one holds, 0–1, where both tell the same story; 0.0 where they do not.

    `hours` lie between them. Symmetric, pure.
    """
    pair = _pair(one, other)
    if pair is None or _likeness(pair, hours) < _THRESHOLD or _contradict(pair):
        return 0.0
    return pair.containment


def _pair(one: Telling, other: Telling) -> _Pair | None:
    if one.digest != other.digest:
        return None
    if (len(one.shingles), one.words) > (len(other.shingles), other.words):
        one, other = other, one
    if len(one.shingles) < _LEAST_SHINGLES:
        return None
    containment = len(one.shingles & other.shingles) / len(one.shingles)
    return _Pair(one, other, containment) if containment + _OPENING_WEIGHT >= _THRESHOLD else None


def _likeness(pair: _Pair, hours: float) -> float:
    brief, length = len(pair.short.words), len(pair.long.words)
    opening = len(_opening(pair.short.words) & _opening(pair.long.words)) / _OPENING_WORDS
    return (
        pair.containment
        + _OPENING_WEIGHT * opening
        - _APART_WEIGHT * log2(1 + hours / _APART_HOURS)
        - _LOPSIDED_WEIGHT * max(0.0, 1 - brief / length / _LOPSIDED_SHARE)
        - _BRIEF_WEIGHT * max(0.0, 1 - brief / _BRIEF_WORDS)
    )


def _opening(words: Sequence[str]) -> set[str]:
    return set(islice(filterfalse(_PASSED_OVER.__contains__, words), _OPENING_WORDS))


# ── contradictions ───────────────────────────────────────────────────────────────────────────────────────────────────


def _contradict(pair: _Pair) -> bool:
    """Whether they say different things in the same words: other numbers, or other names in one form."""
    if pair.short.figures and pair.long.figures and _numbers_contradict(pair):
        return True
    return pair.containment < 1 and _names_contradict(pair)


def _numbers_contradict(pair: _Pair) -> bool:
    """The numbers have to agree: those that stand in the same words, and at least one where both tell any."""
    told, retold = (
        {figure.value for figure in telling.figures if figure.telling} for telling in (pair.short, pair.long)
    )
    if told and retold and told.isdisjoint(retold) and pair.containment < _CLEAR:
        return True
    here, there = _slots(pair.short), _slots(pair.long)
    shared = here.keys() & there.keys()
    disputed = {slot for slot in shared if here[slot].isdisjoint(there[slot])}
    agreed = sum(
        len(slot) > 1 for slot in shared - disputed
    )  # what is counted says little where the number is the same
    return len(disputed) * _AGREED_A_DISPUTE > agreed


def _slots(telling: Telling) -> Mapping[tuple[str, ...], set[str]]:
    """The numbers by the words they stand in: two before, two after, one on each side; and by what they count."""
    words = ("", "", *telling.words, "", "")
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for figure in telling.figures:
        at = figure.place + 2
        before, counted = words[at - 1], words[at + 1]
        found[before, NUMBER, counted].add(figure.value)
        if before:
            found[words[at - 2], before, NUMBER].add(figure.value)
        if counted:
            found[NUMBER, counted, words[at + 2]].add(figure.value)
        if _names(counted):
            found[(counted,)].add(figure.value)
    return found


def _names_contradict(pair: _Pair) -> bool:
    """Whether a name is another one: throughout (in headline and text), or once in a short text made from a form."""
    ours, theirs = pair.short.words[:_NAMED_WITHIN], pair.long.words[:_NAMED_WITHIN]
    form = len(ours) <= _FORM_WORDS and len(theirs) < _FORM_RATIO * len(ours)
    least = 1 if form else _REPEATED
    known, known_there = set(ours), set(theirs)
    if not (_repeats_own(ours, known - known_there, least) and _repeats_own(theirs, known_there - known, least)):
        return False  # before the dear part: most copies have no word of their own, or not twice
    changes = Counter(_changes(ours, theirs, known, known_there))
    return any(times >= least for times in changes.values())


def _repeats_own(words: Sequence[str], own: set[str], least: int) -> bool:
    return any(_names(word) and words.count(word) >= least for word in own)


def _changes(
    ours: Sequence[str], theirs: Sequence[str], known: set[str], known_there: set[str]
) -> Iterator[tuple[str, str]]:
    """Words of one for which the other has, between the same words, others that the one has nowhere."""
    same = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    for before, after in pairwise([Match(0, 0, 0), *same]):
        last = before.a + before.size
        gone, come = ours[last : after.a], theirs[before.b + before.size : after.b]
        if not gone or not come or max(len(gone), len(come)) > (_LONGEST_NAME if before.size else _LONGEST_FIRST):
            continue
        around = _until_break(ours[before.a : last][::-1]) + _until_break(ours[after.a : after.a + after.size])
        if not after.size or around < _AROUND or _REFERRING.intersection((*ours[last - 1 : last], *gone, *come)):
            continue  # a headline that is another altogether; or «این شرکت», which stands for a name
        old, new = _name(gone, known_there), _name(come, known)
        if old and new and not _spelled_alike(old, new):
            yield old, new


def _until_break(words: Sequence[str]) -> int:
    return words.index(BREAK) if BREAK in words else len(words)


def _name(words: Sequence[str], elsewhere: set[str]) -> str:
    """What of the words may be a name that the other text has not."""
    return "".join(word for word in words if _names(word) and word not in elsewhere)


def _names(word: str) -> bool:
    return word not in _MARKS and word not in ANY_STOPWORD and word not in EDGE_WORDS


def _spelled_alike(one: str, other: str) -> bool:
    return one in other or other in one or SequenceMatcher(None, one, other).ratio() > _SPELLING
