"""Broken XML → text that a strict parser takes, where the break has a known cause. Text in, text out; reads no feed.

In time linear in the text, since broken feeds may be hostile ones; slow all the same, so it runs in a worker process.
"""

import html.entities
import re
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice

_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)
_END = re.compile(r"</(?:\w+:)?(?:rss|rdf|feed)\s*>", re.IGNORECASE)

# CDATA sections and comments are passed over; of the rest, references that mean nothing in XML and the "&" and "<"
# that begin nothing.
_SUSPECT = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|(?P<open>\Z))|<!--.*?(?:-->|\Z)"
    r"|&\#(?P<decimal>\d{1,8});|&\#[xX](?P<hex>[0-9a-fA-F]{1,7});|&(?P<name>[a-zA-Z]\w{1,31});|(?P<bare>&|<(?![a-zA-Z_/!?]))",
    re.DOTALL,
)
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})

_TAG = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?[^<>]*>|<(?P<end>/?)(?P<name>[^\s/<>!?]+)(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+>",
    re.DOTALL,
)

_ALIKE = 0.7  # difflib's ratio; "titel" and "title" have 0.8
_ENTRY_NAMES = frozenset({"item", "entry"})
_LEAVES = frozenset(
    {"title", "link", "guid", "id", "pubdate", "published", "updated", "dc:date", "description", "summary"}
)

_PREFIXES = re.compile(r"</?([A-Za-z_][\w.-]*):[A-Za-z_]|\s([A-Za-z_][\w.-]*):[\w.-]+\s*=\s*[\"']")
_DECLARED = re.compile(r"\sxmlns:([A-Za-z_][\w.-]*)\s*=")
_MOST_PREFIXES = 50
_NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


def mended(text: str) -> str:
    """A feed with what usually breaks feeds put right: junk around the root, a DOCTYPE with its entities, and the
    faults below."""
    root = _ROOT.search(text)
    text = text[root.start() :] if root else text
    ends = list(_END.finditer(text))
    return without_faults(text[: ends[-1].end()] if ends else _uncut(text))


def without_faults(text: str) -> str:
    """XML with control characters, references to nothing, bare "&" and "<" and undeclared prefixes put right, and an
    end for every beginning."""
    # What is left of document types stands inside the root, where it is quoted or wrong: it must not look like one.
    text = _ILLEGAL.sub("", text).replace("<!DOCTYPE", "<!doctype")
    return _balanced(_declared(_SUSPECT.sub(_harmless, text)))


def _harmless(found: re.Match[str]) -> str:
    whole = found[0]
    if found["bare"]:
        return "&amp;" if whole == "&" else "&lt;"
    if name := found["name"]:
        meant = html.entities.html5.get(f"{name};")
        return whole if name in _XML_NAMES else _references(meant) if meant else f"&amp;{name};"
    if found["decimal"] or found["hex"]:
        code = int(found["decimal"] or found["hex"], 10 if found["decimal"] else 16)
        return whole if code < 0x110000 and not _ILLEGAL.match(chr(code)) else ""
    return f"{whole}]]>" if found["open"] is not None else whole


def _references(characters: str) -> str:
    return "".join(f"&#{ord(character)};" for character in characters)


def _declared(text: str) -> str:
    """`text` with its root declaring the prefixes that nobody declares."""
    used = dict.fromkeys(one or other for one, other in _PREFIXES.findall(text))
    missing = used.keys() - set(_DECLARED.findall(text)) - {"xml", "xmlns"}
    root = _ROOT.match(text)
    if root is None or not missing:
        return text
    names = islice((prefix for prefix in used if prefix in missing), _MOST_PREFIXES)
    declarations = "".join(f' xmlns:{prefix}="{_NAMESPACES.get(prefix, f"urn:{prefix}")}"' for prefix in names)
    return f"{text[: root.end()]}{declarations}{text[root.end() :]}"


def _uncut(text: str) -> str:
    """A text that was cut off, without the element that was being written.

    Half a guid or half a link would make another article of it at the next poll.
    """
    section = text.rfind("<![CDATA[")
    if section > text.rfind("]]>"):
        return text[: max(text.rfind("<", 0, section), 0)]
    if text.rfind("<") > text.rfind(">"):
        text, _, cut = text.rpartition("<")
        if cut.startswith("/"):
            return text
    written = text[text.rfind(">") + 1 :]
    return text[: max(text.rfind("<"), 0)] if written.strip() else text


def _balanced(text: str) -> str:
    """`text` with an end for every beginning: elements left open are closed with what holds them, or by what cannot
    stand in them; an end that fits nothing open is dropped, unless it looks like a misspelt one of the innermost."""
    pieces: list[str] = []
    opened = _Open()
    done = 0
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if name is None:
            continue
        pieces.append(text[done : tag.start()])
        done = tag.end()
        pieces += opened.ended_by(name) if tag["end"] else opened.left_by(name)
        if not tag["end"]:
            pieces.append(tag[0])
            if not tag[0].endswith("/>"):
                opened.push(name)
    return "".join((*pieces, text[done:], *opened.all_ended()))


class _Open:
    """The elements that are open, innermost last, and the ends that they want written."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._depths: Counter[str] = Counter()  # so that a stray end is known without a search

    def push(self, name: str) -> None:
        self._names.append(name)
        self._depths[name] += 1

    def left_by(self, name: str) -> list[str]:
        """The ends that a beginning of `name` implies: no entry stands in another, no link in a title."""
        kind = name.lower()
        if kind in _ENTRY_NAMES and self._depths[name]:
            return self._ended_up_to(name)
        innermost = self._names[-1] if self._names else ""
        return self._ended_up_to(innermost) if kind in _LEAVES and innermost.lower() in _LEAVES else []

    def ended_by(self, name: str) -> list[str]:
        """The ends to write where `</name>` stands."""
        if self._depths[name]:
            return self._ended_up_to(name)
        innermost = self._names[-1] if self._names else ""
        return self._ended_up_to(innermost) if innermost and _misspelt(name, innermost) else []

    def all_ended(self) -> list[str]:
        return [f"</{name}>" for name in reversed(self._names)]

    def _ended_up_to(self, name: str) -> list[str]:
        ends: list[str] = []
        while not ends or ends[-1] != f"</{name}>":
            innermost = self._names.pop()
            self._depths[innermost] -= 1
            ends.append(f"</{innermost}>")
        return ends


@lru_cache(maxsize=1000)
def _misspelt(name: str, meant: str) -> bool:
    return SequenceMatcher(None, name[:50].lower(), meant[:50].lower()).ratio() >= _ALIKE
