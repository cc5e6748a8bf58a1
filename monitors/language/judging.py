"""Judging words and phrases (lexicon.toml) in a divided passage.

What lives here: finding them. What does not: the words (lexicon.py), what they are worth beside the brand (features.py).
"""

from monitors.language.clause import Clauses
from monitors.language.lexicon import LONGEST, lexicon


def judging_words(clauses: Clauses) -> list[tuple[int, int, tuple[str, ...]]]:
    """(first token, length, groups) of each judging word or phrase, the longest first where several begin."""
    tokens, found, index = clauses.tokens, [], 0
    while index < len(tokens):
        length, names = 1, tokens[index].word.groups
        if tokens[index].word.reach > 1:
            length, names = _longest(clauses, index)
        if names:
            found.append((index, length, names))
        index += length
    return found


def _longest(clauses: Clauses, start: int) -> tuple[int, tuple[str, ...]]:
    known, tokens = lexicon(), clauses.tokens
    best = 1, tokens[start].word.groups
    partial: list[tuple[str, ...]] = [(form,) for form in tokens[start].word.forms if form in known.heads]
    for length in range(2, LONGEST + 1):
        end = start + length - 1
        if end >= len(tokens) or tokens[end].is_brand:
            break
        partial = [
            (*head, form) for head in partial if known.heads[head[0]] >= length for form in tokens[end].word.forms[:6]
        ]
        for phrase in partial:
            if phrase in known.phrases:
                best = length, known.phrases[phrase]
                break
    return best
