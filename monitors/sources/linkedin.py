"""The kind "linkedin": a company page's own posts and the comments on them, by the Community Management API.

    organizations?q=vanityName → number     posts?q=author → posts     socialActions/POST/comments, of the newest of them
An address is the page's number or name; the cursor keeps the number that belongs to a name. There is no search, and no other
page's posts. Comments are asked for post by post: which posts are still to be asked stands in the fragment of the address,
which is not sent. Reference: learn.microsoft.com/linkedin/marketing/community-management.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote, urlsplit

from monitors.errors import AccountUnavailable
from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item, Metrics
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.entries import TEXT, TITLE, shortened
from monitors.sources.links import link_to
from monitors.sources.markup import clean, headline, one_line

_API = "https://api.linkedin.com/rest"
_SITE = "https://www.linkedin.com"
_HEADERS = (("LinkedIn-Version", "202610"), ("X-Restli-Protocol-Version", "2.0.0"))  # a version is served for a year
_TOKEN = (("Authorization", "Bearer {LINKEDIN_TOKEN}"),)
_COMMENTED = (
    3  # posts whose comments a poll asks for: with the name and the posts these are the five requests of a poll
)
_NUMBER = re.compile(r"\d{1,20}", re.ASCII)
_NAME = re.compile(r"[\w%.-]{1,100}")
_POST = re.compile(r"urn:li:(?:share|ugcPost|activity):\d{1,30}", re.ASCII)
_COMMENT = re.compile(r"[\w:(),-]{1,200}", re.ASCII)
_ORGANIZATION = re.compile(r"urn:li:organization:(\d{1,20})", re.ASCII)
# "Little text", in which posts are written: {hashtag|\#|milk}, @[Name](urn:li:organization:1), \( for a bracket.
_HASHTAG = re.compile(r"\{hashtag\|\\?#\|([^{}|]{1,200})\}")
_MENTION = re.compile(r"@\[([^\[\]]{1,300})\]\(urn:li:[^()\s]{1,200}\)")
_ESCAPED = re.compile(r"\\([|{}@\[\]()<>#*_~\\])")


class LinkedIn:
    """See monitors.kinds.SourceKind."""

    kind = "linkedin"
    family: Family = "place"
    needs = ("LINKEDIN_TOKEN",)
    pace = 900.0  # 500 requests a day and app, five a poll

    def recognise(self, text: str) -> str | None:
        """A company page's link."""
        link = link_to("linkedin.com", text)
        if link is None or len(link.path) < 2 or link.path[0] not in {"company", "showcase", "school"}:
            return None
        return link.path[1].lower() if _NAME.fullmatch(link.path[1]) else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest posts, or first the page's number."""
        number = cursor if cursor and _NUMBER.fullmatch(cursor) else address
        if _NUMBER.fullmatch(number):
            return _posts(number)
        return _asking(f"organizations?q=vanityName&vanityName={quote(address, safe='')}")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """One step on the way, a page of posts, or the comments on one."""
        answer = read(body)
        elements = wanted(answer, "elements")
        try:
            asked = urlsplit(body.url)
        except ValueError:
            asked = urlsplit("")
        if asked.path.endswith("/organizations"):
            return _organization(elements, address)
        if asked.path.endswith("/comments"):
            post = unquote(asked.path).split("/")[-2]
            return Page(_comments(elements, post), more=_next([one for one in asked.fragment.split(",") if one]))
        items = tuple(_item(post) for post in elements if _POST.fullmatch(post["id"].text))
        return Page(items, more=_next([item.guid for item in items[:_COMMENTED]]))

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The page on the site."""
        return f"{_SITE}/company/{quote(address, safe='')}/"


def _asking(what: str) -> Request:
    return Request(f"{_API}/{what}", _HEADERS, _TOKEN)


def _posts(number: str) -> Request:
    return _asking(f"posts?author=urn%3Ali%3Aorganization%3A{number}&q=author&count=50&sortBy=CREATED")


def _next(posts: Sequence[str]) -> Request | None:
    """The comments on the first of these posts; the others are left for later."""
    if not posts or not _POST.fullmatch(posts[0]):
        return None
    later = f"#{','.join(posts[1:])}" if len(posts) > 1 else ""
    return _asking(f"socialActions/{quote(posts[0], safe='')}/comments?count=100{later}")


def _organization(found: Answer, address: str) -> Page:
    number = found[0, "id"].text
    if not _NUMBER.fullmatch(number):
        raise AccountUnavailable(f"no company page {address}")
    title = shortened(one_line(found[0, "localizedName"].text), TITLE)
    return Page((), title=title or None, cursor=number, more=_posts(number))


# ── posts and comments ───────────────────────────────────────────────────────────────────────────────────────────────


def _item(post: Answer) -> Item:
    shared = one_line(post["content", "article", "title"].text)
    text = "\n".join(part for part in (_written(post["commentary"].raw), shared) if part)
    owner = _ORGANIZATION.fullmatch(post["author"].text)
    return Item(
        guid=post["id"].text,
        url=f"{_SITE}/feed/update/{post['id'].text}/",
        title=shortened(headline(text), TITLE),
        text=shortened(text, TEXT),
        published_at=post["publishedAt"].time or post["createdAt"].time,
        author_url=f"{_SITE}/company/{owner[1]}/" if owner else None,
    )


def _written(little: str) -> str:
    """What a reader sees of "little text"."""
    little = _MENTION.sub(r"\1", _HASHTAG.sub(r"#\1", little[: 2 * TEXT]))
    return clean(_ESCAPED.sub(r"\1", little))


def _comments(found: Answer, post: str) -> tuple[Item, ...]:
    return tuple(_comment(comment, post) for comment in found if _COMMENT.fullmatch(_name_of(comment)))


def _name_of(comment: Answer) -> str:
    return comment["commentUrn"].text or comment["$URN"].text or comment["id"].text


def _comment(comment: Answer, post: str) -> Item:
    """A comment. Who wrote it is a number that only LinkedIn knows a name for, unless a company did."""
    text = clean(comment["message", "text"].text)
    name = _name_of(comment)
    company = _ORGANIZATION.fullmatch(comment["actor"].text)
    return Item(
        guid=name,
        url=f"{_SITE}/feed/update/{post}/?commentUrn={quote(name, safe='')}" if _POST.fullmatch(post) else None,
        title=shortened(headline(text), TITLE),
        text=shortened(text, TEXT),
        published_at=comment["created", "time"].time,
        author_url=f"{_SITE}/company/{company[1]}/" if company else None,
        metrics=Metrics(
            likes=comment["likesSummary", "aggregatedTotalLikes"].number,
            replies=comment["commentsSummary", "aggregatedTotalComments"].number,
        ),
    )
