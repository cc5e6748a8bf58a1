from urllib.parse import parse_qs, urlsplit

import pytest

from monitors.sources.bing_news import BingNews

SEARCH = BingNews()


@pytest.mark.parametrize(
    ("address", "term", "language", "country"),
    [
        ("دیجی‌کالا", "دیجی‌کالا", "fa", "IR"),
        ("en:Digikala", "Digikala", "en-US", "US"),
        ("ar:ديجي", "ديجي", "ar", "AE"),
        ("a&b=c", "a&b=c", "fa", "IR"),
    ],
)
def test_the_request_asks_for_the_newest_in_an_edition(address: str, term: str, language: str, country: str) -> None:
    url = urlsplit(SEARCH.request(address, None).url)
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert (url.hostname, url.path) == ("www.bing.com", "/news/search")
    assert query == {"q": term, "qft": 'sortbydate="1"', "setlang": language, "cc": country, "format": "rss"}


def test_a_latin_term_is_searched_in_english_too() -> None:
    assert SEARCH.addresses(["پاکنوش", "Paknosh", "ar:x", "  "]) == ("پاکنوش", "Paknosh", "en:Paknosh", "ar:x")
