"""Mention → label, score, evidence: a judgement about the brand in its passage."""

from monitors.language.passage import Passage
from monitors.model import Language, Sentiment


def judge(passage: Passage, language: Language | None, kind: str) -> Sentiment:
    """Placeholder until the model below is in."""
    return Sentiment("neu", 0.5)
