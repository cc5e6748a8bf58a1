"""Bombs and other hostile bodies, in a process of their own: each ended within 5 seconds, all within 256 MiB."""

import gzip
import zlib
from collections.abc import Mapping
from typing import NamedTuple

import brotli  # type: ignore[import-untyped]
from aiohttp import web
from backports import zstd

from tests.integration.fetch.servers import Site, alone
from tests.shared import SHARED, needs_shared

MEBIBYTE = 1 << 20
HOSTILE = SHARED / "data" / "feeds" / "hostile"
BLOCK = bytes(16 * MEBIBYTE)


class Case(NamedTuple):
    body: bytes
    encoding: str
    error: str | None


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


def wide_window() -> bytes:
    """A few bytes that ask their reader for 1 GiB of memory."""
    compressor = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 30})
    return compressor.compress(b"<rss/>" * 1000) + compressor.flush()


async def endless_zeros(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Encoding": "gzip"})
    await response.prepare(request)
    compressor = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    while True:
        await response.write(compressor.compress(bytes(MEBIBYTE)))


async def run(site: Site, cases: Mapping[str, Case]) -> None:
    for name, case in cases.items():
        path = "/" + name.replace(" ", "_")
        site.answer(path, body=case.body, headers={"Content-Encoding": case.encoding} if case.encoding else {})
    ends = await alone(*(site.url("/" + name.replace(" ", "_")) for name in cases))
    for (name, case), end in zip(cases.items(), ends, strict=True):
        assert end.error == case.error, name
        assert end.length == (len(case.body) if case.error is None else 0), name
        assert end.seconds < 5, name
        assert end.peak < 256, name


async def test_our_own_bombs(site: Site) -> None:
    bomb = gzip_bomb()
    cases = {
        "gzip": Case(bomb, "gzip", "BodyTooLarge"),
        "gzip unlabelled": Case(bomb, "", "BodyTooLarge"),
        "gzip in gzip": Case(gzip.compress(bomb), "gzip", "BodyTooLarge"),
        "gzip in br": Case(brotli.compress(bomb, quality=1), "gzip, br", "BodyTooLarge"),
        "gzip members": Case(gzip.compress(BLOCK) * 64, "gzip", "BodyTooLarge"),
        "empty gzip members": Case(gzip.compress(b"") * 200_000, "gzip", "BodyDamaged"),
        "br": Case(brotli_bomb(), "br", "BodyTooLarge"),
        "zstd frames": Case(zstd.compress(BLOCK) * 64, "zstd", "BodyTooLarge"),
        "zstd window": Case(wide_window(), "zstd", "BodyDamaged"),
    }
    assert max(len(case.body) for case in cases.values()) < 5 * MEBIBYTE
    await run(site, cases)


async def test_an_endless_stream_of_zeros(site: Site) -> None:
    site.handle("/feed", endless_zeros)
    [end] = await alone(site.url())
    assert end.error == "BodyTooLarge"
    assert end.seconds < 5
    assert end.peak < 256


@needs_shared
async def test_the_shared_hostile_bodies(site: Site) -> None:
    expected = [
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
    ]
    bodies = {name: (HOSTILE / name).read_bytes() for name, _, _ in expected}
    await run(site, {f"{name} as {coding}": Case(bodies[name], coding, error) for name, coding, error in expected})
