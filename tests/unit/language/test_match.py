"""The matcher: as every query would answer alone, whatever was added and removed, at any number of trackers."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from monitors.errors import QueryError
from monitors.language.match import Matcher
from monitors.language.query import Query, parse
from monitors.language.text import fold_document
from monitors.model import Hit, Span
from tests.unit.language.strategies import queries, texts


def readable(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None


good_queries = queries.map(readable).filter(lambda query: query is not None)
articles = st.one_of(texts, st.lists(queries, max_size=4).map(" ".join))  # texts in which something is to be found


@given(st.lists(good_queries, max_size=8), articles, articles)
def test_it_finds_what_each_query_would_find_alone(asked: list[Query], title: str, text: str) -> None:
    document = fold_document(title, text)
    found = Matcher(enumerate(asked)).find(document, source="isna.ir", language="fa")
    alone = [n for n, query in enumerate(asked) if query.satisfied(document, source="isna.ir", language="fa")]
    assert [hit.tracker_id for hit in found] == alone


@given(good_queries, articles, articles)
def test_spans_stand_in_order_apart_and_within_the_article(query: Query, title: str, text: str) -> None:
    for hit in Matcher([(1, query)]).find(fold_document(title, text), source="isna.ir", language="fa"):
        assert hit.spans
        places = [(span.part != "title", span.start, span.end) for span in hit.spans]
        assert all(one[:1] < other[:1] or one[2] <= other[1] for one, other in pairwise(places))
        assert all(0 <= span.start < span.end <= len(title if span.part == "title" else text) for span in hit.spans)


class Changing(RuleBasedStateMachine):
    """Trackers come and go, the index is rebuilt beside; at every moment the matcher is that of the trackers there are."""

    def __init__(self) -> None:
        super().__init__()
        self.matcher = Matcher()
        self.building: Matcher | None = None
        self.trackers: dict[int, Query] = {}

    @rule(tracker=st.integers(1, 5), query=st.sampled_from(["اسنپ", "تپسی", "اسنپ | تپسی", "تپسی - اسنپ", '"اسنپ"']))
    def add(self, tracker: int, query: str) -> None:
        self.trackers[tracker] = parse(query)
        self.matcher = self.matcher.with_tracker(tracker, self.trackers[tracker])

    @rule(tracker=st.integers(1, 5))
    def remove(self, tracker: int) -> None:
        self.trackers.pop(tracker, None)
        self.matcher = self.matcher.without_tracker(tracker)

    @rule()
    def begin_building(self) -> None:
        self.building = self.matcher.rebuilt()

    @rule()
    def finish_building(self) -> None:
        if self.building is not None:
            self.matcher = self.matcher.rebased(self.building)

    @invariant()
    def agrees(self) -> None:
        assert self.matcher.queries() == self.trackers
        document = fold_document("اسنپ", "تپسی")
        assert self.matcher.find(document) == Matcher(self.trackers.items()).find(document)


TestChanging = Changing.TestCase


def test_a_hit_tells_where_each_positive_term_stands() -> None:
    matcher = Matcher([(7, parse("دیجی‌کالا + تخفیف - استخدام"))])
    document = fold_document("تخفیفِ دیجی کالا", "همه از ديجي‌كالای ما")
    assert matcher.find(document) == (Hit(7, (Span("title", 0, 6), Span("title", 7, 16), Span("text", 7, 17))),)


def test_overlapping_places_are_one_span() -> None:
    matcher = Matcher([(1, parse("اسنپ | اسنپ‌فود"))])
    assert matcher.find(fold_document("", "از اسنپ‌فود")) == (Hit(1, (Span("text", 3, 11),)),)


def test_hits_come_in_the_order_of_trackers() -> None:
    matcher = Matcher([(9, parse("اسنپ")), (2, parse("تپسی")), (5, parse("اسنپ"))]).with_tracker(3, parse("اسنپ"))
    assert [hit.tracker_id for hit in matcher.find(fold_document("", "تپسی و اسنپ"))] == [2, 3, 5, 9]


def test_a_matcher_may_be_asked_by_many_threads_at_once() -> None:
    matcher = Matcher((number, parse(f"نام{number} | اسنپ")) for number in range(200))
    documents = [fold_document("", f"نام{number} و تپسی") for number in range(200)] * 5
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(matcher.find, documents))
    assert [hits[0].tracker_id for hits in found] == [*range(200)] * 5


def test_a_hostile_text_takes_linear_time() -> None:
    matcher = Matcher((number, parse("ا" * number + "ب | " + "با" * number)) for number in range(2, 12))
    for text in ("ا" * 100_000, "با " * 30_000, "ا ب " * 30_000, "#" * 100_000, "اب\u200c" * 30_000):
        started = time.process_time()
        matcher.find(fold_document("", text))
        assert time.process_time() - started < 5
