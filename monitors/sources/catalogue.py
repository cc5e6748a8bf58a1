"""The outlets that Rasad knows from the start (monitors/data/catalogue.toml), and the packs that they can be added in, as
frozen values. What is watched is decided elsewhere."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from monitors.model import Language
from monitors.sources.feed import Feed
from monitors.sources.telegram_channel import TelegramChannel

type Tier = Literal["agency", "national", "local", "specialised", "aggregator", "diaspora", "blog"]

_FILE = Path(__file__).parents[1] / "data" / "catalogue.toml"


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed or a channel of an outlet, by the kind of source that reads it. `topic` is a section's own subject. `seen` is
    the year in which a public list saw it working, None for an unverified address."""

    kind: str
    title: str
    address: str
    language: Language
    section: str | None = None
    topic: str | None = None
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
    channels: tuple[Listed, ...] = ()
    default: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """Sources of one subject that are added in one go."""

    name: str
    sources: tuple[Listed, ...]


@cache
def outlets() -> tuple[Outlet, ...]:
    """The whole catalogue, in the order of the file."""
    return tuple(_outlet(**entry) for entry in _read()["outlet"])


def defaults() -> tuple[Listed, ...]:
    """What a fresh install watches: a sensible set for Persian PR."""
    return tuple(outlet.feeds[0] for outlet in outlets() if outlet.default)


@cache
def packs() -> tuple[Pack, ...]:
    """All packs, in the order of the file."""
    return tuple(_pack(**entry) for entry in _read()["pack"])


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def _outlet(
    *,
    name: str,
    homepage: str,
    tier: Tier,
    topics: list[str],
    feeds: Sequence[dict[str, Any]] = (),
    channels: Sequence[dict[str, Any]] = (),
    language: Language = "fa",
    default: bool = False,
) -> Outlet:
    """An entry of the file; a key that is none of these raises TypeError."""
    listed = tuple(
        Listed(Feed.kind, f"{name} ({feed['section']})" if "section" in feed else name, language=language, **feed)
        for feed in feeds
    )
    on_telegram = tuple(Listed(TelegramChannel.kind, name, language=language, **channel) for channel in channels)
    return Outlet(name, homepage, language, tier, tuple(topics), listed, on_telegram, default)


def _pack(
    *,
    name: str,
    topics: Sequence[str] = (),
    tiers: Sequence[Tier] = (),
    languages: Sequence[Language] = (),
    channels: bool = False,
) -> Pack:
    """The main feeds of outlets that have one of these topics, tiers or languages, and sections of the topics in other
    outlets; with `channels`, every channel instead."""
    chosen: list[Listed] = []
    for outlet in outlets():
        if channels:
            chosen += outlet.channels
        elif outlet.tier in tiers or outlet.language in languages or set(topics) & set(outlet.topics):
            chosen += outlet.feeds[:1] or outlet.channels
        else:
            chosen += [feed for feed in outlet.feeds if feed.topic in topics]
    return Pack(name, tuple(chosen))
