"""The numbers of a text, in digits or in Persian words, as values that can be compared: «سه میلیون و ۲۰۰ هزار» is 3200000.

What lives here: reading numbers out of folded words. What does not: what two texts' numbers mean for their being one
story (story_same.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitors.language.text import fold

NUMBER: Final = "#"  # stands for every number in a text's words


def _words(words: str) -> list[str]:
    return fold(words).split()


_SMALL: Final[dict[str, float]] = dict(
    zip(
        _words(
            "صفر یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده"
            " بیست سی چهل پنجاه شصت هفتاد هشتاد نود صد دویست سیصد چهارصد پانصد ششصد هفتصد هشتصد نهصد"
        ),
        (*range(20), *range(20, 100, 10), *range(100, 1000, 100)),
        strict=True,
    )
)
_LARGE: Final = dict(zip(_words("هزار میلیون میلیارد تریلیون"), (10**3, 10**6, 10**9, 10**12), strict=True))
_ORDINALS: Final = {
    stem + ending: value
    for stem, value in (*_SMALL.items(), ("سو", 3))
    for ending in ("م", "مین")
    if value and stem != "سه"
} | dict.fromkeys(_words("اول اولین نخست نخستین"), 1)
_SPELLED: Final = frozenset(_SMALL) | frozenset(_ORDINALS)
_AND, _WEEKDAY = _words("و شنبه")
_PERSONS, _PERSON = _words("تن نفر")  # counts people in either word
_CENTURY: Final = re.compile(r"1[34]\d\d")  # of the solar calendar: 1398 is called 98
_CLOCK: Final = frozenset(_words("ساعت"))
_MONTHS: Final = frozenset(
    _words(
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت"
    )
    + _words("سپتامبر اکتبر نوامبر دسامبر")
)
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
_DECIMAL: Final = re.compile(r"\d+[./]\d+")
_TIME: Final = re.compile(r"(\d{1,2}):(\d\d)(?::\d\d)?")
_AFTER_DIGITS: Final = ":"  # every word that begins with a digit comes before it
_FIRST_TENS: Final = 20
_DIGITS: Final = 15  # of a longer number


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a text: where it stands among the words, and its value ("3200000", "6.4", "10:30").

    `telling` is False for what a copy may well leave out or put otherwise: days of a month, ordinals, small numbers in words.
    """

    place: int
    value: str
    telling: bool


def masked(words: Sequence[str]) -> tuple[list[str], tuple[Figure, ...]]:
    """The words with each number as one NUMBER, and the numbers. Clock times are told on a dial of twelve hours."""
    places = [place for place, word in enumerate(words) if word < _AFTER_DIGITS or word in _SPELLED]
    out: list[str] = []
    figures: list[Figure] = []
    done = 0
    for place in places:
        if place < done or (number := _number(words, place)) is None:
            continue
        value, telling, end = number
        out += words[done:place]
        if out and out[-1] in _CLOCK and value.isdecimal():
            value = str(int(value) % 12)
        figures.append(Figure(len(out), value, telling))
        out.append(NUMBER)
        done = end
    out += words[done:]
    for figure in figures:
        if out[figure.place + 1 : figure.place + 2] == [_PERSONS]:
            out[figure.place + 1] = _PERSON
    return out, tuple(figures)


def _number(words: Sequence[str], at: int) -> tuple[str, bool, int] | None:
    """The number that begins at `at`: its value, whether it is telling, where it ends. None for «سه شنبه»."""
    word = words[at]
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if word in _ORDINALS:
        return str(_ORDINALS[word]), False, at + 1
    if after == _WEEKDAY:
        return None
    if after in _LARGE or after == _AND or not word.isdecimal():
        value, end = _value(words, at)
    else:
        value, end = str(int(word[2:])) if _CENTURY.fullmatch(word) else str(int(word[:_DIGITS])), at + 1  # as most are
    of_date = before in _MONTHS or (words[end] if end < len(words) else "") in _MONTHS
    return value, not of_date and (word not in _SMALL or end > at + 1), end


def _value(words: Sequence[str], at: int) -> tuple[str, int]:
    """The value of the number that begins at `at`, and where it ends: terms joined by «و», each with its multiplier."""
    total = 0.0
    while True:
        term = _plain(words[at])
        if isinstance(term, str):  # a date, a time, a score: no arithmetic
            return term, at + 1
        spelled = not words[at][0].isdigit()
        at += 1
        multiplied = False
        while at < len(words) and words[at] in _LARGE:
            term *= _LARGE[words[at]]
            multiplied = True
            at += 1
        total += term
        joinable = multiplied or (spelled and term >= _FIRST_TENS)
        if not (joinable and at + 1 < len(words) and words[at] == _AND and _continues(words[at + 1], term, multiplied)):
            return f"{total:.10g}" if total % 1 else str(int(total)), at
        if words[at + 1] in _ORDINALS:
            return str(int(total) + _ORDINALS[words[at + 1]]), at + 2
        at += 1


def _continues(word: str, term: float, multiplied: bool) -> bool:
    """Whether a word after «و» goes on with the number: «بیست و دو», «۳ میلیون و ۲۰۰ …», «بیست و دومین»."""
    if word[0].isdigit():
        return multiplied and not isinstance(_plain(word), str)
    value = _SMALL.get(word, _ORDINALS.get(word))
    return value is not None and value < term


def _plain(word: str) -> float | str:
    """The value of one word: a number, or text for what is no quantity."""
    if word in _SMALL:
        return _SMALL[word]
    if word.isdecimal():
        return float(word[:_DIGITS])
    if _THOUSANDS.fullmatch(word):
        return float(word.replace(",", ""))
    if _DECIMAL.fullmatch(word):
        return float(word.replace("/", "."))
    if time := _TIME.fullmatch(word):
        return f"{int(time[1]) % 12}:{time[2]}"
    return word
