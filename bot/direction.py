"""Direction marks: makes mixed Persian and Latin text stand in the right order in a chat. Pure, over Telegram's HTML.

A chat gives each line the direction of its first strong letter, and orders runs of the other direction inside it. So every
line begins with a mark of the chat's direction, and every run of the other one is isolated (Unicode UAX #9, isolates).
Never the embeddings U+202A to U+202E: Telegram deletes them.
"""

import re
from collections.abc import Iterator

from bot.chats import ChatLanguage

RLM, LRM, ALM = "\u200f", "\u200e", "\u061c"
LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"
MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_LATIN = "A-Za-z\u00c0-\u024f\u0370-\u04ff"
_RTL = "\u0590-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_HIDDEN = "\ue000"  # stands for one tag or entity while runs are looked for
_TAG_OR_ENTITY = re.compile(r"<[^>]*>|&(?:#\w+|\w+);")
_LEADING_TAGS = re.compile(r"(?:<[^>]*>)*")
# A word is a name, a handle, a path, a number; what leads or ends it belongs to it (@, #, /, C++, 100%).
_WORD = re.compile(rf"[@#/+.$€~]*[{_LATIN}0-9](?:[{_LATIN}0-9._:/@%&?=#+~'’\-{_HIDDEN}]*[{_LATIN}0-9+#%°=/])?")
_FOREIGN = re.compile(rf"[{_LATIN}]|[@/]|\d[-–]\d|\+\d")
_RTL_LETTER = re.compile(f"[{_RTL}]")
_RTL_RUN = re.compile(rf"#?[{_RTL}](?:[^{_LATIN}]*[{_RTL}])?")
_CLOSERS = {")": "(", "]": "[", "»": "«", "”": "“", '"': '"'}


def direct(html: str, language: ChatLanguage) -> str:
    """The same message with its lines and runs marked for a chat of this language; marking twice changes nothing."""
    return "\n".join(_line(line, language) for line in MARKS.sub("", html).split("\n"))


def _line(line: str, language: ChatLanguage) -> str:
    hidden = _TAG_OR_ENTITY.findall(line)
    plain = _TAG_OR_ENTITY.sub(_HIDDEN, line)
    if language == "fa":
        lead, marked = RLM, _isolate(plain, _latin_runs(plain), LRI)
    elif re.search(f"[{_LATIN}]", plain):
        lead, marked = LRM, _isolate(plain, ((run.start(), run.end()) for run in _RTL_RUN.finditer(plain)), RLI)
    else:
        return line  # a line that is all Persian reads best in its own direction
    pieces = iter(hidden)
    restored = re.sub(_HIDDEN, lambda _: next(pieces), marked)
    # The mark goes inside tags that open the line: a block quote begins a line of its own.
    at = _LEADING_TAGS.match(restored).end()  # type: ignore[union-attr]  # matches always, if only nothing
    return f"{restored[:at]}{lead}{restored[at:]}"


def _isolate(line: str, runs: Iterator[tuple[int, int]], mark: str) -> str:
    pieces, done = [], 0
    for start, end in runs:
        pieces += [line[done:start], mark, line[start:end], PDI]
        done = end
    return "".join(pieces) + line[done:]


def _latin_runs(line: str) -> Iterator[tuple[int, int]]:
    """Where Latin stands in the line: words with nothing right-to-left between them, and numbers that belong to them."""
    words = [(word.start(), word.end(), _FOREIGN.search(word[0]) is not None) for word in _WORD.finditer(line)]
    if words and not _RTL_LETTER.search(line):
        if any(foreign for *_, foreign in words):
            yield words[0][0], len(line.rstrip(_HIDDEN))
        return
    start = end = -1
    for low, high, foreign in words:
        gap = line[end:low].replace(_HIDDEN, "")
        joined = end >= 0 and not _RTL_LETTER.search(gap) and (foreign or gap in ("", " "))
        if joined:
            end = high
        elif foreign:
            if end >= 0:
                yield start, _closed(line, start, end)
            start, end = low, high
    if end >= 0:
        yield start, _closed(line, start, end)


def _closed(line: str, start: int, end: int) -> int:
    """The end of a run, behind the bracket that closes one opened inside it."""
    while end < len(line) and (opener := _CLOSERS.get(line[end])):
        run = line[start:end]
        opened = run.count(opener) % 2 if opener == line[end] else run.count(opener) - run.count(line[end])
        if opened <= 0:
            break
        end += 1
    return end
