"""Brand passages: what sentiment learns from and is judged by. The value, its JSON lines, and the draft that people write.

What lives here: `Example` (one brand in one text, with its labels), reading and writing it as a line of JSON, the split,
and `from_draft`, which turns marked text into examples. What does not: files and commands (monitors/labelling.py), the
rules of labelling (docs/sentiment_guide.md), the model (sentiment.py).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import ClassVar, Literal, NamedTuple, get_args

from pydantic import ConfigDict, TypeAdapter

from monitors.model import SentimentLabel

type Kind = Literal["news", "social", "review"]
type Split = Literal["train", "test"]
type Extent = tuple[int, int]
type Sector = Literal[
    "banking", "payments", "telecom", "cars", "industry", "oil", "food", "airlines", "retail", "ride-hailing", "media",
    "insurance", "health", "sport", "government", "technology", "energy", "housing", "education", "travel",
]  # fmt: skip
type Tag = Literal[
    "targeted", "comparison", "contrast", "negation", "denial", "irony", "emoji", "informal", "mixed", "question",
    "numbers", "statistics", "price", "crisis", "outage", "hack", "recall", "strike", "layoffs", "sanctions", "legal",
    "victim", "helper", "csr", "complaint", "reported-complaint", "apology", "resolved", "rumour", "praise-in-neutral",
    "brand-in-passing", "event", "appointment", "announcement", "advertising", "award", "growth", "investment",
    "headline", "borderline",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One brand in one text. Extents are character offsets [start, end) into `text`, in reading order.

    `spans` are all places where the brand is named, `brand` is the first as written. `evidence` are the words that
    decide; empty where `label` is "neu". `label_1` is the writer's label, `label_2` an independent blind reader's (None
    until read), `label` the ruling; `reason` says why where the two differ. Brands of one text share `situation`.
    """

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    id: str
    situation: str
    text: str
    brand: str
    spans: tuple[Extent, ...]
    evidence: tuple[Extent, ...]
    kind: Kind
    language: Literal["fa", "en"]
    sector: Sector
    tags: tuple[Tag, ...]
    label: SentimentLabel
    label_1: SentimentLabel
    label_2: SentimentLabel | None
    reason: str
    split: Split

    def __post_init__(self) -> None:
        for extents in (self.spans, self.evidence):
            _check_extents(self.text, extents)
        if not self.spans or self.text[slice(*self.spans[0])] != self.brand:
            raise ValueError(f"{self.id}: the first span is not the brand {self.brand!r}")
        if bool(self.evidence) == (self.label == "neu"):
            raise ValueError(f"{self.id}: pos and neg name their evidence, neu has none")
        if self.split != split_of(self.situation):
            raise ValueError(f"{self.id}: the split belongs to the situation")


_EXAMPLE: TypeAdapter[Example] = TypeAdapter(Example)


def lines(written: str) -> list[str]:
    """The lines of a file of passages that are not empty. They end with a newline alone: a passage may hold U+2028."""
    return [line for line in written.split("\n") if line.strip()]


def read(line: str) -> Example:
    """The passage in a line of JSON; raises ValueError (pydantic's ValidationError) where a field or an offset is wrong."""
    return _EXAMPLE.validate_json(line)


def write(example: Example) -> str:
    """The passage as one line of JSON, without the line's end."""
    return _EXAMPLE.dump_json(example).decode()


def split_of(situation: str) -> Split:
    """4 of 15 situations are for testing, chosen by a hash: nobody picks, and adding data moves nothing. From file 14 on it
    is one of 15, for the test part is large enough."""
    kept = 4 if situation < "14" else 1
    return "test" if int.from_bytes(hashlib.sha256(situation.encode()).digest()) % 15 < kept else "train"


def labelled_twice(example: Example, label: SentimentLabel) -> Example:
    """The passage with the blind reader's label; a difference stays with the writer's until `ruled`."""
    return replace(example, label_2=label, reason="" if label == example.label_1 else example.reason)


def ruled(example: Example, label: SentimentLabel, reason: str, evidence: tuple[Extent, ...]) -> Example:
    """The passage with a disagreement settled. `evidence` must be given where the ruling is pos or neg."""
    return replace(example, label=label, reason=reason, evidence=() if label == "neu" else evidence)


def marked(example: Example) -> str:
    """The text with this passage's brand between [[ ]], as a blind reader sees it."""
    text = example.text
    for start, end in reversed(example.spans):
        text = f"{text[:start]}[[{text[start:end]}]]{text[end:]}"
    return text


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────
#
#   # news banking numbers growth
#   سود [[بانک آریو|pos]] در نیمهٔ نخست {۴۰ درصد بیشتر شد}.
#
# A block a text, blocks apart by an empty line: a header (kind, sector, tags; `#+` continues the situation before), then
# the text. [[name|label]] names a brand with its label, [[name]] names it again, {words} are evidence ({words|neg}: for the
# brands labelled neg only).

_MARK = re.compile(
    r"\[\[(?P<name>[^\[\]{}|]+)(?:\|(?P<label>pos|neu|neg))?\]\]|\{(?P<evidence>[^\[\]{}|]+)(?:\|(?P<of>pos|neg))?\}"
)
_ARABIC_SCRIPT = re.compile(r"[\u0600-\u06ff]")


class _Header(NamedTuple):
    continues: bool
    kind: str
    sector: str
    tags: tuple[str, ...]


@dataclass(slots=True)
class _Brand:
    label: str
    spans: list[Extent]


class _Evidence(NamedTuple):
    extent: Extent
    of: str | None  # the label that the words speak for; None: whatever the brand's label is

    def decides(self, label: str) -> bool:
        return label != "neu" and self.of in {None, label}


def from_draft(draft: str, file: str, taken: int = 0) -> list[Example]:
    """The examples of a draft, without ids; situations are numbered `{file}-{number}` from `taken` + 1.

    Raises one ValueError that tells what is wrong with every block that cannot be read.
    """
    number, examples, errors = taken, list[Example](), list[str]()
    for block in re.split(r"\n\s*\n", draft.strip()):
        header, _, text = block.strip().partition("\n")
        try:
            parsed = _header(header)
            number += 0 if parsed.continues else 1
            examples += _examples(parsed, text.strip(), f"{file}-{number:04}")
        except ValueError as error:
            errors.append(f"{block}\n  → {error}")
    if errors:
        raise ValueError("\n\n".join(errors))
    return examples


def numbered(examples: Iterable[Example], known: Iterable[str]) -> list[Example]:
    """The passages with ids `{situation}{letter}` that are not yet `known`, in order."""
    ids, result = set(known), []
    for example in examples:
        free = (f"{example.situation}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
        name = next(candidate for candidate in free if candidate not in ids)
        ids.add(name)
        result.append(replace(example, id=name))
    return result


def _header(line: str) -> _Header:
    match = re.fullmatch(r"#(\+?)\s+(\S+)\s+(\S+)((?:\s+\S+)*)", line.strip())
    if not match:
        raise ValueError(f"not a header: {line!r}")
    known = get_args(Tag.__value__)
    tags = sorted(set(match[4].split()), key=lambda tag: known.index(tag) if tag in known else -1)
    return _Header(bool(match[1]), match[2], match[3], tuple(tags))


def _examples(header: _Header, marked_text: str, situation: str) -> Iterator[Example]:
    text, brands, evidence = _unmark(marked_text)
    if not brands:
        raise ValueError("no brand is marked")
    for name, brand in brands.items():
        yield _EXAMPLE.validate_python(
            {
                "id": "",
                "situation": situation,
                "text": text,
                "brand": name,
                "spans": tuple(brand.spans),
                "evidence": tuple(words.extent for words in evidence if words.decides(brand.label)),
                "kind": header.kind,
                "language": "fa" if _ARABIC_SCRIPT.search(text) else "en",
                "sector": header.sector,
                "tags": header.tags,
                "label": brand.label,
                "label_1": brand.label,
                "label_2": None,
                "reason": "",
                "split": split_of(situation),
            }
        )


def _unmark(marked_text: str) -> tuple[str, dict[str, _Brand], list[_Evidence]]:
    """The plain text, the brands by name, and the evidence."""
    text, end = "", 0
    brands: dict[str, _Brand] = {}
    evidence: list[_Evidence] = []
    for mark in _MARK.finditer(marked_text):
        text += marked_text[end : mark.start()]
        end = mark.end()
        words = mark["evidence"] or mark["name"]
        extent = (len(text), len(text) + len(words))
        text += words
        if mark["evidence"]:
            evidence.append(_Evidence(extent, mark["of"]))
        elif mark["label"]:
            brands.setdefault(words, _Brand(mark["label"], [])).spans.append(extent)
        else:
            _again(brands, words).spans.append(extent)
    text += marked_text[end:]
    if re.search(r"[\[\]{}]", text):
        raise ValueError("a bracket or brace is left over")
    return text, brands, evidence


def _again(brands: dict[str, _Brand], name: str) -> _Brand:
    """The brand that `name` names again: by the same words, by a part of its name, or as the only brand of the text."""
    akin = [brand for known, brand in brands.items() if name in known or known in name]
    candidates = [brands[name]] if name in brands else akin or list(brands.values())
    if len(candidates) != 1:
        raise ValueError(f"[[{name}]] has no label, and it is not clear which brand it is")
    return candidates[0]


def _check_extents(text: str, extents: tuple[Extent, ...]) -> None:
    for start, end in extents:
        words = text[start:end]
        if not 0 <= start < end <= len(text) or words != words.strip():
            raise ValueError(f"not an extent of the text: {start}–{end}")
    if any(end > start for (_, end), (start, _) in pairwise(extents)):
        raise ValueError("extents overlap or are out of order")
