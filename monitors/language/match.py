"""Which trackers does an article satisfy? One automaton over the terms of all of them finds the few worth asking.

The automaton (ahocorasick_rs) reads one byte for each letter of the folded text (characters.py), which tells apart the
letters of Persian, and those of Latin. That takes half the time of reading the text itself, and what it lets through by
mistake is refused when the expression is evaluated, as every candidate is.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ahocorasick_rs import BytesAhoCorasick, Implementation

from monitors.language.expression import Expression, Reading, find
from monitors.language.query import Query
from monitors.language.terms import Place, may_have_suffix
from monitors.language.text import Document, key
from monitors.model import Hit, Language, Span

# Letters of a name that the automaton knows: built in half the time of the whole, and found as fast. Fewer, and a name of two
# words would be asked about wherever its first word stands.
_BEGINNING: Final = 12
_FEW: Final = 20  # finds that are looked at one by one
# Stand in no text: more beginnings than a prefilter takes, which is no gain here.
_NEVER: Final = (b"\2", b"\3", b"\4", b"\5")
_DFA_LIMIT: Final = 2_000  # beginnings; beyond, the automaton's faster form takes much memory and loses its advantage


class Matcher:
    """The queries of all trackers, ready to be asked of an article. Immutable: any thread may use it at any time.

    `with_tracker` and `without_tracker` give another matcher at once: what changed is kept beside the large index.
    When `changes` have become many, make a new one of all with `rebuilt`, off the loop, and let the matcher that is
    then in use be `rebased` on it.
    """

    def __init__(
        self,
        trackers: Iterable[tuple[int, Query]] = (),
        *,
        base: "Index | None" = None,
        stale: frozenset[int] = frozenset(),
    ) -> None:
        """One index of all `trackers`; or, beside the index of another matcher without its `stale` trackers, a small one."""
        queries = dict(trackers)
        self.base = Index(queries) if base is None else base
        self.beside = Index({} if base is None else queries)
        self.stale = stale

    def find(self, document: Document, *, source: str = "", language: Language | None = None) -> tuple[Hit, ...]:
        """The trackers that the article satisfies, by id. `source` is the name and address of where it was published.

        Takes time in proportion to the article's length and to what it may match, however many trackers there are.
        """
        reading = Reading(document, source, language)
        hits = [hit for hit in self.base.hits(reading) if hit.tracker_id not in self.stale]
        if self.beside.queries:
            hits += self.beside.hits(reading)
        return tuple(sorted(hits, key=lambda hit: hit.tracker_id))

    def queries(self) -> dict[int, Query]:
        """All trackers' queries, by tracker id."""
        kept = {tracker: query for tracker, query in self.base.queries.items() if tracker not in self.stale}
        return {**kept, **self.beside.queries}

    @property
    def changes(self) -> int:
        """How many trackers stand beside the large index: each makes the next change, and finding, a little dearer."""
        return len(self.stale) + len(self.beside.queries)

    def with_tracker(self, tracker_id: int, query: Query) -> "Matcher":
        """This matcher with a tracker more, or with another query for it."""
        return self._changed(tracker_id, {**self.beside.queries, tracker_id: query})

    def without_tracker(self, tracker_id: int) -> "Matcher":
        """This matcher without that tracker."""
        return self._changed(
            tracker_id, {one: query for one, query in self.beside.queries.items() if one != tracker_id}
        )

    def rebuilt(self) -> "Matcher":
        """An equal matcher with one index. Takes a second for 100,000 trackers, so run it off the loop."""
        return Matcher(self.queries().items())

    def rebased(self, built: "Matcher") -> "Matcher":
        """This matcher's trackers on the index of `built`, which was `rebuilt` from an earlier matcher."""
        now, then = self.queries(), built.base.queries
        stale = frozenset(tracker for tracker, query in then.items() if now.get(tracker) is not query)
        changed = [(tracker, query) for tracker, query in now.items() if then.get(tracker) is not query]
        return Matcher(changed, base=built.base, stale=stale)

    def _changed(self, tracker_id: int, beside: Mapping[int, Query]) -> "Matcher":
        stale = self.stale | {tracker_id} if tracker_id in self.base.queries else self.stale
        return Matcher(beside.items(), base=self.base, stale=stale)


class Index:
    """An automaton over how the anchors of some queries begin; never changed.

    A query is asked when one of its anchors may stand at a token; those that ask the same are answered once. The anchors'
    names lie sorted by their letters, so that those that begin alike lie side by side: `_bounds` holds where each
    beginning's names start, `_first` where each name's askers do. (Few and flat containers: with as many as trackers, the
    garbage collector would take half the build.)
    """

    def __init__(self, queries: Mapping[int, Query]) -> None:
        self.queries = queries
        self._trackers = list(queries)
        self._expressions = [query.expression for query in queries.values()]
        asked = [(term.joined, number) for number, query in enumerate(queries.values()) for term in query.anchors]
        spelled = key(" ".join(name for name, _ in asked)).split()
        anchors = sorted((letters, *one) for letters, one in zip(spelled, asked, strict=True))
        self._askers = [(name, number) for _, name, number in anchors]
        self._first = _changes([letters for letters, _, _ in anchors])
        self._names = [anchors[at][0] for at in self._first]
        self._first.append(len(anchors))
        self._longest = max(map(len, self._names), default=0)
        beginnings = [letters[:_BEGINNING] for letters in self._names]
        self._bounds = _changes(beginnings)
        patterns = [beginnings[at] for at in self._bounds]
        self._bounds.append(len(beginnings))
        self._whole = bytes(len(pattern) < _BEGINNING for pattern in patterns)  # it is a name, and begins no other
        small = len(patterns) <= _DFA_LIMIT
        never = _NEVER if len(patterns) > 1 else ()
        self._automaton = BytesAhoCorasick([*patterns, *never], implementation=Implementation.DFA if small else None)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        """A hit for each tracker whose query the article satisfies."""
        answered: dict[Expression, tuple[Span, ...]] = {}
        for number in self._candidates(reading):
            expression = self._expressions[number]
            spans = answered.get(expression)
            if spans is None:
                spans = answered[expression] = _spans(find(expression, reading) or [], reading.document)
            if spans:
                yield Hit(self._trackers[number], spans)

    def _candidates(self, reading: Reading) -> set[int]:
        """The numbers of the queries worth asking; where their anchors may stand is left with the reading."""
        numbers: set[int] = set()
        for at, start in self._names_in(reading.document):
            for name, number in self._askers[self._first[at] : self._first[at + 1]]:
                reading.spelled.setdefault(name, set()).add(start)
                numbers.add(number)
        return numbers

    def _names_in(self, document: Document) -> Iterator[tuple[int, int]]:
        """The names that may stand in the document, each with the offset in `document.joined` where it begins."""
        found = self._automaton.find_matches_as_indexes(document.key, overlapping=True)
        if not found:
            return
        starts = document.starts_token if len(found) <= _FEW else document.token_starts.__getitem__

        def may_end(end: int) -> bool:
            return bool(starts(end)) or may_have_suffix(document, end)

        for beginning, start, end in found:
            if starts(start):
                low, high = self._bounds[beginning : beginning + 2]
                if not self._whole[beginning]:
                    for at in self._spelled(document.key[start : start + self._longest], low, high):
                        if may_end(start + len(self._names[at])):
                            yield at, start
                elif may_end(end):
                    yield low, start

    def _spelled(self, letters: bytes, low: int, high: int) -> Iterator[int]:
        """Those of the names [low, high) that the letters begin with, longest first; by bisection, since many begin alike.

        Between a prefix of the letters and the letters stands nothing, in order, that does not begin with that prefix: past
        a name that is none, only shorter ones can be.
        """
        while (high := bisect_right(self._names, letters, low, high)) > low:
            high -= 1
            name = self._names[high]
            if letters.startswith(name):
                yield high
            letters = letters[: len(name) - 1]


def _changes(values: Sequence[bytes]) -> list[int]:
    """Where something else begins in sorted values."""
    return [at for at, one in enumerate(values) if at == 0 or one != values[at - 1]]


def _spans(places: list[Place], document: Document) -> tuple[Span, ...]:
    """The places in reading order, those that overlap made one."""
    merged: list[Place] = []
    for place in sorted(places):
        if merged and place.start < merged[-1].end:
            merged[-1] = Place(merged[-1].start, max(merged[-1].end, place.end))
        else:
            merged.append(place)
    return tuple(document.span(place.start, place.end) for place in merged)
