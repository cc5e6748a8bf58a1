"""`rasad feedback`: what chats corrected → labelled passages, as lines of JSON that `rasad train-sentiment` takes.

    {"text", "spans": [[start, end], …], "language", "label": "pos" | "neu" | "neg", "model": what the model had said}

What lives here: that format, written. What does not: reading it (sentiment.py beside it). Nothing of the chat is written.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from monitors.language import passage
from monitors.language.sentiment import named_parts
from monitors.language.text import detect_language
from monitors.model import Article, Span
from monitors.store import articles, judgements
from monitors.store.judgements import Correction

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    marks: tuple[tuple[int, int], ...]


async def lines(connection: AsyncConnection) -> list[str]:
    """The passages of all corrections, oldest first; those whose article does not name the brand any more are left out."""
    found = [one async for one in judgements.corrections(connection) if one.spans]
    written = []
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        known = await articles.by_ids(connection, {one.article_id for one in some})
        written += [_line(one, known[one.article_id]) for one in some if one.article_id in known]
    return written


def _line(correction: Correction, article: Article) -> str:
    shown = _joined(article.item.title, article.item.text, correction.spans)
    fields = {
        "text": shown.text,
        "spans": shown.marks,
        "language": article.item.language or detect_language(shown.text) or "fa",
        "label": correction.label,
        "model": correction.model,
    }
    return json.dumps(fields, ensure_ascii=False)


def _joined(title: str, text: str, spans: Sequence[Span]) -> _Text:
    """The parts that the model judges, under each other."""
    joined, marks = "", []
    for part, places in named_parts(passage.around(title, text, spans)):
        joined += "\n" if joined else ""
        marks += [(start + len(joined), end + len(joined)) for start, end in places]
        joined += part
    return _Text(joined, tuple(marks))
