"""Through a proxy: names are resolved beyond it, and still nobody asks it for this machine or its network."""

import asyncio

import pytest

from monitors.errors import AddressRefused, HttpStatus, TimedOut, Unreachable
from monitors.fetch import Fetcher, Limits
from monitors.kinds import Request
from tests.integration.fetch.proxies import MUTE, HttpProxy, SocksProxy
from tests.integration.fetch.servers import HOST, Names, Site, here, saying, scripted

SCHEMES = ["http", "socks5", "socks5h"]


def proxy_for(scheme: str) -> HttpProxy | SocksProxy:
    return HttpProxy() if scheme == "http" else SocksProxy()


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_name_that_only_the_proxy_knows(site: Site, scheme: str) -> None:
    site.answer(body=b"<rss/>")
    proxy = proxy_for(scheme)
    url = site.url(host="news.test")
    async with scripted(proxy) as port, Fetcher(proxy=f"{scheme}://{HOST}:{port}", resolver=Names()) as fetcher:
        fetched = await fetcher.get(Request(url))
    assert fetched.body is not None
    assert fetched.body.url == url
    assert proxy.asked == ([f"GET {url}"] if scheme == "http" else [("news.test", site.port)])


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_credentials_of_the_proxy_are_for_the_proxy(site: Site, scheme: str) -> None:
    site.answer(body=b"<rss/>")
    proxy = proxy_for(scheme)
    async with (
        scripted(proxy) as port,
        Fetcher(proxy=f"{scheme}://user:p%40ss@{HOST}:{port}", resolver=Names()) as fetcher,
    ):
        await fetcher.get(Request(site.url(host="news.test")))
    assert proxy.credentials == (["Basic dXNlcjpwQHNz"] if scheme == "http" else [("user", "p@ss")])
    assert "Authorization" not in site.asked[0].headers


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "host",
    [HOST, "[::1]", "10.0.0.1", "127.1", "localhost", "printer", "router.local", "169.254.169.254", "inside.test"],
)
async def test_the_proxy_is_not_asked_for_the_local_network(site: Site, scheme: str, host: str) -> None:
    proxy = proxy_for(scheme)
    names = Names({"inside.test": [["10.1.2.3"]]})
    async with scripted(proxy) as port, Fetcher(proxy=f"{scheme}://{HOST}:{port}", resolver=names) as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.get(Request(site.url(host=host)))
    assert not proxy.asked


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_redirects_inwards_are_refused_as_well(site: Site, scheme: str) -> None:
    site.answer(status=302, headers={"Location": "http://10.1.2.3/feed"})
    proxy = proxy_for(scheme)
    async with scripted(proxy) as port, Fetcher(proxy=f"{scheme}://{HOST}:{port}", resolver=Names()) as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.get(Request(site.url(host="news.test")))
    assert len(proxy.asked) == 1


@pytest.mark.parametrize("answer", ["10.10.34.36", "198.18.0.7", "d0::11", "93.184.216.34"])
async def test_what_a_censor_answers_is_no_address(site: Site, answer: str) -> None:
    """A blocked name resolves to 10.10.34.36 in Iran: the very reason for which there is a proxy."""
    site.answer(body=b"<rss/>")
    proxy = SocksProxy()
    names = Names({"t.me": [[answer]]})
    async with scripted(proxy) as port, Fetcher(proxy=f"socks5://{HOST}:{port}", resolver=names) as fetcher:
        assert (await fetcher.get(Request(site.url(host="t.me")))).body is not None
    assert proxy.asked == [("t.me", site.port)]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_permitted_endpoints_are_reached_without_it(site: Site, scheme: str) -> None:
    site.answer(body=b"<rss/>")
    proxy = proxy_for(scheme)
    async with (
        scripted(proxy) as port,
        Fetcher(proxy=f"{scheme}://{HOST}:{port}", allowed=frozenset({(HOST, site.port)})) as fetcher,
    ):
        assert (await fetcher.get(Request(site.url()))).body is not None
    assert not proxy.asked


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_intranets_through_a_proxy_where_they_are_let_in(site: Site, scheme: str) -> None:
    site.answer(body=b"<rss/>")
    proxy = proxy_for(scheme)
    async with (
        scripted(proxy) as port,
        Fetcher(proxy=f"{scheme}://{HOST}:{port}", allow_private=True, resolver=here("inside.test")) as fetcher,
    ):
        for host in (HOST, "inside.test"):
            assert (await fetcher.get(Request(site.url(host=host)))).body is not None
    assert len(proxy.asked) == 2


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_proxy_that_is_not_there(scheme: str) -> None:
    async with scripted(MUTE) as port:
        pass
    async with Fetcher(proxy=f"{scheme}://{HOST}:{port}", resolver=Names()) as fetcher:
        with pytest.raises(Unreachable):
            await fetcher.get(Request("http://news.test/feed"))


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_proxy_that_says_nothing(scheme: str) -> None:
    limits = Limits(connect=0.3, read=0.3, whole=1)
    async with (
        scripted(MUTE) as port,
        Fetcher(proxy=f"{scheme}://{HOST}:{port}", limits=limits, resolver=Names()) as fetcher,
    ):
        with pytest.raises(TimedOut):
            await fetcher.get(Request("http://news.test/feed"))


@pytest.mark.parametrize("url", ["http://news.test/feed", "https://news.test/feed"])
async def test_a_proxy_that_will_not(url: str) -> None:
    answer = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    async with (
        scripted(saying(answer)) as port,
        Fetcher(proxy=f"http://{HOST}:{port}", resolver=Names()) as fetcher,
    ):
        with pytest.raises((HttpStatus, Unreachable)):
            await fetcher.get(Request(url))


async def test_a_socks_proxy_that_will_not() -> None:
    async with (
        scripted(SocksProxy(reply=2)) as port,
        Fetcher(proxy=f"socks5://{HOST}:{port}", resolver=Names()) as fetcher,
    ):
        with pytest.raises(Unreachable):
            await fetcher.get(Request("http://news.test/feed"))
        with pytest.raises(Unreachable):
            await fetcher.get(Request(f"http://{'a' * 300}.test/feed"))


@pytest.mark.parametrize("proxy", ["ftp://proxy.test:21", "socks5://proxy.test", "proxy.test:3128", "http:proxy"])
def test_a_proxy_of_another_kind_stops_the_start(proxy: str) -> None:
    with pytest.raises(ValueError, match="socks5"):
        Fetcher(proxy=proxy)


async def test_the_environments_proxies_are_not_trusted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answer(body=b"<rss/>")
    proxy = HttpProxy()
    async with scripted(proxy) as port, Fetcher(allow_private=True, resolver=here("news.test")) as fetcher:
        monkeypatch.setenv("http_proxy", f"http://{HOST}:{port}")
        monkeypatch.setenv("HTTP_PROXY", f"http://{HOST}:{port}")
        assert (await fetcher.get(Request(site.url(host="news.test")))).body is not None
    assert not proxy.asked


async def test_a_dead_resolver_does_not_keep_requests_from_the_proxy(site: Site) -> None:
    site.answer(body=b"<rss/>")
    proxy = SocksProxy()
    async with (
        scripted(proxy) as port,
        Fetcher(proxy=f"socks5://{HOST}:{port}", resolver=Names(hangs=True)) as fetcher,
        asyncio.timeout(10),
    ):
        assert (await fetcher.get(Request(site.url(host="news.test")))).body is not None
