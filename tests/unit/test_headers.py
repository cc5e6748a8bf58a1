"""Single headers, as servers send them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.headers import links, location, max_age, retry_after, validator, waiting_time

NOW = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("control", "age", "seconds"),
    [
        ("max-age=300", "", 300),
        ("public, max-age=300, must-revalidate", "", 300),
        ("Max-Age = 300", "", 300),
        ('max-age="300"', "", 300),
        ("max-age=300", "40", 260),
        ("max-age=300", "400", 0),
        ("max-age=300", "-5", 300),
        ("max-age=300", "old", 300),
        ("max-age=0", "", 0),
        ("max-age=99999999999999999999", "", 9999999999),
        ("s-maxage=600", "", None),
        ("s-maxage=600, max-age=60", "", 60),
        ("x-max-age=600", "", None),
        ("no-cache, max-age=300", "", None),
        ("max-age=300, no-store", "", None),
        ('no-cache="Set-Cookie", max-age=300', "", None),
        ("max-age=-1", "", None),
        ("max-age=soon", "", None),
        ("", "", None),
    ],
)
def test_max_age(control: str, age: str, seconds: float | None) -> None:
    assert max_age(control, age) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Sat, 21 Mar 2026 12:05:00 GMT", 300),
        ("Saturday, 21-Mar-26 12:05:00 GMT", 300),
        ("Sat, 21 Mar 2026 12:05:00 -0000", 300),
        ("Sat, 21 Mar 2026 15:35:00 +0330", 300),
        ("Sat, 21 Mar 2026 11:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("۱۲۰", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120", "X-Rate-Limit-Reset": "300"}, 120),
        ({"X-Rate-Limit-Reset": str(int(NOW.timestamp()) + 300)}, 300),
        ({"X-Rate-Limit-Reset": str(int(NOW.timestamp()) - 300)}, 0),
        ({"X-RateLimit-Reset": "2026-03-21T12:05:00.000Z"}, 300),
        ({"X-RateLimit-Reset": "2026-03-21T15:35:00+03:30"}, 300),
        ({"RateLimit-Reset": "45"}, 45),
        ({"Retry-After": "soon", "RateLimit-Reset": "45"}, 45),
        ({"RateLimit-Reset": "-5"}, None),
        ({"RateLimit-Reset": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_a_network_wants_to_be_left_alone(headers: dict[str, str], seconds: float | None) -> None:
    assert waiting_time(headers, NOW) == seconds


@given(st.text())
def test_nothing_a_server_says_breaks_the_reading(value: str) -> None:
    assert (retry_after(value, NOW) or 0) >= 0
    assert (max_age(value, value) or 0) >= 0
    assert (waiting_time({"RateLimit-Reset": value}, NOW) or 0) >= 0
    assert location(value.encode(errors="replace").decode(errors="surrogateescape")).isascii()


@pytest.mark.parametrize(
    ("value", "kept"),
    [('"v1"', True), ('W/"v1"', True), ("", False), (None, False), ('"نسخه"', False), ("x" * 1025, False)],
)
def test_validators(value: str | None, kept: bool) -> None:
    assert validator(value) == (value if kept else None)


def test_locations_keep_their_bytes_and_their_escapes() -> None:
    assert location("/خبر") == "/%D8%AE%D8%A8%D8%B1"
    assert location("خبر".encode("cp1256").decode(errors="surrogateescape")) == "%CE%C8%D1"
    assert location("https://news.test/a%20b?c=d&e=[f]#g") == "https://news.test/a%20b?c=d&e=[f]#g"


@pytest.mark.parametrize(
    ("value", "hub", "topic"),
    [
        (
            '<https://hub.example/>; rel="hub", <https://a.example/rss>; rel="self"',
            "https://hub.example/",
            "https://a.example/rss",
        ),
        ("<https://hub.example/>; rel=hub", "https://hub.example/", None),
        ('<https://a.example/rss>; title="a, b"; rel="self hub"', "https://a.example/rss", "https://a.example/rss"),
        ("</hub>;REL=HUB", "https://a.example/hub", None),
        ('<https://one.example>; rel="hub", <https://two.example>; rel="hub"', "https://one.example", None),
        ('<javascript:alert(1)>; rel="hub", <http://[x>; rel="hub"', None, None),
        ('<https://hub.example/>; prel="hub"', None, None),
        ("hub", None, None),
        ("", None, None),
    ],
)
def test_links(value: str, hub: str | None, topic: str | None) -> None:
    found = links(value, "https://a.example/feed")
    assert (found.get("hub"), found.get("self")) == (hub, topic)


@given(st.text("<>;,=\"' relhubsf:/x[", max_size=80))
def test_no_link_header_makes_it_fail(value: str) -> None:
    assert all(url.startswith("http") for url in links(value, "https://a.example/").values())
