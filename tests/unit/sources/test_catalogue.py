from collections import Counter
from typing import get_args
from urllib.parse import urlsplit

from bot.texts import LANGUAGES, text
from monitors.model import Language
from monitors.sources import kind_named
from monitors.sources.catalogue import Tier, defaults, outlets, packs
from monitors.sources.entries import web_url

LISTED = [one for outlet in outlets() for one in (*outlet.feeds, *outlet.channels)]


def test_every_address_is_its_kind_s_and_stands_once() -> None:
    assert [key for key, count in Counter((one.kind, one.address) for one in LISTED).items() if count > 1] == []
    for one in LISTED:
        kind = kind_named(one.kind)
        assert kind.recognise(kind.link(one.address)) == one.address
        assert "{" not in one.address


def test_every_outlet_says_who_it_is() -> None:
    names = Counter(outlet.name for outlet in outlets())
    assert names.most_common(1)[0][1] == 1
    for outlet in outlets():
        assert outlet.feeds or outlet.channels, outlet.name
        assert outlet.topics, outlet.name
        assert web_url(outlet.homepage) == outlet.homepage
        assert outlet.tier in get_args(Tier.__value__)
        assert outlet.language in get_args(Language.__value__)
        assert (*outlet.feeds, *outlet.channels)[0].title == outlet.name


def test_a_section_is_told_from_the_whole_by_its_title() -> None:
    titles = Counter((one.kind, one.title) for one in LISTED)
    assert titles.most_common(1)[0][1] == 1


def test_the_default_set_is_small_persian_and_has_news_economy_and_technology() -> None:
    chosen = [outlet for outlet in outlets() if outlet.default]
    assert tuple(outlet.feeds[0] for outlet in chosen) == defaults()
    assert 20 <= len(chosen) <= 25
    assert {"general", "economy", "technology"} <= {topic for outlet in chosen for topic in outlet.topics}
    assert {outlet.language for outlet in chosen} == {"fa"}
    assert len({urlsplit(feed.address).hostname for feed in defaults()}) == len(chosen)


def test_it_says_which_addresses_nobody_has_seen_working() -> None:
    seen = [one.seen for one in LISTED]
    assert None in seen
    assert 2026 in seen


def test_names_are_spelled_as_persian_is() -> None:
    """No Arabic letters, no digits of another script, no blanks where a half-space belongs or beside one."""
    for one in LISTED:
        assert not set(one.title) & set("يكةىأإ٠١٢٣٤٥٦٧٨٩"), one.title
        assert one.title == " ".join(one.title.split())
        assert " \u200c" not in one.title
        assert "\u200c " not in one.title


def test_every_pack_has_sources_and_a_name_in_each_language() -> None:
    assert {"banking", "telecom", "cars", "food", "technology", "economy"} <= {pack.name for pack in packs()}
    for pack in packs():
        assert len(pack.sources) >= 2, pack.name
        assert len({(one.kind, one.address) for one in pack.sources}) == len(pack.sources)
        assert all(text(f"pack.name.{pack.name}", language) for language in LANGUAGES)


def test_a_pack_takes_a_general_outlet_s_section_and_not_the_whole() -> None:
    economy = next(pack for pack in packs() if pack.name == "economy")
    titles = {one.title for one in economy.sources}
    assert "ایسنا (اقتصاد)" in titles
    assert "ایسنا" not in titles
    assert "دنیای اقتصاد" in titles
