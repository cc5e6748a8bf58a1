"""Content-encodings undone in bounded steps, so that a bomb costs no more than what its reader lets it unfold.

What lives here: gzip, deflate, br and zstd, one laid upon the other, mislabelled and cut short as servers send them.
What does not: the limit on the whole body and the time for it (fetch.py counts the pieces), and HTTP.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]
from backports import zstd

from monitors.errors import BodyDamaged

ACCEPTED = "gzip, deflate, br, zstd"

STEP = 128 * 1024  # bytes that one step gives at most, about half a millisecond of work
MAX_LAYERS = 3  # codings that a header may name; each can multiply a body a thousandfold
MAX_MEMBERS = 1024  # gzip members or zstd frames in a row; a member may be empty, and so cost time without growing
NESTED = 2  # gzip layers that no header names: a proxy compressed once more, or the feed is a .gz file
GZIP = b"\x1f\x8b"  # its first two bytes
ZSTD_WINDOW_LOG = 23  # 8 MiB, the most that RFC 9659 lets a sender ask of a reader's memory


class Member(Protocol):
    """One compressed stream, as the standard library's decompressors present it."""

    @property
    def eof(self) -> bool:
        """Whether it ended."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out before something goes in."""

    @property
    def unused_data(self) -> bytes:
        """What was put in after its end."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """About `max_length` bytes of output at most; raises its library's own error on damage."""


class Zlib:
    """zlib in the manner of `Member`: it keeps what one step left of the input."""

    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """`max_length` bytes of output at most."""
        output = self._stream.decompress(self._stream.unconsumed_tail + data, max_length)
        self.eof = self._stream.eof
        self.unused_data = self._stream.unused_data
        self.needs_input = len(output) < max_length and not self._stream.unconsumed_tail
        return output


class Brotli:
    """Brotli in the manner of `Member`; a stream stands alone, nothing may follow it."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self.eof = False
        self.needs_input = True
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """About `max_length` bytes of output: the library passes it by up to one of its blocks, as long again."""
        output: bytes = self._stream.process(data, output_buffer_limit=max_length)
        self.eof = self._stream.is_finished()
        self.needs_input = not output  # can_accept_more_data() is True with output still to come
        return output


def _zstd() -> Member:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG})


class Coding:
    """One layer of a known coding: a member, and others behind it.

    `another` is what each further member begins with; whatever else follows is junk and passed over, as gzip(1) does.
    """

    def __init__(self, member: Callable[[], Member], another: bytes | None = None) -> None:
        self._new = member
        self._another = another
        self._member = member()
        self._members = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` decodes to, in steps."""
        self._members = self._members or 1
        while True:
            if self._member.eof:
                if not data or self._another is None or not data.startswith(self._another):
                    return
                self._begin_another()
            output = self._member.decompress(data, STEP)
            data = self._member.unused_data if self._member.eof else b""
            if output:
                yield output
            if not data and (self._member.eof or self._member.needs_input):
                return

    def _begin_another(self) -> None:
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise BodyDamaged("more members than any honest body has")
        self._member = self._new()

    def finish(self) -> Iterator[bytes]:
        """Nothing; raises BodyDamaged where the stream was cut short."""
        if self._members and not self._member.eof:
            raise BodyDamaged("the compressed body is cut short")
        return iter(())


class Plain:
    """No coding at all."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The data itself."""
        yield data

    def finish(self) -> Iterator[bytes]:
        """Nothing."""
        return iter(())


class Sniffed:
    """A layer whose first two bytes tell what it is, whatever its header says."""

    def __init__(self, choose: Callable[[bytes], Coding | Plain]) -> None:
        self._choose = choose
        self._head = b""
        self._layer: Coding | Plain | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` decodes to, in steps; nothing until two bytes are there."""
        if self._layer is None:
            data = self._head = self._head + data
            if len(data) < 2:
                return
            self._layer = self._choose(data[:2])
        yield from self._layer.feed(data)

    def finish(self) -> Iterator[bytes]:
        """A body of a single byte; raises BodyDamaged where the stream was cut short."""
        if self._layer is None:
            return iter((self._head,) if self._head else ())
        return self._layer.finish()


def _gzip_or_plain(head: bytes) -> Coding | Plain:
    return Coding(lambda: Zlib(16 + zlib.MAX_WBITS), another=head) if head == GZIP else Plain()


def _zlib_or_raw_deflate(head: bytes) -> Coding:
    """RFC 9110 means the zlib format by "deflate"; some servers send it bare."""
    wrapped = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head) % 31 == 0
    return Coding(lambda: Zlib(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS))


type Layer = Coding | Plain | Sniffed

LAYERS: dict[str, Callable[[], Layer]] = {
    "gzip": lambda: Sniffed(_gzip_or_plain),
    "x-gzip": lambda: Sniffed(_gzip_or_plain),
    "deflate": lambda: Sniffed(_zlib_or_raw_deflate),
    "br": lambda: Coding(Brotli),
    "zstd": lambda: Coding(_zstd, another=b""),
}


class Decompressor:
    """Undoes the codings that a Content-Encoding header names, and gzip that it does not.

    Names that are no codings ("utf-8", "none": servers do send them) are passed over. Raises BodyDamaged for more than
    MAX_LAYERS of them.
    """

    def __init__(self, content_encoding: str) -> None:
        named = [LAYERS[name] for name in map(str.strip, content_encoding.lower().split(",")) if name in LAYERS]
        if len(named) > MAX_LAYERS:
            raise BodyDamaged(f"{len(named)} content-encodings")
        self._layers = [layer() for layer in reversed(named)] + [LAYERS["gzip"]() for _ in range(NESTED)]

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these bytes of the response decode to, in pieces of about STEP bytes at most; raises BodyDamaged."""
        yield from _guarded(self._through(data, 0))

    def finish(self) -> Iterator[bytes]:
        """What was held back until the end; raises BodyDamaged where the body is cut short."""
        for place, layer in enumerate(self._layers):
            for piece in layer.finish():
                yield from _guarded(self._through(piece, place + 1))

    def _through(self, data: bytes, place: int) -> Iterator[bytes]:
        if place == len(self._layers):
            yield data
            return
        for piece in self._layers[place].feed(data):
            yield from self._through(piece, place + 1)


def _guarded(pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise BodyDamaged(str(error)) from error
