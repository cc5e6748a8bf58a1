"""Links to a site, as people paste them → where on it they lead. What is found there, each kind says."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Link:
    """A link's path in parts, without escapes, and its parameters, the first of each name."""

    path: tuple[str, ...]
    query: Mapping[str, str]


def link_to(site: str, text: str) -> Link | None:
    """Where on the site the text leads, if it is a link to it or to a host of it (www., m., ir.), with or without https://."""
    text = text.strip()
    try:
        url = urlsplit(text if "//" in text else f"https://{text}")
        host = url.hostname or ""
    except ValueError:
        return None
    if url.scheme not in {"http", "https"} or not f".{host}".endswith(f".{site}"):
        return None
    path = tuple(part for part in unquote(url.path).split("/") if part)
    return Link(path, {name: values[0] for name, values in parse_qs(url.query).items()})
