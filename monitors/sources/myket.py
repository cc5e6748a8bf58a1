"""The kind "myket": reviews of an app in Myket, by the interface of its own application. An address is the package's name.

    v2/applications/PACKAGE/ → name     v1/applications/PACKAGE/reviews?limit&offset → reviews, and whether they end there
The interface answers devices that it knows: a token of one is a setting, as none is made up here.
"""

import re
from urllib.parse import urlencode

from monitors.errors import AppUnavailable
from monitors.kinds import Body, Family, Page, Request
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.app_reviews import Known, Review, named, package_in, page_of, stars_of
from monitors.sources.channel_links import parts_of
from monitors.sources.markup import one_line

_SITE = "https://myket.ir"
_API = "https://apiserver.myket.ir"
_TOKEN = (("Authorization", "{MYKET_TOKEN}"),)
_PATH = re.compile(r"(?:/en)?/app/([\w.]+)/?", re.ASCII | re.IGNORECASE)
_OFFSET = re.compile(r"[?&]offset=(\d{1,9})", re.ASCII)
_A_PAGE = 20


class Myket:
    """See monitors.kinds.SourceKind."""

    kind = "myket"
    family: Family = "place"
    needs = ("MYKET_TOKEN",)
    pace = 5.0

    def recognise(self, text: str) -> str | None:
        """myket.ir/app/package.name, also of its English pages."""
        url = parts_of(text)
        if url is None or (url.hostname or "").removeprefix("www.") != "myket.ir":
            return None
        found = _PATH.fullmatch(url.path)
        return package_in(found[1]) if found else None

    def request(self, address: str, cursor: str | None) -> Request:
        """What the app is called; once that is known, the newest reviews."""
        if Known.of(cursor).app:
            return _reviews(address)
        return Request(f"{_API}/v2/applications/{address}/?lang=fa", secrets=_TOKEN)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The app's name, or a page of reviews. Raises AppUnavailable for an answer that names no app."""
        answer = read(body)
        if answer["packageName"]:
            name = one_line(answer["title"].text)
            if not name:
                raise AppUnavailable(address)
            return named(name, self.link(address), _reviews(address))
        reviews = [_review(one) for one in wanted(answer, "reviews") if one["id"].text]
        further = _reviews(address, _after(body.url)) if reviews and answer["eol"].value is False else None
        return page_of(reviews, Known.of(cursor, body.url), self.link(address), further)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """There is nothing to mend in JSON."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The app's page."""
        return f"{_SITE}/app/{address}"


def _review(one: Answer) -> Review:
    return Review(
        id=one["id"].text,
        text=one["comment"].text,
        author=one_line(one["nickname"].text),
        stars=stars_of(one["rate"]),
        likes=one["positiveLikes"].number,
        replies=one["subCommentsCount"].number,
        at=one["creationDate"].time,
    )


def _reviews(package: str, offset: int = 0) -> Request:
    asked = urlencode({"limit": _A_PAGE, "offset": offset, "lang": "fa"})
    return Request(f"{_API}/v1/applications/{package}/reviews?{asked}", secrets=_TOKEN)


def _after(url: str) -> int:
    """Where the page after this one begins."""
    found = _OFFSET.search(url)
    return _A_PAGE + (int(found[1]) if found else 0)
