"""What somebody hands in → a headline and a text: words in a message, a text file, a Word file.

What lives here: reading those. What does not: fetching a link (monitors/scout.py), what becomes of the text (commands/).
"""

import io
import re
import zipfile
from dataclasses import dataclass

from lxml import etree

from monitors.sources.encoding import decode

FILE_LIMIT = 2_000_000  # bytes of a file, and of what a Word file holds when it is unpacked five times that
TEXT_LIMIT = 60_000  # characters
HEADLINE_LIMIT = 200

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"  # ECMA-376, part 1, 17
_DOCUMENT = "word/document.xml"
_SENTENCE = re.compile(r"(?<=[.!?؟…])\s")


class Unreadable(ValueError):
    """A file that is no text."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A headline, "" where there is none, and what stands below it."""

    headline: str
    text: str

    @property
    def title(self) -> str:
        """What it is called in lists: its headline, or how it begins."""
        return self.headline or _SENTENCE.split(self.text, 1)[0][:HEADLINE_LIMIT]


def written(words: str) -> Manuscript:
    """Words whose first line is the headline, where it is short and others follow."""
    lines = [line.strip() for line in words[:TEXT_LIMIT].splitlines() if line.strip()]
    if len(lines) > 1 and len(lines[0]) <= HEADLINE_LIMIT:
        return Manuscript(lines[0], "\n".join(lines[1:]))
    return Manuscript("", "\n".join(lines))


def read(name: str, content: bytes) -> Manuscript:
    """A file by its content, whatever its name says. Raises Unreadable. Slow: runs in a thread."""
    if content[:4] == b"PK\x03\x04":
        return written(_word(content))
    if b"\0" in content[:1000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(name)
    return written(decode(content))


def _word(content: bytes) -> str:
    """The paragraphs of a Word document (.docx), a line each."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.getinfo(_DOCUMENT).file_size > FILE_LIMIT * 5:
                raise Unreadable("too large inside")
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(archive.read(_DOCUMENT), parser)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, RuntimeError, NotImplementedError, OSError) as error:
        raise Unreadable("not a Word document") from error
    return "\n".join(_paragraph(paragraph) for paragraph in root.iter(f"{_WORD}p"))


def _paragraph(paragraph: etree._Element) -> str:
    """The runs of a paragraph; breaks and tabs are spaces."""
    pieces = [(node.text or "") if node.tag == f"{_WORD}t" else " " for node in paragraph.iter(*_PARTS)]
    return "".join(pieces)


_PARTS = (f"{_WORD}t", f"{_WORD}br", f"{_WORD}tab")
