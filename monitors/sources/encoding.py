"""Bytes → text, whatever the publisher believes about its encoding. No markup is understood here beyond the declaration.

Order of trust: byte order mark, valid UTF-8, nearly valid UTF-8, what the document or the HTTP header declares, a guess.
Declarations are the least reliable part of Persian feeds: windows-1256 bytes under a utf-8 declaration and the reverse
are both common, while text in another encoding is valid UTF-8 only by a freak accident.
"""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)

# Python knows codecs that are no character sets of the web (punycode, unicode_escape): those are never asked.
_CHARACTER_SETS = re.compile(r"iso8859|cp\d|mac|koi8|kz1048|gb|big5|euc|shift|johab|hz|tis|iso2022")
# What browsers read under these names (WHATWG Encoding Standard): the larger sets that Windows wrote.
_LARGER = {"iso8859-1": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030"}
_WESTERN = ("cp1252", "cp1254")  # what servers declare when nobody told them anything

_MOSTLY_UTF8 = 0.25  # the share of damaged among non-ASCII characters up to which bytes still count as UTF-8
_MOSTLY_ARABIC = 0.9  # the share of Arabic-script letters that makes windows-1256 the likely encoding
_SAMPLE = 200_000  # bytes that a guess looks at

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_ARABIC = re.compile(r"[\u0600-\u06ff\u200c]")


def decode(content: bytes, content_type: str = "") -> str:
    """The text of `content`, without byte order mark; never fails. `content_type` is the HTTP header's value."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if content[:4] in (b"<\0?\0", b"<\0r\0", b"<\0f\0"):
        return content.decode("utf-16-le", "replace")
    if content[:4] in (b"\0<\0?", b"\0<\0r", b"\0<\0f"):
        return content.decode("utf-16-be", "replace")
    try:
        return _encoded_once(content.decode())
    except UnicodeDecodeError:
        return _decode_eight_bits(content, content_type)


def _encoded_once(text: str) -> str:
    """`text`, or what it was before somebody took its UTF-8 bytes for Latin-1 and encoded them again."""
    if "Ø" in text and "Ù" in text:
        for encoding in ("latin-1", "cp1252"):
            try:
                return text.encode(encoding).decode()
            except UnicodeError:
                continue
    return text


def _decode_eight_bits(content: bytes, content_type: str) -> str:
    """Text of bytes that are not valid UTF-8: damaged UTF-8, or one of the encodings before it."""
    as_utf8 = content.decode("utf-8", "replace")
    foreign = len(_NOT_ASCII.findall(as_utf8))
    if as_utf8.count("\ufffd") <= _MOSTLY_UTF8 * foreign:
        return as_utf8
    declared = _declared(content, content_type)
    if (declared is None or declared in _WESTERN) and _looks_persian(content):
        declared = "cp1256"
    try:
        return content.decode(declared or "cp1252")
    except UnicodeDecodeError:
        fallback = "cp1256" if _looks_persian(content) else declared or "cp1252"
        return content.decode(fallback, "replace")


def _declared(content: bytes, content_type: str) -> str | None:
    """The declared encoding as Python's codec name, where it is one of the web's; UTF-8 is known to be wrong here."""
    in_document = _DECLARED.match(content) or _META.search(content, 0, 2048)
    in_header = _HEADER.search(content_type)
    names = [in_document[1].decode("ascii", "ignore")] if in_document else []
    names += [in_header[1]] if in_header else []
    for name in names:
        try:
            codec = codecs.lookup(name).name
        except LookupError:
            continue
        if _CHARACTER_SETS.match(codec):
            return _LARGER.get(codec, codec)
    return None


def _looks_persian(content: bytes) -> bool:
    """Whether the bytes above ASCII would be Arabic-script letters in windows-1256.

    Western and Cyrillic text fails: 1256 keeps é à ç where 1252 has them, and their runs decode to a mixture.
    """
    sample = content[:_SAMPLE]
    foreign = "".join(_NOT_ASCII.findall(sample.decode("cp1256", "replace")))
    in_words = len(re.findall(rb"[\x80-\xff]{2,}", sample))
    alone = len(re.findall(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])", sample))
    return in_words >= alone and len(_ARABIC.findall(foreign)) >= _MOSTLY_ARABIC * len(foreign)
