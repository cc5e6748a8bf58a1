"""Links to messengers' channels → the channel's name. Whether a name is a good one, each messenger's file says."""

from collections.abc import Container
from urllib.parse import SplitResult, urlsplit


def parts_of(text: str) -> SplitResult | None:
    """A link taken apart, its scheme added where it is missing; None for what is no link."""
    text = text.strip()
    try:
        url = urlsplit(text if "//" in text else f"https://{text}")
        url.hostname  # noqa: B018 – it raises for brackets that do not close
    except ValueError:
        return None
    return url


def name_in_path(url: SplitResult, hosts: Container[str]) -> str | None:
    """The channel that HOST/NAME, HOST/s/NAME or a post of it (HOST/NAME/123) lead to."""
    if url.scheme not in {"http", "https"} or (url.hostname or "").removeprefix("www.") not in hosts:
        return None
    path = [part for part in url.path.split("/") if part]
    if path[:1] == ["s"]:
        path = path[1:]
    return path[0] if path and (len(path) == 1 or path[1].isdecimal()) else None
