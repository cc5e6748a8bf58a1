"""What becomes of one character when text is folded: a table over code points, in numpy.

The table starts empty and learns a character when it is first met, from Unicode's own data (NFKD, general categories) and
the few lines of `_OWN_FORMS` that Unicode does not know. What folding is for stands in text.py.

It holds one byte for each character. The letters of Persian and ASCII have a byte of their own, so that bytes are all that
most texts need; other characters share a byte with some of their kind, and are spelled by a second, slower look.
"""

import codecs
import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray

type Entries = NDArray[np.uint8]
type Offsets = NDArray[np.intp]

# ── bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────────

REMOVED: Final = 1  # folds to nothing
SEPARATOR: Final = ord("\n")  # between title and text; nothing folds to it
TIE: Final = ord("_")  # a break that was written without a space: ZWNJ, underscore
BREAKS: Final = bytes([ord(" "), TIE])
_OWN: Final = "".join(map(chr, range(128))).replace("_", " ") + "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_SHARED: Final = 32  # bytes for all other characters of a kind
_ALPHABET: Final = _OWN + "\ufffe" * 3 * _SHARED  # codecs' mark of what cannot be told

BREAK: Final = 2  # ZWNJ, underscore, space: may stand inside a name
SYMBOL: Final = 3  # punctuation and signs: each one is a token of its own
ARABIC: Final = 4  # letters of the Arabic script
WORD: Final = 5  # all other letters, and digits

_FIRST_SHARED: Final = {kind: len(_OWN) + _SHARED * place for place, kind in enumerate((ARABIC, WORD, SYMBOL))}


def _kind(folded: str) -> int:
    if folded == " ":
        return BREAK
    if not folded.isalnum():
        return SYMBOL
    arabic = "\u0620" <= folded <= "\u077f" or "\u0870" <= folded <= "\u08ff"
    return ARABIC if arabic and not folded.isdecimal() else WORD


KINDS: Final = bytes(map(_kind, _OWN)) + b"".join(bytes([kind]) * _SHARED for kind in _FIRST_SHARED)


def _bytes(folded: str) -> bytes:
    own = _OWN.find
    return bytes(at if (at := own(one)) >= 0 else _FIRST_SHARED[_kind(one)] + ord(one) % _SHARED for one in folded)


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_TABLE: Final[Entries] = np.zeros(0x110000, np.uint8)  # 0: not met yet, or folds to several characters: ﷼, ﻻ, ﬁ, æ
_EXPANSIONS: Final[dict[int, bytes]] = {}
_FORMS: Final[dict[str, str]] = {}  # of every character met

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


def _learn(codes: NDArray[np.uint32]) -> None:
    """Fill the table for characters that were never met. Threads may do so at once: they write the same values."""
    for code in set(codes[_TABLE[codes] == 0].tolist()):  # np.unique would load numpy.ma, six megabytes of it
        if code in _EXPANSIONS:
            continue
        character = chr(code)
        folded = _FORMS[character] = _fold_character(character)
        found = _bytes(folded) if character.isspace() else _bytes(folded).replace(b" ", b"_")
        if len(found) > 1:
            _EXPANSIONS[code] = found
        else:
            _TABLE[code] = found[0] if found else REMOVED


def entries(text: str) -> tuple[bytes, Offsets | None]:
    """The table's bytes of a text, and the offset in `text` of each (None: one each). What folds to nothing is still there."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    found = _TABLE[codes.astype(np.intp)].tobytes()  # numpy takes twice as long by indexes of another type
    if 0 in found:
        _learn(codes)
        found = _TABLE[codes].tobytes()
        if 0 in found:
            return _expand(codes, _TABLE[codes])
    return found, None


def _expand(codes: NDArray[np.uint32], found: Entries) -> tuple[bytes, Offsets]:
    expanding = (found == 0).nonzero()[0]
    pieces = [_EXPANSIONS[code] for code in codes[expanding].tolist()]
    lengths = np.ones(len(codes), np.intp)
    lengths[expanding] = [len(piece) for piece in pieces]
    origin = np.repeat(np.arange(len(codes)), lengths)
    expanded = found[origin]
    expanded[expanded == 0] = np.frombuffer(b"".join(pieces), np.uint8)
    return expanded.tobytes(), origin


def kept(found: bytes) -> bytes:
    """Without what folds to nothing."""
    return found.translate(None, bytes([REMOVED])) if REMOVED in found else found


def string(found: bytes) -> str | None:
    """The folded characters that kept bytes stand for, or None where one shares its byte with others."""
    try:
        return codecs.charmap_decode(found, "strict", _ALPHABET)[0]
    except UnicodeDecodeError:
        return None


def spelled(text: str) -> str:
    """The folded characters of a text whose entries were asked for before: the slower way."""
    return "".join(map(_FORMS.__getitem__, text))
