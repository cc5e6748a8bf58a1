"""One story or two: pairs made up for this (tests/data/story_made_pairs.tsv), and pairs of real posts judged by hand, of
which only the ids are kept (story_pairs.tsv)."""

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.language.story_same import similarity
from monitors.language.story_text import Telling, read
from monitors.language.text import fold_document
from tests.shared import SHARED, needs_shared
from tests.unit.language.strategies import texts

DATA = Path(__file__).parents[2] / "data"
NEWS = SHARED / "data/news_text"
PLAIN = st.lists(
    st.sampled_from(
        [
            "بازار",
            "دلار",
            "و",
            "به",
            "۱۲",
            "سه",
            "هزار",
            "۶.۴",
            "دوم",
            "ساعت",
            "۲۲:۳۰",
            "آذر",
            "تومان",
            "رسید",
            "گفت",
            "شنبه",
            "یک",
            "a",
            "/",
            ".",
        ]
    )
).map(" ".join)
LEAST_PRECISION, LEAST_RECALL = 0.98, 0.9
DAY = 24.0


def rows(name: str) -> Iterator[list[str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        yield from csv.reader((line for line in file if not line.startswith("#")), "excel-tab", quoting=csv.QUOTE_NONE)


def telling(article: str) -> Telling:
    title, _, text = article.partition("||")
    return read(fold_document(title.strip(), text.strip()).folded)


@pytest.mark.parametrize(("judgement", "hours", "one", "other"), [row[:4] for row in rows("story_made_pairs.tsv")])
def test_a_pair_is_told_as_a_person_would(judgement: str, hours: str, one: str, other: str) -> None:
    alike = similarity(telling(one), telling(other), float(hours))
    assert (alike > 0) == (judgement == "same")
    assert similarity(telling(other), telling(one), float(hours)) == alike


@given(texts | PLAIN, texts | PLAIN, texts | PLAIN)
def test_any_two_texts_can_be_compared(title: str, one: str, other: str) -> None:
    ours, theirs = (read(fold_document(title, text).folded) for text in (one, other))
    alike = similarity(ours, theirs, 1)
    assert 0 <= alike <= 1
    assert similarity(theirs, ours, 1) == alike


@cache
def real() -> Mapping[str, tuple[Telling, float | None]]:
    """Tellings by id, with the hour they were told at where that is known."""
    found: dict[str, tuple[Telling, float | None]] = {}
    for line in (NEWS / "telegram_news_2018.jsonl").read_text("utf-8").splitlines():
        post = json.loads(line)
        found[f"{post['channel']}/{post['msgid']}"] = telling(f"||{post['text']}"), post["date"] / 3600
    with gzip.open(NEWS / "isna_7500.jsonl.gz", "rt", encoding="utf-8") as file:
        for article in map(json.loads, file):
            found[f"isna/{article['id']}"] = telling(f"{article['title']}||{article['lead']}"), None
    return found


@needs_shared
@pytest.mark.parametrize("part", ["tune", "apart"])
def test_real_pairs_are_told_apart(part: str) -> None:
    found, right, missed = 0, 0, 0
    for _, one, other, judgement, _ in (row for row in rows("story_pairs.tsv") if row[0] == part):
        (ours, at), (theirs, then) = real()[one], real()[other]
        hours = DAY if at is None or then is None else abs(at - then)
        if judgement in ("same", "different"):
            recognised = similarity(ours, theirs, hours) > 0
            found += recognised
            right += recognised and judgement == "same"
            missed += not recognised and judgement == "same"
    assert right / found >= LEAST_PRECISION
    assert right / (right + missed) >= LEAST_RECALL


def test_the_judged_pairs_are_many_and_of_both_kinds() -> None:
    judged = [row for row in rows("story_pairs.tsv") if row[3] in ("same", "different")]
    same = sum(row[3] == "same" for row in judged) / len(judged)
    assert len(judged) >= 600
    assert 0.4 <= same <= 0.6
