"""How many people may have read something, and how much weight a voice has: estimates, by formulas that stand in docs/reach.md. Pure.

What lives here: who counts as one publisher, the estimate for one report, the score of a voice. What does not: adding up over
a period, which is SQL (store/statistics.py). Nobody outside an outlet knows its readers; what people read says that these
are estimates.
"""

from functools import cache
from hashlib import blake2b
from math import log10
from re import compile as pattern

from monitors.model import Item
from monitors.sources import catalogue
from monitors.sources.catalogue import Outlet, Tier

# Readers of one report, where nobody counts them: orders of magnitude, not measurements.
READERS: dict[Tier, int] = {
    "agency": 5_000,
    "national": 3_000,
    "diaspora": 3_000,
    "aggregator": 1_500,
    "specialised": 1_200,
    "local": 600,
    "blog": 250,
}
READERS_ELSEWHERE = 300  # of an outlet that the catalogue does not know
SEEING_FOLLOWERS = 0.05  # of a network's followers see a post, where its views are not told

# Where many publish under one host; there the name behind it counts.
SHARED_HOSTS = frozenset(
    [
        "t.me",
        "eitaa.com",
        "ble.ir",
        "rubika.ir",
        "x.com",
        "twitter.com",
        "instagram.com",
        "facebook.com",
        "threads.net",
        "linkedin.com",
        "youtube.com",
        "aparat.com",
        "reddit.com",
        "github.com",
        "bsky.app",
        "tiktok.com",
        "medium.com",
        "virgool.io",
        "news.google.com",
    ]
)

# An address without a domain is a machine on which an intranet's outlets stand, each in a folder of its own.
_MACHINE = pattern(r"(?:localhost|\d+(?:\.\d+){3}|\[[\da-f:.]+\])(?::\d+)?")

# A voice's score: how much each part weighs, and what counts as full.
AUDIENCE_WEIGHT, RESPONSE_WEIGHT, ACTIVITY_WEIGHT = 60, 25, 15
FULL_AUDIENCE, FULL_RESPONSE, FULL_ACTIVITY = 10_000_000, 100_000, 100


def readings(item: Item) -> int:
    """How often one report was read, about: views where they are told, a part of the followers where those are, else by
    the tier of its outlet."""
    metrics = item.metrics
    if metrics.views is not None:
        return metrics.views
    if metrics.followers is not None:
        return round(metrics.followers * SEEING_FOLLOWERS)
    outlet = outlet_of(publisher_of(item))
    return READERS[outlet.tier] if outlet else READERS_ELSEWHERE


def response(item: Item) -> int:
    """How many answered one report with a like, a repost or a reply, where that is told."""
    return sum(count or 0 for count in (item.metrics.likes, item.metrics.reposts, item.metrics.replies))


def influence(audience: float, responses: float, mentions: int) -> int:
    """A voice's weight for a tracker, 0 to 100, by the readings of one report, the responses to it, and how many there are."""
    parts = (
        (AUDIENCE_WEIGHT, audience, FULL_AUDIENCE),
        (RESPONSE_WEIGHT, responses, FULL_RESPONSE),
        (ACTIVITY_WEIGHT, mentions, FULL_ACTIVITY),
    )
    return round(sum(weight * min(1.0, log10(1 + value) / log10(1 + full)) for weight, value, full in parts))


def publisher_of(item: Item) -> str:
    """Who published an item, the same for all of its feeds and sections: "isna.ir", "t.me/name", "x.com/@name".

    A search's result without an address of its own is known by its outlet's name, or that outlet's site where it is listed.
    """
    host, _, path = _address(item.url).partition("/")
    if _MACHINE.fullmatch(host):
        return f"{host}/{path.partition('?')[0]}".rpartition("/")[0]
    if host and host not in SHARED_HOSTS:
        return f"{host}/{item.outlet.casefold()}" if item.outlet and item.outlet.startswith("@") else host
    if host != "news.google.com" and item.author_url:
        return _address(item.author_url)
    if item.outlet:
        listed = _by_name().get(item.outlet)
        return _address(listed.homepage) if listed else item.outlet.casefold()
    name = path.removeprefix("s/").partition("/")[0].partition("?")[0]
    return f"{host}/{name.casefold()}" if name else host


def outlet_name(item: Item, outlet: str) -> str:
    """What a publisher is called: by the catalogue where it is listed, so that all of its sections have one name."""
    listed = outlet_of(publisher_of(item))
    return listed.name if listed and not item.outlet else outlet


def voice_of(item: Item) -> str | None:
    """Who wrote an item, the same wherever they sign the same; None where nobody signs."""
    if item.author_url:
        return _address(item.author_url)
    return f"{publisher_of(item)}/{' '.join(item.author.casefold().split())}" if item.author else None


def key(name: str) -> int:
    """A number of 63 bits that stands for a publisher or a voice in the store."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1


def outlet_of(publisher: str) -> Outlet | None:
    """The catalogue's entry of a publisher: of its host or, for a section with a host of its own, of the site above it."""
    host = publisher
    while host and "/" not in host:
        if found := _by_host().get(host):
            return found
        host = host.partition(".")[2]
    return None


def _address(url: str | None) -> str:
    """An address without its scheme and "www."."""
    return (url or "").partition("://")[2].lower().removeprefix("www.").removeprefix("m.").rstrip("/")


@cache
def _by_host() -> dict[str, Outlet]:
    return {_address(outlet.homepage).partition("/")[0]: outlet for outlet in catalogue.outlets()}


@cache
def _by_name() -> dict[str, Outlet]:
    return {outlet.name: outlet for outlet in catalogue.outlets()}
