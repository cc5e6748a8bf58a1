"""No source reaches this machine or its network, by whatever road."""

import pytest

from monitors.errors import AddressRefused, Unreachable
from monitors.fetch import Fetcher
from monitors.kinds import Request
from tests.integration.fetch.servers import HOST, Names, Site, here


def listening(site: Site) -> frozenset[tuple[str, int]]:
    return frozenset({(HOST, site.port)})


@pytest.mark.parametrize(
    "url",
    [
        "http://{host}:{port}/feed",
        "http://{host}.:{port}/feed",
        "http://127.1:{port}/feed",
        "http://2130706433:{port}/feed",
        "http://0x7f000001:{port}/feed",
        "http://0177.0.0.1:{port}/feed",
        "http://0:{port}/feed",
        "http://①②⑦.⓪.⓪.①:{port}/feed",
        "http://127。0。0。1:{port}/feed",
        "http://localhost:{port}/feed",
        "http://localhost.:{port}/feed",
        "http://LocalHost:{port}/feed",
        "http://www.localhost:{port}/feed",
        "http://[::1]:{port}/feed",
        "http://[::ffff:127.0.0.1]:{port}/feed",
        "http://[64:ff9b::7f00:1]:{port}/feed",
        "http://user:secret@{host}:{port}/feed",
        "http://public.test@{host}:{port}/feed",
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.google.internal/",
        "http://intranet/feed",
        "http://%31%32%37.0.0.1:{port}/feed",
        "ftp://public.test/feed",
        "file:///etc/passwd",
        "//{host}:{port}/feed",
        "not a url",
        "",
        "http://",
        "http://[::1",
        "http://public.test:99999/feed",
        "http://\ud800.test/feed",
    ],
)
async def test_an_address_of_this_machine_is_refused_before_anything_is_sent(site: Site, url: str) -> None:
    site.answer(body=b"secret")
    names = here("localhost", "www.localhost", "intranet", "metadata.google.internal")
    async with Fetcher(resolver=names) as fetcher:
        with pytest.raises(AddressRefused) as error:
            await fetcher.get(Request(url.format(host=HOST, port=site.port)))
    assert not site.asked
    assert not names.asked
    assert "secret" not in str(error.value)


async def test_a_public_name_with_a_private_address_is_refused(site: Site) -> None:
    async with Fetcher(resolver=here("news.test")) as fetcher:
        with pytest.raises(AddressRefused) as error:
            await fetcher.get(Request(site.url(host="news.test")))
    assert error.value.address == HOST
    assert not site.asked


@pytest.mark.parametrize("answers", [["127.0.0.1", "10.0.0.1"], ["::1", "127.0.0.1"], ["::ffff:127.0.0.1"]])
async def test_all_of_its_addresses_are_looked_at(site: Site, answers: list[str]) -> None:
    async with Fetcher(resolver=Names({"news.test": [answers]})) as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.get(Request(site.url(host="news.test")))
    assert not site.asked


async def test_a_private_address_beside_a_permitted_one_is_not_tried(site: Site) -> None:
    site.answer(body=b"<rss/>")
    names = Names({"news.test": [["::1", "127.0.0.2", HOST]]})
    async with Fetcher(resolver=names, allowed=listening(site)) as fetcher:
        fetched = await fetcher.get(Request(site.url(host="news.test")))
    assert fetched.body is not None
    assert len(site.asked) == 1


@pytest.mark.parametrize("port", ["{other}", "80"])
@pytest.mark.parametrize("host", [HOST, "localhost", "[::1]", "[::ffff:7f00:1]", "2130706433", "rebound.test"])
async def test_a_redirect_inwards_is_refused(site: Site, other_site: Site, host: str, port: str) -> None:
    other_site.answer(body=b"secret")
    site.answer(status=302, headers={"Location": f"http://{host}:{port.format(other=other_site.port)}/feed"})
    async with Fetcher(allowed=listening(site), resolver=here("rebound.test")) as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.get(Request(site.url()))
    assert len(site.asked) == 1
    assert not other_site.asked


async def test_a_name_that_changes_its_address_is_judged_by_the_one_connected_to(site: Site) -> None:
    """Rebinding: the first answer would pass, a later one would not."""
    site.answer(body=b"<rss/>")
    names = Names({"news.test": [[HOST], ["127.0.0.2"]]})
    url = site.url(host="news.test")
    async with Fetcher(resolver=names, allowed=listening(site)) as fetcher:
        assert (await fetcher.get(Request(url))).body is not None
    async with Fetcher(resolver=names, allowed=listening(site)) as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.get(Request(url))
    assert len(site.asked) == 1


async def test_only_the_very_endpoint_is_exempt(site: Site, other_site: Site) -> None:
    site.answer(body=b"<rss/>")
    async with Fetcher(allowed=listening(site)) as fetcher:
        assert (await fetcher.get(Request(site.url()))).body is not None
        for url in (other_site.url(), site.url(host="127.0.0.2")):
            with pytest.raises(AddressRefused):
                await fetcher.get(Request(url))


async def test_intranets_may_be_let_in_but_never_another_scheme(site: Site) -> None:
    site.answer(body=b"<rss/>")
    async with Fetcher(allow_private=True, resolver=here("intranet")) as fetcher:
        assert (await fetcher.get(Request(site.url(host="intranet")))).body is not None
        with pytest.raises(AddressRefused):
            await fetcher.get(Request("gopher://intranet/feed"))


async def test_the_usual_resolver_knows_this_machine(site: Site) -> None:
    site.answer(body=b"<rss/>")
    async with Fetcher(allow_private=True) as fetcher:
        assert (await fetcher.get(Request(site.url(host="localhost")))).body is not None


async def test_a_mirror_is_guarded_like_a_source(site: Site) -> None:
    async with Fetcher(mirrors={"t.me": site.url()}) as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.get(Request("https://t.me/s/rasad"))
    assert not site.asked


async def test_an_unreachable_address_after_a_refused_one_is_not_called_refused() -> None:
    names = Names({"news.test": [["127.0.0.2", HOST]]})
    async with Fetcher(resolver=names, allowed=frozenset({(HOST, 9)})) as fetcher:
        with pytest.raises(Unreachable):
            await fetcher.get(Request("http://news.test:9/feed"))
