"""The kind "hackernews": stories and comments on Hacker News, by Algolia's search. An address is one or more terms.

Terms of one word share a search, in which each word is optional; a term of several words is a search of its own, in which
all must stand. Hits come newest first. The cursor is the newest hit's time, and a poll asks from an hour before it on: posts
get into the index in no strict order.
Parameters: hn.algolia.com/api, algolia.com/doc/api-reference/search-api-parameters.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item, Metrics
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.batches import packed, terms_of
from monitors.sources.entries import TEXT, TITLE, shortened, web_url
from monitors.sources.markup import headline, one_line, plain

_API = "https://hn.algolia.com/api/v1/search_by_date"
_SITE = "https://news.ycombinator.com"
_ASKED = {"tags": "(story,comment,poll,job)", "hitsPerPage": "100", "typoTolerance": "false", "queryType": "prefixNone"}
_LONGEST = 500  # bytes of a query; Algolia looks at 512
_TOGETHER = 20  # words in a search
_WORD = re.compile(r"#?[^\W_]+")
_LATE = 3600  # seconds by which a post may come into the index after newer ones
_ID = re.compile(r"\d{1,15}")


class HackerNews:
    """See monitors.kinds.SourceKind."""

    kind = "hackernews"
    family: Family = "search"
    needs = ()
    pace = 1.0  # the API allows 10,000 requests an hour; a poll makes up to five

    def recognise(self, text: str) -> str | None:
        """The address of a term."""
        return next(iter(self.addresses((text,))), None)

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """Single words together, the other terms one by one."""
        words = [term for term in terms if _WORD.fullmatch(term)]
        names = [term for term in terms if not _WORD.fullmatch(term)]
        return packed(words, _fit) + packed(names, lambda batch: len(batch) == 1 and _fit(batch))

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest hundred hits since the bookmark."""
        return _request(address, cursor)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The hits of a page."""
        answer = read(body)
        hits = [hit for hit in wanted(answer, "hits") if _ID.fullmatch(hit["objectID"].text)]
        times = [time for hit in hits if (time := hit["created_at_i"].number)]
        page, pages = answer["page"].number or 0, answer["nbPages"].number or 0
        return Page(
            items=tuple(map(_item, hits)),
            cursor=str(max(times)) if times else None,
            more=_request(address, cursor, page + 1) if cursor and page + 1 < pages else None,
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The search's page; of several terms that of the first."""
        return f"https://hn.algolia.com/?{urlencode({'q': _query(terms_of(address)[:1]), 'sort': 'byDate'})}"


def _fit(batch: Sequence[str]) -> bool:
    return len(batch) <= _TOGETHER and 0 < len(_query(batch).encode("utf-8", "replace")) <= _LONGEST


def _query(batch: Sequence[str]) -> str:
    return " ".join(term.replace("#", " ").replace("_", " ").strip() for term in batch)


def _request(address: str, cursor: str | None, page: int = 0) -> Request:
    terms = terms_of(address)
    asked = {"query": _query(terms), **_ASKED}
    if len(terms) > 1:
        asked["optionalWords"] = asked["query"]
    if cursor and cursor.isdecimal():
        asked["numericFilters"] = f"created_at_i>{int(cursor) - _LATE}"
    if page:
        asked["page"] = str(page)
    return Request(f"{_API}?{urlencode(asked)}")


def _item(hit: Answer) -> Item:
    """A comment's title is its first line, not its story's: a story about a brand makes no comment on it one about it."""
    number, author = hit["objectID"].text, one_line(hit["author"].text)[:200]
    text = plain((hit["comment_text"].raw or hit["story_text"].raw)[:TEXT])
    return Item(
        guid=number,
        url=f"{_SITE}/item?id={number}",
        title=shortened(one_line(hit["title"].text) or headline(text), TITLE),
        text=text,
        author=author or None,
        published_at=hit["created_at_i"].time,
        author_url=web_url(f"{_SITE}/user?{urlencode({'id': author})}") if author else None,
        outlet="Hacker News",
        origin=web_url(hit["url"].raw),
        metrics=Metrics(likes=hit["points"].number, replies=hit["num_comments"].number),
    )
