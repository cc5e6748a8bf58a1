"""The kind "youtube_comments": what people say below a video, or below all videos of a channel, by the Data API.

An address is the video's id or the channel's (UC…). Threads come newest first, each with its first replies. The cursor is
the time of the newest thread: pages are read until one reaches it.
"""

import re
from collections.abc import Iterator

from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item, Metrics
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.dates import parse_date
from monitors.sources.entries import TEXT, TITLE, shortened, web_url
from monitors.sources.links import link_to
from monitors.sources.markup import clean, headline, one_line
from monitors.sources.youtube_api import CHANNEL, NEEDS, VIDEO, asking, channel_page, watching

_COMMENT = re.compile(r"[\w.-]{5,200}", re.ASCII)
_VIDEO_PATHS = frozenset({"shorts", "live", "embed", "v"})


class YouTubeComments:
    """See monitors.kinds.SourceKind."""

    kind = "youtube_comments"
    family: Family = "place"
    needs = NEEDS
    pace = 15.0  # five pages each time: 10,000 a day last for more than half of it, and most polls read one

    def recognise(self, text: str) -> str | None:
        """A video's link; a channel's with /comments behind it."""
        if short := link_to("youtu.be", text):
            return next((number for number in short.path[:1] if VIDEO.fullmatch(number)), None)
        link = link_to("youtube.com", text)
        if link is None:
            return None
        match link.path:
            case ("watch",):
                number = link.query.get("v", "")
            case ("channel", number, "comments"):
                return number if CHANNEL.fullmatch(number) else None
            case (place, number) if place in _VIDEO_PATHS:
                pass
            case _:
                return None
        return number if VIDEO.fullmatch(number) else None

    def request(self, address: str, cursor: str | None) -> Request:
        """The newest hundred threads."""
        return _threads(address)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The threads of a page, and one page further while all of them are newer than the bookmark."""
        answer = read(body)
        threads = list(wanted(answer, "items"))
        dates = [date for thread in threads if (date := _first(thread)["snippet", "publishedAt"].time)]
        seen, further = parse_date(cursor), answer["nextPageToken"].text
        gap = seen is not None and bool(dates) and min(dates) > seen
        return Page(
            items=tuple(item for thread in threads for item in _items(thread)),
            cursor=max(dates).isoformat() if dates else None,
            more=_threads(address, further) if gap and further else None,
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The video or the channel on the site."""
        return channel_page(address) if CHANNEL.fullmatch(address) else watching(address)


def _threads(address: str, page: str = "") -> Request:
    where = {"allThreadsRelatedToChannelId" if CHANNEL.fullmatch(address) else "videoId": address}
    asked = {"part": "snippet,replies", "order": "time", "maxResults": "100", "textFormat": "plainText"}
    return asking("commentThreads", **asked, **where, pageToken=page)


def _first(thread: Answer) -> Answer:
    """The comment that began a thread."""
    return thread["snippet", "topLevelComment"]


def _items(thread: Answer) -> Iterator[Item]:
    for comment in (_first(thread), *thread["replies", "comments"]):
        if _COMMENT.fullmatch(comment["id"].text):
            replies = None if "." in comment["id"].text else thread["snippet", "totalReplyCount"].number
            yield _item(comment, replies)


def _item(comment: Answer, replies: int | None) -> Item:
    said = comment["snippet"]
    text = clean(said["textDisplay"].text)
    author = one_line(said["authorDisplayName"].text)[:200] or None
    video = said["videoId"].text
    below = watching(video) if VIDEO.fullmatch(video) else None
    return Item(
        guid=comment["id"].text,
        url=f"{below}&lc={comment['id'].text}" if below else None,
        title=shortened(headline(text), TITLE),
        text=shortened(text, TEXT),
        author=author,
        published_at=said["publishedAt"].time,
        author_url=web_url(said["authorChannelUrl"].text),
        outlet=author,
        metrics=Metrics(likes=said["likeCount"].number, replies=replies),
    )
