"""What Reddit's two kinds have in common: how a listing is asked for, and how it is read.

With an application's credentials a listing is asked of the API (application-only OAuth: github.com/reddit-archive/reddit/wiki/OAuth2),
without them of Reddit's Atom feeds, which know no scores. Posts and comments have the same names in both, so that credentials
may come and go. What does not live here: which listings there are (reddit.py, reddit_search.py).
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from urllib.parse import urlencode, urlsplit

from monitors.errors import NotTheAnswer
from monitors.kinds import Body, Login, Page, Request
from monitors.model import Item, Metrics
from monitors.sources.answer import Answer, complaint, read, wanted
from monitors.sources.encoding import decode
from monitors.sources.entries import TEXT, TITLE, shortened, web_url
from monitors.sources.markup import clean, headline, one_line, plain
from monitors.sources.news_search import read_feed

SITE = "https://www.reddit.com"
PACE = 12.0  # for each of the two kinds: ten requests a minute are for everybody, a hundred for an application
_API = "https://oauth.reddit.com"
_A_PAGE = "100"
# Reddit slows down programs that do not say which they are.
_NAMED = (("User-Agent", f"linux:rasad:{version('rasad')} (self-hosted media monitor)"),)
_NAME = re.compile(r"t[13]_[a-z0-9]{1,15}")
_LONGEST_NAME = 60  # characters
_DELETED = frozenset({"[deleted]", "[removed]"})
_SIGNED = re.compile(r"\s*submitted by\s+/u/\S+(?:\s+to\s+/?r/\S+)?\s*\[link\]\s*\[(?:\d+ )?comments?\]\s*\Z")
_PLACE = re.compile(r"/(r/\w{2,30}|user/[\w-]{2,30})/", re.ASCII)


def asking(path: str, feed: str, after: str = "", **parameters: str) -> Request:
    """The request for a page of a listing: `path` of the API, or `feed` of the site."""
    asked = parameters | {"limit": _A_PAGE} | ({"after": after} if after else {})
    return Request(
        f"{_API}{path}?{urlencode(asked | {'raw_json': '1'})}",
        headers=_NAMED,
        secrets=(("Authorization", "Bearer {REDDIT_TOKEN}"),),
        login=_LOGIN,
        otherwise=Request(f"{SITE}{feed}?{urlencode(asked)}", headers=_NAMED),
    )


def listing(body: Body, address: str, *, anyhow: bool = False) -> Page:
    """A page of posts and comments, newest first, and as its cursor the time of the newest; `anyhow` mends a broken feed.
    What else is listed (subreddits, people) is passed over. Raises NotTheAnswer for what is no listing."""
    if decode(body.content[:100], body.content_type).lstrip("\ufeff \r\n\t").startswith(("{", "[")):
        children = wanted(read(body), "data", "children")
        items = tuple(_item(child) for child in children if _NAME.fullmatch(child["data", "name"].text))
    else:
        entries = read_feed(body, address, anyhow=anyhow).items
        items = tuple(_of_feed(entry) for entry in entries if _NAME.fullmatch(entry.guid))
    newest = max((item.published_at for item in items if item.published_at), default=None)
    return Page(items, cursor=str(int(newest.timestamp())) if newest else None)


def goes_on(page: Page, cursor: str | None) -> str:
    """The name after which the listing goes on, where all of the page is newer than the bookmark; else ""."""
    if not page.items or not cursor or not cursor.isdecimal():
        return ""
    times = [item.published_at.timestamp() for item in page.items if item.published_at]
    return page.items[-1].guid if times and min(times) > int(cursor) else ""


# ── logging in ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _log_in(values: Mapping[str, str]) -> Request:
    pair = f"{values['REDDIT_CLIENT_ID']}:{values['REDDIT_CLIENT_SECRET']}"
    return Request(
        f"{SITE}/api/v1/access_token",
        headers=(*_NAMED, ("Authorization", f"Basic {b64encode(pair.encode()).decode()}")),
        body="grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
    )


def _token(body: Body) -> tuple[str, float]:
    answer = read(body)
    token = answer["access_token"].text
    if not token:
        raise NotTheAnswer(complaint(answer) or "no access token")
    return token, float(answer["expires_in"].number or 0)


_LOGIN = Login("REDDIT_TOKEN", _log_in, _token)


# ── posts and comments ───────────────────────────────────────────────────────────────────────────────────────────────


def _item(child: Answer) -> Item:
    """A comment's title is its first line, not its post's: what the post is about, the comment need not be."""
    data = child["data"]
    text = _words(data, "selftext") or _words(data, "body")
    author, place = _person(data["author"].text), one_line(data["subreddit"].text)[:_LONGEST_NAME]
    linked = None if data["is_self"] else web_url(data["url"].raw)
    return Item(
        guid=data["name"].text,
        url=web_url(data["permalink"].raw.partition("?")[0], SITE),
        title=shortened(one_line(data["title"].text) or headline(text), TITLE),
        text=shortened(text, TEXT),
        author=author,
        published_at=data["created_utc"].time,
        author_url=web_url(f"{SITE}/user/{author}") if author else None,
        outlet=f"r/{place}" if place else "Reddit",
        origin=linked if linked and "/comments/" not in linked else None,
        metrics=Metrics(likes=data["score"].number, replies=data["num_comments"].number),
    )


def _person(name: str) -> str | None:
    return one_line(name)[:_LONGEST_NAME] or None if name not in _DELETED else None


def _words(data: Answer, name: str) -> str:
    if data[name].text in _DELETED:
        return ""
    markup = data[f"{name}_html"].raw[: 2 * TEXT]
    return plain(markup) if markup else clean(data[name].raw[:TEXT])


def _of_feed(item: Item) -> Item:
    text = _SIGNED.sub("", item.text)
    place = _PLACE.match(urlsplit(item.url or "").path)
    return replace(
        item,
        title=shortened(headline(text), TITLE) if item.guid.startswith("t1_") else item.title,
        text=text,
        author=_person((item.author or "").removeprefix("/u/")),
        outlet=place[1] if place else "Reddit",
    )
