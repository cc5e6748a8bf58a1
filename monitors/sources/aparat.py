"""The kind "aparat": a channel of Aparat, by its public API (www.aparat.com/api). An address is the channel's name.

What lives here too: videos as the API lists them, for aparat_search.py. Videos are numbered as they come; the cursor is the
highest number seen, and pages are read on while all of theirs are higher.
"""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from monitors.errors import ChannelUnavailable, NotTheAnswer
from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item, Metrics
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.counts import count_in
from monitors.sources.dates import TEHRAN, parse_age, parse_date
from monitors.sources.entries import TEXT, TITLE, shortened
from monitors.sources.links import link_to
from monitors.sources.markup import one_line, plain

SITE = "https://www.aparat.com"
_A_PAGE = 50  # videos
_OLDEST = 20 * 366 * 86_400  # seconds: Aparat is younger
_NAME = re.compile(r"[\w.-]{2,60}", re.ASCII)
_VIDEO = re.compile(r"\w{3,20}", re.ASCII)
# First parts of paths that are no channels.
_RESERVED = frozenset(
    {
        *("v", "video", "videos", "etc", "api", "search", "result", "category", "playlist", "live", "profile", "login"),
        *("register", "tag", "dashboard", "about", "shorts", "community", "trend", "home", "cut", "apps", "embed"),
    }
)


class Aparat:
    """See monitors.kinds.SourceKind."""

    kind = "aparat"
    family: Family = "place"
    needs = ()
    pace = 1.0

    def recognise(self, text: str) -> str | None:
        """A channel's link; no video's."""
        link = link_to("aparat.com", text)
        name = link.path[0] if link and link.path else ""
        return name if _NAME.fullmatch(name) and name.lower() not in _RESERVED else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest fifty videos."""
        return listing("videoByUser", "username", address)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The videos of a page. Raises ChannelUnavailable where a first page has none."""
        page = videos(body, "videobyuser", cursor)
        if not page.items and "/curoffset/" not in body.url:
            raise ChannelUnavailable(f"no video of {address}")
        return page

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The channel on the site."""
        return f"{SITE}/{quote(address)}"


# ── what the API lists ───────────────────────────────────────────────────────────────────────────────────────────────


def listing(method: str, name: str, value: str) -> Request:
    """A method of the API with one variable."""
    return Request(f"{SITE}/etc/api/{method}/{name}/{quote(value, safe='')}/perpage/{_A_PAGE}")


def videos(body: Body, method: str, cursor: str | None) -> Page:
    """The videos that stand under the method's name. Raises NotTheAnswer with the API's own words, where it has none."""
    answer = read(body)
    if words := answer[method, "value"].text:  # {"type": "error", "value": …}
        raise NotTheAnswer(one_line(words))
    listed = [video for video in wanted(answer, method) if _VIDEO.fullmatch(video["uid"].text)]
    numbers = [number for video in listed if (number := video["id"].number) is not None]
    seen = int(cursor) if cursor and cursor.isdecimal() else None
    gap = seen is not None and bool(numbers) and min(numbers) > seen
    return Page(
        items=tuple(map(_item, listed)),
        cursor=str(max(*numbers, seen or 0)) if numbers else None,
        more=_further(answer["ui", "pagingForward"].text) if gap else None,
    )


def _further(address: str) -> Request | None:
    """The page behind this one, if it is the API's."""
    return Request(address) if address.startswith(f"{SITE}/etc/api/") else None


def _item(video: Answer) -> Item:
    name = video["username"].text
    return Item(
        guid=video["uid"].text,
        url=f"{SITE}/v/{video['uid'].text}",
        title=shortened(one_line(video["title"].text), TITLE),
        text=shortened(plain(video["description"].raw), TEXT),
        author=one_line(video["sender_name"].text)[:200] or None,
        published_at=_published(video),
        author_url=f"{SITE}/{name}" if _NAME.fullmatch(name) else None,
        metrics=Metrics(views=count_in(video["visit_cnt"].text), likes=count_in(video["like_cnt"].text)),
    )


def _published(video: Answer) -> datetime | None:
    """A full date in Tehran's time, a Jalali day in words, or how long ago it was, in seconds or in words."""
    date = parse_date(video["create_date"].text, TEHRAN) or parse_date(video["sdate"].text, TEHRAN)
    seconds = video["sdate_timediff"].number
    age = parse_age(video["sdate"].text) if seconds is None else timedelta(seconds=min(seconds, _OLDEST))
    return date or (datetime.now(UTC) - age if age is not None else None)
