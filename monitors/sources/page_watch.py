"""One page, watched: when its main text changes, one Item says which sentences came (➕) and which went (➖).

The cursor is the text as it was last seen, a sentence a line. The first poll's Item is the page as it stands.
"""

import re
from urllib.parse import quote

from monitors.errors import NothingFound
from monitors.kinds import Body, Page
from monitors.model import Item
from monitors.sources.article_text import article_text
from monitors.sources.encoding import decode
from monitors.sources.entries import TEXT, TITLE, hashed, language_of, shortened
from monitors.sources.html_tree import language_code, lines, selected, title_of, tree_of
from monitors.sources.markup import one_line

_END = re.compile(r"(?<=[.!?؟…])\s+|\n")
_LETTERS = re.compile(r"[^\W\d_]")
_PASSAGE = 60  # characters of a sentence by which a browser finds it


def read(body: Body, cursor: str | None, part: str | None) -> Page:
    """What changed since `cursor`; `part` is a CSS selector of what is watched, None for the page's main text.

    Raises NothingFound where the page shows no text, BadSelector.
    """
    root = tree_of(body)
    if part:
        text = "\n".join(line for element in selected(root, part) for line in lines(element))
    else:
        text = article_text(decode(body.content, body.content_type), body.url)
    now = _sentences(shortened(text, TEXT))
    if not now:
        raise NothingFound("no text")
    title = shortened(title_of(root) or body.url, TITLE)
    before = cursor.split("\n") if cursor else None
    item = _item(title, body.url, before, now)
    code = language_code(root)
    return Page((item,) if item else (), title=title, language=language_of(code), cursor="\n".join(now))


def _sentences(text: str) -> list[str]:
    """Each sentence once, in order; what has no letter is a number or a rule."""
    return list(dict.fromkeys(one for piece in _END.split(text) if _LETTERS.search(one := one_line(piece))))


def _item(title: str, url: str, before: list[str] | None, now: list[str]) -> Item | None:
    if before is None:
        return Item(hashed(*now), url or None, title, "\n".join(now))
    came = [sentence for sentence in now if sentence not in set(before)]
    went = [sentence for sentence in before if sentence not in set(now)]
    if not came and not went:
        return None
    told = [f"➕ {sentence}" for sentence in came] + [f"➖ {sentence}" for sentence in went]
    return Item(
        hashed(*before, "", *now), _passage(url, came) if url else None, title, shortened("\n".join(told), TEXT)
    )


def _passage(url: str, came: list[str]) -> str:
    """A link to the first new sentence (a text fragment: wicg.github.io/scroll-to-text-fragment), which the browser shows.

    It is also what keeps the changes of one page apart: an address with such a fragment identifies no article.
    """
    start = came[0][:_PASSAGE].rpartition(" ")[0] or came[0][:_PASSAGE] if came else ""
    return f"{url.partition('#')[0]}#:~:text={quote(start, safe='').replace('-', '%2D')}"
