"""What a poll asks and what it learns: bodies, validators, freshness."""

import pytest
from aiohttp import web

from monitors.errors import HttpStatus
from monitors.fetch import Fetcher
from monitors.kinds import Body, Request
from tests.integration.fetch.servers import Site

MODIFIED = "Mon, 23 Mar 2026 08:00:00 GMT"


async def test_a_feed_arrives_with_what_the_next_poll_needs(site: Site) -> None:
    site.answer(
        body="<rss>سلام</rss>".encode(),
        headers={
            "ETag": '"v1"',
            "Last-Modified": MODIFIED,
            "Content-Type": "text/xml; charset=windows-1256",
            "Cache-Control": "public, max-age=300",
            "Age": "40",
        },
    )
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()))
    assert fetched.body == Body("<rss>سلام</rss>".encode(), site.url(), "text/xml; charset=windows-1256")
    assert (fetched.etag, fetched.last_modified) == ('"v1"', MODIFIED)
    assert fetched.max_age == 260
    assert fetched.body_hash is not None
    assert fetched.moved_to is None


async def test_a_304_brings_no_body_and_keeps_what_was_known(site: Site) -> None:
    async def unchanged(request: web.BaseRequest) -> web.Response:
        assert request.headers["If-None-Match"] == '"v1"'
        assert request.headers["If-Modified-Since"] == MODIFIED
        return web.Response(status=304)

    site.handle("/feed", unchanged)
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()), etag='"v1"', last_modified=MODIFIED, body_hash=b"hash")
    assert fetched.body is None
    assert (fetched.etag, fetched.last_modified, fetched.body_hash) == ('"v1"', MODIFIED, b"hash")


async def test_a_304_may_bring_a_new_validator(site: Site) -> None:
    site.answer(status=304, headers={"ETag": 'W/"v2"'})
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()), etag='"v1"')
    assert fetched.etag == 'W/"v2"'


async def test_a_304_that_nobody_asked_for_is_an_error(site: Site) -> None:
    site.answer(status=304)
    async with Fetcher(allow_private=True) as fetcher:
        with pytest.raises(HttpStatus) as error:
            await fetcher.get(Request(site.url()))
    assert error.value.status == 304


async def test_the_same_bytes_are_not_brought_twice(site: Site) -> None:
    site.answer(body=b"<rss/>", headers={"ETag": '"v1"'})
    async with Fetcher(allow_private=True) as fetcher:
        first = await fetcher.get(Request(site.url()))
        site.answer(body=b"<rss/>", headers={"ETag": '"v2"'})
        second = await fetcher.get(Request(site.url()), body_hash=first.body_hash)
        site.answer(body=b"<rss></rss>", headers={"ETag": '"v3"'})
        third = await fetcher.get(Request(site.url()), body_hash=second.body_hash)
    assert second.body is None
    assert (second.etag, second.body_hash) == ('"v2"', first.body_hash)
    assert third.body is not None
    assert third.body_hash != first.body_hash


async def test_validators_that_cannot_be_sent_back_are_forgotten(site: Site) -> None:
    site.answer(body=b"<rss/>", headers={"ETag": '"نسخه"', "Last-Modified": "x" * 2000})
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()))
    assert (fetched.etag, fetched.last_modified) == (None, None)


async def test_it_says_who_asks_and_what_it_can_read(site: Site) -> None:
    site.answer(body=b"<rss/>")
    async with Fetcher(allow_private=True) as fetcher:
        await fetcher.get(Request(site.url()))
    asked = site.asked[0].headers
    assert "Rasad/" in asked["User-Agent"]
    assert asked["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert "application/rss+xml" in asked["Accept"]
    assert not asked.keys() & {"Cookie", "Authorization", "If-None-Match", "If-Modified-Since"}


async def test_a_kind_of_source_adds_headers_of_its_own(site: Site) -> None:
    site.answer(body=b"{}")
    async with Fetcher(allow_private=True, user_agent="Other/1") as fetcher:
        await fetcher.get(Request(site.url(), (("Accept", "application/json"), ("X-Key", "k"))))
    asked = site.asked[0].headers
    assert (asked["Accept"], asked["X-Key"], asked["User-Agent"]) == ("application/json", "k", "Other/1")


async def test_credentials_in_an_address_are_sent_and_not_shown(site: Site) -> None:
    site.answer(body=b"<rss/>")
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url().replace("http://", "http://user:secret@")))
    assert site.asked[0].headers["Authorization"].startswith("Basic ")
    assert fetched.body is not None
    assert fetched.body.url == site.url()


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (
            "/posts/urn%3Ali%3Ashare%3A1/comments?author=urn%3Ali%3A2",
            "/posts/urn%3Ali%3Ashare%3A1/comments?author=urn%3Ali%3A2",
        ),
        ("/%7Euser/a%2Fb%20c", "/%7Euser/a%2Fb%20c"),
        ("/خبر?q=شیر تازه", "/%D8%AE%D8%A8%D8%B1?q=%D8%B4%DB%8C%D8%B1+%D8%AA%D8%A7%D8%B2%D9%87"),
        ("/100%?a=%zz", "/100%25?a=%25zz"),
        ("/a/../b#later", "/b"),
        ("", "/"),
    ],
)
async def test_an_address_is_sent_as_it_is_written_where_that_can_be_sent(site: Site, written: str, sent: str) -> None:
    async with Fetcher(allow_private=True) as fetcher:
        with pytest.raises(HttpStatus):
            await fetcher.get(Request(site.url(written)))
    assert site.asked[0].raw_path == sent


async def test_an_empty_body_is_a_body(site: Site) -> None:
    site.answer(headers={"Content-Encoding": "gzip"})
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()))
    assert fetched.body is not None
    assert fetched.body.content == b""


async def test_a_body_of_one_byte_is_a_body(site: Site) -> None:
    site.answer(body=b"x")
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()))
    assert fetched.body is not None
    assert fetched.body.content == b"x"


async def test_a_content_type_in_a_strange_encoding_does_no_harm(site: Site) -> None:
    site.answer(body=b"<rss/>", headers={"Content-Type": "text/xml; charset=یونیکد"})
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()))
    assert fetched.body is not None
    assert fetched.body.content_type.isascii()
    assert fetched.body.content_type.startswith("text/xml")


async def test_a_mirror_is_asked_in_place_of_its_host(site: Site) -> None:
    site.answer("/t.me/s/rasad?before=9", body=b"<html/>")
    async with Fetcher(allow_private=True, mirrors={"t.me": site.url("/t.me/")}) as fetcher:
        fetched = await fetcher.get(Request("https://t.me/s/rasad?before=9"))
    assert fetched.body == Body(b"<html/>", "https://t.me/s/rasad?before=9", "application/octet-stream")


async def test_a_mirror_of_one_page_leaves_the_others_of_its_host(site: Site) -> None:
    site.answer("/t.me/s/rasad?before=9", body=b"<html/>")
    async with Fetcher(allow_private=True, mirrors={"127.0.0.1/s/rasad": site.url("/t.me")}) as fetcher:
        fetched = await fetcher.get(Request("http://127.0.0.1/s/rasad?before=9"))
        site.answer("/s/other", body=b"other")
        other = await fetcher.get(Request(site.url("/s/other")))
    assert fetched.body == Body(b"<html/>", "http://127.0.0.1/s/rasad?before=9", "application/octet-stream")
    assert other.body is not None
    assert other.body.content == b"other"


async def test_redirects_of_a_mirror_are_those_of_its_host(site: Site) -> None:
    site.answer("/t.me/s/old", status=302, headers={"Location": "/s/new"})
    site.answer("/t.me/s/new", status=302, headers={"Location": "https://t.me/s/newest"})
    site.answer("/t.me/s/newest", body=b"<html/>")
    async with Fetcher(allow_private=True, mirrors={"t.me": site.url("/t.me")}) as fetcher:
        fetched = await fetcher.get(Request("https://t.me/s/old"))
    assert fetched.body is not None
    assert fetched.body.url == "https://t.me/s/newest"
