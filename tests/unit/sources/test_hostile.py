"""The hostile set ends as its manifest says, or better. Time and memory are measured in tests/integration/test_parsing.py."""

from datetime import UTC, datetime

import pytest

from monitors.errors import ParseError, ParsingTooLong
from monitors.kinds import Body, Page
from monitors.sources import kind_named, parse_body
from monitors.sources.entries import ENTRIES, GUID, TITLE
from tests.shared import SHARED, needs_shared

FEED = kind_named("feed")
HOSTILE = SHARED / "data" / "feeds" / "hostile"
TEN = datetime(2026, 11, 12, 6, 30, tzinfo=UTC)

pytestmark = needs_shared


def read(name: str) -> Page:
    return parse_body(FEED, Body((HOSTILE / name).read_bytes(), "https://example.ir/rss"), "https://example.ir/rss")


# How many entries each file gives: all that its manifest expects; the title of the first, where it tells something.
ENTRIES_OF = {
    "billion_laughs.xml": (1, "&a9;"),
    "xxe_file.xml": (1, "&x;"),
    "xxe_param.xml": (1, "&x;"),
    "xxe_dtd_external.xml": (1, "عنوان خبر"),
    "xinclude.xml": (1, "عنوان خبر"),
    "quadratic_blowup.xml": (1, None),
    "dtd_html_entities_netscape.xml": (1, "a b«c»"),
    "cp1256_declared.xml": (1, "برند ايراني در بازار پتروشيمي"),
    "cp1256_declared_utf8.xml": (1, "برند ايراني در بازار پتروشيمي"),
    "cp1256_no_decl.xml": (1, "برند ايراني در بازار پتروشيمي"),
    "utf8_declared_1256.xml": (1, "برند ایرانی در بازار پتروشیمی"),
    "utf8_declared_latin1.xml": (1, "برند ایرانی در بازار پتروشیمی"),
    "iso8859_6.xml": (1, "برند ايراني در بازار بتروشيمي"),
    "utf16le_bom.xml": (1, "برند ایرانی در بازار پتروشیمی"),
    "utf16be_bom.xml": (1, "برند ایرانی در بازار پتروشیمی"),
    "utf8_bom.xml": (1, "عنوان خبر"),
    "utf8_double_encoded.xml": (1, "برند ایرانی"),
    "utf8_cut_multibyte.xml": (2, "خبر"),
    "truncated_mid_item.xml": (12, "خبر 0"),
    "truncated_mid_cdata.xml": (2, "عنوان خبر"),
    "unescaped_amp.xml": (1, "R&D & فروش AT&T"),
    "undefined_entity.xml": (1, "سلام دنیا \u200c &foo;"),
    "control_chars.xml": (1, "خبر بد"),
    "nul_bytes.xml": (1, "خبر بد"),
    "bad_charref.xml": (1, "خبر 😀"),
    "leading_whitespace.xml": (1, "عنوان خبر"),
    "php_warning_prefix.xml": (1, "عنوان خبر"),
    "trailing_junk.xml": (1, "عنوان خبر"),
    "mismatched_tags.xml": (2, "یک"),
    "unquoted_attr.xml": (1, "یک"),
    "uppercase_tags.xml": (1, "خبر"),
    "items_outside_channel.xml": (2, "عنوان خبر"),
    "no_version.xml": (1, "عنوان خبر"),
    "wrong_default_ns.xml": (1, "عنوان خبر"),
    "atom_no_ns.xml": (1, "خبر"),
    "jsonfeed_ok.json": (1, "خبر"),
    "dates.xml": (26, "rfc822_tehran"),
    "missing_guid.xml": (5, "خبر 0"),
    "missing_guid_link.xml": (5, "خبر 0"),
    "duplicate_guid.xml": (5, "خبر 0"),
    "guid_changes.xml": (5, "همان خبر"),
    "relative_links.xml": (4, "عنوان خبر"),
    "evil_links.xml": (5, "عنوان خبر"),
    "html_in_title.xml": (2, "مهم & ک"),
    "empty_items.xml": (1, "عنوان خبر"),
    "no_items.xml": (0, None),
    "bidi_override.xml": (1, "خبر abc \u200f\u200e می\u200cشود كتاب علي ـــ"),
    "xhtml_content.xml": (1, "خبر مهم"),
    "deep_nesting.xml": (1, "عنوان خبر"),
    "many_attrs.xml": (1, "t"),
    "comment_bomb.xml": (1, "عنوان خبر"),
    "atom_base.xml": (1, "خبر"),
    "utf8_invalid_bytes.xml": (1, None),
    "long_guid_title.xml": (1, None),
    "many_items_50k.xml": (ENTRIES, "خبر 0"),
    "gzip_mislabelled.xml": (1, "عنوان خبر"),
}
NO_FEEDS = (
    *("empty.xml", "whitespace.xml", "html_page.html", "html_captcha.html", "json_error.json", "jsonfeed_bad.json"),
    *("binary.bin", "opml_instead.xml", "sitemap_instead.xml"),
)


@pytest.mark.parametrize("name", ENTRIES_OF)
def test_what_can_be_read_is_read(name: str) -> None:
    count, title = ENTRIES_OF[name]
    page = read(name)
    assert len(page.items) == count
    assert title is None or page.items[0].title == title


@pytest.mark.parametrize("name", NO_FEEDS)
def test_what_is_no_feed_says_so(name: str) -> None:
    with pytest.raises(ParseError):
        read(name)


def test_what_is_over_the_limit_is_refused() -> None:
    with pytest.raises(ParsingTooLong):
        read("huge_entry_16mb.xml")


def test_no_file_of_the_set_is_forgotten() -> None:
    names = {line.split("\t")[0] for line in (HOSTILE / "MANIFEST.tsv").read_text("utf-8").splitlines()[1:]}
    ours = {name for name in names if not name.endswith((".gz", ".br", ".zst"))}
    assert ours == {*ENTRIES_OF, *NO_FEEDS, "huge_entry_16mb.xml"}


def test_dates_are_right_or_none() -> None:
    dates = {item.guid: item.published_at for item in read("dates.xml").items}
    at_ten = {guid for guid, date in dates.items() if date == TEN}
    none = {guid for guid, date in dates.items() if date is None}
    in_tehran = {
        "rfc822_tehran",
        "no_tz_tabnak",
        "iso",
        "iso_space",
        "jalali_slash",
        "jalali_persian_digits",
        "jalali_iso",
    }
    assert at_ten == in_tehran | {"persian_words", "irst", "epoch", "us", "bad_weekday"}
    assert none == {"day32", "year0", "neg_offset_bad", "y10k", "empty", "garbage", "long"}


def test_links_are_absolute_and_harmless() -> None:
    assert [item.url for item in read("relative_links.xml").items] == [
        "https://example.ir/news/1",
        "https://example.ir/2",
        "https://cdn.example.ir/3",
        "https://example.ir/?id=4",
    ]
    assert read("atom_base.xml").items[0].url == "https://example.ir/a/b/c"
    assert [item.url for item in read("evil_links.xml").items] == [None] * 5
    assert read("unescaped_amp.xml").items[0].url == "https://example.ir/?a=1&b=2"


def test_guids_are_stable_distinct_and_short() -> None:
    for name in ("missing_guid_link.xml", "duplicate_guid.xml", "missing_guid.xml"):
        assert [item.guid for item in read(name).items] == [item.guid for item in read(name).items]
        assert len({item.guid for item in read(name).items}) == 5
    (item,) = read("long_guid_title.xml").items
    assert len(item.guid) <= GUID
    assert len(item.title) <= TITLE


def test_a_page_leads_to_its_feed() -> None:
    with pytest.raises(ParseError) as caught:
        read("html_page.html")
    assert getattr(caught.value, "alternates", None) == ("https://example.ir/feed",)
