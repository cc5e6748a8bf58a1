"""A page of a channel's web preview, in the markup of Telegram's widget (t.me/s/NAME), which Eitaa took over (eitaa.com/NAME).

A page shows about 20 posts, oldest first; `?before=ID` is the page before. The cursor holds two posts' numbers,
"first-newest": pages are read backwards until one reaches the newest, and what is older than the first page that was ever
read is passed over (it comes into view where newer posts were deleted, and is no news). What lives here: pages and posts.
What does not: addresses (the messengers' files).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from monitors.errors import ChannelUnavailable, NotTheAnswer
from monitors.kinds import Body, Page, Request
from monitors.model import Item, Metrics
from monitors.sources.counts import count_in
from monitors.sources.dates import parse_date
from monitors.sources.encoding import decode
from monitors.sources.entries import TEXT, TITLE, shortened, web_url
from monitors.sources.markup import headline, one_line, plain

type Element = etree._Element  # noqa: SLF001 – lxml has no public name for it

_LONGEST_WORDS = 120  # characters of an unexpected page that its error holds
# A post inside a post (a forward's preview) is no post.
_POSTS = etree.XPath("//div[@data-post][not(ancestor::div[@data-post])]")
_MOMENT = etree.XPath("string((descendant::time[@datetime])[last()]/@datetime)")  # a video's length is a time too
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Preview:
    """A messenger's preview: what its CSS classes begin with, its `site` and where a channel's `pages` are, without the name."""

    prefix: str
    site: str
    pages: str

    def read(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts of a page. Raises ChannelUnavailable where the messenger shows none on a first page, and NotTheAnswer for
        what is no page of the messenger."""
        root = _tree(decode(body.content, body.content_type))
        posts = [] if root is None else list(_posts(root))
        first_page = "before" not in parse_qs(_query(body.url))
        if root is None or (not posts and not _named_like(self.prefix)(root)):
            raise NotTheAnswer(one_line(_text(root))[:_LONGEST_WORDS] or "an empty page")
        if not posts and first_page:
            raise ChannelUnavailable(f"no preview of {address}")
        numbers = [number for number, _ in posts]
        oldest = min(numbers, default=0)
        first, seen = _bookmark(cursor) or (oldest, None)
        gap = seen is not None and oldest > seen + 1
        return Page(
            items=tuple(item for number, post in posts if number >= first and (item := self._item(post))),
            title=self._title(root),
            # An older page's newest post is not the channel's: only the first page moves the bookmark.
            cursor=f"{first}-{max(*numbers, seen or 0)}" if first_page else None,
            more=Request(f"{self.pages}/{address}?before={oldest}") if gap else None,
            homepage=f"{self.pages}/{address}",
        )

    def _title(self, root: Element) -> str | None:
        named = _first(root, f"{self.prefix}_channel_info_header_title")
        if named is None:
            named = self._part(root, "owner_name")
        return shortened(one_line(_text(named)), TITLE) or None

    def _item(self, post: Element) -> Item | None:
        """The Item of a post; None for "channel created" and its like."""
        if "service_message" in post.get("class", "").split():
            return None
        name = post.get("data-post", "")
        text = self._words(post)
        forwarded = self._part(post, "forwarded_from_name")
        return Item(
            guid=name,
            url=f"{self.site}/{name}",
            title=shortened(headline(_LINK.sub("", text)).strip() or headline(text), TITLE),
            text=shortened(text, TEXT),
            author=one_line(_text(self._part(post, "from_author"))) or None,
            published_at=parse_date(str(_MOMENT(post))),
            origin=web_url(forwarded.get("href", ""), self.site) if forwarded is not None else None,
            metrics=Metrics(views=_count(self._part(post, "views")), likes=_reactions(post)),
        )

    def _words(self, post: Element) -> str:
        """What the channel wrote: its text, or a poll's question and answers, and the names of its files; what a link's
        preview says where there is nothing but the link. Not the post that it replies to."""
        own = next(iter(_found(_own_words(self.prefix), post)), None)
        poll = () if own is not None else (*self._parts(post, "poll_question"), *self._parts(post, "poll_option_text"))
        lines = [_text(own), *(one_line(_text(line)) for line in (*poll, *self._parts(post, "document_title")))]
        if not any(map(str.isalnum, _LINK.sub("", "".join(lines)))):
            lines += [one_line(_text(_first(post, f"link_preview_{name}"))) for name in ("title", "description")]
        return "\n".join(filter(None, lines))

    def _part(self, element: Element, name: str) -> Element | None:
        return _first(element, f"{self.prefix}_widget_message_{name}")

    def _parts(self, element: Element, name: str) -> list[Element]:
        return _found(_path(f"{self.prefix}_widget_message_{name}"), element)


# ── a page ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _bookmark(cursor: str | None) -> tuple[int, int] | None:
    first, dash, newest = (cursor or "").partition("-")
    return (int(first), int(newest)) if dash and first.isdecimal() and newest.isdecimal() else None


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""


def _tree(page: str) -> Element | None:
    try:
        return etree.fromstring(page.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8", no_network=True))
    except etree.XMLSyntaxError:
        return None


def _posts(root: Element) -> Iterator[tuple[int, Element]]:
    """Each post with its number, service messages among them; an album is one post with its first number."""
    for post in _found(_POSTS, root):
        channel, _, number = post.get("data-post", "").partition("/")
        if channel and number.isdecimal() and len(number) < 16:
            yield int(number), post


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _having(name: str) -> str:
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


@cache
def _path(name: str) -> etree.XPath:
    return etree.XPath(f"descendant-or-self::*[{_having(name)}]")


@cache
def _named_like(prefix: str) -> etree.XPath:
    """Elements whose class begins with the messenger's prefix: what no other page has."""
    return etree.XPath(f"(//*[contains(concat(' ', @class), ' {prefix}_')])[1]")


@cache
def _own_words(prefix: str) -> etree.XPath:
    """What the channel wrote itself: not the words of the post that it replies to."""
    reply = f"ancestor::*[{_having(f'{prefix}_widget_message_reply')}]"
    return etree.XPath(f"(descendant::*[{_having('js-message_text')}][not({reply})])[1]")


def _found(path: etree.XPath, element: Element) -> list[Element]:
    return cast("list[Element]", path(element))


def _first(element: Element, name: str) -> Element | None:
    return next(iter(_found(_path(name), element)), None)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _text(element: Element | None) -> str:
    if element is None:
        return ""
    return plain(str(etree.tostring(element, encoding="unicode", method="html", with_tail=False)))


def _reactions(post: Element) -> int | None:
    """All reactions together: the preview does not say which are friendly."""
    counts = [count for reaction in _found(_path("tgme_reaction"), post) if (count := _count(reaction)) is not None]
    return sum(counts) if counts else None


def _count(element: Element | None) -> int | None:
    """4.85K or ۴٫۸۵ هزار → 4850; exactly, where the element has `data-count` (Eitaa)."""
    if element is None:
        return None
    written = element.get("data-count", "") or "".join(map(str, element.itertext()))
    return count_in(written)
