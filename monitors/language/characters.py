"""What becomes of one character when text is folded: a table over code points, in numpy.

The table starts empty and learns a character when it is first met, from Unicode's own data (NFKD, general categories) and
the few lines of `_OWN_FORMS` that Unicode does not know. What folding is for stands in text.py.
"""

import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray

type Entries = NDArray[np.uint32]  # kind << 24 | folded code point
type Offsets = NDArray[np.intp]

REMOVED: Final = 1  # folds to nothing
BREAK: Final = 2  # ZWNJ, underscore, space: may stand inside a name
SYMBOL: Final = 3  # punctuation and signs: each one is a token of its own
ARABIC: Final = 4  # letters of the Arabic script
WORD: Final = 5  # all other letters, and digits

KIND_SHIFT: Final = 24
CODE_MASK: Final = (1 << 21) - 1

_TABLE: Final[Entries] = np.zeros(0x110000, np.uint32)  # 0: not met yet, or folds to several characters: ﷼, ﻻ, ﬁ, æ
_EXPANSIONS: Final[dict[int, Entries]] = {}

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
    return kind << KIND_SHIFT | ord(folded)


def _learn(codes: Entries) -> None:
    """Fill the table for characters that were never met. Threads may do so at once: they write the same values."""
    for code in set(codes[_TABLE[codes] == 0].tolist()):  # np.unique would load numpy.ma, six megabytes of it
        if code in _EXPANSIONS:
            continue
        folded = _fold_character(chr(code))
        if len(folded) == 1:
            _TABLE[code] = _entry(folded)
        elif not folded:
            _TABLE[code] = REMOVED << KIND_SHIFT
        else:
            _EXPANSIONS[code] = np.array([_entry(character) for character in folded], np.uint32)


def entries(text: str) -> tuple[Entries, Offsets | None]:
    """The table's entries of a text, and the offset in `text` of each (None: one each). What folds to nothing is still there.

    "clip" is numpy's fastest way to take; no offset is ever out of range.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    found: Entries = _TABLE.take(codes, mode="clip")
    if codes.size and found.min() == 0:
        _learn(codes)
        found = _TABLE.take(codes, mode="clip")
        if found.min() == 0:
            return _expand(codes, found)
    return found, None


def _expand(codes: Entries, found: Entries) -> tuple[Entries, Offsets]:
    expanding = (found == 0).nonzero()[0]
    pieces = [_EXPANSIONS[code] for code in codes[expanding].tolist()]
    lengths = np.ones(len(codes), np.intp)
    lengths[expanding] = [len(piece) for piece in pieces]
    origin = np.repeat(np.arange(len(codes)), lengths)
    expanded = found[origin]
    expanded[expanded == 0] = np.concatenate(pieces)
    return expanded, origin


def kept(found: Entries) -> Offsets | None:
    """The offsets of the entries that fold to something (None: all of them)."""
    if not found.size or found.min() >= BREAK << KIND_SHIFT:
        return None
    return (found >= BREAK << KIND_SHIFT).nonzero()[0]


def string(found: Entries) -> str:
    """The folded characters of entries, none of which folds to nothing."""
    return (found & CODE_MASK).tobytes().decode("utf-32-le")
