"""What people say beside a name: the words and phrases that set its mentions apart from everything else that is written.

    mentions → runs of words (topic_text.py) → one to four of them → weighted log-odds against the background
    → each thing once, in its longest usual words

What lives here: counting and choosing. What does not: which mentions and which background (monitors/topics.py). Takes
seconds, and hazm's dictionary much memory: it is called in a worker process only.

    z(w) = (log-odds of w here − log-odds of w elsewhere) / √(1 / (y + α) + 1 / (y' + α))
    log-odds of w = log((y + α) / (N + PRIOR − y − α))                    α = PRIOR · (y + y') / (N + N')

with y of N articles here holding w, and y' of N' elsewhere: Monroe, Colaresi and Quinn, "Fightin' Words" (2008), section
3.5, the informative Dirichlet prior being what both hold together. Articles are counted, not words, and one of k articles
that tell the same story counts 1/√k: twenty reprints say more than one, and not twenty times as much.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log, sqrt
from typing import Final

from monitors.language.common_words import GENERIC_WORDS
from monitors.language.story_text import EDGE_WORDS
from monitors.language.text import fold
from monitors.language.topic_text import Reading, Said, Word, names_in, read_other, read_said
from monitors.model import SentimentLabel

type Key = tuple[str, ...]  # lemmas, folded
type Held = Mapping[Key, Sequence[int]]  # by phrase, the numbers of the mentions that hold it, in order

_PRIOR: Final = 100.0  # articles
_LEAST_Z: Final = 1.96
_LEAST_ARTICLES: Final = 3
_FEW: Final = 12  # mentions, among which two articles are enough
_LEAST_SHARE: Final = 0.005
_LIFT: Final = 3.0  # times as often here, at least, for a word alone: common words vary without meaning anything
_LEAST_BACKGROUND: Final = 50  # texts
_LONGEST: Final = 4  # words
_COMPARED: Final = 400  # phrases, and as many words
_ONE_VOICE: Final = (
    0.8  # of a phrase's articles, from a publisher that has not half of all: its signature, or its column
)
_HALF: Final = 0.5
_ABSORBED: Final = 0.6  # of a word's articles, that hold it in one and the same phrase: the phrase says it better
_SAME: Final = 0.6  # of the rarer one's articles, that two phrases share: they tell of one thing
_MORE_THAN_CHANCE: Final = 1.5
_LEAST_TAGGED: Final = 2
_INSIDE: Final = frozenset(("و", "به", "در", "از", "بر", "با", "برای", "of", "and", "the", "for", "to", "in"))


@dataclass(frozen=True, slots=True)
class Topic:
    """A phrase, a word or a hashtag as most write it, with the mentions that hold it, and how most of these are judged
    ("neu" where no judgement has more than half)."""

    words: str
    label: SentimentLabel
    article_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """What sets the mentions apart, the most telling first; the hashtags by how many mentions hold them."""

    phrases: tuple[Topic, ...]
    words: tuple[Topic, ...]
    hashtags: tuple[Topic, ...]


def topics(said: Sequence[Said], elsewhere: Iterable[str], count: int) -> Topics:
    """At most `count` phrases, words and hashtags each, against texts of the background."""
    readings = [read_said(one) for one in said]
    names = frozenset(name for one in said for name in names_in(one))
    held = _held(readings, names)
    scores = _scores(held, _weights(said), elsewhere)
    ranked = sorted(scores, key=lambda key: (-scores[key], key))
    best = [key for kind in _kinds(ranked) for key in kind[:_COMPARED]]
    hashtags = _hashtags(said, readings, names, count)
    shown = {fold(one.words).replace(" ", "").strip("#") for one in hashtags}
    told = [key for key in best if "".join(key) not in shown and not _one_voice(said, held[key])]
    phrases, words = _chosen(told, held, len(said), count)
    chosen = (*phrases, *words)
    holding = {number for key in chosen for number in held[key]}
    surfaces = _surfaces([readings[number] for number in holding], chosen)
    return Topics(
        tuple(_topic(surfaces[key], said, held[key]) for key in phrases),
        tuple(_topic(surfaces[key], said, held[key]) for key in words),
        hashtags,
    )


# ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _weights(said: Sequence[Said]) -> list[float]:
    copies = Counter(one.story_id for one in said)
    return [1 / sqrt(copies[one.story_id]) for one in said]


def _held(readings: Sequence[Reading], names: frozenset[str]) -> Held:
    """What enough mentions hold to matter, but for the name itself and agencies; «پیام رسان» is «پیام‌رسان»."""
    least = max(_LEAST_ARTICLES if len(readings) > _FEW else 2, _LEAST_SHARE * len(readings))
    own = frozenset(word for name in names for word in (*name.split(), name.replace(" ", "")))
    phrases = [frozenset(_phrases(reading)) for reading in readings]
    often = Counter(chain.from_iterable(phrases))
    spellings: defaultdict[str, list[Key]] = defaultdict(list)
    for key in often:
        spellings["".join(key)].append(key)
    usual = {  # by each spelling of what may be held often enough, the most common one
        key: max(keys, key=often.__getitem__)
        for keys in spellings.values()
        if sum(map(often.__getitem__, keys)) >= least
        for key in keys
    }
    held: defaultdict[Key, list[int]] = defaultdict(list)
    for number, some in enumerate(phrases):
        for key in {usual[key] for key in some & usual.keys()}:
            held[key].append(number)
    return {key: numbers for key, numbers in held.items() if len(numbers) >= least and _may_be_topic(key, own)}


def _phrases(reading: Reading) -> Iterator[Key]:
    for run in reading.runs:
        keys = tuple([word.key for word in run])
        for start, end in _parts(run):
            yield keys[start:end]


def _parts(run: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """All parts of one to four words that begin and end with one that says something: from where to where."""
    for start, first in enumerate(run):
        if first.empty:
            continue
        for end in range(start + 1, min(start + _LONGEST, len(run)) + 1):
            if not run[end - 1].empty:
                yield start, end
            elif run[end - 1].key not in _INSIDE:
                break


def _may_be_topic(key: Key, own: frozenset[str]) -> bool:
    return not any(words.issuperset(key) for words in (own, EDGE_WORDS, GENERIC_WORDS))


def _scores(held: Held, weights: Sequence[float], elsewhere: Iterable[str]) -> Mapping[Key, float]:
    """z of those that stand out; where there is hardly a background, what most hold."""
    spelled = {"".join(key): key for key in held}
    others, there = 0, Counter[Key]()
    for text in elsewhere:
        others += 1
        found = {"".join(key) for key in _phrases(read_other(text))}
        there.update(spelled[joined] for joined in found & spelled.keys())
    here = sum(weights)
    scores = {}
    for key, numbers in held.items():
        holding = sum(weights[number] for number in numbers)
        if others < _LEAST_BACKGROUND:
            scores[key] = _LEAST_Z + holding
            continue
        lift = (holding + _HALF) / (here + 1) * (others + 1) / (there[key] + _HALF)
        if len(key) > 1 or lift >= _LIFT:
            scores[key] = _z(holding, here, there[key], others)
    return {key: score for key, score in scores.items() if score >= _LEAST_Z}


def _z(holding: float, here: float, there: float, others: float) -> float:
    prior = _PRIOR * (holding + there) / (here + others)
    difference = _log_odds(holding, here, prior) - _log_odds(there, others, prior)
    return difference / sqrt(1 / (holding + prior) + 1 / (there + prior))


def _log_odds(holding: float, articles: float, prior: float) -> float:
    return log((holding + prior) / (articles + _PRIOR - holding - prior))


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _one_voice(said: Sequence[Said], numbers: Sequence[int]) -> bool:
    """Whether it is what one publisher always says, and not what the mentions say."""
    publisher, times = Counter(said[number].publisher for number in numbers).most_common(1)[0]
    of_all = sum(one.publisher == publisher for one in said)
    return times > _ONE_VOICE * len(numbers) and of_all < _HALF * len(said)


def _chosen(best: Sequence[Key], held: Held, mentions: int, count: int) -> tuple[list[Key], list[Key]]:
    """Phrases and words, each thing once: no word where a phrase says it, nothing that stands in the same articles."""
    whole = [key for key in best if not any(_absorbs(longer, key, held) for longer in best)]
    phrases: list[Key] = []
    words: list[Key] = []
    for kind, keys in zip((phrases, words), _kinds(whole), strict=True):
        for key in keys:
            told = any(_same(key, other, held, mentions) for other in (*phrases, *words))
            if not told and len(kind) < count:
                kind.append(key)
    return phrases, words


def _kinds(keys: Sequence[Key]) -> tuple[list[Key], list[Key]]:
    """Phrases and single words apart."""
    return [key for key in keys if len(key) > 1], [key for key in keys if len(key) == 1]


def _absorbs(longer: Key, key: Key, held: Held) -> bool:
    enough = len(longer) > len(key) and len(held[longer]) >= _ABSORBED * len(held[key])
    return enough and _holds(longer, key)


def _holds(longer: Key, key: Key) -> bool:
    return any(longer[at : at + len(key)] == key for at in range(len(longer) - len(key) + 1))


def _same(key: Key, other: Key, held: Held, mentions: int) -> bool:
    """Whether two tell of one thing: one holds the other; or they stand in the same articles, and have a word in common or
    meet more often than by chance."""
    if _holds(other, key):
        return True
    rarer, commoner = sorted((held[key], held[other]), key=len)
    shared = len(set(rarer).intersection(commoner)) / len(rarer)
    chance = 0.0 if set(key).intersection(other) else _MORE_THAN_CHANCE * len(commoner) / mentions
    return shared >= max(_SAME, chance)


# ── showing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _surfaces(readings: Iterable[Reading], chosen: Iterable[Key]) -> Mapping[Key, str]:
    """How most write each."""
    keys = {"".join(key): key for key in chosen}
    spelled: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    for reading in readings:
        for run in reading.runs:
            for start, end in _parts(run):
                if key := keys.get("".join([word.key for word in run[start:end]])):
                    spelled[key][" ".join([word.surface for word in run[start:end]])] += 1
    return {key: _most_common(spellings) for key, spellings in spelled.items()}


def _most_common(spellings: Counter[str]) -> str:
    """Of equally common spellings the shorter: without an ending."""
    return min(spellings, key=lambda words: (-spellings[words], len(words), words))


def _hashtags(
    said: Sequence[Said], readings: Sequence[Reading], names: frozenset[str], count: int
) -> tuple[Topic, ...]:
    """All hashtags but the name's own."""
    own = {name.replace(" ", "").strip("#") for name in names}
    tagged: defaultdict[str, list[int]] = defaultdict(list)
    spelled: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for number, reading in enumerate(readings):
        for tag in dict.fromkeys(reading.hashtags):
            key = fold(tag).replace(" ", "")
            spelled[key][tag] += 1
            if number not in tagged[key][-1:]:
                tagged[key].append(number)
    often = [key for key, numbers in tagged.items() if len(numbers) >= _LEAST_TAGGED and key.strip("#") not in own]
    often.sort(key=lambda key: (-len(tagged[key]), key))
    return tuple(_topic(_most_common(spelled[key]), said, tagged[key]) for key in often[:count])


def _topic(words: str, said: Sequence[Said], numbers: Sequence[int]) -> Topic:
    label, times = Counter(said[number].label for number in numbers).most_common(1)[0]
    return Topic(words, label if times > _HALF * len(numbers) else "neu", tuple(said[n].article_id for n in numbers))
