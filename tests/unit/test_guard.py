"""Which addresses are public: the special-purpose registries, and what hides one address in another."""

import ipaddress
import socket

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from monitors.errors import AddressRefused
from monitors.guard import Guard, RefusedByGuard, is_public, may_be_public

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "172.15.255.255",
    "172.32.0.0",
    "185.143.234.235",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2a04:2680:8000::26",
    "2606:4700::6810:84e5",
    "64:ff9b::8.8.8.8",  # NAT64 of a public address: how a host with IPv6 only reads most of the web
    "::ffff:8.8.8.8",
]

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104
    "0.1.2.3",
    "10.0.0.1",
    "10.10.34.36",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:0808:0808::1",
    "3fff::1",
    "4000::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)
    assert may_be_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_not_public(address: str) -> None:
    assert not is_public(address)
    assert not may_be_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.1", "127.0.1", "0x7f.0.0.1", "0x7f000001", "0177.0.0.1", "017700000001", "2130706433", "0", "127.0.0.1."],
)
def test_odd_spellings_of_this_machine(host: str) -> None:
    assert socket.inet_aton(host.removesuffix("."))[:1] in {b"\x7f", b"\0"}
    assert not may_be_public(host)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost.",
        "a.localhost",
        "localhost.localdomain",
        "printer.local",
        "metadata.google.internal",
        "router.lan",
        "nas.home.arpa",
        "intranet",
        "news.test:80",
        "news test.ir",
        "%31%32%37.0.0.1",
        "news.ir%00.local",
        ".",
        "..",
        ".ir",
        "a..ir",
    ],
)
def test_names_that_are_no_hosts_of_the_internet(host: str) -> None:
    assert not may_be_public(host)


@pytest.mark.parametrize(
    "host", ["isna.ir", "www.tabnak.ir", "t.me", "xn--mgba3a4f16a.ir", "a_b.example.com", "isna.ir."]
)
def test_names_that_a_resolver_is_to_judge(host: str) -> None:
    assert may_be_public(host)


@given(st.ip_addresses(v=4).map(str))
@example("192.0.0.9")
def test_no_ipv4_address_passes_that_the_standard_library_calls_private(address: str) -> None:
    ip = ipaddress.ip_address(address)
    assert not is_public(address) or (ip.is_global and not ip.is_multicast)


@given(st.ip_addresses(v=6).map(str))
def test_no_ipv6_address_passes_that_the_standard_library_calls_private(address: str) -> None:
    ip = ipaddress.IPv6Address(address)
    assert not is_public(address) or ip.ipv4_mapped or (ip.is_global and not ip.is_multicast)


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_however_it_is_wrapped(ip: ipaddress.IPv4Address) -> None:
    plain = is_public(str(ip))
    assert is_public(f"::ffff:{ip}") == plain
    assert is_public(f"64:ff9b::{ip}") == plain
    assert may_be_public(str(int(ip))) == plain
    assert may_be_public(hex(int(ip))) == plain
    assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) | (int(ip) << 80))))


INFO_V4 = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("93.184.216.34", 80))
INFO_V6 = (socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("2001:4860:4860::8888", 80, 0, 0))
LOOPBACK = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", 80))
LOOPBACK_V6 = (socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("::1", 80, 0, 0))


@pytest.mark.parametrize("info", [INFO_V4, INFO_V6])
def test_sockets_to_the_internet_are_opened(info: tuple[int, int, int, str, tuple[str, int]]) -> None:
    with Guard().open_socket(info) as opened:
        assert opened.family == info[0]


@pytest.mark.parametrize("info", [LOOPBACK, LOOPBACK_V6])
def test_sockets_to_this_machine_are_not(info: tuple[int, int, int, str, tuple[str, int]]) -> None:
    with pytest.raises(RefusedByGuard) as refused:
        Guard().open_socket(info)
    assert refused.value.address == info[4][0]
    with pytest.raises(RefusedByGuard):
        Guard(allowed=frozenset({(info[4][0], 8080)})).open_socket(info)


def test_sockets_to_this_machine_are_opened_where_that_is_wanted() -> None:
    for guard in (Guard(allow_private=True), Guard(allowed=frozenset({("127.0.0.1", 80)}))):
        guard.open_socket(LOOPBACK).close()


@pytest.mark.parametrize("url", ["ftp://isna.ir/", "file:///etc/passwd", "/feed", "isna.ir", "", "mailto:a@isna.ir"])
@pytest.mark.parametrize("guard", [Guard(), Guard(allow_private=True)])
def test_nothing_but_http_passes_any_guard(guard: Guard, url: str) -> None:
    with pytest.raises(AddressRefused):
        guard.check(URL(url))


def test_a_refusal_does_not_show_credentials() -> None:
    with pytest.raises(AddressRefused) as refused:
        Guard().check(URL("ftp://user:secret@isna.ir/"))
    assert "secret" not in str(refused.value)


def test_answers_that_a_proxy_may_be_asked_about() -> None:
    guard = Guard()
    guard.check_answers([])
    guard.check_answers(["93.184.216.34", "10.10.34.36", "198.18.3.4", "d0::11"])
    for address in ("10.10.35.1", "127.0.0.1", "d0::12", "fe80::1"):
        with pytest.raises(AddressRefused):
            guard.check_answers(["93.184.216.34", address])
    Guard(allow_private=True).check_answers(["127.0.0.1"])
