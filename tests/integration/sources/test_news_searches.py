"""Searches in Google's and Bing's news, against servers that answer as they do: feeds, redirects to a refusal, pages of HTML."""

from collections.abc import AsyncIterator
from email.utils import formatdate
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from aiohttp import web

from monitors.errors import HttpStatus, NotTheAnswer
from monitors.kinds import SearchKind
from monitors.sources import SEARCHES
from tests.integration.sources.network import Watched, watching

HOSTS = {"google_news": "news.google.com", "bing_news": "www.bing.com"}
SORRY = "<html><head><title>Sorry</title></head><body><h1>Our systems have detected unusual traffic</h1></body></html>"


class Press:
    """The news of a search engine: articles as (path, headline), newest first."""

    def __init__(self, kind: SearchKind) -> None:
        self.kind = kind
        self.articles: list[tuple[str, str]] = []
        self.asked: list[dict[str, str]] = []
        self.broken: web.Response | None = None
        self.answers = 0

    async def answer(self, request: web.BaseRequest) -> web.Response:
        if request.path == "/sorry/index":
            return web.Response(status=429, text=SORRY, content_type="text/html", headers={"Retry-After": "1800"})
        self.asked.append(dict(request.query))
        self.answers += 1
        if self.broken:
            return self.broken
        entry = self._google if self.kind.kind == "google_news" else self._bing
        assert request.path == ("/rss/search" if self.kind.kind == "google_news" else "/news/search")
        entries = "".join(entry(path, headline) for path, headline in self.articles)
        space = "https://www.bing.com/news/search?q=x&amp;format=rss"
        feed = f'<rss version="2.0" xmlns:News="{space}"><channel><title>x</title>{entries}</channel></rss>'
        return web.Response(text=feed, content_type="text/xml")

    @staticmethod
    def _google(path: str, headline: str) -> str:
        link = f"https://news.google.com/rss/articles/{path}?oc=5"
        related = escape('<a href="x">A competitor that is not in this article</a>')
        return (
            f"<item><title>{headline} - Outlet</title><link>{link}</link><guid>{path}</guid><pubDate>{formatdate()}"
            f'</pubDate><description>{related}</description><source url="https://o.example">Outlet</source></item>'
        )

    def _bing(self, path: str, headline: str) -> str:
        target = quote(f"https://o.example/{path}", safe="").lower()
        link = f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&amp;tid={self.answers}&amp;url={target}&amp;c=1"
        return (
            f"<item><title>{headline}</title><link>{link}</link><pubDate>{formatdate()}</pubDate>"
            f"<description>Beginning</description><News:Source>Outlet</News:Source></item>"
        )


@pytest.fixture(params=sorted(HOSTS))
def press(request: pytest.FixtureRequest) -> Press:
    return Press(next(kind for kind in SEARCHES if kind.kind == request.param))


@pytest.fixture
async def search(press: Press) -> AsyncIterator[Watched]:
    async with watching(press.kind, "پاکنوش", press.answer, HOSTS[press.kind.kind]) as watched:
        yield watched


async def test_results_are_articles_of_their_outlets_and_known_again(press: Press, search: Watched) -> None:
    press.articles = [("b", "پاکنوش سود داد"), ("a", "پاکنوش زیان داد")]
    first = await search.poll()
    assert [(item.title, item.outlet) for item in first] == [
        ("پاکنوش سود داد", "Outlet"),
        ("پاکنوش زیان داد", "Outlet"),
    ]
    assert not any("competitor" in item.text for item in first)
    press.articles.insert(0, ("c", "پاکنوش تازه"))
    second = await search.guids()
    assert second[1:] == [item.guid for item in first], "whatever else stands in the links"
    assert len(set(second)) == 3


async def test_a_term_is_searched_in_its_edition(press: Press, search: Watched) -> None:
    await search.poll()
    persian = press.asked[-1]
    async with watching(press.kind, "en:Paknosh", press.answer, HOSTS[press.kind.kind]) as english:
        await english.poll()
    assert persian["q"].startswith("پاکنوش")
    assert press.asked[-1]["q"].startswith("Paknosh")
    assert {*persian.items()} != {*press.asked[-1].items()}


async def test_nothing_found_is_no_error(press: Press, search: Watched) -> None:
    assert await search.poll() == ()


async def test_too_many_requests_are_told_behind_a_redirect_too(press: Press, search: Watched) -> None:
    press.broken = web.Response(status=302, headers={"Location": "/sorry/index?continue=x"})
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert (caught.value.status, caught.value.retry_after) == (429, 1800)


@pytest.mark.parametrize("status", [400, 403, 503])
async def test_a_refusal_is_an_error(press: Press, search: Watched, status: int) -> None:
    press.broken = web.Response(status=status, text=SORRY, content_type="text/html")
    with pytest.raises(HttpStatus) as caught:
        await search.poll()
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("body", "words"),
    [(SORRY, "Our systems have detected unusual traffic"), ("Please wait", "Please wait"), ("{}", "")],
)
async def test_what_is_no_feed_is_an_error_in_its_own_words(
    press: Press, search: Watched, body: str, words: str
) -> None:
    press.broken = web.Response(text=body, content_type="text/html")
    with pytest.raises(NotTheAnswer) as caught:
        await search.poll()
    assert words in caught.value.what


async def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes(press: Press, search: Watched) -> None:
    press.articles = [("a", "پاکنوش سود داد")]
    whole = (await search.poll())[0].title
    text = f"<rss><channel><item><title>{whole} & more</title><link>https://o.example/x</link></item><item><title>an"
    press.broken = web.Response(text=text, content_type="text/xml")
    assert (await search.poll())[0].title.startswith(whole)
