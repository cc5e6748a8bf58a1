"""Two small proxies: HTTP (plain requests and CONNECT) and SOCKS5 (RFC 1928, with RFC 1929's passwords).

Each keeps what it was asked for, and leads everything to 127.0.0.1 at the port asked for, as if it resolved names itself.
"""

import asyncio
from dataclasses import dataclass, field

from tests.integration.fetch.servers import HOST, Script


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, first: bytes = b"") -> None:
    there_reader, there_writer = await asyncio.open_connection(HOST, port)
    there_writer.write(first)
    await asyncio.gather(relay(reader, there_writer), relay(there_reader, writer))


@dataclass
class HttpProxy:
    asked: list[str] = field(default_factory=list)
    credentials: list[str] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n")[0].decode().split()
        self.asked.append(f"{method} {target}")
        for line in head.decode().split("\r\n"):
            if line.lower().startswith("proxy-authorization:"):
                self.credentials.append(line.partition(": ")[2])
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await join(reader, writer, int(target.rpartition(":")[2]))
        else:
            authority, _, path = target.removeprefix("http://").partition("/")
            await join(
                reader, writer, int(authority.rpartition(":")[2]), head.replace(target.encode(), f"/{path}".encode())
            )


@dataclass
class SocksProxy:
    asked: list[tuple[str, int]] = field(default_factory=list)
    credentials: list[tuple[str, str]] = field(default_factory=list)
    reply: int = 0  # what it answers to a request: 0 is success, 2 "not allowed by ruleset"

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        writer.write(b"\x05\x02" if 2 in methods else b"\x05\x00")
        if 2 in methods:
            self.credentials.append((await self._text(reader, skip=1), await self._text(reader)))
            writer.write(b"\x01\x00")
        kind = (await reader.readexactly(4))[3]
        host = await self._text(reader) if kind == 3 else ".".join(map(str, await reader.readexactly(4)))
        port = int.from_bytes(await reader.readexactly(2))
        self.asked.append((host, port))
        writer.write(bytes([5, self.reply, 0, 1, 127, 0, 0, 1]) + port.to_bytes(2))
        if self.reply == 0:
            await join(reader, writer, port)

    @staticmethod
    async def _text(reader: asyncio.StreamReader, skip: int = 0) -> str:
        length = (await reader.readexactly(skip + 1))[-1]
        return (await reader.readexactly(length)).decode()


async def _mute(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


MUTE: Script = _mute
