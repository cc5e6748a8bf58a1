"""Codings undone piece by piece."""

import gzip
import zlib
from contextlib import suppress

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from monitors.decompress import STEP, Decompressor
from monitors.errors import BodyDamaged

CODINGS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}


def decoded(data: bytes, encoding: str, sizes: list[int] | None = None) -> bytes:
    decompressor = Decompressor(encoding)
    pieces: list[bytes] = []
    for size in sizes or []:
        pieces += decompressor.feed(data[:size]) if data[:size] else []
        data = data[size:]
    pieces += decompressor.feed(data) if data else []
    pieces += decompressor.finish()
    return b"".join(pieces)


@given(
    st.binary(max_size=5000) | st.integers(0, 3 * STEP).map(bytes),
    st.lists(st.sampled_from(sorted(CODINGS)), max_size=3),
    st.lists(st.integers(1, 100), max_size=50),
)
def test_what_was_compressed_comes_back(data: bytes, codings: list[str], sizes: list[int]) -> None:
    compressed = data
    for coding in codings:
        compressed = CODINGS[coding](compressed)
    if data[:2] != b"\x1f\x8b":
        assert decoded(compressed, ",".join(codings), sizes) == data


@given(st.binary(max_size=2000), st.sampled_from(["", "gzip", "deflate", "br", "zstd", "gzip, br", "x, y"]))
def test_any_bytes_end_in_bytes_or_in_damage(data: bytes, encoding: str) -> None:
    with suppress(BodyDamaged):
        decoded(data, encoding, [1, 2, 3])


@given(st.binary(min_size=20, max_size=500), st.sampled_from(sorted(CODINGS)), st.data())
def test_what_is_cut_short_is_damaged(data: bytes, coding: str, draw: st.DataObject) -> None:
    compressed = CODINGS[coding](data)
    cut = draw.draw(st.integers(2, len(compressed) - 1))
    with pytest.raises(BodyDamaged):
        decoded(compressed[:cut], coding)


@pytest.mark.parametrize("coding", CODINGS)
def test_steps_are_bounded(coding: str) -> None:
    compressed = CODINGS[coding](bytes(16 * STEP))
    assert max(map(len, Decompressor(coding).feed(compressed))) <= 2 * STEP


def test_a_body_of_one_byte() -> None:
    assert decoded(b"x", "gzip") == b"x"
    assert decoded(b"x", "") == b"x"


def test_zstd_frames_of_both_kinds_in_a_row() -> None:
    skippable = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"abcd"
    frames = skippable + zstd.compress(b"<rss>") + skippable + zstd.compress(b"</rss>")
    assert decoded(frames, "zstd", [3, 9]) == b"<rss></rss>"


def test_members_are_counted() -> None:
    assert decoded(gzip.compress(b"x") * 1000, "gzip") == b"x" * 1000
    with pytest.raises(BodyDamaged):
        decoded(gzip.compress(b"x") * 1100, "gzip")
