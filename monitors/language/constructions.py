"""Sentences that say by their build who is meant: explicit comparisons, and a brand's own denial. Persian and English.

    «تپسی خیلی بهتر از اسنپه»          good for what is compared, bad for what it is compared with
    «بهتر از اسنپ نداریم»               nothing is better: good for it
    «اسنپ خبر هک شدن را تکذیب کرد»      a denial by the brand stays neutral (docs/sentiment_guide.md, ruling 5)

What lives here: patterns that are right where they fire, and silence where anything could turn the sense: questions,
suppositions, what goes on with "but", half admissions, mockery. What does not: all other judging (sentiment.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitors.model import SentimentLabel

type Marks = Sequence[tuple[int, int]]

_BRAND: Final = "\x00"
_ALIKE: Final = str.maketrans("يكىۀة\u200c\u200f\u200e", "یکیهه   ")  # a letter for a letter: offsets stay
# What each of them holds, in any spelling: most texts have none, and need no closer look.
_LIKELY: Final = re.compile(
    r"تر(?:ه|ن|ند|یه)?\b|ت[کك]ذ[یي]ب|رد (?:[کك]رد|م[یي])|خواند|دانست|نام[یي]د|(?:اعلام|توص[یي]ف|عنوان) [کك]رد"
    r"|\b(?:than|deni\w+|deny|dismiss\w+|reject\w+|refut\w+|called)\b",
    re.IGNORECASE,
)
_SENTENCES: Final = re.compile(r"[^.!؟?…؛;\n]+(?:[.](?=\w)[^.!؟?…؛;\n]+)*[.!؟?…؛;\n]*")


@dataclass(frozen=True, slots=True)
class Construction:
    """What a construction says of the brand, and its words as written."""

    label: SentimentLabel
    words: str


def construction(text: str, marks: Marks) -> Construction | None:
    """What the text says of the brand at the marks by its build; None where nothing does, or two places disagree."""
    if not marks or not _LIKELY.search(text):
        return None
    masked = _masked(text, marks)
    found = [
        Construction(label, text[start:end].strip())
        for sentence in _SENTENCES.finditer(masked)
        if _BRAND in sentence[0]
        for label, start, end in _in_sentence(masked, sentence)
    ]
    return found[0] if len({one.label for one in found}) == 1 else None


def _masked(text: str, marks: Marks) -> str:
    """The text in one spelling, letter for letter, with signs in place of the brand."""
    letters = list(text.lower() if len(text.lower()) == len(text) else text)
    for start, end in marks:
        letters[start:end] = _BRAND * (end - start)
    return "".join(letters).translate(_ALIKE)


def _in_sentence(masked: str, sentence: re.Match[str]) -> list[tuple[SentimentLabel, int, int]]:
    """(label, start, end of the words) of what the sentence says of the brand."""
    said, offset = sentence[0], sentence.start()
    if not _LIKELY.search(said) or _OPEN.search(said):
        return []
    found: list[tuple[SentimentLabel, int, int]] = [
        ("neu", *denial.span("words")) for pattern in _DENIALS if (denial := pattern.search(said))
    ]
    if not found and not _SUPPOSED.search(said):
        found = _compared(said)
    return [
        (label, offset + start, offset + end) for label, start, end in found if not _TURNS.search(masked, offset + end)
    ]


# ── what turns the sense ─────────────────────────────────────────────────────────────────────────────────────────────

# A question, or mockery.
_OPEN = re.compile(r"[?؟😂🤣🙄🤦🙃😏👏😒🤡]|\bآیا\b|کدوم|کدام|\bمگه\b|\bمگر\b|\bکی (?:گفت|می ?گ)|کجاش?\b")
_SUPPOSED = re.compile(
    r"فکر (?:می ?)?کرد|خیال (?:می ?)?کرد|\bکاش|\bاگ[هر]\b|قرار (?:بود|است|شد)|ادعا|می ?(?:گن|گویند|گفتن)\b|شعار|تبلیغ|\bیا\b"
    r"|\b(?:if|claims?|claimed|supposed|thought|promised?|used to|or|should)\b"
)
_TURNS = re.compile(
    r"\b(?:ولی|اما|منتها|لیکن|البته|هرچند|گرچه|اگرچه|وگرنه)\b|با (?:این|آن) (?:حال|همه|وجود)|پذیرف|تایید|تأیید|اعتراف|اذعان"
    r"|\b(?:but|yet|however|although|though|while|whereas|admit\w*|conced\w*|acknowledg\w*|confirm\w*|except)\b"
)


# ── denials ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_ROLE = (
    r"(?:روابط عمومی|مدیر ?عامل|مدیر(?: ارشد)?|سخنگوی?|معاون|رییس|رئیس|سرپرست|قائم مقام|هیئت مدیرهی?|منابع انسانی|پروژهی?|مسیولان|مسئولان|مقام های?"
    r"|شرکت|بانک|گروه|هلدینگ|باشگاه|پیام رسان|هواپیمایی|اپلیکیشن|پلتفرم|سکوی|سامانهی?|فروشگاه|کارخانهی?|مدیران|مدیریت|ارتباطات|فنی)"
)
_RUMOUR = r"(?:خبر|گزارش|شایعه|شایعات|ادعا|اتهام|احتمال|گمانه|هر ?گونه|گفته|اظهار|روایت|سرقت|نشت|هک|نفوذ|اخراج|تعطیل|ورشکست|ادغام)"
_DENIED = (
    r"تکذیب (?:کرد(?:ند|ه است)?|می ?کند|نمود)\b"
    r"|(?:بی ?اساس|بی ?پایه|نادرست|کذب|دروغ|شایعه|خلاف واقع|ساختگی|غیرواقعی) (?:محض )?(?:خواند(?:ند)?|دانست(?:ند)?|نامید(?:ند)?|اعلام کرد(?:ند)?|توصیف کرد(?:ند)?|عنوان کرد(?:ند)?)\b"
)
_SUBJECT = rf"^[\s«\"]*(?:{_ROLE} ?)*{_BRAND}++(?! ?که\b)"
_TROUBLE = (
    r"(?:breach|leaks?|hacks?|hacking|outage|layoffs?|bankruptcy|merger|takeover|reports?|rumou?rs?|allegations?|sale)"
)
_CLAIMS = r"(?:reports?|claims?|rumou?rs?|talk|allegations?|suggestions?|accusations?|speculation)"
_SPOKESMAN = r"(?:(?:an? |the )?(?:spokes(?:man|woman|person)|representative|executives?|officials?|chief executive) (?:for|at|of) )?"
_DENIALS: Final = (
    re.compile(rf"{_SUBJECT}[^{_BRAND}]{{1,140}}?\b(?P<words>(?:را|رو) (?:{_DENIED}))"),
    re.compile(
        rf"{_SUBJECT}[^{_BRAND}]{{0,60}}?\b{_RUMOUR}[^{_BRAND}]{{0,100}}?\b(?P<words>(?:را|رو) رد (?:کرد(?:ند|ه است)?|می ?کند)\b)"
    ),
    re.compile(
        rf"(?:^[\s\"“]*|, ){_SPOKESMAN}{_BRAND}++(?:,[^,{_BRAND}]{{1,60}},)?"
        rf"(?: (?:said [^{_BRAND}]{{1,60}} and|has|have|also|on \w+day|today|strongly|flatly|[“\"]?categorically|firmly|later))*"
        rf" (?P<words>den(?:ied|ies|y)[”\"]? (?!boarding|funding|any (?:refund|claim|compensation|access|request))"
        rf"(?:that|any|having|it|wrongdoing|being|\w+ing|(?:the |an? )?(?:\w+ ){{0,2}}{_TROUBLE}|{_CLAIMS})\b"
        rf"|(?:dismiss|reject|refut)(?:ed|es) (?:the |all |any )?{_CLAIMS}\b"
        rf"|called (?:a |the )?{_CLAIMS}[^{_BRAND}]{{0,90}}(?:untrue|false|baseless|unfounded))"
    ),
)


# ── comparisons ──────────────────────────────────────────────────────────────────────────────────────────────────────

_GOOD = (
    r"(?:به|خوب|سریع|ارزا?و?ن|ارزان|تمیز|امن|راحت|قوی|با ?کیفیت|مطم[ئی]ن|خوش ?قول|به ?صرفه|حرفه ?ای|مودب|شیک|خوشمزه|جلو|سر|باحال"
    r"|پایدار|کارآمد|موفق|دقیق|منصف|معتبر|منظم|خوش ?برخورد|قابل ?اعتماد)"
)
_BAD = r"(?:بد|ضعیف|کند|گرو?ن|گران|داغون|افتضاح|مزخرف|ناامن|بی ?کیفیت|عقب|کثیف|بی ?نظم|خراب|بدقول|بد ?قول|نامنظم|آشغال|پرخطا)"
_MORE = rf"(?:(?P<good>{_GOOD})|(?P<bad>{_BAD})) ?تر"
_IS = r"(?: ?(?:ه|ن|ند|یه|ست|است|هست|هستند|هستن|بود|بوده|شده|شد|می ?شه|عمل (?:می ?کنه|می ?کند|کرد))\b)"
_NAMED = rf"(?:(?:مال|خود|خدمات|سرویس|اپ|اپلیکیشن|برنامه|شرکت|بانک|همین|این) )*{_BRAND}++"
_FILLED = rf"(?: (?:{_GOOD} ?تر و|خیلی|بسیار|هم|واقعا|واقعاً|یه کم|یکم|کمی|به مراتب|همیشه|صد برابر|هزار برابر|صدبرابر|یه ذره|خدایی|انصافا|خدماتش|کیفیتش|پشتیبانیش|پشتیبانی ش|را|رو))*"
_THAN = r"(?:از|نسبت به)"
_NO_OTHER = (
    r" ?(?:ه|ی|م)? ?(?:نیست|نداریم|ندیدم|ندیده ام|پیدا نمی ?شه|پیدا نمی ?شود|نمی ?شه|نبود|سراغ ندارم|نمی ?شناسم)\b"
)
_END = r"(?=\s*(?:$|[،,.:!؛)]|چون|حداقل|دست کم|\bو\b|\bکه\b))"
_EN_GOOD = r"better|faster|cheaper|safer|cleaner|nicer|friendlier|smoother|quicker|easier|more reliable|stronger"
_EN_BAD = r"worse|slower|pricier|more expensive|buggier|weaker|dirtier|less reliable"
_EN_MORE = rf"(?:(?P<good>{_EN_GOOD})|(?P<bad>{_EN_BAD}))"
_VERY = r"(?: (?:way|much|so much|far|a lot|still|even|miles|clearly|definitely|really|just))*"

# Which side the brand stands on: with it (1) or against it (-1) goes what "better" says.
_COMPARISONS: Final = (
    (1, re.compile(rf"(?P<words>{_MORE} از ){_NAMED}{_NO_OTHER}")),
    (1, re.compile(rf"\bاز {_NAMED} (?P<words>{_MORE}){_NO_OTHER}")),
    (-1, re.compile(rf"\b(?P<words>{_MORE}{_IS}? از ){_NAMED}(?!{_NO_OTHER})(?!{_BRAND})")),
    (-1, re.compile(rf"\b{_THAN} {_NAMED}{_FILLED} (?P<words>{_MORE})(?:{_IS}|{_END})")),
    (1, re.compile(rf"{_BRAND}++ ?(?:ه|ها)?{_FILLED} (?P<words>{_MORE}{_IS}? از )(?! ?{_BRAND})")),
    (1, re.compile(rf"{_BRAND}++{_FILLED} {_THAN}(?: [^\s{_BRAND}]+){{1,2}}?{_FILLED} (?P<words>{_MORE}){_IS}")),
    (
        1,
        re.compile(rf"\b(?:nothing|no ?body|no ?one|none) (?:is |beats |comes )?(?P<words>{_EN_MORE} than) {_BRAND}++"),
    ),
    (
        -1,
        re.compile(
            rf"\b(?P<words>{_EN_MORE} than) (?:the |those of )?{_BRAND}++(?!(?:['’]s)? (?:expected|forecast|thought|had|was|used|expectations|target)\b)"
        ),
    ),
    (
        1,
        re.compile(
            rf"{_BRAND}++(?:['’]s(?: \w+){{1,2}})?(?: (?:is|are|was|has been|feels|works|looks)|['’]s){_VERY} (?P<words>{_EN_MORE} than)\b"
        ),
    ),
)
_NEGATED: Final = re.compile(
    r"\b(?:نیست\w*|نبود\w*|نمی ?\w+|ندار\w+|ندید\w+|نشد\w*|نکرد\w*|هیچ\w*)\b|\b(?:not|no|never|nothing|nobody|none|hardly|neither)\b|n['’]t\b"
)


def _compared(said: str) -> list[tuple[SentimentLabel, int, int]]:
    """The first comparison that fits; none where a negation stands about, but in «nothing is better»."""
    for side, pattern in _COMPARISONS:
        match = pattern.search(said)
        if match is None:
            continue
        if _NEGATED.search(_clause(said, match)) and not _NO_BETTER.search(match[0]):
            return []
        good = side == (1 if match["good"] else -1)
        return [("pos" if good else "neg", *match.span("words"))]
    return []


def _clause(said: str, match: re.Match[str]) -> str:
    """What stands about the comparison, between commas and reasons."""
    before, after = said[: match.start()], said[match.end() :]
    return f"{_PAUSES.split(before)[-1]}{match[0]}{_PAUSES.split(after)[0]}"


_PAUSES: Final = re.compile(r"[،,:()]|\b(?:چون|حداقل|دست کم|لااقل|که|تازه|because|since|at least)\b")
_NO_BETTER: Final = re.compile(rf"{_NO_OTHER}$|^(?:nothing|no|none)")
