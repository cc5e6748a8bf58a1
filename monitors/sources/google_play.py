"""The kind "google_play": reviews of an app in Google Play, by what its own pages ask. An address is "fa/package.name": the
language of the reviews, and the app.

There is no public interface: the pages call `batchexecute`, whose requests and answers are lists without names, and which may
change any day. An answer begins with the line )]}' and holds the reviews as JSON in a string. The app's name stands in the title of
its page, before the last dash.
"""

import json
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

from monitors.errors import NotTheAnswer
from monitors.kinds import Body, Family, Page, Request
from monitors.sources.answer import Answer, read
from monitors.sources.app_reviews import Known, Review, named, package_in, page_of, stars_of
from monitors.sources.channel_links import parts_of
from monitors.sources.encoding import decode
from monitors.sources.markup import one_line, plain

_SITE = "https://play.google.com"
_CALL = "oCPfdb"  # Google's name for "reviews of an app"
_NEWEST_FIRST = 2
_A_PAGE = 40
_GUARD = b")]}'"  # what keeps the answer from being run as a script
_GATEWAY = "PlayGatewayError"  # how it says that there were too many requests, with status 200
_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)
_LONGEST_WORDS = 120  # characters of an unexpected answer that its error holds
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,500})</title>", re.IGNORECASE)


class GooglePlay:
    """See monitors.kinds.SourceKind."""

    kind = "google_play"
    family: Family = "place"
    needs = ()
    pace = 5.0

    def recognise(self, text: str) -> str | None:
        """play.google.com/store/apps/details?id=package.name; with hl=en, the reviews in English, else those in Persian."""
        url = parts_of(text)
        if url is None or url.hostname != "play.google.com" or url.path.rstrip("/") != "/store/apps/details":
            return None
        query = parse_qs(url.query)
        package, language = package_in(query.get("id", [""])[0]), query.get("hl", ["fa"])[0][:2].lower()
        return f"{language}/{package}" if package and _LANGUAGE.fullmatch(language) else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The app's page, for its name; once that is known, the newest reviews."""
        return _reviews(address) if Known.of(cursor).app else Request(self.link(address))

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The app's name, or a page of reviews."""
        if not body.content.lstrip().startswith(_GUARD):
            return named(_name(body), self.link(address), _reviews(address))
        answer = _called(body)
        lists = list(answer)
        # The mark of the next page stands at the end of the last list but one; the number of lists changes.
        token = next(reversed(list(lists[-2])), Answer()).raw if len(lists) > 1 else ""
        reviews = [self._review(one, address) for one in answer[0] if one[0].text]
        further = _reviews(address, token) if token and reviews else None
        return page_of(reviews, Known.of(cursor, body.url), self.link(address), further)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """There is nothing to mend in JSON."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The app's page."""
        language, _, package = address.partition("/")
        return f"{_SITE}/store/apps/details?{urlencode({'id': package, 'hl': language})}"

    def _review(self, one: Answer, address: str) -> Review:
        number = one[0].text
        return Review(
            id=number,
            text=one[4].text,
            url=f"{self.link(address)}&{urlencode({'reviewId': number})}",
            author=one_line(one[1, 0].text),
            stars=stars_of(one[2]),
            likes=one[6].number,
            version=one_line(one[10].text),
            at=one[5, 0].time,
        )


def _reviews(address: str, token: str = "") -> Request:
    language, _, package = address.partition("/")
    page = [_A_PAGE, None, token] if token else [_A_PAGE]
    wanted = [None, [2, _NEWEST_FIRST, page, None, [None] * 9], [package, 7]]
    call = [[[_CALL, json.dumps(wanted, separators=(",", ":")), None, "generic"]]]
    return Request(
        f"{_SITE}/_/PlayStoreUi/data/batchexecute?{urlencode({'hl': language, 'gl': 'us'})}",
        body=urlencode({"f.req": json.dumps(call, separators=(",", ":"))}),
        content_type="application/x-www-form-urlencoded;charset=UTF-8",
    )


def _called(body: Body) -> Answer:
    """What the call brought: lists in lists. Raises NotTheAnswer where it brought nothing."""
    envelope = read(replace(body, content=body.content.lstrip().removeprefix(_GUARD)))
    brought = next((one[2].raw for one in envelope if one[1].text == _CALL), "")
    if not brought:
        whole = json.dumps(envelope.value, ensure_ascii=False)
        raise NotTheAnswer(_GATEWAY if _GATEWAY in whole else whole[:_LONGEST_WORDS])
    return read(Body(brought.encode("utf-8", "replace"), body.url))


def _name(body: Body) -> str:
    """The app's name, by the title of its page: "Name - Apps on Google Play", in whatever language."""
    page = decode(body.content, body.content_type)
    found = _TITLE.search(page)
    name = one_line(plain(found[1])).rpartition(" - ")[0] if found else ""
    if not name:
        raise NotTheAnswer(one_line(plain(page))[:_LONGEST_WORDS] or "an empty page")
    return name
