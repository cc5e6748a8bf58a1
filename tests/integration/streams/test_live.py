"""Opening a stream: the same guard, proxy and credentials as for every other request."""

import asyncio
from collections.abc import Mapping

import pytest
from aiohttp import web

from monitors import live
from monitors.errors import AddressRefused, HttpStatus, NeedsCredentials, TimedOut, Unreachable
from monitors.fetch import Fetcher
from monitors.kinds import Body, Login, Request
from tests.integration.fetch.proxies import MUTE, HttpProxy, SocksProxy
from tests.integration.fetch.servers import HOST, Names, here, scripted
from tests.integration.streams.jetstream import Behaviour, Jetstream, hang, refusing, saying

SECRET = (("Authorization", "Bearer {TOKEN}"),)


async def first(fetcher: Fetcher, request: Request) -> bytes:
    async with live.opened(fetcher, request) as connection:
        return (await connection.batch(1))[0]


def url(jetstream: Jetstream, host: str = HOST, path: str = "/subscribe") -> str:
    return f"http://{host}:{jetstream.port}{path}"


@pytest.mark.parametrize("host", [HOST, "localhost", "stream.test", "169.254.169.254", "[::1]"])
async def test_private_addresses_are_refused_however_they_are_named(jetstream: Jetstream, host: str) -> None:
    async with Fetcher(resolver=here("stream.test")) as fetcher:
        with pytest.raises(AddressRefused):
            await first(fetcher, Request(url(jetstream, host)))
    assert not jetstream.opened


async def test_a_redirect_is_followed_through_the_guard(jetstream: Jetstream) -> None:
    jetstream.next.extend([refusing(301, Location="/elsewhere"), saying("{}")])
    async with Fetcher(allow_private=True) as fetcher:
        assert await first(fetcher, Request(url(jetstream))) == b"{}"
    jetstream.next.append(refusing(302, Location="http://10.0.0.1/subscribe"))
    async with Fetcher(allowed=frozenset({(HOST, jetstream.port)})) as fetcher:
        with pytest.raises(AddressRefused):
            await first(fetcher, Request(url(jetstream)))


async def test_a_redirect_in_a_circle_ends(jetstream: Jetstream) -> None:
    jetstream.next.extend([refusing(302, Location="/a"), refusing(302, Location="/subscribe")])
    async with Fetcher(allow_private=True) as fetcher:
        with pytest.raises(HttpStatus):
            await first(fetcher, Request(url(jetstream)))


class Doors:
    """Hosts of a test, each with what it was shown as credentials."""

    def __init__(self, jetstream: Jetstream) -> None:
        self.shown: list[tuple[str, str | None]] = []
        self.jetstream = jetstream

    async def lead(self, start: str, target: str) -> None:
        for behave in (refusing(301, Location=target), saying("{}")):
            self.jetstream.next.append(self._noting(behave))
        hosts = ("social.example", "streaming.social.example", "other.example")
        base = f"http://{HOST}:{self.jetstream.port}"
        mirrors = {host: f"{base}/{host}" for host in hosts}
        reach = frozenset({(HOST, self.jetstream.port)})
        async with Fetcher(mirrors=mirrors, allowed=reach, credentials={"TOKEN": "s3cret"}) as fetcher:
            await first(fetcher, Request(start, secrets=SECRET))

    def _noting(self, behave: Behaviour) -> Behaviour:
        async def noted(request: web.BaseRequest) -> web.StreamResponse:
            self.shown.append((request.path.split("/")[1], request.headers.get("Authorization")))
            return await behave(request)

        return noted


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("https://streaming.social.example/api", "Bearer s3cret"),
        ("http://streaming.social.example/api", None),
        ("https://other.example/api", None),
    ],
)
async def test_a_token_goes_along_to_a_host_beneath_its_own_and_to_no_other(
    jetstream: Jetstream, target: str, shown: str | None
) -> None:
    doors = Doors(jetstream)
    await doors.lead("https://social.example/api", target)
    assert doors.shown[0] == ("social.example", "Bearer s3cret")
    assert doors.shown[1][1] == shown


async def test_a_token_that_is_not_taken_is_renewed_once(jetstream: Jetstream) -> None:
    logins: list[str] = []

    async def token(_: web.BaseRequest) -> web.StreamResponse:
        logins.append("asked")
        return web.Response(text=f"t{len(logins)}")

    def request(values: Mapping[str, str]) -> Request:
        return Request(url(jetstream, path="/login"), body=values["PASSWORD"])

    def read(body: Body) -> tuple[str, float]:
        return body.content.decode(), 3600

    jetstream.next.extend([token, refusing(401), token, saying("{}")])
    wanted = Request(url(jetstream), secrets=SECRET, login=Login("TOKEN", request, read))
    async with Fetcher(allow_private=True, credentials={"PASSWORD": "x"}) as fetcher:
        assert await first(fetcher, wanted) == b"{}"
    assert len(logins) == 2
    async with Fetcher(allow_private=True) as fetcher:
        with pytest.raises(NeedsCredentials):
            await first(fetcher, wanted)


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
async def test_through_a_proxy_that_resolves_names_and_is_not_asked_for_private_ones(
    jetstream: Jetstream, scheme: str
) -> None:
    jetstream.next.append(saying("{}"))
    proxy = HttpProxy() if scheme == "http" else SocksProxy()
    names = Names({"inside.test": [["10.1.2.3"]]})
    async with scripted(proxy) as port, Fetcher(proxy=f"{scheme}://{HOST}:{port}", resolver=names) as fetcher:
        assert await first(fetcher, Request(url(jetstream, "stream.test"))) == b"{}"
        with pytest.raises(AddressRefused):
            await first(fetcher, Request(url(jetstream, "inside.test")))
    assert len(proxy.asked) == 1


async def test_nobody_there() -> None:
    async with Fetcher(allow_private=True) as fetcher:
        with pytest.raises(Unreachable):
            await first(fetcher, Request(f"http://{HOST}:1/subscribe"))


async def test_silence_where_there_should_be_none_ends_a_connection(jetstream: Jetstream) -> None:
    jetstream.next.append(hang)
    patience = live.Patience(gather=0.05)
    async with (
        Fetcher(allow_private=True) as fetcher,
        live.opened(fetcher, Request(url(jetstream)), 0.2, patience) as connection,
    ):
        assert await connection.batch(10) == []
        await asyncio.sleep(0.2)
        with pytest.raises(TimedOut):
            await connection.batch(10)


async def test_a_server_that_never_shakes_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "OPENING", 0.2)

    async with scripted(MUTE) as port, Fetcher(allow_private=True) as fetcher:
        with pytest.raises(TimedOut):
            await first(fetcher, Request(f"http://{HOST}:{port}/subscribe"))
