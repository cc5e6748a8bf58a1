"""What response headers say about coming back: freshness, patience, validators. Pure.

What lives here: reading single headers as servers send them, wrong ones included. What does not: requests (fetch.py), and
what is made of the numbers (schedule.py).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from string import punctuation
from urllib.parse import quote, urljoin

# Ten digits hold three centuries of seconds; int() of a longer number only costs time.
SECONDS = re.compile(r"[0-9]{1,10}")
MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,10})", re.IGNORECASE)
NOT_STORED = re.compile(r"(?:^|[\s,])no-(?:cache|store)(?:$|[\s,=])", re.IGNORECASE)
LONGEST_VALIDATOR = 1024
LONGEST_LINKS = 8_000  # characters
LINK = re.compile(r"<([^<>]*)>([^<>]*)")
RELATION = re.compile(r"""[;\s]rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""", re.IGNORECASE)
RESETS = ("X-Rate-Limit-Reset", "X-RateLimit-Reset", "RateLimit-Reset")
UNIX_TIME = 10  # digits; fewer are seconds from now


def max_age(cache_control: str, age: str) -> float | None:
    """Seconds for which a response stays fresh from now on: Cache-Control's max-age less Age (RFC 9111, 4.2)."""
    stated = MAX_AGE.search(cache_control)
    if stated is None or NOT_STORED.search(cache_control):
        return None
    return max(0.0, float(stated[1]) - (float(age) if SECONDS.fullmatch(age) else 0.0))


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait from `now`, of a Retry-After that counts seconds or names a date; None where it does neither."""
    if value is None:
        return None
    if SECONDS.fullmatch(value):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds())


def waiting_time(given: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait from `now` by Retry-After, or by the reset of a rate limit as networks spell it: a Unix time (X, Bluesky,
    GitHub), seconds from now (Reddit) or an ISO date (Mastodon). None where nothing is said."""
    asked = retry_after(given.get("Retry-After"), now)
    if asked is not None:
        return asked
    reset = next((given[name] for name in RESETS if name in given), "")
    if SECONDS.fullmatch(reset):
        return max(0.0, float(reset) - now.timestamp()) if len(reset) >= UNIX_TIME else float(reset)
    try:
        return max(0.0, (datetime.fromisoformat(reset).astimezone(UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return None


def links(value: str, base: str) -> dict[str, str]:
    """Absolute http(s) URLs by what they are, of Link headers (RFC 8288); of several the first."""
    found: dict[str, str] = {}
    for target, parameters in LINK.findall(value[:LONGEST_LINKS]):
        relation = RELATION.search(parameters)
        try:
            url = urljoin(base, target.strip())
        except ValueError:
            continue
        if relation and url.startswith(("http://", "https://")):
            found = dict.fromkeys((relation[1] or relation[2]).lower().split(), url) | found
    return found


def validator(value: str | None) -> str | None:
    """An ETag or Last-Modified that is fit to be stored and sent back as it is, or None."""
    return value if value and value.isascii() and len(value) <= LONGEST_VALIDATOR else None


def location(value: str) -> str:
    """A Location as a URL reference: raw bytes of whatever encoding are percent-encoded, as browsers do."""
    return quote(value.encode(errors="surrogateescape"), safe=punctuation)
