"""Posts on X by API v2 recent search, of the last seven days: what is asked for a query, and what the answer says.

A poll asks for what is newer than the newest post of the last one (since_id) and pages back by next_token. Ids carry their
time ("snowflakes"), by which a bookmark that the API would refuse, as older than its seven days, is known.
Fields: docs.x.com/x-api/posts/search-recent-posts; queries: docs.x.com/x-api/posts/search/integrate/build-a-query.
"""

import html
import re
from datetime import UTC, datetime, timedelta
from itertools import islice
from urllib.parse import urlencode

from monitors.kinds import Body, Page, Request
from monitors.model import Item, Language, Metrics
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.entries import TEXT, TITLE, language_of, shortened
from monitors.sources.markup import clean, headline, one_line

NEEDS = ("X_BEARER_TOKEN",)
PACE = 15.0  # 60 requests in 15 minutes, the least that a paid plan gives
NAME = re.compile(r"\w{1,20}", re.ASCII)
_API = "https://api.x.com/2/tweets/search/recent"
_FIELDS = {
    "max_results": "100",
    "tweet.fields": "author_id,created_at,entities,lang,note_tweet,public_metrics,referenced_tweets",
    "expansions": "author_id,referenced_tweets.id,referenced_tweets.id.author_id",
    "user.fields": "name,username,public_metrics",
}
_REACH = timedelta(days=6, hours=23)  # of a search; the API's seven days, less the time that a request takes
_EPOCH = 1_288_834_974_657  # ms: when ids began to count
_LINKS = 100  # of a post that are looked at
_ID = re.compile(r"\d{1,19}", re.ASCII)


def asking(query: str, cursor: str | None, further: str = "") -> Request:
    """The newest hundred posts since the bookmark, or those behind a page."""
    asked = {"query": query, **_FIELDS}
    if cursor and _ID.fullmatch(cursor) and datetime.now(UTC) - _time(cursor) < _REACH:
        asked["since_id"] = cursor
    if further:
        asked["next_token"] = further
    return Request(f"{_API}?{urlencode(asked)}", secrets=(("Authorization", "Bearer {X_BEARER_TOKEN}"),))


def posts(body: Body, query: str, cursor: str | None) -> Page:
    """The posts of a page. `errors` beside them name what their expansions miss, and are passed over."""
    answer = read(body)
    found = () if answer["meta", "result_count"].number == 0 else wanted(answer, "data")
    users = {user["id"].text: user for user in answer["includes", "users"]}
    quoted = {post["id"].text: post for post in answer["includes", "tweets"]}
    newest, further = answer["meta", "newest_id"].text, answer["meta", "next_token"].text
    return Page(
        items=tuple(_item(post, users, quoted) for post in found if _ID.fullmatch(post["id"].text)),
        cursor=newest if _ID.fullmatch(newest) else None,
        more=asking(query, cursor, further) if cursor and further else None,  # the backlog ends with its page
    )


def _time(number: str) -> datetime:
    return datetime.fromtimestamp(((int(number) >> 22) + _EPOCH) / 1000, UTC)


# ── a post ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _item(post: Answer, users: dict[str, Answer], quoted: dict[str, Answer]) -> Item:
    author = users.get(post["author_id"].text, Answer())
    origin = _quoted(post, users, quoted)
    text = _words(post, origin)
    return Item(
        guid=post["id"].text,
        url=_address(post["id"].text, author),
        title=shortened(headline(text), TITLE),
        text=shortened(text, TEXT),
        author=one_line(author["name"].text)[:200] or None,
        published_at=post["created_at"].time,
        author_url=f"https://x.com/{_name(author)}" if _name(author) else None,
        outlet=f"@{_name(author)}" if _name(author) else None,
        language=_language(post["lang"].text),
        origin=origin,
        metrics=_metrics(post["public_metrics"], author),
    )


def _language(code: str) -> Language | None:
    """X takes short Persian for Arabic: that is left to whoever reads the text."""
    return None if code == "ar" else language_of(code)


def _quoted(post: Answer, users: dict[str, Answer], quoted: dict[str, Answer]) -> str | None:
    """The address of the post that this one quotes."""
    for reference in post["referenced_tweets"]:
        if reference["type"].text == "quoted" and _ID.fullmatch(number := reference["id"].text):
            author = quoted.get(number, Answer())["author_id"].text
            return _address(number, users.get(author, Answer()))
    return None


def _words(post: Answer, origin: str | None) -> str:
    """The whole text, with links as they lead on instead of t.co's; those to the post's own pictures and to the post that
    it quotes are left out."""
    whole = post["note_tweet"] if post["note_tweet", "text"] else post
    text = whole["text"].raw[:TEXT]
    for link in islice(whole["entities", "urls"], _LINKS):
        target = link["expanded_url"].text
        own = link["media_key"] or (origin and target.partition("?")[0].endswith(origin.rpartition("/")[2]))
        if link["url"].raw:
            text = text.replace(link["url"].raw, "" if own else target)
    return clean(html.unescape(text))


def _metrics(counts: Answer, author: Answer) -> Metrics:
    reposts = [count for name in ("retweet_count", "quote_count") if (count := counts[name].number) is not None]
    return Metrics(
        views=counts["impression_count"].number,
        likes=counts["like_count"].number,
        reposts=sum(reposts) if reposts else None,
        replies=counts["reply_count"].number,
        followers=author["public_metrics", "followers_count"].number,
    )


def _address(number: str, author: Answer) -> str:
    return f"https://x.com/{_name(author) or 'i'}/status/{number}"


def _name(author: Answer) -> str:
    return name if NAME.fullmatch(name := author["username"].text) else ""
