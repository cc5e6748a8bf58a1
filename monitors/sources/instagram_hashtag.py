"""Posts with a hashtag on Instagram: from the token's account and the tag's number to the posts of the last day.

    me/accounts → account     ig_hashtag_search → number of the tag     NUMBER/recent_media → posts, newest first
The cursor keeps what was learned, "account tag newest", so that after two polls only the last of these is asked.
"""

from dataclasses import replace

from monitors.errors import NothingFound
from monitors.kinds import Body, Page, Request
from monitors.sources.answer import read, wanted
from monitors.sources.instagram_graph import NUMBER, POST, account_in, accounts, asked, asking, posts


def request(tag: str, cursor: str | None) -> Request:
    """What is asked first, by what is known."""
    known = (cursor or "").split()
    if len(known) >= 2:
        return _recent(known[0], known[1])
    return _search(tag, known[0]) if known else accounts()


def parse(body: Body, tag: str, cursor: str | None) -> Page:
    """One step on the way, or a page of posts."""
    path, parameters = asked(body)
    account = parameters.get("user_id", "")
    if path[-1:] == ["accounts"]:
        account = account_in(body)
        return Page((), cursor=account, more=_search(tag, account))
    answer = read(body)
    if path[-1:] == ["ig_hashtag_search"]:
        number = wanted(answer, "data")[0, "id"].text
        if not NUMBER.fullmatch(number):
            raise NothingFound(f"no hashtag {tag}")
        return Page((), cursor=f"{account} {number}", more=_recent(account, number))
    number = path[-2] if len(path) > 1 else ""
    return replace(posts(answer, f"{account} {number}", cursor), title=f"#{tag}")


def _search(tag: str, account: str) -> Request:
    return asking("ig_hashtag_search", user_id=account, q=tag)


def _recent(account: str, number: str) -> Request:
    return asking(f"{number}/recent_media", user_id=account, fields=POST, limit="50")
