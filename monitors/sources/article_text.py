"""A web page → the text of the article on it, without menus, advertisements and comments; by trafilatura.

Slow (milliseconds to seconds) and not bounded: it is called in a worker process only, where trafilatura is first loaded.
"""

import re

from monitors.sources.markup import clean

# trafilatura drops what is not printable, and with it the half-space that Persian words are written with: it travels as
# a letter that no page has (a sign of Javanese), and comes back.
_HALF_SPACE, _IN_ITS_PLACE = "\u200c", "\ua9cf"
_SPELLED = re.compile(rf"{_HALF_SPACE}|&(?:zwnj|#8204|#x200c);", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")  # lxml takes no text that speaks of its own encoding


def article_text(page: str, url: str) -> str:
    """The main text of an HTML page, paragraphs as lines; "" where there is none."""
    import trafilatura

    page = _DECLARATION.sub("", _SPELLED.sub(_IN_ITS_PLACE, page))
    found = trafilatura.extract(page, url=url, include_comments=False, include_tables=True)
    return clean((found or "").replace(_IN_ITS_PLACE, _HALF_SPACE))
