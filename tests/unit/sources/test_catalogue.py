from collections import Counter
from typing import get_args
from urllib.parse import urlsplit

from monitors.model import Language
from monitors.sources import PLACES
from monitors.sources.catalogue import Tier, defaults, outlets
from monitors.sources.entries import web_url

FEED = next(kind for kind in PLACES if kind.kind == "feed")


def test_every_address_is_a_feed_s_and_stands_once() -> None:
    addresses = [feed.address for outlet in outlets() for feed in outlet.feeds]
    assert [address for address, count in Counter(addresses).items() if count > 1] == []
    assert [address for address in addresses if FEED.recognise(address) != address] == []
    assert not [address for address in addresses if "{" in address]


def test_every_outlet_says_who_it_is() -> None:
    names = Counter(outlet.name for outlet in outlets())
    assert names.most_common(1)[0][1] == 1
    for outlet in outlets():
        assert outlet.feeds, outlet.name
        assert outlet.topics, outlet.name
        assert web_url(outlet.homepage) == outlet.homepage
        assert outlet.tier in get_args(Tier.__value__)
        assert outlet.language in get_args(Language.__value__)
        assert outlet.feeds[0].title == outlet.name


def test_a_section_is_told_from_the_whole_by_its_title() -> None:
    titles = Counter(feed.title for outlet in outlets() for feed in outlet.feeds)
    assert titles.most_common(1)[0][1] == 1


def test_the_default_set_is_small_persian_and_has_news_economy_and_technology() -> None:
    chosen = [outlet for outlet in outlets() if outlet.default]
    assert tuple(outlet.feeds[0] for outlet in chosen) == defaults()
    assert 20 <= len(chosen) <= 25
    assert {"general", "economy", "technology"} <= {topic for outlet in chosen for topic in outlet.topics}
    assert {outlet.language for outlet in chosen} == {"fa"}
    assert len({urlsplit(feed.address).hostname for feed in defaults()}) == len(chosen)


def test_it_says_which_addresses_nobody_has_seen_working() -> None:
    seen = [feed.seen for outlet in outlets() for feed in outlet.feeds]
    assert None in seen
    assert 2026 in seen
