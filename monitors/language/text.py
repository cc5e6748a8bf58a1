"""Persian text made comparable: folding with a way back to the original, sentences, language.

Folding makes one spelling of many: Arabic letters become their Persian base, diacritics, tatweel and invisible marks
vanish, digits and typographic forms become ASCII, Latin letters lose case and accents, and ZWNJ, underscore and every
kind of space become one space. It is idempotent. What a term is and where it stands is decided in terms.py.

The work is done by one table over code points: it starts empty and learns a character when it is first seen, from
Unicode's own data (NFKD, general categories) and the few lines of `_OWN_FORMS` that Unicode does not know.

This is the only importer of hazm, whose import costs a third of a second: it waits until somebody asks for sentences.
"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, cached_property
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monitors.model import Language, Part, Span

type Codes = NDArray[np.uint32]
type Offsets = NDArray[np.intp]

# ── what becomes of one character ────────────────────────────────────────────────────────────────────────────────────

BREAK: Final = 1  # ZWNJ, underscore, space: may stand inside a name
SYMBOL: Final = 2  # punctuation and signs: each one is a token of its own
ARABIC: Final = 3  # letters of the Arabic script
WORD: Final = 4  # all other letters, and digits
_REMOVED: Final = 5
_EXPANDS: Final = 6  # one character that folds to several: ﷼, ﻻ, ﬁ, æ

_KIND_SHIFT: Final = 24
_CODE_MASK: Final = (1 << 21) - 1
_FIRST_SPECIAL: Final = _REMOVED << _KIND_SHIFT

_TABLE: Final[Codes] = np.zeros(0x110000, np.uint32)  # kind << 24 | folded code point; 0: not met yet
_EXPANSIONS: Final[dict[int, Codes]] = {}

_OWN_FORMS: Final = {
    character: folded
    for characters, folded in (
        ("يىے", "ی"), ("كڪ", "ک"), ("ةۃہھە", "ه"), ("ٱٲٳ", "ا"), ("ءٴـ", ""),
        ("\u200c_¬", " "),  # old Persian pages carry ¬ where the ZWNJ of a lost code page stood
        ("«»“”„‟″〝〞‹›", '"'), ("‘’‚‛′´`ʼʻ", "'"), ("−⁃", "-"),
        ("،", ","), ("؛", ";"), ("؟", "?"), ("٪", "%"), ("٫", "."), ("٬", ","), ("۔", "."), ("…", "."),
        ("ø", "o"), ("ł", "l"), ("đð", "d"), ("æ", "ae"), ("œ", "oe"), ("ı", "i"), ("þ", "th"),
        ("™℠", "™"),  # NFKD would glue "tm" to the name
    )
    for character in characters
}  # fmt: skip


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in _OWN_FORMS:
        return _OWN_FORMS[character]
    if category in ("Mn", "Me", "Cf"):
        return ""
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    if category == "Cs":
        return "\ufffd"
    if category == "Pd":
        return "-"
    if category == "Nd":
        return str(unicodedata.decimal(character))
    simpler = unicodedata.normalize("NFKD", character.casefold())
    if simpler == character:
        return character
    folded = unicodedata.normalize("NFC", "".join(map(_fold_character, simpler)))
    return "" if folded == " " else folded  # a diacritic that stands alone, on a space


def _entry(folded: str) -> int:
    if folded == " ":
        kind = BREAK
    elif not folded.isalnum():
        kind = SYMBOL
    elif "\u0620" <= folded <= "\u077f" or "\u0870" <= folded <= "\u08ff":
        kind = WORD if folded.isdecimal() else ARABIC
    else:
        kind = WORD
    return kind << _KIND_SHIFT | ord(folded)


def _learn(codes: Codes) -> None:
    """Fill the table for characters that were never met. Threads may do so at once: they write the same values."""
    for code in np.unique(codes[_TABLE[codes] == 0]).tolist():
        folded = _fold_character(chr(code))
        if len(folded) == 1:
            _TABLE[code] = _entry(folded)
        elif not folded:
            _TABLE[code] = _REMOVED << _KIND_SHIFT
        else:
            _EXPANSIONS[code] = np.array([_entry(character) for character in folded], np.uint32)
            _TABLE[code] = _EXPANDS << _KIND_SHIFT


# ── folding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def fold(text: str) -> str:
    """The form in which texts and queries are compared."""
    entries, _ = _fold_entries(text)
    return _characters(entries)


def _fold_entries(text: str) -> tuple[Codes, Offsets | None]:
    """Table entries of the folded characters, and the offset in `text` of each (None: every character kept its place)."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    entries: Codes = _TABLE.take(codes, mode="clip")  # "clip" is numpy's fastest mode; no code is out of range
    if not codes.size:
        return entries, None
    if entries.min() == 0:
        _learn(codes)
        entries = _TABLE.take(codes, mode="clip")
    highest = entries.max()
    if highest < _FIRST_SPECIAL:
        return entries, None
    if highest >= _EXPANDS << _KIND_SHIFT:
        return _expand(codes, entries)
    origin = np.flatnonzero(entries < _FIRST_SPECIAL)
    return entries.take(origin, mode="clip"), origin


def _expand(codes: Codes, entries: Codes) -> tuple[Codes, Offsets]:
    expanding = np.flatnonzero(entries >> _KIND_SHIFT == _EXPANDS)
    pieces = [_EXPANSIONS[code] for code in codes[expanding].tolist()]
    lengths = (entries >> _KIND_SHIFT != _REMOVED).astype(np.intp)
    lengths[expanding] = [len(piece) for piece in pieces]
    origin = np.repeat(np.arange(len(codes)), lengths)
    expanded = entries[origin]
    expanded[expanded >> _KIND_SHIFT == _EXPANDS] = np.concatenate(pieces)
    return expanded, origin


def _characters(entries: Codes) -> str:
    return (entries & _CODE_MASK).tobytes().decode("utf-32-le")


# ── a folded article ─────────────────────────────────────────────────────────────────────────────────────────────────

_HARD_BREAK: Final = SYMBOL << _KIND_SHIFT | ord("\n")  # between title and text: no term reaches across


@dataclass(frozen=True, eq=False)
class Document:
    """An article's title and text, folded once, for all terms that are looked for in it.

    `original` is title, newline, text as they were. What only a few articles need is worked out when asked for.
    """

    original: str
    title_length: int
    separator: int  # where the newline between title and text stands in `folded`
    _entries: Codes
    _origin: Offsets | None

    @cached_property
    def folded(self) -> str:
        """The folded title, a newline (the only one) and the folded text: what the full-text index keeps."""
        return _characters(self._entries)

    @cached_property
    def kinds(self) -> bytes:
        """BREAK, SYMBOL, ARABIC or WORD for each character of `folded`."""
        return (self._entries >> _KIND_SHIFT).astype(np.uint8).tobytes()

    @cached_property
    def positions(self) -> Offsets:
        """Where in `folded` the characters stand that are no breaks."""
        return np.flatnonzero(self._entries >= SYMBOL << _KIND_SHIFT)

    @cached_property
    def key(self) -> bytes:
        """The low byte of the code point of each folded character that is no break: what the automaton reads."""
        return self._entries.take(self.positions, mode="clip").astype(np.uint8).tobytes()

    @cached_property
    def joined(self) -> str:
        """The folded text with its breaks left out; offsets as in `key`."""
        return self.folded.replace(" ", "")

    @cached_property
    def token_starts(self) -> bytes:
        """For each character of `joined`, 1 where a token starts: after a break, a symbol or another kind of letter."""
        kinds = self._entries >> _KIND_SHIFT
        starts = kinds == SYMBOL
        starts[0] = True
        starts[1:] |= kinds[1:] != kinds[:-1]
        at_positions: NDArray[np.bool_] = starts.take(self.positions, mode="clip")
        return at_positions.tobytes()

    def original_at(self, position: int) -> int:
        """The offset in `original` that a folded offset comes from."""
        return position if self._origin is None else int(self._origin[position])

    def span(self, start: int, end: int) -> Span:
        """Where the folded range [start, end) stands in the original, with the diacritics of its last letter."""
        first, last = self.original_at(start), self.original_at(end - 1) + 1
        while last < len(self.original) and unicodedata.combining(self.original[last]):
            last += 1
        part: Part = "title" if first < self.title_length else "text"
        shift = 0 if part == "title" else self.title_length + 1
        return Span(part, first - shift, last - shift)

    def words_between(self, end: int, start: int) -> float:
        """How many words begin in the folded range [end, start); infinitely many lie between title and text.

        Words are those of the original: ZWNJ and underscore hold them together.
        """
        if end <= self.separator < start:
            return inf
        starts = self._word_starts
        return bisect_left(starts, self.original_at(start)) - bisect_left(starts, self.original_at(end - 1) + 1)

    @cached_property
    def _word_starts(self) -> list[int]:
        return [run.start() for run in re.finditer(r"\S+", self.original) if re.search(r"\w", run[0])]


def fold_document(title: str, text: str) -> Document:
    """Fold an article, in time linear in its length; never raises."""
    original = f"{title}\n{text}"
    entries, origin = _fold_entries(original)
    separator = len(title) if origin is None else int(np.searchsorted(origin, len(title)))
    entries[separator] = _HARD_BREAK
    return Document(original, len(title), separator, entries, origin)


# ── language and sentences ───────────────────────────────────────────────────────────────────────────────────────────

_SAMPLE: Final = 500  # characters; more say nothing new
_TOKEN: Final = re.compile(r"[^\W\d_]+")
_OTHER_ARABIC_SCRIPT: Final = re.compile("[ټډړښځڅۍېٹڈڑںےہێۆڕڵۀە]")  # Pashto, Urdu, Kurdish
_PERSIAN_LETTERS: Final = re.compile("[پچژگکی]")  # not on Arabic keyboards
_ARABIC_LETTERS: Final = re.compile("[ةإ]")
_ACCENTED: Final = re.compile("[\u00c0-\u024f]")
_FUNCTION_WORDS: Final = {
    language: frozenset(words.split())
    for language, words in (
        ("fa", "و در به از که این را با است برای ان یک خود تا بر هم نیز می شد شده شود کرد کند ها های هر اما یا بود دارد"),
        ("ar", "فی علی الی ان هذا هذه ذلک التی الذی عن مع کان کانت قال بعد قبل بین حتی او لا لم لن قد کل الیوم خلال و"),
        ("en", "the of and to in is for on that with as at by from it was are has have be this will an its after over new"),
        ("others", "der die das und ist nicht mit von den le la les des et est une dans pour du el los que una por con il di"),
    )
}  # fmt: skip


def detect_language(text: str) -> Language | None:
    """The language of a text by its script and its function words, or None where it is none of the three."""
    sample = text[:_SAMPLE]
    if _is_plainly_persian(sample):
        return "fa"
    words = _TOKEN.findall(fold(sample))
    of_arabic = [word for word in words if "\u0620" <= word[0] <= "\u06ff"]
    of_latin = [word for word in words if word[0] <= "\u024f"]
    arabic, latin, letters = (sum(map(len, some)) for some in (of_arabic, of_latin, words))
    if max(arabic, latin) <= letters - arabic - latin:
        return None
    if arabic >= latin:
        return _of_arabic_script(sample, of_arabic, arabic)
    foreign = _known(of_latin, "others") > _known(of_latin, "en") or len(_ACCENTED.findall(sample)) * 40 > latin
    return None if foreign else "en"


def _is_plainly_persian(sample: str) -> bool:
    """Most of what is read is: a text in which one character in sixteen is a letter that Arabic lacks, and none is of
    another language's alphabet. A tenth of the time of looking at every word."""
    persian = sum(map(sample.count, "پچژگکی"))
    return persian * 16 > len(sample) and not _OTHER_ARABIC_SCRIPT.search(sample)


def _of_arabic_script(sample: str, words: list[str], letters: int) -> Language | None:
    if len(_OTHER_ARABIC_SCRIPT.findall(sample)) * 40 > letters:
        return None
    persian = _known(words, "fa") + len(_PERSIAN_LETTERS.findall(sample)) / 2
    arabic = _known(words, "ar") + len(_ARABIC_LETTERS.findall(sample)) / 2
    arabic += sum(word[:2] == "ال" and len(word) > len("الان") for word in words)
    return "ar" if arabic > persian else "fa"


def _known(words: list[str], language: str) -> int:
    return sum(map(_FUNCTION_WORDS[language].__contains__, words))


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a text as ranges [start, end) of it, in order, by hazm."""
    found, at = [], 0
    flat = text.replace("\n", " ")  # hazm shows line ends as spaces
    for sentence in _sentence_tokenizer().tokenize(text):
        start = flat.find(sentence, at)
        if start >= 0:
            at = start + len(sentence)
            found.append((start, at))
    return tuple(found)


@cache
def _sentence_tokenizer() -> Any:
    from hazm import SentenceTokenizer

    return SentenceTokenizer()
