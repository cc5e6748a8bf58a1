"""The kind "lobsters": stories under a tag on Lobsters, a forum of programmers. An address is the tag.

https://lobste.rs/t/TAG.json is a list of the newest 25 stories; /t/TAG/page/2.json is the page before. The cursor is the newest
story's time. An unknown tag is answered with status 404.
"""

import re
from urllib.parse import urlsplit

from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item, Metrics
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.entries import TEXT, TITLE, shortened, web_url
from monitors.sources.markup import one_line, plain

_SITE = "https://lobste.rs"
_TAG = re.compile(r"[a-z0-9][a-z0-9+-]{0,24}")
_LINK = re.compile(r"(?:https?://)?lobste\.rs/t/([^/?#]+?)(?:\.json|\.rss)?/?", re.IGNORECASE)
_PAGE = re.compile(r"/page/(\d{1,3})\.json\Z")


class Lobsters:
    """See monitors.kinds.SourceKind."""

    kind = "lobsters"
    family: Family = "place"
    needs = ()
    pace = 2.0

    def recognise(self, text: str) -> str | None:
        """A link to a tag's page: lobste.rs/t/security."""
        found = _LINK.fullmatch(text.strip())
        tag = found[1].lower() if found else ""
        return tag if _TAG.fullmatch(tag) else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest stories."""
        return Request(f"{_SITE}/t/{address}.json")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The stories of a page; one page more while all of them are newer than the bookmark."""
        stories = [story for story in wanted(read(body)) if story["short_id"].text]
        times = [time for story in stories if (time := story["created_at"].time)]
        oldest = min(times, default=None)
        gap = cursor is not None and oldest is not None and oldest.isoformat() > cursor
        page = _page(body.url)
        return Page(
            items=tuple(map(_item, stories)),
            cursor=max(times).isoformat() if times and page == 1 else None,
            more=Request(f"{_SITE}/t/{address}/page/{page + 1}.json") if gap else None,
            homepage=self.link(address),
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The tag's page."""
        return f"{_SITE}/t/{address}"


def _page(url: str) -> int:
    found = _PAGE.search(urlsplit(url).path)
    return int(found[1]) if found else 1


def _item(story: Answer) -> Item:
    """A story's own address is where it links to: Lobsters' page of it is where it is talked about."""
    number, author = story["short_id"].text, one_line(story["submitter_user"].text)[:200]
    discussed = web_url(story["comments_url"].raw) or f"{_SITE}/s/{number}"
    return Item(
        guid=number,
        url=discussed,
        title=shortened(one_line(story["title"].text), TITLE),
        text=shortened(plain(story["description"].raw[:TEXT]), TEXT),
        author=author or None,
        published_at=story["created_at"].time,
        author_url=web_url(f"{_SITE}/~{author}") if author else None,
        origin=web_url(story["url"].raw),
        metrics=Metrics(likes=story["score"].number, replies=story["comment_count"].number),
    )
