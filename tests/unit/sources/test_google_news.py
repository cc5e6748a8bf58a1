from urllib.parse import parse_qs, urlsplit

import pytest

from monitors.kinds import Body
from monitors.sources.google_news import GoogleNews
from tests.shared import SHARED, needs_shared

SEARCH = GoogleNews()


@pytest.mark.parametrize(
    ("address", "term", "edition"),
    [
        ("دیجی‌کالا", "دیجی‌کالا", "IR:fa"),
        ("en:Digikala", "Digikala", "US:en"),
        ("قیمت: روز", "قیمت: روز", "IR:fa"),
        ("a&b=c", "a&b=c", "IR:fa"),
    ],
)
def test_the_request_asks_for_the_term_in_its_edition(address: str, term: str, edition: str) -> None:
    url = urlsplit(SEARCH.request(address, None).url)
    query = parse_qs(url.query)
    assert (url.hostname, url.path) == ("news.google.com", "/rss/search")
    assert (query["q"], query["ceid"]) == ([f"{term} when:7d"], [edition])
    assert query["hl"][0][:2] == query["ceid"][0][-2:]


def test_a_term_is_an_address_with_single_spaces() -> None:
    assert SEARCH.recognise("  بانک   ملت ") == "بانک ملت"
    assert SEARCH.recognise("   ") is None
    assert SEARCH.recognise("x" * 300) is None


@needs_shared
def test_real_results_are_articles_of_their_outlets() -> None:
    content = (SHARED / "data" / "samples" / "google_news_rss" / "search_en_2026-09-25.xml").read_bytes()
    page = SEARCH.parse(Body(content, "https://news.google.com/rss/search?q=x"), "en:x", None)
    assert [(item.title, item.outlet, item.text) for item in page.items] == [
        ("Fall Related Emergency Visits for Older Adults Continue to Climb", "countynewscenter.com", ""),
        ("Ketanji Brown Jackson criticizes supreme court’s handling of emergency docket", "The Guardian", ""),
    ]
