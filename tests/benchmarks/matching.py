"""Matching beside what others do: one compiled regular expression, hazm's tools, flashtext; and folding beside hazm.

    python -m tests.benchmarks.matching
Articles are the agency's of ../shared/data/news_text where they are, else made up. Trackers' names are made up after the
articles' own words, fifty are such words. Rates are of CPU time on one core, the best of several short runs,
for the whole way: normalise or fold, find, and, with Rasad, check edges, evaluate and lead back to the original.
"""

import gzip
import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any, Final, cast

import psutil
from ahocorasick_rs import AhoCorasick, BytesAhoCorasick

from monitors.language.common_words import ANY_STOPWORD
from monitors.language.match import Matcher
from monitors.language.query import parse
from monitors.language.text import fold, fold_document, key
from tests.shared import SHARED

TRACKERS: Final = (10, 1_000, 10_000, 100_000)
REGEX_LIMIT: Final = (
    1_000  # alternatives; at 10,000 it takes tens of milliseconds an article, at 100,000 it does not end
)
ARTICLES: Final = 1_500
KNOWN: Final = 50  # names that the articles speak of
PIECE: Final = 50  # articles that are timed together
RUNS: Final = 5
ENOUGH: Final = 2.0  # seconds for one figure

type Article = tuple[str, str]  # title, text


# ── what is measured with ────────────────────────────────────────────────────────────────────────────────────────────


def articles() -> list[Article]:
    """Real agency articles, spread over their subjects, or made-up ones of the same length."""
    file = SHARED / "data" / "news_text" / "isna_7500.jsonl.gz"
    if file.exists():
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        return [(row["title"], row["body"]) for row in rows[:: max(1, len(rows) // ARTICLES)]]
    chance = random.Random(1)
    words = [_made_up(chance, {}) for _ in range(40_000)]
    share = [1 / rank for rank in range(1, len(words) + 1)]  # as words are shared out in a language (Zipf)
    return [
        (" ".join(chance.choices(words, share, k=9)), " ".join(chance.choices(words, share, k=200)))
        for _ in range(ARTICLES)
    ]


def names(count: int, read: Sequence[Article]) -> list[str]:
    """That many names of one or two words: some are known, words of one article in a hundred or so; most are made up."""
    chance = random.Random(2)
    articles_with = Counter(word for _, text in read for word in set(fold(text).split()) if word.isalpha())
    share = {word: times / len(read) for word, times in articles_with.items() if len(word) > 3}
    known = sorted(word for word in share if 0.005 < share[word] < 0.02)
    following: dict[str, str] = {}
    for word in sorted(share):
        for letter, after in pairwise(f"^{word}$"):
            following[letter] = following.get(letter, "") + after
    found = dict.fromkeys(chance.sample(known, min(KNOWN, count // 10)))
    while len(found) < count:
        one = _made_up(chance, following)
        name = one if chance.random() < 0.5 else f"{one} {_made_up(chance, following)}"
        if share.get(name, 0) < 0.005 and not set(name.split()) <= ANY_STOPWORD:
            found[name] = None
    return list(found)


def _made_up(chance: random.Random, following: dict[str, str]) -> str:
    """A word of five to twelve letters, each as likely after the one before as in the language."""
    while True:
        word = letter = chance.choice(following.get("^", "ابپتدرسشکگمنوهی"))
        while len(word) < 12 and (letter := chance.choice(following.get(letter, "ابپتدرسشکگمنوهی$"))) != "$":
            word += letter
        if len(word) >= 5:
            return word


def rate(read: Callable[[str, str], Any], corpus: Sequence[Article]) -> float:
    """Articles a second of CPU time: of each piece of the corpus the best of several runs, since others work here too."""
    spent = done = 0.0
    began = time.process_time()
    for at in range(0, len(corpus), PIECE):
        piece = corpus[at : at + PIECE]
        spent += min(_seconds(read, piece) for _ in range(RUNS))
        done += len(piece)
        if time.process_time() - began > ENOUGH:
            break
    return done / spent


def _seconds(read: Callable[[str, str], Any], piece: Sequence[Article]) -> float:
    started = time.process_time()
    for title, text in piece:
        read(title, text)
    return time.process_time() - started


# ── who is measured ──────────────────────────────────────────────────────────────────────────────────────────────────


def rasad(wanted: list[str]) -> Callable[[str, str], Any]:
    """Fold, find, check edges, evaluate."""
    matcher = Matcher(enumerate(map(parse, wanted)))
    return lambda title, text: matcher.find(fold_document(title, text))


def regular_expression(wanted: list[str]) -> Callable[[str, str], Any]:
    """One alternation over folded text: spacings of a name, edges, the commonest suffixes."""
    suffix = "(?:ها|های|هایی|ی|یی|ست|م|ت|ش|ه)?"
    spelled = "|".join(re.escape(fold(name)).replace(r"\ ", " ?") for name in wanted)
    pattern = re.compile(rf"(?<!\w)(?:{spelled}){suffix}(?!\w)")
    return lambda title, text: pattern.findall(fold(f"{title} {text}"))


def hazm_tokens(wanted: list[str]) -> Callable[[str, str], Any]:
    """hazm's Normalizer and tokenizer, then each run of up to three tokens looked up."""
    from hazm import Normalizer, WordTokenizer

    normalise, tokenise = Normalizer().normalize, WordTokenizer().tokenize
    known = {"".join(tokenise(normalise(name))).replace("\u200c", "") for name in wanted}

    def read(title: str, text: str) -> list[str]:
        tokens = [token.replace("\u200c", "") for token in tokenise(normalise(f"{title}\n{text}"))]
        runs = ("".join(tokens[at : at + size]) for size in (1, 2, 3) for at in range(len(tokens)))
        return [run for run in runs if run in known]

    return read


def flashtext(wanted: list[str]) -> Callable[[str, str], Any]:
    """flashtext over folded text."""
    from flashtext import KeywordProcessor

    processor = KeywordProcessor()
    processor.add_keywords_from_list([fold(name) for name in wanted])
    return lambda title, text: processor.extract_keywords(fold(f"{title} {text}"))


PEERS: Final = {"regex": regular_expression, "hazm": hazm_tokens, "flashtext": flashtext}


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def finding(corpus: Sequence[Article]) -> Iterator[str]:
    """Articles a second, by the number of trackers."""
    yield f"{'trackers':>9} {'hits/article':>13} {'rasad/s':>9}" + "".join(
        f"{peer + '/s':>14} {'':7}" for peer in PEERS
    )
    for count in TRACKERS:
        wanted = names(count, corpus)
        find = rasad(wanted)
        hits = sum(len(find(*article)) for article in corpus) / len(corpus)
        ours = rate(find, corpus)
        line = f"{count:9,} {hits:13.2f} {ours:9,.0f}"
        for build in PEERS.values():
            if build is regular_expression and count > REGEX_LIMIT:
                line += f"{'hopeless':>14} {'':7}"
            else:
                theirs = rate(build(wanted), corpus)
                line += f"{theirs:14,.1f} {ours / theirs:6,.0f}×"
        yield line


def folding(corpus: Sequence[Article]) -> Iterator[str]:
    """Folding beside hazm's Normalizer, in characters a second."""
    from hazm import Normalizer

    length = sum(len(text) for _, text in corpus) / len(corpus)
    normalise = Normalizer().normalize
    ours = rate(lambda _, text: fold(text), corpus) * length
    theirs = rate(lambda _, text: normalise(text), corpus) * length
    yield f"fold {ours / 1e6:.1f} Mchar/s, hazm's Normalizer {theirs / 1e6:.2f}: {ours / theirs:.0f}×"


def building(corpus: Sequence[Article]) -> Iterator[str]:
    """What trackers take to be read and built, to change by one, and how long a rebuild holds other threads up."""
    for count in TRACKERS[1:]:
        wanted = names(count, corpus)
        started = time.process_time()
        queries = list(enumerate(map(parse, wanted)))
        read = time.process_time()
        before = psutil.Process().memory_info().rss
        matcher = Matcher(queries)
        built = time.process_time()
        grown = psutil.Process().memory_info().rss - before
        added = time.perf_counter()
        matcher = matcher.with_tracker(-1, parse("دیجی‌کالا")).without_tracker(0)
        changed = time.perf_counter() - added
        yield (
            f"{count:9,} trackers: read in {read - started:.2f} s, built in {built - read:.3f} s and {grown / 1e6:.0f} MB, "
            f"one added and one removed in {changed * 1e3:.1f} ms, "
            f"longest wait of another thread while it is rebuilt {_longest_wait(matcher.rebuilt) * 1e3:.0f} ms"
        )


def _longest_wait(work: Callable[[], Any]) -> float:
    """The longest that a thread which only sleeps and wakes is kept waiting while the work is done in another."""
    woken = [time.perf_counter()]
    done = threading.Event()

    def sleep_and_wake() -> None:
        while not done.wait(0.001):
            woken.append(time.perf_counter())

    sleeper = threading.Thread(target=sleep_and_wake)
    sleeper.start()
    work()
    done.set()
    sleeper.join()
    return max(after - before for before, after in pairwise([*woken, time.perf_counter()]))


def automata(corpus: Sequence[Article]) -> Iterator[str]:
    """What only finds: the automaton over bytes that we use, the same over text, pyahocorasick where it is installed."""
    documents = [fold_document(*article) for article in corpus]
    over_text = [("", document.joined) for document in documents]
    over_bytes = [("", cast("str", document.key)) for document in documents]
    for count in TRACKERS[1:]:
        joined = [fold(name).replace(" ", "") for name in names(count, corpus)]
        line = (
            f"{count:9,} trackers: over bytes {rate(_searching(BytesAhoCorasick(map(key, joined))), over_bytes):,.0f}/s"
        )
        line += f", over text {rate(_searching(AhoCorasick(joined)), over_text):,.0f}/s"
        yield line + f", pyahocorasick {_rate_of_pyahocorasick(joined, over_text)}"


def _searching(automaton: Any) -> Callable[[str, str], Any]:
    return lambda _, text: automaton.find_matches_as_indexes(text, overlapping=True)


def _rate_of_pyahocorasick(joined: list[str], corpus: Sequence[Article]) -> str:
    if find_spec("ahocorasick") is None:
        return "not installed"
    automaton = import_module("ahocorasick").Automaton()
    for name in joined:
        automaton.add_word(name, name)
    automaton.make_automaton()
    return f"{rate(lambda _, text: list(automaton.iter(text)), corpus):,.0f}/s"


def main() -> None:
    """Print the tables."""
    corpus = articles()
    length = sum(len(title) + len(text) for title, text in corpus) / len(corpus)
    print(f"Matching: {len(corpus):,} articles of {length:,.0f} characters on average, CPU time of one core")
    for table in (finding, folding, building, automata):
        for line in table(corpus):
            print(line, flush=True)


if __name__ == "__main__":
    main()
