"""The kind "gdelt": online news of the world, by GDELT's DOC 2.0 API in the mode ArtList. An address is one or more terms.

GDELT searches its English translation of every article; other languages' search was withdrawn. So only terms in Latin letters
are searched, and what is found comes with its title in its own language, and without its text. Single words share a search;
of a term of several words all must stand in the article. Mistakes are told in prose with status 200.
Queries: blog.gdeltproject.org/gdelt-doc-2-0-api-debuts; blog.gdeltproject.org/updates-doc-2-0-api (languages).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from monitors.errors import AskedTooOften, NotTheAnswer
from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item, Language
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.batches import packed, terms_of
from monitors.sources.dates import parse_date
from monitors.sources.encoding import decode
from monitors.sources.entries import GUID, TITLE, hashed, shortened, web_url
from monitors.sources.markup import one_line

_API = "https://api.gdeltproject.org/api/v2/doc/doc"
_ASKED = {"mode": "ArtList", "format": "json", "sort": "DateDesc", "maxrecords": "250"}
_SHORTEST, _LONGEST = 3, 250  # characters of a query
_TOGETHER = 10  # words in a search: 250 articles are all that an answer holds
_WORD = re.compile(r"#?[A-Za-z0-9]{3,}")
_LATIN = re.compile(r"[A-Za-z0-9]")
_SHORTEST_PHRASE = 5  # characters between quotes
_LATE = timedelta(hours=2)  # by which an article may come into the index after newer ones
_REACH = timedelta(days=80)  # of a search, which is three months
_TIME = "%Y%m%d%H%M%S"
_TOO_OFTEN = "limit requests"
_BACKSLASH = re.compile(r'\\(["\\/bfnrtu]?)')  # and what JSON lets stand behind it
_LANGUAGES: dict[str, Language] = {"Persian": "fa", "English": "en", "Arabic": "ar"}


class Gdelt:
    """See monitors.kinds.SourceKind."""

    kind = "gdelt"
    family: Family = "search"
    needs = ()
    pace = 6.0  # one request in 5 s

    def recognise(self, text: str) -> str | None:
        """The address of a term."""
        return next(iter(self.addresses((text,))), None)

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """Single words together, the other terms one by one."""
        words = [term for term in terms if _WORD.fullmatch(term)]
        names = [term for term in terms if not _WORD.fullmatch(term)]
        return packed(words, _fit) + packed(names, lambda batch: len(batch) == 1 and _fit(batch))

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest articles since the bookmark; at first those of a week."""
        since = parse_date(cursor)
        start = max(since - _LATE, datetime.now(UTC) - _REACH) if since else None
        window = {"startdatetime": start.strftime(_TIME)} if start else {"timespan": "1week"}
        return Request(f"{_API}?{urlencode({'query': _query(terms_of(address)), **_ASKED, **window})}")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The articles that were found. An empty object says that there are none."""
        answer = _read(body)
        found = wanted(answer, "articles") if answer.value != {} else Answer()
        items = tuple(item for article in found if (item := _item(article)))
        newest = max((item.published_at for item in items if item.published_at), default=None)
        return Page(items, cursor=newest.isoformat() if newest else None)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """What can be mended is, by `parse`."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The search's answer as a page."""
        asked = {**_ASKED, "format": "html", "timespan": "1week"}
        return f"{_API}?{urlencode({'query': _query(terms_of(address)), **asked})}"


def _fit(batch: Sequence[str]) -> bool:
    return len(batch) <= _TOGETHER and _SHORTEST <= len(_query(batch)) <= _LONGEST


def _query(batch: Sequence[str]) -> str:
    """Words with OR between them, in the parentheses that GDELT wants there and nowhere else; or the words of one term."""
    if len(batch) > 1:
        return f"({' OR '.join(term.lstrip('#') for term in batch)})"
    return " ".join(word for given in batch[0].lstrip("#").replace("_", " ").split() if (word := _word(given)))


def _word(given: str) -> str:
    """A word that GDELT takes: signs in it are legal between quotes only, and what is quoted must not be short. "" for what is
    left out: other scripts, signs alone, and what is too short."""
    if not _LATIN.search(given) or not given.isascii():
        return ""
    if given.isalnum():
        return given
    return f'"{given}"' if len(given) >= _SHORTEST_PHRASE else ""


def _read(body: Body) -> Answer:
    """The answer, also where titles have backslashes that JSON does not know. Raises AskedTooOften, NotTheAnswer."""
    try:
        return read(body)
    except NotTheAnswer as error:
        if _TOO_OFTEN in error.what.lower():
            raise AskedTooOften(error.what) from None
        text = decode(body.content, body.content_type)
        mended = _BACKSLASH.sub(lambda found: found[0] if found[1] else "", text)
        if mended == text or not text.lstrip().startswith("{"):
            raise
        return read(
            replace(body, content=mended.encode("utf-8", "replace"), content_type="application/json; charset=utf-8")
        )


def _item(article: Answer) -> Item | None:
    url = web_url(article["url"].raw)
    if url is None:
        return None
    return Item(
        guid=url if len(url) <= GUID else hashed(url),
        url=url,
        title=shortened(one_line(article["title"].text), TITLE),
        text="",
        published_at=article["seendate"].time,
        outlet=one_line(article["domain"].text)[:200] or None,
        language=_LANGUAGES.get(article["language"].text),
    )
