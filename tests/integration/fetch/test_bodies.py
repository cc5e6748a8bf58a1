"""Bodies as servers compress them, honest and not."""

import asyncio
import gzip
import time
import zlib
from collections.abc import Callable
from functools import partial

import brotli  # type: ignore[import-untyped]
import pytest
from aiohttp import web
from backports import zstd

from monitors.errors import BodyDamaged, BodyTooLarge
from monitors.fetch import Fetcher, Limits
from monitors.kinds import Request
from tests.integration.fetch.servers import Site

FEED = ("<rss>" + "خبر تازه " * 5000 + "</rss>").encode()
MEBIBYTE = 1024 * 1024


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


CODINGS: dict[str, list[Callable[[bytes], bytes]]] = {
    "gzip": [gzip.compress],
    "GZIP": [gzip.compress],
    "x-gzip": [gzip.compress],
    "deflate": [zlib.compress],
    " deflate": [raw_deflate],
    "br": [partial(brotli.compress, quality=5)],
    "zstd": [zstd.compress],
    "gzip, gzip": [gzip.compress, gzip.compress],
    "deflate, br": [zlib.compress, brotli.compress],
    "identity": [],
    "utf-8": [],
}


async def content(site: Site, body: bytes, encoding: str, limits: Limits | None = None) -> bytes:
    site.answer(body=body, headers={"Content-Encoding": encoding} if encoding else {})
    async with Fetcher(allow_private=True, limits=limits) as fetcher:
        fetched = await fetcher.get(Request(site.url()))
    assert fetched.body is not None
    return fetched.body.content


@pytest.mark.parametrize("encoding", CODINGS)
async def test_every_coding_arrives_as_it_was(site: Site, encoding: str) -> None:
    body = FEED
    for compress in CODINGS[encoding]:
        body = compress(body)
    assert await content(site, body, encoding) == FEED


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        pytest.param(FEED, "gzip", id="not compressed at all"),
        pytest.param(gzip.compress(FEED), "", id="a .gz file"),
        pytest.param(gzip.compress(gzip.compress(FEED)), "gzip", id="compressed once more than said"),
        pytest.param(gzip.compress(FEED[:999]) + gzip.compress(FEED[999:]), "gzip", id="two members"),
        pytest.param(gzip.compress(FEED) + b"\0" * 512, "gzip", id="padded"),
    ],
)
async def test_what_is_mislabelled_is_read_all_the_same(site: Site, body: bytes, encoding: str) -> None:
    assert await content(site, body, encoding) == FEED


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        pytest.param(gzip.compress(FEED)[:-9], "gzip", id="gzip cut short"),
        pytest.param(gzip.compress(FEED)[:-9], "", id="a .gz file cut short"),
        pytest.param(brotli.compress(FEED)[:-9], "br", id="br cut short"),
        pytest.param(zstd.compress(FEED)[:-9], "zstd", id="zstd cut short"),
        pytest.param(gzip.compress(FEED)[:-8] + b"\0" * 8, "gzip", id="wrong checksum"),
        pytest.param(FEED, "br", id="not br"),
        pytest.param(FEED, "zstd", id="not zstd"),
        pytest.param(FEED, "deflate", id="not deflate"),
        pytest.param(FEED, "br, br, br, br", id="four codings"),
    ],
)
async def test_what_cannot_be_decoded_is_said_to_be_damaged(site: Site, body: bytes, encoding: str) -> None:
    with pytest.raises(BodyDamaged):
        await content(site, body, encoding)


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate", "br", "zstd"])
async def test_the_limit_is_on_what_a_body_unfolds_to(site: Site, encoding: str) -> None:
    [compress] = CODINGS.get(encoding, []) or [bytes]
    limits = Limits(body=300_000)
    assert len(await content(site, compress(b"x" * 300_000), encoding, limits)) == 300_000
    with pytest.raises(BodyTooLarge):
        await content(site, compress(b"x" * 300_001), encoding, limits)


async def test_a_stream_that_unfolds_to_nothing_is_limited_by_its_length(site: Site) -> None:
    nothing = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\0\0\0\xff\xff" * 100_000  # empty stored blocks
    with pytest.raises(BodyTooLarge):
        await content(site, nothing, "gzip", Limits(body=300_000))


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_a_bomb_does_not_hold_up_the_loop(site: Site, encoding: str) -> None:
    """A few kilobytes that arrive in one piece; unfolded in one go, 60 MiB and their hash would take some 300 ms."""
    [compress] = CODINGS[encoding]
    site.answer(body=compress(bytes(64 * MEBIBYTE)), headers={"Content-Encoding": encoding})
    longest = 0.0

    async def others() -> None:
        nonlocal longest
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - begun)

    async with Fetcher(allow_private=True, limits=Limits(body=60 * MEBIBYTE)) as fetcher:
        working = asyncio.create_task(others())
        with pytest.raises(BodyTooLarge):
            await fetcher.get(Request(site.url()))
        working.cancel()
    assert 0 < longest < 0.1


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_slices_of_any_size_decode_alike(site: Site, encoding: str, size: int) -> None:
    [compress] = CODINGS[encoding]
    body = compress(FEED)

    async def sliced(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Encoding": encoding})
        await response.prepare(request)
        for start in range(0, len(body), size):
            await response.write(body[start : start + size])
        return response

    site.handle("/feed", sliced)
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()))
    assert fetched.body is not None
    assert fetched.body.content == FEED
