"""When two things read are the same thing: keys by which articles are told apart. Pure; knows no table.

Identity is never time: a back-dated item is still news, and an item whose date jumps is still the old one.
"""

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from monitors.model import Item

# Parameters that say where a reader came from, not what is read.
TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|yclid|igshid|mc_[ce]id|_ga|ref|ref_src|source|feature|at_\w+|cmpid)$")
PATH_SAFE = "/:@!$&'()*+,;=~-._"
PASSAGE = ":~:"  # begins the fragment of a link to a passage of a page
# An address that has nothing to leave out but its ends: most have not, and taking one apart costs twenty times as much.
PLAIN = re.compile(r"https?://(?:www\.|m\.|amp\.)?([a-z0-9.-]+[a-z0-9])((?:/[A-Za-z0-9._~-]+)+)/*$")


def guid_key(source_id: int, guid: str) -> bytes:
    """16 bytes that stand for a guid of a source: the same guid of another source is another key."""
    return _digest(f"{source_id}\0{guid}")


def url_key(url: str) -> bytes | None:
    """16 bytes that stand for a page across sources; None for an address that is a whole site and no page."""
    canonical = canonical_url(url)
    return None if canonical is None else _digest(canonical)


def content_key(item: Item) -> bytes:
    """16 bytes that change when what a reader reads changes."""
    return _digest(f"{item.title}\0{item.text}")


def canonical_url(url: str) -> str | None:
    """The address without what does not change the page: scheme, www., m., default port, fragment, tracking, last slash.

    None for no http(s) address, for a bare site ("https://example.ir/") and for a link to a passage (a text fragment, of
    which a page has many): those identify no article.
    """
    if plain := PLAIN.match(url):
        return plain[1] + plain[2]
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment.startswith(PASSAGE):
        return None
    host = re.sub(r"^(www|m|amp)\.", "", parts.hostname.rstrip("."))
    path = quote(unquote(parts.path), safe=PATH_SAFE).rstrip("/")
    query = urlencode(sorted(pair for pair in parse_qsl(parts.query) if not TRACKING.match(pair[0].lower())))
    if not path and not query:
        return None
    return f"{host}{'' if port in (None, 80, 443) else f':{port}'}{path}{'?' + query if query else ''}"


def url_keys(items: Sequence[Item]) -> tuple[bytes | None, ...]:
    """The url key of each item; None also where several items with different guids carry the address: it identifies none."""
    keys = [url_key(item.url) if item.url else None for item in items]
    guids = Counter(key for key, _ in {(key, item.guid) for key, item in zip(keys, items, strict=True)})
    return tuple(None if guids[key] > 1 else key for key in keys)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
