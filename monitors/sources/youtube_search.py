"""The kind "youtube_search": videos about the tracked terms, by the Data API. An address is a term.

    search.list → ids of the newest fifty                    100 a day are free
    videos.list → their whole texts, authors and counts      10,000 a day are free
The index learns of some videos hours after they came out, so each search reaches back a day behind the newest known one.
"""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from monitors.model import Body, Family, Item, Metrics, Page, Request
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.dates import parse_date
from monitors.sources.entries import TEXT, TITLE, language_of, shortened
from monitors.sources.markup import clean, one_line
from monitors.sources.youtube_api import CHANNEL, NEEDS, VIDEO, asking, channel_page, watching

_LATE = timedelta(days=1)  # that the index may be
_NEWEST = "CAI="  # the site's own word for "by upload date"
_LONGEST = 200  # characters of a query


class YouTubeSearch:
    """See monitors.model.SourceKind."""

    kind = "youtube_search"
    family: Family = "search"
    needs = NEEDS
    pace = 870.0  # 100 searches a day are free

    def recognise(self, text: str) -> str | None:
        """Any term, its spaces made single."""
        term = " ".join(text.split())
        return term if _query(term) and len(term) <= _LONGEST else None

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """One search a term."""
        return tuple(address for term in terms if (address := self.recognise(term)))

    def request(self, address: str, cursor: str | None) -> Request:
        """The search."""
        newest = parse_date(cursor)
        since = (newest - _LATE).strftime("%Y-%m-%dT%H:%M:%SZ") if newest else ""
        asked = {"part": "snippet", "type": "video", "order": "date", "maxResults": "50", "q": _query(address)}
        return asking("search", **asked, publishedAfter=since)

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """What was found leads on to the videos themselves."""
        answer = read(body)
        found = wanted(answer, "items")
        if answer["kind"].text == "youtube#videoListResponse":
            return Page(tuple(_item(video) for video in found if VIDEO.fullmatch(video["id"].text)))
        ids = [number for hit in found if VIDEO.fullmatch(number := hit["id", "videoId"].text)]
        dates = [date for hit in found if (date := hit["snippet", "publishedAt"].time)]
        return Page(
            items=(),
            cursor=max(dates).isoformat() if dates else None,
            more=asking("videos", part="snippet,statistics", id=",".join(ids)) if ids else None,
        )

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """JSON is read or it is not."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The search on the site."""
        return f"https://www.youtube.com/results?{urlencode({'search_query': _query(address), 'sp': _NEWEST})}"


def _query(term: str) -> str:
    """The term without what the search would take for an operator: | is "or", a leading - "not"."""
    return " ".join(word for given in term.replace("|", " ").replace('"', " ").split() if (word := given.lstrip("-")))


def _item(video: Answer) -> Item:
    about, counts = video["snippet"], video["statistics"]
    channel = about["channelId"].text
    author = one_line(about["channelTitle"].text)[:200] or None
    return Item(
        guid=video["id"].text,
        url=watching(video["id"].text),
        title=shortened(one_line(about["title"].text), TITLE),
        text=shortened(clean(about["description"].text), TEXT),
        author=author,
        published_at=about["publishedAt"].time,
        author_url=channel_page(channel) if CHANNEL.fullmatch(channel) else None,
        outlet=author,
        language=language_of(about["defaultAudioLanguage"].text or about["defaultLanguage"].text),
        metrics=Metrics(
            views=counts["viewCount"].number, likes=counts["likeCount"].number, replies=counts["commentCount"].number
        ),
    )
