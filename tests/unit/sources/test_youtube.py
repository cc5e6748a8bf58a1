from urllib.parse import parse_qs, urlsplit

import pytest

from monitors.errors import NotTheAnswer
from monitors.kinds import Body
from monitors.model import Metrics
from monitors.sources import PLACES, kind_named
from monitors.sources.youtube import YouTube
from monitors.sources.youtube_search import YouTubeSearch
from tests.shared import SHARED, needs_shared

CHANNEL = "UCexample_0123456789abcd"
SAMPLES = SHARED / "data" / "samples" / "youtube_rss"


@pytest.mark.parametrize(
    ("text", "kind", "address"),
    [
        (CHANNEL, "youtube", CHANNEL),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", "youtube", CHANNEL),
        ("youtube.com/@Nemoone", "youtube", "@nemoone"),
        ("https://m.youtube.com/@%D9%86%D9%85%D9%88%D9%86%D9%87?si=x", "youtube", "@نمونه"),
        ("https://www.youtube.com/c/Nemoone/featured", "youtube", "c/Nemoone"),
        ("http://youtube.com/user/nemoone", "youtube", "user/nemoone"),
        ("youtube.com/nemoone", "youtube", "nemoone"),
        ("https://www.youtube.com/feed/subscriptions", "feed", "https://www.youtube.com/feed/subscriptions"),
        ("https://www.youtube.com/premium", "feed", "https://www.youtube.com/premium"),
        ("https://www.youtube.com/watch?v=short", "feed", "https://www.youtube.com/watch?v=short"),
        (f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}", "youtube", CHANNEL),
        ("https://www.youtube.com/playlist?list=PLexample0123456789", "youtube", "PLexample0123456789"),
        ("https://www.youtube.com/watch?v=example_001&t=3s", "youtube_comments", "example_001"),
        ("youtu.be/example_001?si=x", "youtube_comments", "example_001"),
        ("https://www.youtube.com/shorts/example_001", "youtube_comments", "example_001"),
        (f"https://www.youtube.com/channel/{CHANNEL}/comments", "youtube_comments", CHANNEL),
        ("https://example.com/@nemoone", "feed", "https://example.com/@nemoone"),
    ],
)
def test_links_lead_to_the_kind_that_reads_them(text: str, kind: str, address: str) -> None:
    recognised = next((place.kind, found) for place in PLACES if (found := place.recognise(text)))
    assert recognised == (kind, address)
    assert urlsplit(kind_named(kind).link(address)).hostname


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (CHANNEL, f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"),
        ("PLexample0123456789", "https://www.youtube.com/feeds/videos.xml?playlist_id=PLexample0123456789"),
        ("@نمونه", "https://www.youtube.com/@%D9%86%D9%85%D9%88%D9%86%D9%87"),
    ],
)
def test_a_channel_is_asked_by_what_is_known_of_it(address: str, url: str) -> None:
    assert YouTube().request(address, None).url == url


def asked(address: str) -> str:
    return parse_qs(urlsplit(YouTubeSearch().request(address, None).url).query)["q"][0]


def test_a_term_holds_no_operators_of_the_search() -> None:
    (address,) = YouTubeSearch().addresses(["شیر | -پاکنوش", "|", "", "--"])
    assert asked(address) == "شیر پاکنوش"


def test_names_of_one_word_share_a_search() -> None:
    several, two_words = YouTubeSearch().addresses(["پاکنوش", "بانک نمونه", "Nemoone"])
    assert sorted(asked(several).split("|")) == ["Nemoone", "پاکنوش"]
    assert asked(two_words) == "بانک نمونه"
    assert len(YouTubeSearch().addresses([f"{letter * 30}" for letter in "abcdefghijkl"])) >= 2


@needs_shared
def test_a_real_feed_is_read() -> None:
    content = (SAMPLES / "feed-rs_atom_mediarss_youtube_1.xml").read_bytes()
    (item,) = YouTube().parse(Body(content, "https://www.youtube.com/feeds/videos.xml"), CHANNEL, None).items
    assert (item.title, item.metrics) == ("Navigating with Quantum Entanglement", Metrics(views=304321, likes=15020))
    assert item.text.startswith("Check Out Weathered")
    assert item.author_url == "https://www.youtube.com/channel/UC7_gcs09iThXybpVgjHZ_7g"


@needs_shared
def test_what_the_hub_pushes_wipes_out_no_text() -> None:
    content = (SAMPLES / "higuma_sample.xml").read_bytes()
    with pytest.raises(NotTheAnswer):
        YouTube().parse(Body(content, "https://www.youtube.com/feeds/videos.xml"), CHANNEL, None)
