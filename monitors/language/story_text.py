"""What an article tells, bare of who passed it on: its words without agency, dateline, link, handle and signature.

What lives here: reading a folded text (monitors.language.text) for comparison. What does not: comparing (story_same.py),
remembering (story.py).
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from monitors.language.story_numbers import Figure, masked
from monitors.language.text import fold

BREAK: Final = "|"  # stands between headline and text
LONGEST: Final = 400  # words; what a story is about stands at its beginning

_WORD: Final = re.compile(r"\d+(?:[.,/:]\d+)*|\w+")  # folding leaves no underscore
_LINK: Final = re.compile(r"(?:https?://|www\.|t\.me/)\S+|@\w+")
_STROKE: Final = re.compile(r"(?<!\d)/(?!\d)")  # between headlines
_LISTED: Final = 4
_LATIN: Final = re.compile(r"[a-z][a-z0-9]*")
_OPENING: Final = 90  # characters in which a byline stands, and a digest says that it is one


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


# Names that stand before or after a text as its source. Some are words too: they count only at the edges.
_AGENCIES: Final = _folded(
    "ایسنا ایرنا فارس تسنیم مهر ایلنا میزان برنا پانا ایکنا ایبنا شفقنا رکنا باشگاه خبرنگاران جوان صداوسیما فرارو تابناک انتخاب"
    " خبرآنلاین اعتمادآنلاین عصرایران عصر ایران همشهری شرق اقتصادنیوز خبرگزاری پاد yjc irna isna"
)
_SECTIONS: Final = _folded(
    "سیاسی اقتصادی اجتماعی فرهنگی ورزشی حوادث قضایی سلامت فناوری علمی بین المللی هواشناسی رسانه امنیتی انتهای پیام منبع"
)
EDGE_WORDS: Final = _AGENCIES | _SECTIONS
_AGENCY: Final = "(?:" + "|".join(sorted(_AGENCIES, key=len, reverse=True)) + ")"
_BYLINE: Final = re.compile(
    rf"به گزارش (?:(?:خبرنگار|خبرگزاری|پایگاه خبری|گروه \w+) )*{_AGENCY}\b(?: از \w+)?[ ,:;]*"
    r"|به گزارش (?:خبرنگار|خبرگزاری|پایگاه|گروه|سرویس|شبکه|سایت)[^,:;.\n]{0,50}[,:;]"
)
_DATELINE: Final = re.compile(rf" *(?:{_AGENCY} *[/|\-:] *(?:\w+ *[/|\-:])?|\w+ *[/\-] *{_AGENCY} *[/\-:])")
_DIGEST: Final = re.compile(
    "چند ?خبر کوتاه|(?:مهم ?ترین|گزیده|مرور|سرخط|خلاصه|عناوین) (?:خبر|اخبار|رویداد|عناوین|خبرها|روزنامه)|چه خبر است|بسته خبری"
)


@dataclass(frozen=True)
class Telling:
    """What an article tells: its words, with NUMBER for each number and one BREAK, and the numbers in order.

    `digest` means that it is a list of several reports («چند خبر کوتاه»), which tells none of them.
    """

    words: list[str]
    figures: tuple[Figure, ...]
    digest: bool

    @cached_property
    def runs(self) -> list[int]:
        """A hash of 64 bits for each run of three words, in order, with repetition. Of this process: strings hash otherwise
        in the next."""
        return list(map(hash, zip(self.words, self.words[1:], self.words[2:], strict=False)))

    @cached_property
    def shingles(self) -> frozenset[int]:
        """The distinct runs."""
        return frozenset(self.runs)


def read(folded: str, longest: int = LONGEST) -> Telling:
    """Read a folded article (Document.folded: title, newline, text): its first `longest` words, in time linear in those."""
    title, _, text = folded.partition("\n")
    headline, body = _bare(title), _bare(text[: longest * 12])
    words = [*_words(headline), BREAK, *_words(body)] if title and text else _words(headline or body)
    bare, figures = masked(_without_signature(words[:longest]))
    digest = _listed(headline, body) or _DIGEST.search(folded, 0, _OPENING) is not None
    return Telling(bare, figures, digest)


def _listed(headline: str, body: str) -> bool:
    if headline.count("/") + body.count("/") < _LISTED:
        return False  # as most are
    return len(_STROKE.findall(headline)) + len(_STROKE.findall(body)) >= _LISTED


def _words(text: str) -> list[str]:
    pieces = text.split()
    if "".join(pieces).isalpha():
        return pieces
    words = []
    for piece in pieces:
        if piece.isalpha():
            words.append(piece)
        else:
            words += _WORD.findall(piece)
    return words


def _bare(text: str) -> str:
    """The text without dateline and byline in its opening, and links."""
    if dateline := _DATELINE.match(text):
        text = text[dateline.end() :]
    if "به گزارش" in text[:_OPENING]:
        text = _BYLINE.sub(" ", text[:_OPENING]) + text[_OPENING:]
    if "@" in text or "/" in text or "www" in text:
        text = _LINK.sub(" x ", text)
    return text


def _without_signature(words: list[str]) -> list[str]:
    """The words without the Latin name of a channel and the agency and sections at the end, where others stand before."""
    end = len(words)
    while end and _signs(words, end - 1):
        end -= 1
    return words[:end] if end * 2 > len(words) or len(words) - end <= 3 else words


def _signs(words: list[str], at: int) -> bool:
    word = words[at]
    if word in EDGE_WORDS or _LATIN.fullmatch(word):
        return True
    return word[0].isdigit() and at > 0 and _LATIN.fullmatch(words[at - 1]) is not None
