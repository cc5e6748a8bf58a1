"""Persian text made comparable: folding with a way back to the original, sentences, language.

Folding makes one spelling of many: Arabic letters become their Persian base, diacritics, tatweel and invisible marks
vanish, digits and typographic forms become ASCII, Latin letters lose case and accents, and ZWNJ, underscore and every
kind of space become one space. It is idempotent. What becomes of each character is told in characters.py; what a term is
and where it stands, in terms.py.

This is the only importer of hazm, whose import costs a third of a second: it waits until somebody asks for sentences.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from math import inf
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monitors.language import characters
from monitors.language.characters import BREAK, BREAKS, KINDS, REMOVED, SEPARATOR, SYMBOL, Offsets
from monitors.model import Language, Part, Span


def fold(text: str) -> str:
    """The form in which texts and queries are compared."""
    return characters.string(key(text)) or characters.spelled(text)


def key(text: str) -> bytes:
    """The byte of each character that is left when a text is folded, breaks too."""
    entries, _ = characters.entries(text)
    return characters.kept(entries)


# ── a folded article ─────────────────────────────────────────────────────────────────────────────────────────────────

_NO_LETTERS: Final = bytes([REMOVED]) + BREAKS


@dataclass(frozen=True, eq=False)
class Document:
    """An article's title and text, folded once, for all terms that are looked for in it.

    `original` is title, newline, text as they were. What only a few articles need is worked out when asked for.
    """

    original: str
    title_length: int
    _entries: bytes
    _origin: Offsets | None

    @cached_property
    def key(self) -> bytes:
        """The byte of each folded character that is no break: what the automaton reads."""
        return self._entries.translate(None, _NO_LETTERS)

    @cached_property
    def folded(self) -> str:
        """The folded title, a newline (the only one) and the folded text: what the full-text index keeps."""
        title, text = slice(self.title_length), slice(self.title_length + 1, None)
        return characters.string(self.kept) or "\n".join(
            characters.spelled(self.original[part]) for part in (title, text)
        )

    @cached_property
    def separator(self) -> int:
        """Where the newline between title and text stands in `folded`."""
        return self.kept.index(SEPARATOR)

    @cached_property
    def kinds(self) -> bytes:
        """BREAK, SYMBOL, ARABIC or WORD for each character of `folded`."""
        return self.kept.translate(KINDS)

    @cached_property
    def kept(self) -> bytes:
        """The byte of each character of `folded`: tells spaces from ties."""
        return characters.kept(self._entries)

    @cached_property
    def joined(self) -> str:
        """The folded text with its breaks left out; offsets as in `key`."""
        return self.folded.replace(" ", "")

    @cached_property
    def positions(self) -> memoryview:
        """The offset in `folded` of each character of `joined`."""
        return memoryview(self._is_joined.nonzero()[0])

    @cached_property
    def _is_joined(self) -> NDArray[np.bool_]:
        is_joined: NDArray[np.bool_] = np.frombuffer(self.kinds, np.uint8) != BREAK
        return is_joined

    @cached_property
    def token_starts(self) -> bytes:
        """For each character of `joined`, and for its end, 1 where a token starts or the text ends: after a break, a symbol
        or another kind of letter.
        """
        kinds = np.frombuffer(self.kinds, np.uint8)
        starts = kinds == SYMBOL
        starts[0] = True
        starts[1:] |= kinds[1:] != kinds[:-1]
        of_joined: NDArray[np.bool_] = starts[self._is_joined]
        return of_joined.tobytes() + b"\1"

    @property
    def starts_token(self) -> Callable[[int], bool]:
        """What `token_starts` says of an offset of `joined`, or of its end: cheaper for a few of them."""
        positions, kinds, end = self.positions, self.kinds, len(self.key)

        def starts_token(at: int) -> bool:
            if at == end:
                return True
            position = positions[at]
            kind = kinds[position]
            return position == 0 or kind == SYMBOL or kind != kinds[position - 1]

        return starts_token

    @cached_property
    def _kept_at(self) -> memoryview | None:
        """The entry of each folded character (None: the same)."""
        if len(self.kept) == len(self._entries):
            return None
        is_kept: NDArray[np.bool_] = np.frombuffer(self._entries, np.uint8) != REMOVED
        return memoryview(is_kept.nonzero()[0])

    def original_at(self, position: int) -> int:
        """The offset in `original` that a folded offset comes from."""
        kept_at = self._kept_at
        entry = position if kept_at is None else kept_at[position]
        return entry if self._origin is None else int(self._origin[entry])

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
    entries, origin = characters.entries(original)
    separator = len(title) if origin is None else int(np.searchsorted(origin, len(title)))
    return Document(original, len(title), b"%b\n%b" % (entries[:separator], entries[separator + 1 :]), origin)


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


def lemma(word: str) -> str:
    """The dictionary form of a Persian word, by hazm; a verb's is its two stems: «رفت#رو». Other words as they are.

    hazm's dictionary takes 170 MB and most of a second to load: for worker processes only.
    """
    return str(_lemmatizer().lemmatize(word))


@cache
def _lemmatizer() -> Any:
    from hazm import Lemmatizer

    return Lemmatizer()


@cache
def _sentence_tokenizer() -> Any:
    from hazm import SentenceTokenizer

    return SentenceTokenizer()
