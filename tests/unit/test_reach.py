"""Reach and influence, by docs/reach.md."""

import pytest

from monitors.model import Item, Metrics
from monitors.reach import influence, key, outlet_name, publisher_of, readings, response, voice_of


def item(url: str | None, author: str | None = None, **fields: object) -> Item:
    return Item("guid", url, "تیتر", "", author, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("published", "publisher"),
    [
        (item("https://www.isna.ir/news/1/x"), "isna.ir"),
        (item("https://isna.ir/xd/2"), "isna.ir"),
        (item("http://m.isna.ir/xd/2"), "isna.ir"),
        (item("https://t.me/Khabar_Example/12"), "t.me/khabar_example"),
        (item("https://t.me/s/khabar_example/12"), "t.me/khabar_example"),
        (item("https://x.com/sara/status/5", author_url="https://x.com/Sara", outlet="@sara"), "x.com/sara"),
        (item("https://social.example/@ali/9", outlet="@Ali"), "social.example/@ali"),
        (item("https://news.google.com/rss/articles/CBM?oc=5", outlet="ایسنا"), "isna.ir"),
        (item("https://news.google.com/rss/articles/CBM?oc=5", outlet="Nowhere Times"), "nowhere times"),
        (item("http://10.0.0.7:8080/newsroom/daily/12"), "10.0.0.7:8080/newsroom/daily"),
        (item("http://127.0.0.1:8081/newsroom/agency/12?id=a/b"), "127.0.0.1:8081/newsroom/agency"),
        (item("http://[fd00::1]/daily/12"), "[fd00::1]/daily"),
        (item("http://localhost/12"), "localhost"),
        (item(None, outlet="روزنامه"), "روزنامه"),
        (item(None), ""),
    ],
)
def test_a_publisher_is_one_whatever_feed_brought_it(published: Item, publisher: str) -> None:
    assert publisher_of(published) == publisher


def test_readings_are_views_else_a_part_of_followers_else_by_tier() -> None:
    url = "https://www.isna.ir/news/1"
    assert readings(item(url, metrics=Metrics(views=41, followers=9_000))) == 41
    assert readings(item(url, metrics=Metrics(views=0))) == 0
    assert readings(item(url, metrics=Metrics(followers=9_000))) == 450
    assert readings(item(url)) == 5_000
    assert readings(item("https://sport.isna.ir/1")) == 5_000
    assert readings(item("https://unheard.example/1")) == 300
    assert readings(item(None)) == 300


def test_responses_are_what_is_told_of_them() -> None:
    assert response(item(None, metrics=Metrics(views=900, likes=3, replies=2))) == 5
    assert response(item(None)) == 0


def test_a_voice_is_who_signs() -> None:
    assert voice_of(item("https://x.com/sara/status/5", "سارا", author_url="https://x.com/Sara")) == "x.com/sara"
    assert voice_of(item("https://isna.ir/1", "علی  رضایی")) == voice_of(item("https://www.isna.ir/2", "علی رضایی"))
    assert voice_of(item("https://isna.ir/1", "علی رضایی")) != voice_of(item("https://irna.ir/1", "علی رضایی"))
    assert voice_of(item("https://isna.ir/1")) is None


def test_sections_of_an_outlet_have_its_name() -> None:
    assert outlet_name(item("https://www.isna.ir/news/1"), "ایسنا (اقتصاد)") == "ایسنا"
    assert outlet_name(item("https://unheard.example/1"), "ناشناس") == "ناشناس"
    assert outlet_name(item("https://news.google.com/x", outlet="ایسنا"), "ایسنا") == "ایسنا"


def test_influence_grows_with_audience_response_and_mentions_up_to_100() -> None:
    assert influence(0, 0, 0) == 0
    assert influence(10**9, 10**9, 10**4) == 100
    base = influence(10_000, 100, 5)
    assert influence(100_000, 100, 5) - base in (8, 9)
    assert base < influence(10_000, 1_000, 5) < 100
    assert base < influence(10_000, 100, 50) < 100


def test_keys_fit_the_store_and_differ() -> None:
    keys = {key(name) for name in ("isna.ir", "irna.ir", "t.me/a", "", "\ud800")}
    assert len(keys) == 5
    assert all(0 <= one < 2**63 for one in keys)
