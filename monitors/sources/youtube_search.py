"""The kind "youtube_search": videos about the tracked terms, by the Data API. An address is terms
with " | " between them (batches.py).

    search.list → ids of the newest fifty                    100 a day are free
    videos.list → their whole texts, authors and counts      10,000 a day are free
The index learns of some videos hours after they came out, so each search reaches back a day behind the newest known one.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from monitors.kinds import Body, Family, Page, Request
from monitors.model import Item, Metrics
from monitors.sources.answer import Answer, read, wanted
from monitors.sources.batches import packed, terms_of
from monitors.sources.dates import parse_date
from monitors.sources.entries import TEXT, TITLE, language_of, shortened
from monitors.sources.markup import clean, one_line
from monitors.sources.youtube_api import CHANNEL, NEEDS, VIDEO, asking, channel_page, watching

_LATE = timedelta(days=1)  # that the index may be
_NEWEST = "CAI="  # the site's own word for "by upload date"
_LONGEST = 200  # characters of a query


class YouTubeSearch:
    """See monitors.kinds.SourceKind."""

    kind = "youtube_search"
    family: Family = "search"
    needs = NEEDS
    pace = 870.0  # 100 searches a day are free

    def recognise(self, text: str) -> str | None:
        """Any terms that one query holds, with | between them."""
        return next(iter(self.addresses(text.split("|"))), None)

    def addresses(self, terms: Sequence[str]) -> tuple[str, ...]:
        """Names of one word share a search; of several the search would not know where one ends."""
        words = {term for given in terms if (term := _words(given))}
        single = {word for word in words if " " not in word}
        return (
            *packed(single, lambda batch: len("|".join(batch)) <= _LONGEST),
            *packed(words - single, lambda batch: len(batch) == 1 and len(batch[0]) <= _LONGEST),
        )

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


def _query(address: str) -> str:
    return "|".join(terms_of(address))


def _words(term: str) -> str:
    """The term without what the search would take for an operator: | is "or", a leading - "not", quotes make a phrase."""
    return " ".join(word for given in re.sub(r'[|"]', " ", term).split() if (word := given.lstrip("-")))


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
