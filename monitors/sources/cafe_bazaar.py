"""The kind "cafe_bazaar": reviews of an app in Cafe Bazaar, by the interface of its own site. An address is the package's name.

Answers carry their own status beside HTTP's. A page's `nextPageCursor` is handed back as it is; dates are days, by the Jalali
calendar.
"""

import json
import re
from typing import Any
from urllib.parse import parse_qs

from monitors.errors import AppUnavailable, NotTheAnswer
from monitors.kinds import Body, Family, Page, Request
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.app_reviews import Known, Review, named, package_in, page_of, stars_of
from monitors.sources.channel_links import parts_of
from monitors.sources.markup import one_line

_SITE = "https://cafebazaar.ir"
_API = "https://api.cafebazaar.ir/rest-v1/process"
_PATH = re.compile(r"/app/([A-Za-z][\w.]*)/?", re.ASCII)
_PERSIAN = 2
_NEWEST_FIRST = 1
_FINE, _NOT_FOUND = 200, 404


class CafeBazaar:
    """See monitors.kinds.SourceKind."""

    kind = "cafe_bazaar"
    family: Family = "place"
    needs = ()
    pace = 2.0

    def recognise(self, text: str) -> str | None:
        """cafebazaar.ir/app/package.name, or with ?id=package.name."""
        url = parts_of(text)
        if url is None or (url.hostname or "").removeprefix("www.") != "cafebazaar.ir":
            return None
        found = _PATH.fullmatch(url.path)
        named_apart = parse_qs(url.query).get("id", [""])[0] if url.path in {"/app", "/app/"} else ""
        return package_in(found[1] if found else named_apart)

    def request(self, address: str, cursor: str | None) -> Request:
        """What the app is called; once that is known, the newest reviews."""
        if Known.of(cursor).app:
            return _reviews(address)
        return _asked("AppDetailsV2Request", appDetailsV2Request={"packageName": address})

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The app's name, or a page of reviews. Raises AppUnavailable for an app that Bazaar does not have."""
        answer = read(body)
        status = answer["properties", "statusCode"].number
        if status == _NOT_FOUND:
            raise AppUnavailable(address)
        if status not in {None, _FINE}:
            raise NotTheAnswer(one_line(answer["properties", "errorMessage"].text)[:120] or f"status {status}")
        reply = answer["singleReply"]
        if name := one_line(reply["appDetailsV2Reply", "meta", "name"].text):
            return named(name, self.link(address), _reviews(address))
        reviews = wanted(answer, "singleReply", "reviewReply", "reviews")
        next_page = reply["reviewReply", "nextPageCursor"].raw
        read_ones = [_review(one) for one in reviews if one["id"].text and not one["fromDeveloper"]]
        further = _reviews(address, next_page) if next_page and read_ones else None
        return page_of(read_ones, Known.of(cursor, body.url), self.link(address), further)

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
        author=one_line(one["user"].text),
        stars=stars_of(one["rate"]),
        likes=one["likes"].number,
        replies=one["userRepliesCount"].number,
        at=one["date"].time,
    )


def _reviews(package: str, page: str = "") -> Request:
    return _asked("ReviewRequest", reviewRequest={"packageName": package, "cursor": page, "sortBy": _NEWEST_FIRST})


def _asked(process: str, **request: dict[str, Any]) -> Request:
    """A request as Bazaar's site makes it."""
    properties = {"language": _PERSIAN, "clientVersion": "web"}
    return Request(f"{_API}/{process}", body=json.dumps({"properties": properties, "singleRequest": request}))
