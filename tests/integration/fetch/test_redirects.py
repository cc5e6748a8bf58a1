"""Where a poll is led, and what goes along."""

import base64

import pytest
from aiohttp import web

from monitors.errors import AddressRefused, HttpStatus
from monitors.fetch import Fetcher
from monitors.kinds import Request
from tests.integration.fetch.servers import Site, here, saying, scripted


def chain(site: Site, *statuses: int) -> None:
    """/feed leads to /1, /1 to /2 and so on to a feed."""
    paths = ["/feed", *(f"/{number}" for number in range(1, len(statuses) + 1))]
    for path, status, target in zip(paths, statuses, paths[1:], strict=False):
        site.answer(path, status=status, headers={"Location": target})
    site.answer(paths[-1], body=b"<rss/>", headers={"ETag": '"v1"'})


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ((301,), True),
        ((308,), True),
        ((301, 308, 301), True),
        ((302,), False),
        ((303,), False),
        ((307,), False),
        ((301, 302), False),
        ((302, 301), False),
    ],
)
async def test_only_an_unbroken_chain_of_permanent_redirects_is_a_move(
    site: Site, statuses: tuple[int, ...], moved: bool
) -> None:
    chain(site, *statuses)
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()))
    final = site.url(f"/{len(statuses)}")
    assert fetched.body is not None
    assert fetched.body.url == final
    assert fetched.moved_to == (final if moved else None)


async def test_a_move_is_seen_also_where_nothing_changed(site: Site) -> None:
    site.answer(status=301, headers={"Location": "/new"})
    site.answer("/new", status=304)
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()), etag='"v1"')
    assert fetched.body is None
    assert fetched.moved_to == site.url("/new")


async def test_conditions_go_along(site: Site) -> None:
    chain(site, 302)
    async with Fetcher(allow_private=True) as fetcher:
        await fetcher.get(Request(site.url()), etag='"v0"', last_modified="yesterday")
    for asked in site.asked:
        assert (asked.headers["If-None-Match"], asked.headers["If-Modified-Since"]) == ('"v0"', "yesterday")


@pytest.mark.parametrize("targets", [["/feed"], ["/a", "/feed"], ["/a", "/b", "/a"]])
async def test_a_circle_ends(site: Site, targets: list[str]) -> None:
    for path, target in zip(["/feed", *targets], targets, strict=False):
        site.answer(path, status=302, headers={"Location": target})
    async with Fetcher(allow_private=True) as fetcher:
        with pytest.raises(HttpStatus) as error:
            await fetcher.get(Request(site.url()))
    assert error.value.status == 302
    assert len(site.asked) <= 3


async def test_ten_redirects_are_followed_and_no_more(site: Site) -> None:
    async with Fetcher(allow_private=True) as fetcher:
        chain(site, *[301] * 10)
        assert (await fetcher.get(Request(site.url()))).body is not None
        chain(site, *[301] * 11)
        with pytest.raises(HttpStatus):
            await fetcher.get(Request(site.url()))


@pytest.mark.parametrize("location", [None, "http://[::1", "http://h:port/"])
async def test_a_redirect_to_nowhere_is_an_error(site: Site, location: str | None) -> None:
    site.answer(status=302, headers={"Location": location} if location else {})
    async with Fetcher(allow_private=True) as fetcher:
        with pytest.raises(HttpStatus) as error:
            await fetcher.get(Request(site.url()))
    assert error.value.status == 302


@pytest.mark.parametrize("location", ["ftp://host/feed", "file:///etc/passwd", "javascript:alert(1)", "tg://resolve"])
async def test_a_redirect_out_of_http_is_refused(site: Site, location: str) -> None:
    site.answer(status=302, headers={"Location": location})
    async with Fetcher(allow_private=True) as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.get(Request(site.url()))


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("خبر/فید", "/%D8%AE%D8%A8%D8%B1/%D9%81%DB%8C%D8%AF"),
        ("/two words", "/two%20words"),
        ("?page=2", "/feed?page=2"),
        ("/feed2#part", "/feed2"),
    ],
)
async def test_locations_are_read_as_browsers_read_them(site: Site, location: str, path: str) -> None:
    site.answer(status=302, headers={"Location": location})

    async def feed(request: web.BaseRequest) -> web.Response:
        return web.Response(body=b"<rss/>")

    for asked in (path, path.replace("%20", " ")):
        site.handle(asked, feed)
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()))
    assert site.asked[-1].rel_url.raw_path_qs == path
    assert fetched.body is not None
    assert fetched.body.url == site.url(path)


async def test_a_location_in_windows_1256_keeps_its_bytes(site: Site) -> None:
    answer = b"HTTP/1.1 301 Moved\r\nLocation: " + site.url("/").encode() + "خبر".encode("cp1256") + b"\r\n\r\n"
    async with scripted(saying(answer)) as port, Fetcher(allow_private=True) as fetcher:
        with pytest.raises(HttpStatus):  # 404: the path is what matters
            await fetcher.get(Request(f"http://127.0.0.1:{port}/"))
    assert site.asked[0].raw_path == "/%CE%C8%D1"


async def test_a_kinds_headers_and_credentials_stay_with_their_host(site: Site, other_site: Site) -> None:
    site.answer(status=302, headers={"Location": "/second"})
    site.answer("/second", status=302, headers={"Location": other_site.url(host="other.test")})
    other_site.answer(status=302, headers={"Location": site.url("/back", host="first.test")})
    site.answer("/back", body=b"<rss/>")
    request = Request(f"http://user:secret@first.test:{site.port}/feed", (("X-Key", "k"),))
    async with Fetcher(allow_private=True, resolver=here("first.test", "other.test")) as fetcher:
        fetched = await fetcher.get(request, etag='"v1"')
    first, second, back = (asked.headers for asked in site.asked)
    given = "Basic " + base64.b64encode(b"user:secret").decode()
    assert first["Authorization"] == second["Authorization"] == given
    assert first["X-Key"] == second["X-Key"] == "k"
    for abroad in (other_site.asked[0].headers, back):
        assert not abroad.keys() & {"Authorization", "X-Key"}
        assert abroad["If-None-Match"] == '"v1"'
    assert fetched.body is not None
    assert "secret" not in fetched.body.url


async def test_an_address_with_credentials_keeps_them_when_it_moves_within_its_host(site: Site) -> None:
    site.answer(status=301, headers={"Location": site.url("/new")})
    site.answer("/new", body=b"<rss/>")
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url().replace("//", "//user:secret@")))
    assert fetched.moved_to == site.url("/new").replace("//", "//user:secret@")


async def test_the_cookie_that_a_cdn_wants_back_lets_the_poll_in(site: Site, other_site: Site) -> None:
    async def challenge(request: web.BaseRequest) -> web.Response:
        if request.cookies.get("passed") == "yes":
            return web.Response(status=302, headers={"Location": other_site.url(host="other.test")})
        return web.Response(status=307, headers={"Location": "/feed", "Set-Cookie": "passed=yes; path=/"})

    site.handle("/feed", challenge)
    other_site.answer(body=b"<rss/>")
    async with Fetcher(allow_private=True, resolver=here("news.test", "other.test")) as fetcher:
        for _ in range(2):
            fetched = await fetcher.get(Request(site.url(host="news.test")))
            assert fetched.body is not None
    assert ["Cookie" in asked.headers for asked in site.asked] == [False, True, False, True]  # none outlives its poll
    assert not any("Cookie" in asked.headers for asked in other_site.asked)


async def test_a_cookie_that_never_satisfies_ends_too(site: Site) -> None:
    site.answer(status=302, headers={"Location": "/feed", "Set-Cookie": "passed=no"})
    async with Fetcher(allow_private=True, resolver=here("news.test")) as fetcher:
        with pytest.raises(HttpStatus):
            await fetcher.get(Request(site.url(host="news.test")))
    assert len(site.asked) == 2
