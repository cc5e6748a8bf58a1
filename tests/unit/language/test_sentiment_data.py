"""What a reader of monitors/data/sentiment may rely on, file by file (`-k passages_07`); the rules are in docs/sentiment_guide.md."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from monitors.language.examples import Example, read, write
from tests.shared import SHARED, needs_shared

FILES = sorted((Path(__file__).parents[3] / "monitors/data/sentiment").glob("passages_*.jsonl"))
EACH_FILE = pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)

LONGEST = 400  # characters, as monitors.language.passage cuts them
SAME_JACCARD, SAME_CONTAINMENT = 0.3, 0.55  # of word 3-shingles, as for reprints
MOST_EDGES = 3  # texts of a file that may open, or end, with the same four words
MOST_OF_ONE_BRAND = 0.06  # of a file
ENOUGH = 60  # passages of a kind before its shares are judged

# The least and the most share of a label, by kind: as in life, where news is mostly neutral and reviews hardly ever.
SHARES = {
    "news": {"neu": (0.38, 0.65), "neg": (0.15, 0.40), "pos": (0.12, 0.35)},
    "social": {"neu": (0.15, 0.40), "neg": (0.33, 0.60), "pos": (0.15, 0.40)},
    "review": {"neu": (0.04, 0.30), "neg": (0.28, 0.58), "pos": (0.28, 0.58)},
}


@cache
def examples(file: Path) -> tuple[Example, ...]:
    return tuple(read(line) for line in file.read_text(encoding="utf-8").splitlines())


def everything() -> Iterator[Example]:
    return (example for file in FILES for example in examples(file))


# ── texts without what makes a template: names and numbers ───────────────────────────────────────────────────────────


def words(text: str, names: Iterable[tuple[int, int]] = ()) -> list[str]:
    for start, end in sorted(set(names), reverse=True):
        text = f"{text[:start]} ˍ {text[end:]}"
    text = text.translate({0x200C: None, ord("ي"): "ی", ord("ك"): "ک"}).lower()
    return [re.sub(r"\d+", "0", word) for word in re.findall(r"\w+|ˍ|[\u2600-\u27bf\U0001f000-\U0001faff]", text)]


def texts(passages: Iterable[Example]) -> dict[tuple[str, str], list[str]]:
    """The words of each text, with the names of all its brands blanked; a text has as many passages as brands."""
    names = defaultdict[tuple[str, str], list[tuple[int, int]]](list)
    for passage in passages:
        names[passage.situation, passage.text] += passage.spans
    return {key: words(key[1], spans) for key, spans in names.items()}


def shingles(tokens: list[str]) -> frozenset[str]:
    padded = ["^", *tokens, "$"]
    return frozenset(" ".join(padded[i : i + 3]) for i in range(len(padded) - 2))


def look_alikes(of: dict[tuple[str, str], list[str]]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Pairs of texts that share too many shingles."""
    sets = {key: shingles(tokens) for key, tokens in of.items()}
    holders = defaultdict[str, list[tuple[str, str]]](list)
    for key, members in sets.items():
        for shingle in members:
            holders[shingle].append(key)
    shared = Counter(pair for keys in holders.values() for pair in combinations(keys, 2))
    for (one, other), count in shared.items():
        least = min(len(sets[one]), len(sets[other]))
        union = len(sets[one]) + len(sets[other]) - count
        if count / union >= SAME_JACCARD or (least >= 6 and count / least >= SAME_CONTAINMENT):
            yield one, other


@cache
def copies() -> tuple[tuple[tuple[str, str], tuple[str, str]], ...]:
    return tuple(look_alikes(texts(everything())))


def test_a_template_with_another_name_and_number_is_found() -> None:
    said = {"نیک‌پی ۱۲ درصد بیشتر از پارسال سود برد": 6, "تیزرو ۹ درصد بیشتر از پارسال سود برد": 5}
    found = look_alikes({(text, text): words(text, [(0, end)]) for text, end in said.items()})
    assert len(list(found)) == 1


def test_the_same_fact_in_other_words_is_not_a_copy() -> None:
    said = ["سود نیک‌پی نسبت به پارسال ۱۲ درصد رشد کرد", "نیک‌پی امسال یک‌هشتم بیشتر از سال قبل درآمد داشته است"]
    assert not list(look_alikes({(text, text): words(text) for text in said}))


# ── each file ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_files() -> None:
    assert FILES


@EACH_FILE
def test_lines_are_as_written_and_belong_to_the_file(file: Path) -> None:
    number = file.stem.removeprefix("passages_")
    for line in file.read_text(encoding="utf-8").splitlines():
        example = read(line)
        assert write(example) == line
        assert re.fullmatch(rf"{number}-\d{{4}}", example.situation)
        assert re.fullmatch(rf"{example.situation}[a-z]", example.id)


@EACH_FILE
def test_every_place_of_the_brand_is_marked_and_nothing_else_overlaps_it(file: Path) -> None:
    for example in examples(file):
        others = {
            span
            for sibling in examples(file)
            if sibling.situation == example.situation and sibling.text == example.text
            for span in sibling.spans
        }
        pattern = rf"(?<![\w\u200c]){re.escape(example.brand)}(?![\w\u200c])"
        for place in re.finditer(pattern, example.text):
            assert any(start <= place.start() and place.end() <= end for start, end in others), example.id
        for start, end in example.evidence:
            assert all(end <= s or e <= start for s, e in example.spans), f"{example.id}: evidence on the name"


@EACH_FILE
def test_length_is_that_of_a_passage(file: Path) -> None:
    assert [example.id for example in examples(file) if len(example.text) > LONGEST] == []


@EACH_FILE
def test_a_text_with_several_brands_is_targeted_and_names_each_once(file: Path) -> None:
    by_text = defaultdict[tuple[str, str], list[Example]](list)
    for example in examples(file):
        by_text[example.situation, example.text].append(example)
    for passages in by_text.values():
        brands = [passage.brand for passage in passages]
        assert len(brands) == len(set(brands)), passages[0].id
        assert {"targeted" in passage.tags for passage in passages} == {len(passages) > 1}, passages[0].id


@EACH_FILE
def test_tags_that_mean_neutral_are_on_neutral_passages(file: Path) -> None:
    neutral = {"praise-in-neutral", "brand-in-passing"}
    assert [e.id for e in examples(file) if neutral & {*e.tags} and e.label != "neu" and "targeted" not in e.tags] == []


@EACH_FILE
def test_readings_are_settled(file: Path) -> None:
    for example in examples(file):
        agreed = example.label_2 in {None, example.label_1}
        assert example.reason or (agreed and example.label == example.label_1), f"{example.id}: ruled without a reason"


@EACH_FILE
def test_nothing_is_a_near_copy(file: Path) -> None:
    mine = {(example.situation, example.text) for example in examples(file)}
    assert [(one[0], other[0]) for one, other in copies() if mine & {one, other}] == []


@EACH_FILE
def test_openings_and_endings_vary(file: Path) -> None:
    of_file = texts(examples(file)).values()
    for edge in (slice(None, 4), slice(-4, None)):
        counts = Counter(" ".join(tokens[edge]) for tokens in of_file if len(tokens) > 4)
        assert [words for words, count in counts.items() if count > MOST_EDGES] == []


@EACH_FILE
def test_no_brand_is_everywhere(file: Path) -> None:
    counts = Counter(example.brand for example in examples(file))
    most = max(5, MOST_OF_ONE_BRAND * len(examples(file)))
    assert [(brand, count) for brand, count in counts.items() if count > most] == []


def unlike_life(passages: Iterable[Example]) -> list[str]:
    """Shares of labels outside of their bounds, for the kinds with enough passages."""
    by_kind = defaultdict[str, Counter[str]](Counter)
    for passage in passages:
        by_kind[passage.kind][passage.label] += 1
    return [
        f"{kind} {label} {counts[label] / counts.total():.0%}, not {low:.0%}–{high:.0%}"
        for kind, counts in by_kind.items()
        if counts.total() >= ENOUGH
        for label, (low, high) in SHARES[kind].items()
        if not low <= counts[label] / counts.total() <= high
    ]


@EACH_FILE
def test_labels_are_shared_out_as_in_life(file: Path) -> None:
    assert unlike_life(examples(file)) == []


# ── the whole ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_is_shared_out_as_in_life() -> None:
    assert unlike_life(everything()) == []


def test_no_id_is_used_twice() -> None:
    counts = Counter(example.id for example in everything())
    assert [name for name, count in counts.items() if count > 1] == []


@needs_shared
def test_no_run_of_eight_words_is_in_the_public_sets() -> None:
    ours = {run: example.id for example in everything() for run in runs(example.text)}
    copied = {ours[run] for text in public_texts() for run in runs(text) if run in ours}
    assert copied == set()


def runs(text: str) -> Iterator[str]:
    tokens = words(text)
    return (" ".join(tokens[i : i + 8]) for i in range(len(tokens) - 7))


def public_texts() -> Iterator[str]:
    for path in [*SHARED.glob("data/sentiment/*.jsonl"), *SHARED.glob("data/news_text/*.jsonl")]:
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in lines)
