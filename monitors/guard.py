"""Which addresses a source may be read from: those on the public internet, by http or https.

What lives here: the judgement of URLs and IP addresses, and the sockets it lets be opened. What does not: requests
(fetch.py). Addresses are those of the IANA special-purpose registries (RFC 6890 and its successors); the standard library's
`is_global` changed between Python's patch releases and counts 6to4, NAT64 and some metadata services as public.
"""

import re
import socket
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_network
from typing import Any

from yarl import URL

from monitors.errors import AddressRefused

type Endpoint = tuple[str, int]
type AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]

# In IPv6 only this is handed out to the internet; loopback, local, multicast and IPv4-compatible addresses lie outside.
GLOBAL_V6 = ip_network("2000::/3")
NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: how a host with IPv6 only reaches IPv4; the last 32 bits are the address
RESERVED = (
    ip_network("0.0.0.0/8"),  # "this network"
    ip_network("10.0.0.0/8"),
    ip_network("100.64.0.0/10"),  # carriers' NAT; Alibaba's metadata
    ip_network("127.0.0.0/8"),
    ip_network("168.63.129.16/32"),  # Azure's metadata: public by number, answered by the host
    ip_network("169.254.0.0/16"),  # link-local; metadata of most clouds
    ip_network("172.16.0.0/12"),
    ip_network("192.0.0.0/24"),  # protocol assignments; Oracle's metadata
    ip_network("192.0.2.0/24"),  # documentation
    ip_network("192.88.99.0/24"),  # 6to4 relays
    ip_network("192.168.0.0/16"),
    ip_network("198.18.0.0/15"),  # benchmarks
    ip_network("198.51.100.0/24"),  # documentation
    ip_network("203.0.113.0/24"),  # documentation
    ip_network("224.0.0.0/4"),  # multicast
    ip_network("240.0.0.0/4"),  # reserved, broadcast
    ip_network("2001::/23"),  # protocol assignments; Teredo
    ip_network("2001:db8::/32"),  # documentation
    ip_network("2002::/16"),  # 6to4: carries an IPv4 address of its author's choice, and is no longer in use (RFC 7526)
    ip_network("3fff::/20"),  # documentation
)

# Answers of a resolver that name no host: what Iran's filter answers for the names it blocks, and what the DNS of
# tunnelling clients makes up. Where requests leave through a proxy, it asks another resolver.
PRETENDED = (ip_network("10.10.34.0/24"), ip_network("d0::11/128"), ip_network("198.18.0.0/15"))

NAME = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z0-9_-]+", re.ASCII)
LOCAL_NAMES = (".localhost", ".localdomain", ".local", ".internal", ".intranet", ".lan", ".home.arpa")


class RefusedByGuard(OSError):
    """A socket that the guard does not open; an OSError, so that the next address of a name is tried."""

    def __init__(self, address: str) -> None:
        super().__init__("address refused")
        self.address = address


class Guard:
    """Lets public addresses pass; also all others if `allow_private`, or those endpoints (IP address, port) in `allowed`."""

    def __init__(self, *, allow_private: bool = False, allowed: frozenset[Endpoint] = frozenset()) -> None:
        self._allow_private = allow_private
        self._allowed = allowed

    def exempts(self, url: URL) -> bool:
        """Whether the URL names an endpoint of `allowed`."""
        return (url.host, url.port) in self._allowed

    def check(self, url: URL) -> None:
        """Raises AddressRefused for what is not http(s), and for hosts that need no resolver to be refused."""
        if url.scheme not in {"http", "https"} or not url.raw_host:
            raise AddressRefused(f"{url.scheme}://{url.raw_host or ''}")
        if not self._allow_private and not self.exempts(url) and not may_be_public(url.raw_host):
            raise AddressRefused(url.raw_host)

    def check_answers(self, addresses: Iterable[str]) -> None:
        """Raises AddressRefused where a name's addresses, as resolved here, show that it is a host of this network.

        For requests that a proxy resolves once more, elsewhere.
        """
        for address in addresses:
            if not self._allow_private and not is_public(address) and not is_pretended(address):
                raise AddressRefused(address)

    def open_socket(self, info: AddressInfo) -> socket.socket:
        """aiohttp's `socket_factory`: sees the very address that is connected to. Raises RefusedByGuard."""
        family, kind, protocol, _, (address, port, *_) = info
        if not self._allow_private and (address, port) not in self._allowed and not is_public(address):
            raise RefusedByGuard(address)
        return socket.socket(family, kind, protocol)


def ip_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host spells, also in the forms that inet_aton(3) reads (127.1, 0x7f.1, 2130706433); or None."""
    try:
        return IPv6Address(host) if ":" in host else IPv4Address(socket.inet_aton(host.removesuffix(".")))
    except (OSError, AddressValueError):
        return None


@lru_cache(maxsize=4096)
def may_be_public(host: str) -> bool:
    """Whether a host, an address or a name in lower case, is not plainly one of this machine or its network."""
    if ip_address(host) is not None:
        return is_public(host)
    name = host.removesuffix(".")
    return NAME.fullmatch(name) is not None and not name.endswith(LOCAL_NAMES)


@lru_cache(maxsize=4096)
def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; judged by the IPv4 address that it carries, if it does."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        if ip in NAT64:
            ip = IPv4Address(int(ip) & 0xFFFFFFFF)
        elif ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip not in GLOBAL_V6:
            return False
    return ip is not None and not any(ip in network for network in RESERVED)


def is_pretended(address: str) -> bool:
    """Whether a resolver's answer is one that names no host."""
    ip = ip_address(address)
    return ip is not None and any(ip in network for network in PRETENDED)
