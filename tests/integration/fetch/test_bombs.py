"""Bombs and other hostile bodies, each in a process of its own: ended within 5 seconds and 256 MiB."""

import gzip
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
from aiohttp import web
from backports import zstd

from tests.integration.fetch.servers import End, Site, alone
from tests.shared import SHARED, needs_shared

MEBIBYTE = 1 << 20
HOSTILE = SHARED / "data" / "feeds" / "hostile"


async def end_of(site: Site) -> End:
    end = await alone(site.url())
    assert end.seconds < 5
    assert end.peak < 256
    return end


BLOCK = bytes(16 * MEBIBYTE)


def gzip_bomb() -> bytes:
    """1 GiB in one member, without its end: a flushed block refers to nothing before it, and so may be repeated."""
    compressor = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    head = compressor.compress(b"") + compressor.flush(zlib.Z_FULL_FLUSH)
    return head + (compressor.compress(BLOCK) + compressor.flush(zlib.Z_FULL_FLUSH)) * 64


def brotli_bomb() -> bytes:
    """512 MiB."""
    compressor = brotli.Compressor(quality=0)
    parts: bytes = b"".join(compressor.process(BLOCK) for _ in range(32)) + compressor.finish()
    return parts


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip": ("gzip", gzip_bomb),
    "gzip, unlabelled": ("", gzip_bomb),
    "gzip in gzip": ("gzip", lambda: gzip.compress(gzip_bomb())),
    "gzip in br": ("gzip, br", lambda: brotli.compress(gzip_bomb(), quality=1)),
    "gzip members": ("gzip", lambda: gzip.compress(BLOCK) * 64),
    "br": ("br", brotli_bomb),
    "zstd frames": ("zstd", lambda: zstd.compress(BLOCK) * 64),
}


@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_ends_at_the_limit(site: Site, name: str) -> None:
    encoding, bomb = BOMBS[name]
    body = bomb()
    assert len(body) < 3 * MEBIBYTE
    site.answer(body=body, headers={"Content-Encoding": encoding} if encoding else {})
    assert (await end_of(site)).error == "BodyTooLarge"


async def test_empty_members_without_end(site: Site) -> None:
    site.answer(body=gzip.compress(b"") * 200_000, headers={"Content-Encoding": "gzip"})
    assert (await end_of(site)).error == "BodyDamaged"


async def test_a_window_that_would_take_all_memory(site: Site) -> None:
    compressor = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 30})
    body = compressor.compress(b"<rss/>" * 1000) + compressor.flush()
    site.answer(body=body, headers={"Content-Encoding": "zstd"})
    assert (await end_of(site)).error == "BodyDamaged"


async def test_an_endless_stream_of_zeros(site: Site) -> None:
    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Encoding": "gzip"})
        await response.prepare(request)
        compressor = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
        while True:
            await response.write(compressor.compress(bytes(1 << 20)))

    site.handle("/feed", endless)
    assert (await end_of(site)).error == "BodyTooLarge"


@needs_shared
@pytest.mark.parametrize(
    ("name", "encoding", "error"),
    [
        ("gzip_bomb_1gb.gz", "gzip", "BodyTooLarge"),
        ("brotli_bomb_1gb.br", "br", "BodyTooLarge"),
        ("zstd_bomb_1gb.zst", "zstd", "BodyTooLarge"),
        ("gzip_nested.gz", "gzip", "BodyTooLarge"),
        ("gzip_nested.gz", "gzip, gzip", "BodyTooLarge"),
        ("gzip_truncated.gz", "gzip", "BodyDamaged"),
        ("gzip_mislabelled.xml", "gzip", None),
        ("huge_entry_16mb.xml", "", "BodyTooLarge"),
        ("comment_bomb.xml", "", None),
        ("many_items_50k.xml", "", None),
        ("binary.bin", "", None),
        ("empty.xml", "gzip", None),
    ],
)
async def test_the_shared_hostile_bodies(site: Site, name: str, encoding: str, error: str | None) -> None:
    body = (HOSTILE / name).read_bytes()
    site.answer(body=body, headers={"Content-Encoding": encoding} if encoding else {})
    end = await end_of(site)
    assert end.error == error
    assert end.length == (len(body) if error is None else 0)
