"""What is asked about a mention, and its answer by any model: the passage around the brand, a review's stars, a chat's words.

What lives here: the question, and the protocol of whoever answers it. What does not: the models (language/), when a deeper
one is asked (refine.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from monitors.language import passage, sentiment
from monitors.language.passage import Passage
from monitors.model import STAR, Item, Language, OwnWords, Sentiment, Span

type Words = Mapping[int, OwnWords]  # the chats' own, by tracker

UNSAID = Sentiment("neu", 0.0, certain=False)


class Judge(Protocol):
    """A model, loaded: the module `language.sentiment`, `language.sentiment_e5.E5`, `language.sentiment_onnx.Onnx`."""

    def judge(self, passage: Passage, language: Language | None, kind: str, words: OwnWords | None = None) -> Sentiment:
        """What the passage says of the brand."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What does the item, of a source of this kind, say of the brand at the spans? `words` are the chat's own."""

    item: Item
    spans: tuple[Span, ...]
    language: Language | None
    kind: str
    words: OwnWords | None = None

    def answered(self, by: Judge = sentiment) -> Sentiment:
        """The judgement, the light model's unless another is given.

        A review is judged by its words and not by its headline, which says how the reviewed calls itself; the stars are a
        word on nobody else whom it names.
        """
        about = passage.around(self.item.title, self.item.text, self.spans)
        if self.item.metrics.stars is None:
            return by.judge(about, self.language, self.kind, self.words)
        review = replace(about, title="", title_marks=())
        judged = by.judge(review, self.language, self.kind, self.words) if about.marks else UNSAID
        reviewed = self.item.title.find(STAR)
        is_reviewed = any(span.part == "title" and span.end <= reviewed for span in self.spans)
        return sentiment.by_stars(judged, self.item.metrics.stars) if is_reviewed else judged


def deeper(model: str) -> Callable[[], Judge] | None:
    """How the model of a setting is loaded: "e5", or a folder with an ONNX classifier; None for "light".

    What is returned raises ImportError, OSError or ValueError where the model cannot be had.
    """
    if model == "light":
        return None
    return _e5 if model == "e5" else lambda: _onnx(Path(model))


def _e5() -> Judge:
    from monitors.language.sentiment_e5 import E5

    return E5()


def _onnx(folder: Path) -> Judge:
    from monitors.language.sentiment_onnx import Onnx

    return Onnx(folder)
