"""The outlets that Rasad knows from the start (monitors/data/catalogue.toml) as frozen values. What is watched is
decided elsewhere."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from monitors.model import Language

type Tier = Literal["agency", "national", "local", "specialised", "aggregator", "diaspora", "blog"]

_FILE = Path(__file__).parents[1] / "data" / "catalogue.toml"


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed of an outlet. `seen` is the year in which a public list saw it working, None for an unverified address."""

    title: str
    address: str
    language: Language
    section: str | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher. Its first feed is its main one; `default` means that a fresh install watches that."""

    name: str
    homepage: str
    language: Language
    tier: Tier
    topics: tuple[str, ...]
    feeds: tuple[Listed, ...]
    default: bool = False


@cache
def outlets() -> tuple[Outlet, ...]:
    """The whole catalogue, in the order of the file."""
    return tuple(_outlet(**entry) for entry in tomllib.loads(_FILE.read_text("utf-8"))["outlet"])


def defaults() -> tuple[Listed, ...]:
    """What a fresh install watches: a sensible set for Persian PR."""
    return tuple(outlet.feeds[0] for outlet in outlets() if outlet.default)


def _outlet(
    *,
    name: str,
    homepage: str,
    tier: Tier,
    topics: list[str],
    feeds: list[dict[str, Any]],
    language: Language = "fa",
    default: bool = False,
) -> Outlet:
    """An entry of the file; a key that is none of these raises TypeError."""
    listed = tuple(
        Listed(f"{name} ({feed['section']})" if "section" in feed else name, language=language, **feed)
        for feed in feeds
    )
    return Outlet(name, homepage, language, tier, tuple(topics), listed, default)
