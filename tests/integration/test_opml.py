"""Sources out and in as OPML: what one Rasad writes another reads, of every kind that people add."""

from dataclasses import dataclass

import pytest

from bot.commands.opml import outline_of, recognised
from monitors import schedule
from monitors.model import Source
from monitors.sources import PLACES, STREAMS, opml
from monitors.sources.opml import Outline
from tests.integration.world import NOW


@dataclass(frozen=True)
class Example:
    kind: str
    words: str


EXAMPLES = [
    Example("feed", "https://example.ir/rss"),
    Example("telegram_channel", "@example"),
    Example("eitaa_channel", "https://eitaa.com/example"),
    Example("bale_channel", "https://ble.ir/example"),
    Example("page", "watch https://example.ir/news"),
    Example("youtube", "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv"),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.kind)
def test_what_is_written_is_read_as_the_same_source(example: Example) -> None:
    kind = next(kind for kind in (*PLACES, *STREAMS) if kind.kind == example.kind)
    address = kind.recognise(example.words)
    assert address
    source = Source(1, kind.kind, address, "نام", schedule.initial(NOW))
    (read,) = opml.read(opml.write([outline_of(source)]))
    new = recognised(read)
    assert new
    assert (new.kind, new.address, new.title) == (kind.kind, address, "نام")


@pytest.mark.parametrize(
    "outline",
    [
        Outline("x", "whatever", "kind_of_tomorrow"),
        Outline("x", "../../etc/passwd", "telegram_channel"),
        Outline("x", "دیجی‌کالا", "google_news"),
    ],
)
def test_unknown_kinds_forged_addresses_and_searches_are_left_out(outline: Outline) -> None:
    assert recognised(outline) is None


def test_a_channel_s_page_among_the_feeds_is_the_channel() -> None:
    new = recognised(Outline("کانال", "https://t.me/s/example"))
    assert new
    assert (new.kind, new.address) == ("telegram_channel", "example")
