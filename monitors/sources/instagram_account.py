"""What is said about an account of one's own on Instagram: posts in which it is tagged, and comments on its own posts.

    me/accounts → account     ACCOUNT/tags → posts     ACCOUNT/media → its newest posts, each with its comments
The cursor keeps what was learned: "account newest".
"""

from collections.abc import Iterator
from dataclasses import replace

from monitors.kinds import Body, Page, Request
from monitors.model import Item, Metrics
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.entries import TEXT, TITLE, shortened, web_url
from monitors.sources.instagram_graph import NAME, NUMBER, POST, account_in, accounts, asked, asking, posts
from monitors.sources.markup import clean, headline

_COMMENTS = "permalink,comments.limit(50){id,text,username,timestamp,like_count}"


def request(cursor: str | None) -> Request:
    """What is asked first, by what is known."""
    known = (cursor or "").split()
    return _tags(known[0]) if known else accounts()


def parse(body: Body, name: str, cursor: str | None) -> Page:
    """One step on the way, a page of posts, or comments."""
    path, _ = asked(body)
    if path[-1:] == ["accounts"]:
        account = account_in(body, name)
        return Page((), title=f"@{name}", cursor=account, more=_tags(account))
    answer = read(body)
    if path[-1:] == ["media"]:
        return Page(tuple(item for media in wanted(answer, "data") for item in _comments(media)))
    account = path[-2] if len(path) > 1 else ""
    page = posts(answer, account, cursor)
    return page if page.more else replace(page, more=asking(f"{account}/media", fields=_COMMENTS, limit="25"))


def _comments(media: Answer) -> Iterator[Item]:
    """The comments on a post, each with an address of its own: the post's would be the same for all."""
    below = web_url(media["permalink"].text)
    for comment in media["comments", "data"]:
        number, name = comment["id"].text, comment["username"].text.lower()
        text = clean(comment["text"].text)
        known = NAME.fullmatch(name)
        if NUMBER.fullmatch(number):
            yield Item(
                guid=f"comment {number}",
                url=f"{below}?comment_id={number}" if below else None,
                title=shortened(headline(text), TITLE),
                text=shortened(text, TEXT),
                author=f"@{name}" if known else None,
                published_at=comment["timestamp"].time,
                author_url=f"https://www.instagram.com/{name}/" if known else None,
                outlet=f"@{name}" if known else None,
                metrics=Metrics(likes=comment["like_count"].number),
            )


def _tags(account: str) -> Request:
    return asking(f"{account}/tags", fields=f"{POST},username", limit="50")
