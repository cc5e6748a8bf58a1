"""Mention → label, score, evidence: a judgement about the brand in its passage, by a linear model over targeted features.

What lives here: the model file (sentiment.npz, plain arrays), scoring, the abstain band, the words that decided, a chat's own
words. What does not: what the features are (features.py), how the weights came about (training/sentiment.py), the deeper
model (sentiment_e5.py).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitors.language.clause import Clauses, divide
from monitors.language.constructions import construction
from monitors.language.features import BLOCKS, Features, features_of
from monitors.language.passage import Passage
from monitors.model import Language, OwnWords, Sentiment, SentimentLabel

LABELS: Final[tuple[SentimentLabel, ...]] = ("neg", "neu", "pos")
_NEUTRAL: Final = 1
_MOST_EVIDENCE: Final = 3
_LONGEST_EVIDENCE: Final = 4  # words
_OWN_WORD_SCORE: Final = 0.95
_CONSTRUCTION_SCORE: Final = 0.9  # at the least, as measured (docs/sentiment.md)
_BY_STARS: Final = {
    1: Sentiment("neg", 0.9, evidence=("★☆☆☆☆",)),
    2: Sentiment("neg", 0.75, evidence=("★★☆☆☆",)),
    3: Sentiment("neu", 0.6),
    4: Sentiment("pos", 0.75, evidence=("★★★★☆",)),
    5: Sentiment("pos", 0.9, evidence=("★★★★★",)),
}
_TAGS_AT_THE_END: Final = re.compile(r"(?:\s+#[\w\u200c]+)+\s*$")
_ONES: Final = np.ones(len(LABELS), np.int32)


type Chances = NDArray[np.float32]  # probabilities [3] of LABELS
type SecondOpinion = Callable[[Chances], Chances]  # a deeper model's, given the light one's


@dataclass(frozen=True, slots=True)
class Model:
    """`table` [features, 3] in int8 times `scale` are the weights of LABELS, `bias` [3] what stands before any word.

    `blocks` scales each block of features, `temperature` makes probabilities honest, and a pos or neg whose probability is
    below `threshold` is shown as neutral.
    """

    table: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]
    blocks: NDArray[np.float32]
    temperature: float
    threshold: float


@dataclass(frozen=True, slots=True)
class _Piece:
    clauses: Clauses
    features: Features
    shares: NDArray[np.float32]
    scores: NDArray[np.float32]


@cache
def model() -> Model:
    """The shipped weights, read once."""
    with files("monitors.language").joinpath("sentiment.npz").open("rb") as file, np.load(file) as arrays:
        return Model(
            arrays["table"],
            arrays["scale"],
            arrays["bias"],
            arrays["blocks"],
            float(arrays["temperature"]),
            float(arrays["threshold"]),
        )


def judge(
    passage: Passage,
    language: Language | None,
    kind: str,
    words: OwnWords | None = None,
    second: SecondOpinion | None = None,
) -> Sentiment:
    """What the passage says of the brand at its marks. `kind` is the source's; the light model does not need it.

    Headline and text are judged apart and count the same; one that does not name the brand counts only if neither does.
    Where a sentence says by its build whom it means (constructions.py), no model is asked.
    """
    pieces = [_scored(text, marks, language) for text, marks in named_parts(passage)]
    judged = _by_construction(passage) or _by_models(pieces, second)
    return _by_own_words(judged, pieces, words) if words else judged


def _by_models(pieces: Sequence[_Piece], second: SecondOpinion | None) -> Sentiment:
    chances = _calibrated(_together(pieces))
    judged = labelled(second(chances) if second else chances, model().threshold)
    if judged.label == "neu":
        return judged
    return replace(judged, evidence=_evidence(pieces, LABELS.index(judged.label)))


def _by_construction(passage: Passage) -> Sentiment | None:
    """What a sentence says by its build, which no model outvotes; None where there is none, or headline and text disagree."""
    found = [one for text, marks in named_parts(passage) if (one := construction(text, marks))]
    if len({one.label for one in found}) != 1:
        return None
    return Sentiment(found[0].label, _CONSTRUCTION_SCORE, evidence=tuple(dict.fromkeys(one.words for one in found)))


def by_stars(judged: Sentiment, stars: int | None) -> Sentiment:
    """The judgement of a review: what its words leave open, its author's stars (1–5) say. The scores are chosen, not measured:
    whoever gives the most or the fewest means it."""
    return _BY_STARS.get(stars or 0, judged) if judged.label == "neu" else judged


def probabilities(passage: Passage, language: Language | None) -> Chances:
    """Calibrated probabilities [3] of LABELS, by the light model."""
    return _calibrated(_together([_scored(text, marks, language) for text, marks in named_parts(passage)]))


def _together(pieces: Sequence[_Piece]) -> NDArray[np.float32]:
    return pieces[0].scores if len(pieces) == 1 else np.asarray(np.mean([piece.scores for piece in pieces], axis=0))


def named_parts(passage: Passage) -> list[tuple[str, tuple[tuple[int, int], ...]]]:
    """Headline and text with the brand's places, those of the two that name it; what there is where neither does."""
    parts = [_untagged(passage.title, passage.title_marks), _untagged(passage.text, passage.marks)]
    named = [part for part in parts if part[1]]
    return named or [part for part in parts if part[0]] or parts[1:]


def _untagged(text: str, marks: tuple[tuple[int, int], ...]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Without the hashtags after the last sentence, which file a post and say nothing, unless they alone name the brand."""
    tags = _TAGS_AT_THE_END.search(text) if text.rstrip()[-1:].isalnum() else None
    before = tuple(mark for mark in marks if mark[1] <= tags.start()) if tags else ()
    return (text[: tags.start()], before) if tags and before else (text, marks)


def _scored(text: str, marks: Sequence[tuple[int, int]], language: Language | None) -> _Piece:
    clauses = divide(text, marks)
    features = features_of(clauses, "en" if language == "en" else "fa")
    weights = model()
    shares = _shares(features)
    scores = shares @ weights.table.take(features.ids, axis=0) * weights.scale + weights.bias
    return _Piece(clauses, features, shares, scores)


def _shares(features: Features) -> NDArray[np.float32]:
    """What each feature counts: the more there are in its block, the less."""
    lengths = np.bincount(features.blocks, minlength=len(BLOCKS))
    share: NDArray[np.float32] = (model().blocks / np.sqrt(np.maximum(1, lengths))).astype(np.float32)
    return share.take(features.blocks)


def _calibrated(scores: NDArray[np.float32]) -> Chances:
    powers = np.exp((scores - scores.max()) / model().temperature)
    return np.asarray(powers / powers.sum())


def labelled(chances: Chances, threshold: float) -> Sentiment:
    """The label of probabilities [3] of LABELS; in the abstain band, neutral and not certain."""
    best = int(chances.argmax())
    if best == _NEUTRAL:
        return Sentiment("neu", float(chances[best]))
    if chances[best] < threshold:
        return Sentiment("neu", float(chances[_NEUTRAL]), certain=False)
    return Sentiment(LABELS[best], float(chances[best]))


def _evidence(pieces: Sequence[_Piece], label: int) -> tuple[str, ...]:
    """The groups of neighbouring words that speak for the label the most, as written, strongest first."""
    found = [group for piece in pieces for group in _groups(piece, label)]
    found.sort(reverse=True)
    return tuple(dict.fromkeys(text for _, text in found[:_MOST_EVIDENCE]))


def _groups(piece: _Piece, label: int) -> list[tuple[float, str]]:
    """(strength, words) of each run of words that speak for the label."""
    said = _said(piece, label)
    least = max(said, default=0.0) * 0.35
    groups: list[tuple[float, str]] = []
    run: list[int] = []
    for index in range(len(said) + 1):
        if index < len(said) and said[index] > max(least, 1e-6) and len(run) < _LONGEST_EVIDENCE:
            run.append(index)
        elif run:
            tokens = piece.clauses.tokens
            groups.append((sum(said[i] for i in run), piece.clauses.text[tokens[run[0]].start : tokens[run[-1]].end]))
            run = []
    return groups


def _said(piece: _Piece, label: int) -> list[float]:
    """How much each word speaks for the label against the other two; nothing for the brand and for signs."""
    rows = model().table.take(piece.features.ids, axis=0)
    spoken = (3 * rows[:, label].astype(np.int32) - rows @ _ONES) * piece.shares
    said = np.bincount(piece.features.owners, spoken, len(piece.clauses.tokens) + 1)
    return [
        0.0 if token.is_brand or (token.word.norm.isascii() and not token.word.norm.isalnum()) else words
        for token, words in zip(piece.clauses.tokens, said.tolist(), strict=False)
    ]


def _by_own_words(judged: Sentiment, pieces: Sequence[_Piece], words: OwnWords) -> Sentiment:
    """The judgement where the chat's own words stand in the passage; words that contradict each other leave it to the model."""
    phrases: dict[SentimentLabel, tuple[str, ...]] = {
        "neg": words.negative,
        "neu": words.neutral,
        "pos": words.positive,
    }
    standing = {label: found for label, some in phrases.items() if (found := _standing(pieces, some))}
    if len(standing) != 1:
        return judged
    ((label, found),) = standing.items()
    score = max(judged.score, _OWN_WORD_SCORE) if judged.label == label else _OWN_WORD_SCORE
    kept = judged.evidence if judged.label == label else ()
    return Sentiment(label, score, evidence=tuple(dict.fromkeys((*found, *kept)))[:_MOST_EVIDENCE])


def _standing(pieces: Sequence[_Piece], phrases: Sequence[str]) -> tuple[str, ...]:
    """The phrases that stand in the passage, in whatever inflection, as the passage writes them."""
    found = []
    for phrase in phrases:
        wanted = [token.word.norm for token in divide(phrase, ()).tokens]
        for piece in pieces:
            tokens = piece.clauses.tokens
            for start in range(len(tokens) - len(wanted) + 1):
                run = tokens[start : start + len(wanted)]
                if wanted and all(norm in token.word.forms for norm, token in zip(wanted, run, strict=True)):
                    found.append(piece.clauses.text[run[0].start : run[-1].end])
    return tuple(dict.fromkeys(found))
