"""Which addresses Telegram takes in links and buttons, and how it spells them.

Follows TDLib's parse_url and LinkManager::get_checked_link. What does not live here: opening anything.
"""

import ipaddress
import re
from dataclasses import dataclass

_SCHEME = re.compile(r"([^:]*)://")
_NAME = re.compile(r"(?:[\w.\-!$,~*'();&+=]|[^\x00-\x7f]|%[0-9A-Fa-f]{2})*")
_USER = re.compile(r"(?:[\w.\-!$,~*'();&+=:]|[^\x00-\x7f]|%[0-9A-Fa-f]{2})*")
_APP_HOST = re.compile(r"[A-Za-z0-9_-]+")
_MENTION = re.compile(r"tg:(?://)?user\?(?:[^#]*&)?id=([1-9]\d{0,18})(?:[&#].*)?", re.IGNORECASE)
_LARGEST_PORT = 65535
_LARGEST_USER_ID = (1 << 40) - 1


class WrongAddress(ValueError):
    """Telegram would not take the address; the message says why in Telegram's words."""


def mentioned_user(address: str) -> int | None:
    """The user that a tg://user?id=… link means, or None."""
    match = _MENTION.fullmatch(address)
    return int(match[1]) if match and int(match[1]) <= _LARGEST_USER_ID else None


def checked(address: str) -> str:
    """The address as Telegram spells it (scheme and path added, host in lower case); raises WrongAddress."""
    app = re.match(r"(tg|ton):(?://)?", address, re.IGNORECASE)
    if not app:
        parts = _parsed(address)
        if "." not in parts.host and not parts.six:
            raise WrongAddress("Wrong HTTP URL")
        user = f"{parts.user}@" if parts.user else ""
        return f"{parts.scheme}://{user}{parts.host}{f':{parts.port}' if parts.port else ''}{parts.path}"
    scheme, rest = app[1].lower(), address[app.end() :]
    parts = _parsed(rest)
    if _SCHEME.match(rest) or parts.user or parts.port or not _APP_HOST.fullmatch(parts.host):
        raise WrongAddress(f"Wrong {scheme} URL")
    return f"{scheme}://{parts.host}{parts.path.removeprefix('/') if parts.path.startswith('/?') else parts.path}"


@dataclass(frozen=True, slots=True)
class _Parts:
    scheme: str
    user: str
    host: str
    six: bool  # an IPv6 address in brackets
    port: int  # 0 where none is given
    path: str


def _parsed(address: str) -> _Parts:
    match = _SCHEME.match(address)
    scheme = match[1].lower() if match else "http"
    if scheme not in ("http", "https"):
        raise WrongAddress("Unsupported URL protocol")
    rest = address[match.end() :] if match else address
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    user, host, port = _divided(authority)
    if not host:
        raise WrongAddress("URL host is empty")
    six = _is_ipv6(host)
    if not six and (host == "." or not _NAME.fullmatch(host)):
        raise WrongAddress("Disallowed character in URL host")
    if not _USER.fullmatch(user):
        raise WrongAddress("Disallowed character in URL userinfo")
    lower = "".join(character.lower() if character.isascii() else character for character in host)
    return _Parts(scheme, user, lower, six, port, _path(rest[len(authority) :]))


def _divided(authority: str) -> tuple[str, str, int]:
    """User, host and port (0 where none) of an authority."""
    before, colon, digits = authority.rpartition(":")
    port = 0
    if colon and before and not re.search(r"[\]@]", digits):
        if not re.fullmatch(r"\d{1,12}", digits) or not 0 < int(digits) <= _LARGEST_PORT:
            raise WrongAddress("Wrong port number specified in the URL")
        authority, port = before, int(digits)
    user, _, host = authority.rpartition("@")
    return user, host, port


def _is_ipv6(host: str) -> bool:
    try:
        return host[0] == "[" and host[-1] == "]" and bool(ipaddress.IPv6Address(host[1:-1]))
    except ValueError:
        return False


def _path(rest: str) -> str:
    """What follows the host, from its "/" on; spaces and control characters percent-encoded."""
    rest = rest.rstrip(" \t\r\n\x00\v")
    rest = rest if rest.startswith("/") else f"/{rest}"
    return "".join(f"%{ord(character):02X}" if character <= " " else character for character in rest)
