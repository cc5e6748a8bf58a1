"""Credentials are filled in at the last moment, traded for tokens, renewed, and shown to nobody else."""

import asyncio
import json
from collections.abc import Mapping

import pytest
from aiohttp import web

from monitors.errors import HttpStatus, NeedsCredentials
from monitors.fetch import Fetcher
from monitors.kinds import Body, Login, Request
from tests.integration.fetch.servers import Site, here

VALUES = {"APP_ID": "app", "APP_SECRET": "s3cret"}


class Network:
    """Gives tokens for the secret, and takes only the newest one."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.logins = 0
        self.login = Login("APP_TOKEN", self._request, self._read)
        site.handle("/token", self._give)
        site.handle("/data", self._data)

    @property
    def wanted(self) -> Request:
        return Request(self.site.url("/data"), secrets=(("Authorization", "Bearer {APP_TOKEN}"),), login=self.login)

    def _request(self, values: Mapping[str, str]) -> Request:
        return Request(self.site.url("/token"), body=f"secret={values['APP_SECRET']}", content_type="text/x-form")

    def _read(self, body: Body) -> tuple[str, float]:
        answer = json.loads(body.content)
        return answer["token"], answer["seconds"]

    async def _give(self, request: web.BaseRequest) -> web.Response:
        assert (request.method, request.content_type) == ("POST", "text/x-form")
        assert await request.text() == "secret=s3cret"
        self.logins += 1
        return web.json_response({"token": f"token{self.logins}", "seconds": 3600})

    async def _data(self, request: web.BaseRequest) -> web.Response:
        good = request.headers.get("Authorization") == f"Bearer token{self.logins}"
        return web.Response(body=b"data", status=200 if good else 401)


async def test_a_secret_stands_in_its_header(site: Site) -> None:
    site.answer("/feed")
    async with Fetcher(allow_private=True, credentials=VALUES) as fetcher:
        await fetcher.get(Request(site.url(), secrets=(("Authorization", "Bearer {APP_SECRET}"),)))
    assert site.asked[0].headers["Authorization"] == "Bearer s3cret"


async def test_a_setting_that_is_empty_is_named(site: Site) -> None:
    async with Fetcher(allow_private=True) as fetcher:
        with pytest.raises(NeedsCredentials) as caught:
            await fetcher.get(Request(site.url(), secrets=(("Authorization", "{APP_SECRET}"),)))
        assert caught.value.setting == "APP_SECRET"
        with pytest.raises(NeedsCredentials):
            await fetcher.get(Network(site).wanted)
    assert not site.asked


async def test_without_credentials_something_else_may_be_asked(site: Site) -> None:
    site.answer("/public", body=b"public")
    request = Request(site.url("/data"), secrets=(("A", "{APP_SECRET}"),), otherwise=Request(site.url("/public")))
    async with Fetcher(allow_private=True) as fetcher:
        body = (await fetcher.get(request)).body
    assert body is not None
    assert body.content == b"public"


async def test_a_token_is_got_once_and_shared(site: Site) -> None:
    network = Network(site)
    async with Fetcher(allow_private=True, credentials=VALUES) as fetcher:
        await asyncio.gather(*(fetcher.get(network.wanted) for _ in range(5)))
    assert network.logins == 1


async def test_a_token_that_is_no_longer_taken_is_renewed(site: Site) -> None:
    network = Network(site)
    async with Fetcher(allow_private=True, credentials=VALUES) as fetcher:
        await fetcher.get(network.wanted)
        network.logins += 1  # the network has forgotten the first
        await fetcher.get(network.wanted)
        assert network.logins == 3
        site.answer("/data", status=401)
        with pytest.raises(HttpStatus):
            await fetcher.get(network.wanted)
    assert network.logins == 4, "one more try, not a hundred"


async def test_neither_headers_nor_body_go_to_another_site(site: Site) -> None:
    site.answer("/feed", status=307, headers={"Location": site.url("/else", host="other.test")})
    site.answer("/else")
    request = Request(site.url(host="news.test"), secrets=(("Authorization", "{APP_SECRET}"),), body='{"a": 1}')
    async with Fetcher(allow_private=True, credentials=VALUES, resolver=here("news.test", "other.test")) as fetcher:
        await fetcher.get(request)
    first, second = site.asked
    assert (first.method, first.headers["Authorization"]) == ("POST", "s3cret")
    assert (second.method, second.headers.get("Authorization"), second.can_read_body) == ("GET", None, False)


async def test_what_redirects_a_post_for_good_gets_it_again(site: Site) -> None:
    bodies = []

    async def taken(request: web.BaseRequest) -> web.Response:
        bodies.append(await request.text())
        return web.Response(body=b"{}")

    site.answer("/feed", status=308, headers={"Location": "/new"})
    site.handle("/new", taken)
    async with Fetcher(allow_private=True) as fetcher:
        await fetcher.get(Request(site.url(), body='{"a": 1}'))
    assert bodies == ['{"a": 1}']


async def test_a_server_of_ones_own_stands_in_place_of_the_urls_host(site: Site) -> None:
    site.answer("/search?q=x")
    wanted = Request("http://instance.example/search?q=x", host="SERVER", secrets=(("Authorization", "{APP_SECRET}"),))
    async with Fetcher(allow_private=True, credentials=VALUES | {"SERVER": f"127.0.0.1:{site.port}"}) as fetcher:
        await fetcher.get(wanted)
    assert site.asked[0].headers["Authorization"] == "s3cret"
    async with Fetcher(credentials=VALUES) as fetcher:
        with pytest.raises(NeedsCredentials) as caught:
            await fetcher.get(wanted)
    assert caught.value.setting == "SERVER"


async def test_a_secret_of_one_server_is_shown_to_no_other(site: Site) -> None:
    site.answer("/feed")
    wanted = Request(
        site.url(),
        secrets=(("Authorization", "{APP_SECRET}"),),
        only_at="SERVER",
        otherwise=Request(site.url()),
    )
    for server, shown in ((f"127.0.0.1:{site.port}", "s3cret"), ("other.example", None)):
        async with Fetcher(allow_private=True, credentials=VALUES | {"SERVER": server}) as fetcher:
            await fetcher.get(wanted)
        assert site.asked[-1].headers.get("Authorization") == shown
