"""Over TLS, in processes that trust a certificate made for the test: as nearly all sources are read."""

import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import RawTestServer

from tests.integration.fetch.proxies import HttpProxy, SocksProxy
from tests.integration.fetch.servers import HOST, Site, alone, scripted
from tests.integration.streams.jetstream import saying

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="no openssl here to make a certificate")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a certificate for news.test."""
    assert OPENSSL is not None
    made = tmp_path_factory.mktemp("tls") / "news.test.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-subj", "/CN=news.test", "-addext", "subjectAltName=DNS:news.test"]
    command = [OPENSSL, "req", "-x509", *curve, "-days", "2", *named, "-keyout", str(made), "-out", f"{made}.crt"]
    subprocess.run(command, check=True, capture_output=True)
    made.write_text(made.read_text() + Path(f"{made}.crt").read_text())
    return made


@pytest.fixture
async def secure(certificate: Path) -> AsyncIterator[Site]:
    site = Site()
    site.answer(body=b"<rss/>")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server = RawTestServer(site.respond, host=HOST, scheme="https")
    await server.start_server(ssl=context)
    assert server.port is not None
    site.port = server.port
    yield site
    await server.close()


async def test_a_feed_over_tls_on_a_connection_that_is_not_kept(secure: Site, certificate: Path) -> None:
    [end] = await alone(f"https://news.test:{secure.port}/feed", SSL_CERT_FILE=str(certificate))
    assert (end.error, end.length) == (None, 6)
    assert secure.asked[0].headers["Connection"] == "close"


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
async def test_a_feed_over_tls_through_a_proxy(secure: Site, certificate: Path, scheme: str) -> None:
    proxy = HttpProxy() if scheme == "http" else SocksProxy()
    async with scripted(proxy) as port:
        proxied = f"{scheme}://{HOST}:{port}"
        [end] = await alone(f"https://news.test:{secure.port}/feed", proxy=proxied, SSL_CERT_FILE=str(certificate))
    assert (end.error, end.length) == (None, 6)
    assert proxy.asked == ([f"CONNECT news.test:{secure.port}"] if scheme == "http" else [("news.test", secure.port)])


@pytest.mark.parametrize("scheme", [None, "http", "socks5"])
async def test_a_stream_over_tls_also_through_a_proxy(secure: Site, certificate: Path, scheme: str | None) -> None:
    secure.handle("/subscribe", saying("hello"))
    proxy = HttpProxy() if scheme == "http" else SocksProxy()
    async with scripted(proxy) as port:
        proxied = f"{scheme}://{HOST}:{port}" if scheme else None
        [end] = await alone(f"wss://news.test:{secure.port}/subscribe", proxy=proxied, SSL_CERT_FILE=str(certificate))
    assert (end.error, end.length) == (None, 5)
    assert len(proxy.asked) == (1 if scheme else 0)


async def test_a_stream_with_a_certificate_for_another_name_is_not_opened(secure: Site, certificate: Path) -> None:
    [end] = await alone(f"wss://other.test:{secure.port}/subscribe", SSL_CERT_FILE=str(certificate))
    assert end.error == "Unreachable"


async def test_a_certificate_for_another_name_is_not_accepted(secure: Site, certificate: Path) -> None:
    [end] = await alone(f"https://other.test:{secure.port}/feed", SSL_CERT_FILE=str(certificate))
    assert end.error == "Unreachable"


async def test_a_certificate_of_an_unknown_issuer_is_not_accepted(secure: Site) -> None:
    [end] = await alone(f"https://news.test:{secure.port}/feed")
    assert end.error == "Unreachable"
    assert not secure.asked


async def test_plain_http_where_tls_is_expected(site: Site) -> None:
    [end] = await alone(f"https://news.test:{site.port}/feed")
    assert end.error == "Unreachable"
