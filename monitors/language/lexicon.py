"""Words that judge: which groups of lexicon.toml a word or phrase belongs to, whatever its inflection and spelling.

What lives here: one spelling of a word for sentiment, its inflections, the lookup. What does not: what a group weighs (the
model learns it), where in a text a word stands (clause.py).
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from monitors.language.text import fold

LONGEST = 4  # parts of a phrase
_ELONGATION = re.compile(r"(\w)\1{2,}")
_DIGITS = re.compile(r"\d+")
# Endings that change no judgement: plural, possessive, copula, comparative, person.
_ENDINGS = (
    "هایشان",
    "هایمان",
    "هایتان",
    "هاشون",
    "هامون",
    "هاتون",
    "هایش",
    "هایم",
    "هاش",
    "هام",
    "های",
    "ها",
    "شون",
    "شان",
    "مون",
    "مان",
    "تون",
    "تان",
    "ترین",
    "تر",
    "یم",
    "ید",
    "ند",
    "ین",
    "ام",
    "ات",
    "اش",
    "ای",
    "ان",
    "ن",
    "م",
    "ت",
    "ش",
    "ه",
    "ی",
    "س",
    "ست",
    "رو",
    "و",
    "ا",
)
_ENDINGS_EN = ("ing", "ed", "es", "ly", "s", "'s", "d")
_NEGATED = re.compile(r"^ن(?:می)?(?=\w{2})")
_PRESENT = re.compile(r"^(?:می|ب|همی)(?=\w{2})")


class Word(NamedTuple):
    """What does not depend on a word's place: its spelling, the forms that it may be an inflection of, whether it is a negated
    verb, the groups that it belongs to by itself, and how many parts a phrase may have that begins with it (0: none)."""

    norm: str
    forms: tuple[str, ...]
    negated: bool = False
    groups: tuple[str, ...] = ()
    reach: int = 0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`phrases` maps a tuple of forms to its groups; `heads` tells how long a phrase may be that begins with a form."""

    phrases: dict[tuple[str, ...], tuple[str, ...]]
    heads: dict[str, int]


@cache
def lexicon() -> Lexicon:
    """The shipped words, read once."""
    text = files("monitors.language").joinpath("lexicon.toml").read_text(encoding="utf-8")
    phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
    for words_of in tomllib.loads(text).values():
        for group, words in words_of.items():
            for phrase in words.replace("\n", " ").split(","):
                key = tuple(spelled(part) for part in phrase.split())
                known = phrases.get(key, ())
                phrases[key] = known if group in known else (*known, group)
    heads: dict[str, int] = {}
    for key in phrases:
        heads[key[0]] = max(heads.get(key[0], 0), len(key))
    return Lexicon(phrases, heads)


def spelled(word: str) -> str:
    """One spelling of many: folded, ZWNJ closed, «عااالی» shortened, any number «0»."""
    return _DIGITS.sub("0", _ELONGATION.sub(r"\1", fold(word).replace(" ", ""))) or word


@lru_cache(maxsize=1 << 15)
def word(raw: str) -> Word:
    """A word as written → what is known of it; remembered, since a text repeats the words of others."""
    norm = spelled(raw)
    if not norm.isascii() and (bare := _NEGATED.sub("", norm)) != norm:
        negated = _is_verb(bare)
    else:
        bare, negated = norm, False
    forms = dict.fromkeys((norm, *_stems(norm)))
    if negated:
        forms |= dict.fromkeys((bare, *_stems(bare)))
    known = lexicon()
    groups = next((known.phrases[(form,)] for form in forms if (form,) in known.phrases), ())
    reach = max((known.heads.get(form, 0) for form in forms), default=0)
    return Word(norm, tuple(forms), negated and norm not in _PLAIN_N, groups, reach)


_PLAIN_N = frozenset(
    [
        "نام",
        "نان",
        "ناز",
        "نرم",
        "نور",
        "نسخه",
        "نماد",
        "نشان",
        "نشست",
        "نظر",
        "نقص",
        "نقد",
        "نفت",
        "نرخ",
        "نیرو",
        "نو",
        "نامه",
        "نوع",
        "نزدیک",
        "نهاد",
        "نفر",
        "نه",
        "نیم",
        "نوبت",
        "نگران",
    ]
)
_VERBS = frozenset(
    [
        "کرد",
        "کن",
        "شد",
        "ش",
        "شه",
        "شود",
        "داد",
        "د",
        "ده",
        "دهد",
        "دار",
        "دارد",
        "داشت",
        "خر",
        "خورد",
        "خور",
        "رفت",
        "ر",
        "رس",
        "رسید",
        "آمد",
        "اومد",
        "آ",
        "یاد",
        "گرفت",
        "گیر",
        "زد",
        "زن",
        "گذاشت",
        "ذاشت",
        "بود",
        "باش",
        "باشد",
        "تون",
        "توان",
        "توانست",
        "خواه",
        "خواست",
        "یافت",
        "یاب",
        "افتاد",
        "افت",
        "موند",
        "ماند",
        "مان",
        "گفت",
        "گ",
        "گو",
        "دید",
        "بین",
        "برد",
        "بر",
        "آورد",
        "یار",
        "فهم",
        "فهمید",
        "ارز",
        "ارزید",
        "پرداخت",
        "پرداز",
        "فرستاد",
        "فرست",
        "برگشت",
        "گشت",
        "گرد",
        "شناخت",
        "شناس",
        "چسب",
        "چسبید",
        "کش",
        "کشید",
        "خند",
        "ترس",
        "پیچ",
        "سوز",
        "ساخت",
        "ساز",
        "نوشت",
        "نویس",
        "خوان",
        "خواند",
        "گنج",
        "شنید",
        "شنو",
        "پذیرفت",
        "پذیر",
    ]
)


def _is_verb(bare: str) -> bool:
    stem = re.sub(r"(?:یم|ید|ین|ند|ن|م|ی|ه|د|ه‌?ام|هاند|هایم|ست)$", "", bare)
    return bare in _VERBS or stem in _VERBS


def _stems(norm: str) -> Iterator[str]:
    if norm.isascii():
        for ending in _ENDINGS_EN:
            if norm.endswith(ending) and len(norm) - len(ending) >= 3:
                yield norm[: -len(ending)]
        return
    present = _PRESENT.sub("", norm)
    for base in (norm, present) if present != norm else (norm,):
        if base != norm:
            yield base
        for ending in _ENDINGS:
            if base.endswith(ending) and len(base) - len(ending) >= 3:
                yield base[: -len(ending)]
