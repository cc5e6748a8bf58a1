"""The kind "telegram_channel": a public channel, read through its web preview (t.me/s/NAME). An address is its name.

The preview shows about 20 posts a page, oldest first; `?before=ID` is the page before. The cursor holds two posts' numbers,
"first-newest": pages are read backwards until one reaches the newest, and what is older than the first page that was ever
read is passed over (it comes into view where newer posts were deleted, and is no news). An unknown channel, a private one and one whose preview is
switched off all answer with a page that has no posts, which is an error and never "no news".
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import cast
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from monitors.errors import ChannelUnavailable
from monitors.model import Body, Family, Item, Metrics, Page, Request
from monitors.sources.dates import parse_date
from monitors.sources.encoding import decode
from monitors.sources.entries import TEXT, TITLE, shortened, web_url
from monitors.sources.markup import headline, one_line, plain

type Element = etree._Element  # noqa: SLF001 – lxml has no public name for it

_NAME = re.compile(r"[a-z][a-z0-9_]{3,31}", re.IGNORECASE)
_HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog"})
# First parts of t.me paths that are no names (core.telegram.org/api/links).
_RESERVED = frozenset(
    {
        *("joinchat", "addstickers", "addemoji", "addtheme", "addlist", "share", "proxy", "socks", "setlanguage"),
        *("confirmphone", "invoice", "boost", "giftcode", "contact", "login"),
    }
)
_SCALE = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_COUNT = re.compile(r"(\d+(?:\.\d+)?)\s?([KMB]?)\s*\Z")


class TelegramChannel:
    """See monitors.model.SourceKind."""

    kind = "telegram_channel"
    family: Family = "place"
    needs = ()
    pace = 0.5

    def recognise(self, text: str) -> str | None:
        """@name, t.me/name, t.me/s/name, t.me/name/123, name.t.me; no invitations, bots or private posts."""
        text = text.strip()
        name = text.removeprefix("@") if text.startswith("@") else _name_in_link(text)
        if name is None or not _NAME.fullmatch(name) or name.lower() in _RESERVED or name.lower().endswith("bot"):
            return None
        return name.lower()

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest page."""
        return Request(self.link(address))

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The posts of a page. Raises ChannelUnavailable where a first page shows none."""
        root = _tree(decode(body.content, body.content_type))
        posts = [] if root is None else list(_posts(root))
        first_page = "before" not in parse_qs(_query(body.url))
        if root is None or (not posts and first_page):
            raise ChannelUnavailable(f"no preview of {address}")
        numbers = [number for number, _ in posts]
        oldest = min(numbers, default=0)
        first, seen = _bookmark(cursor) or (oldest, None)
        gap = seen is not None and oldest > seen + 1
        return Page(
            items=tuple(item for number, post in posts if number >= first and (item := _item(post))),
            title=_title(root),
            # An older page's newest post is not the channel's: only the first page moves the bookmark.
            cursor=f"{first}-{max(*numbers, seen or 0)}" if first_page else None,
            more=Request(f"{self.link(address)}?before={oldest}") if gap else None,
            homepage=self.link(address),
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """HTML is always parsed tolerantly."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The preview, which opens without an app."""
        return f"https://t.me/s/{address}"


def _bookmark(cursor: str | None) -> tuple[int, int] | None:
    first, dash, newest = (cursor or "").partition("-")
    return (int(first), int(newest)) if dash and first.isdecimal() and newest.isdecimal() else None


def _name_in_link(text: str) -> str | None:
    """The channel's name in a link to it or to a post of it."""
    try:
        url = urlsplit(text if "//" in text else f"https://{text}")
        host = (url.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    query = parse_qs(url.query)
    if url.scheme == "tg" and host == "resolve" and "start" not in query:
        return query.get("domain", [None])[0]
    if host.endswith(".t.me") and url.path in {"", "/"}:
        return host.removesuffix(".t.me")
    if url.scheme not in {"http", "https"} or host not in _HOSTS or query.keys() & {"start", "startgroup", "startapp"}:
        return None
    path = [part for part in url.path.split("/") if part]
    if path[:1] == ["s"]:
        path = path[1:]
    return path[0] if path and (len(path) == 1 or path[1].isdecimal()) else None


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""


# ── a page ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _tree(page: str) -> Element | None:
    try:
        return etree.fromstring(page.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8", no_network=True))
    except etree.XMLSyntaxError:
        return None


@cache
def _having(name: str) -> etree.XPath:
    return etree.XPath(f"descendant-or-self::*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]")


def _all(element: Element, name: str) -> list[Element]:
    """Descendants of that class, in reading order."""
    return cast("list[Element]", _having(name)(element))


def _first(element: Element, name: str) -> Element | None:
    return next(iter(_all(element, name)), None)


def _text(element: Element | None) -> str:
    if element is None:
        return ""
    return plain(str(etree.tostring(element, encoding="unicode", method="html", with_tail=False)))


def _title(root: Element) -> str | None:
    named = _first(root, "tgme_channel_info_header_title")
    if named is None:
        named = _first(root, "tgme_widget_message_owner_name")
    return shortened(one_line(_text(named)), TITLE) or None


def _posts(root: Element) -> Iterator[tuple[int, Element]]:
    """Each post with its number, service messages among them; an album is one post with its first number."""
    for post in root.iter("div"):
        channel, _, number = post.get("data-post", "").partition("/")
        if channel and number.isdecimal() and len(number) < 16:
            yield int(number), post


# ── a post ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _item(post: Element) -> Item | None:
    """The Item of a post; None for "channel created" and its like."""
    if "service_message" in post.get("class", "").split():
        return None
    name = post.get("data-post", "")
    text = _words(post)
    forwarded = _first(post, "tgme_widget_message_forwarded_from_name")
    signature = one_line(_text(_first(post, "tgme_widget_message_from_author")))
    date = _first(post, "tgme_widget_message_date")
    moment = None if date is None else next((time.get("datetime") for time in date.iter("time")), None)
    return Item(
        guid=name,
        url=f"https://t.me/{name}",
        title=shortened(headline(text), TITLE),
        text=shortened(text, TEXT),
        author=signature or None,
        published_at=parse_date(moment),
        origin=web_url(forwarded.get("href", "")) if forwarded is not None else None,
        metrics=Metrics(views=_count(_first(post, "tgme_widget_message_views")), likes=_reactions(post)),
    )


def _words(post: Element) -> str:
    """What the channel wrote: its text, or a poll's question and answers; not the post that it replies to."""
    written = next((words for words in _all(post, "js-message_text") if not _is_quoted(words)), None)
    if written is not None:
        return _text(written)
    question = _all(post, "tgme_widget_message_poll_question")
    return "\n".join(one_line(_text(line)) for line in (*question, *_all(post, "tgme_widget_message_poll_option_text")))


def _is_quoted(words: Element) -> bool:
    return any("tgme_widget_message_reply" in outer.get("class", "").split() for outer in words.iterancestors())


def _reactions(post: Element) -> int | None:
    """All reactions together: the preview does not say which are friendly."""
    counts = [count for reaction in _all(post, "tgme_reaction") if (count := _count(reaction)) is not None]
    return sum(counts) if counts else None


def _count(element: Element | None) -> int | None:
    """4.85K → 4850."""
    found = None if element is None else _COUNT.search("".join(map(str, element.itertext())).strip())
    return round(float(found[1]) * _SCALE[found[2]]) if found and len(found[1]) < 16 else None
