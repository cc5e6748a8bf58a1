"""What the app stores have in common: a review as an Item, and how a poll finds its way through a store.

A poll that knows nothing yet asks what the app is called; then it reads the newest reviews, and pages on while none of those
seen last comes up. An Item's title begins with the app's name, so that a review of a tracked app is a mention, also where its
words do not repeat the name; the stars and the review's beginning follow. What does not live here: addresses, requests and
answers of the stores (app_store.py, google_play.py, cafe_bazaar.py, myket.py), and what stars mean (language/sentiment.py).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, unquote, urldefrag, urlencode

from monitors.errors import NotTheAnswer
from monitors.kinds import Page, Request
from monitors.model import STAR, Item, Metrics
from monitors.sources.answer import Answer
from monitors.sources.entries import TEXT, hashed, shortened, web_url
from monitors.sources.markup import headline, one_line

_KEPT = 5  # reviews whose ids are kept, should some be deleted or edited (an edit moves a review to the top)
_LONGEST_ID = 200
_LONGEST_NAME = 100  # characters of an app's name; Apple allows 30, Google 50
_LONGEST_TITLE = 200
_PACKAGE = re.compile(r"[A-Za-z]\w*(\.\w+)+", re.ASCII)
_LONGEST_PACKAGE = 150


@dataclass(frozen=True, slots=True)
class Review:
    """A review as a store gives it; `version` is the app's. `url` opens it, in stores where it has an address of its own."""

    id: str
    text: str
    url: str = ""
    title: str = ""
    author: str = ""
    author_url: str = ""
    stars: int | None = None
    likes: int | None = None
    replies: int | None = None
    version: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The bookmark of a source: what the app is called, and the newest reviews as of the last poll. `further` is whether the
    page in hand follows another of the same poll."""

    app: str = ""
    ids: tuple[str, ...] = ()
    at: float = 0.0  # seconds since 1970, of the newest review
    further: bool = False

    @classmethod
    def of(cls, cursor: str | None, url: str = "") -> "Known":
        """What a cursor and the URL of a page say."""
        try:
            kept = Answer(json.loads(cursor or "{}"))
        except (ValueError, RecursionError):
            kept = Answer()
        told = _told(url)
        ids = tuple(one.text for one in kept["ids"] if one.text)
        return cls(told or kept["app"].text, ids[:_KEPT], float(kept["at"].number or 0), bool(told))

    def __str__(self) -> str:
        return json.dumps({"app": self.app, "ids": self.ids, "at": int(self.at)}, ensure_ascii=False)

    def has_reached(self, reviews: Sequence[Review]) -> bool:
        """Whether a page goes back to what was known; at first sight one page is enough."""
        dates = [review.at.timestamp() for review in reviews if review.at]
        return not self.ids or any(review.id in self.ids for review in reviews) or min(dates, default=self.at) < self.at


def package_in(text: str) -> str | None:
    """The name of an Android package, where it is one."""
    return text if _PACKAGE.fullmatch(text) and len(text) <= _LONGEST_PACKAGE else None


def named(app: str, link: str, reviews: Request) -> Page:
    """The page that told what the app is called; its reviews, which are asked for next, set the bookmark."""
    app = shortened(app, _LONGEST_NAME)
    return Page((), title=app, more=_carrying(reviews, app), homepage=link)


def page_of(reviews: Sequence[Review], known: Known, link: str, further: Request | None) -> Page:
    """A page of reviews, newest first. `further` asks for the older ones, where there are any. Raises NotTheAnswer where there
    were reviews before and are none now: Apple's feed does that for hours at times."""
    if not reviews and known.ids and not known.further:
        raise NotTheAnswer("no reviews, where there were some before")
    ids = tuple(review.id for review in reviews[:_KEPT]) or known.ids
    newest = max((review.at.timestamp() for review in reviews if review.at), default=known.at)
    return Page(
        items=tuple(_item(review, known.app, link) for review in reviews if review.text or review.title),
        title=known.app or None,
        cursor=str(Known(known.app, ids, newest)),
        more=_carrying(further, known.app) if further and not known.has_reached(reviews) else None,
        homepage=link,
    )


def stars_of(answer: Answer) -> int | None:
    """One to five."""
    stars = answer.number
    return stars if stars in range(1, 6) else None


def _told(url: str) -> str:
    """The app's name behind the URL of a page that follows the one that told it."""
    try:
        return one_line(unquote(urldefrag(url).fragment))
    except ValueError:
        return ""


def _carrying(request: Request, app: str) -> Request:
    """The request with the app's name behind its URL, where no server sees it and the next page finds it."""
    return replace(request, url=f"{request.url}#{quote(app, safe='')}")


def _item(review: Review, app: str, link: str) -> Item:
    """`link` opens the app's page; with the review's number behind it, it tells reviews apart that have no address."""
    title = "" if review.text.startswith(review.title) else review.title
    text = "\n".join(filter(None, (title, review.text, review.version and f"v{review.version}")))
    stars = STAR * review.stars + "☆" * (5 - review.stars) if review.stars else ""
    return Item(
        guid=review.id if len(review.id) <= _LONGEST_ID else hashed(review.id),
        url=web_url(review.url or f"{link}?{urlencode({'review': review.id})}"),
        title=shortened(" ".join(filter(None, (app.replace(STAR, ""), stars, headline(text)))), _LONGEST_TITLE),
        text=shortened(text, TEXT),
        author=shortened(review.author, 200) or None,
        author_url=web_url(review.author_url),
        published_at=review.at,
        metrics=Metrics(stars=review.stars, likes=review.likes, replies=review.replies),
    )
