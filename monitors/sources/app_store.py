"""The kind "app_store": reviews of an app in Apple's App Store, by its customer reviews feed. An address is "us/1234567890":
the country whose store it is, and the app's number.

The feed holds the 500 newest reviews of a country in ten pages. It does not name the app, and is as empty for an app that
does not exist as for one that nobody reviewed: the lookup service tells both.
"""

import re
from urllib.parse import urlencode

from monitors.errors import AppUnavailable
from monitors.kinds import Body, Family, Page, Request
from monitors.sources.answer import Answer, read, unexpected
from monitors.sources.app_reviews import Known, Review, named, page_of, stars_of
from monitors.sources.channel_links import parts_of
from monitors.sources.markup import one_line

_SITE = "https://itunes.apple.com"
_HOSTS = frozenset({"apps.apple.com", "itunes.apple.com"})
_PATH = re.compile(r"/(?:([a-z]{2})/)?app/(?:[^/]+/)?id(\d{5,12})/?", re.IGNORECASE | re.ASCII)
_COUNTRY = "us"  # of a link that names none
_PAGE = re.compile(r"/page=(\d{1,2})/")
_PAGES = 10


class AppStore:
    """See monitors.kinds.SourceKind."""

    kind = "app_store"
    family: Family = "place"
    needs = ()
    pace = 3.0  # Apple asks for about twenty lookups a minute

    def recognise(self, text: str) -> str | None:
        """apps.apple.com/us/app/name/id1234567890, with or without country and name."""
        url = parts_of(text)
        found = _PATH.fullmatch(url.path) if url and url.hostname in _HOSTS else None
        return f"{(found[1] or _COUNTRY).lower()}/{found[2]}" if found else None

    def request(self, address: str, cursor: str | None) -> Request:
        """What the app is called; once that is known, the newest reviews."""
        if Known.of(cursor).app:
            return _feed(address, 1)
        country, _, app = address.partition("/")
        return Request(f"{_SITE}/lookup?{urlencode({'id': app, 'country': country})}")

    def parse(self, body: Body, address: str, cursor: str | None) -> Page:
        """The app's name, or a page of reviews. Raises AppUnavailable where the country's store has no such app."""
        answer = read(body)
        if answer["resultCount"].number is not None:
            name = one_line(answer["results", 0, "trackName"].text)
            if not name:
                raise AppUnavailable(address)
            return named(name, self.link(address), _feed(address, 1))
        if not answer["feed"]:
            raise unexpected(answer)
        entries = answer["feed", "entry"]
        listed = [entries] if isinstance(entries.value, dict) else list(entries)
        reviews = [self._review(entry, address) for entry in listed if entry["im:rating"] and entry["id", "label"].text]
        number = _page(body.url)
        further = _feed(address, number + 1) if reviews and number < _PAGES else None
        return page_of(reviews, Known.of(cursor, body.url), self.link(address), further)

    def repair(self, body: Body, address: str, cursor: str | None) -> Page:
        """There is nothing to mend in JSON."""
        return self.parse(body, address, cursor)

    def link(self, address: str) -> str:
        """The app's page."""
        country, _, app = address.partition("/")
        return f"https://apps.apple.com/{country}/app/id{app}"

    def _review(self, entry: Answer, address: str) -> Review:
        number = entry["id", "label"].text
        return Review(
            id=number,
            title=one_line(entry["title", "label"].text),
            text=entry["content", "label"].text,
            # There are no addresses of single reviews: this opens the app's, and tells them apart.
            url=f"{self.link(address)}?{urlencode({'see-all': 'reviews', 'review': number})}",
            author=one_line(entry["author", "name", "label"].text),
            author_url=entry["author", "uri", "label"].text,
            stars=stars_of(entry["im:rating", "label"]),
            likes=entry["im:voteSum", "label"].number,
            version=one_line(entry["im:version", "label"].text),
            at=entry["updated", "label"].time,
        )


def _feed(address: str, page: int) -> Request:
    country, _, app = address.partition("/")
    return Request(f"{_SITE}/{country}/rss/customerreviews/page={page}/id={app}/sortby=mostrecent/json")


def _page(url: str) -> int:
    found = _PAGE.search(url)
    return int(found[1]) if found else 1
