"""A web page → the text of the article on it, without menus, advertisements and comments; by trafilatura.

Slow (milliseconds to seconds) and not bounded: it is called in a worker process only, where trafilatura is first loaded.
"""

import re

from monitors.errors import NothingFound, NotTheAnswer
from monitors.kinds import Body
from monitors.sources.encoding import decode
from monitors.sources.entries import TEXT, TITLE, shortened
from monitors.sources.html_tree import title_of, tree_of
from monitors.sources.markup import clean

# trafilatura drops what is not printable, and with it the half-space that Persian words are written with: it travels as
# a letter that no page has (a sign of Javanese), and comes back.
_HALF_SPACE, _IN_ITS_PLACE = "\u200c", "\ua9cf"
_SPELLED = re.compile(rf"{_HALF_SPACE}|&(?:zwnj|#8204|#x200c);", re.IGNORECASE)
_PAGES = re.compile(r"^$|html|xml|text/plain", re.IGNORECASE)  # content types; none is none said
_LONGEST_TYPE = 60  # characters of one that an error holds
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")  # lxml takes no text that speaks of its own encoding


def article_text(page: str, url: str) -> str:
    """The main text of an HTML page, paragraphs as lines; "" where there is none."""
    import trafilatura

    page = _DECLARATION.sub("", _SPELLED.sub(_IN_ITS_PLACE, page))
    found = trafilatura.extract(page, url=url, include_comments=False, include_tables=True)
    return clean((found or "").replace(_IN_ITS_PLACE, _HALF_SPACE))


def read_article(body: Body) -> tuple[str, str]:
    """The title and main text of the article that a page is. Raises NothingFound, and NotTheAnswer for what is no page."""
    if not _PAGES.search(body.content_type):
        raise NotTheAnswer(body.content_type[:_LONGEST_TYPE])
    text = article_text(decode(body.content, body.content_type), body.url)
    if not text:
        raise NothingFound("no article")
    return shortened(title_of(tree_of(body)), TITLE), shortened(text, TEXT)
