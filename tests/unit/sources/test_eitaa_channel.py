import pytest

from monitors.errors import ChannelUnavailable
from monitors.kinds import Body
from monitors.sources.eitaa_channel import EitaaChannel

CHANNEL = EitaaChannel()


@pytest.mark.parametrize(
    "text",
    [
        "https://eitaa.com/Namoone_News",
        " eitaa.com/namoone_news/ ",
        "https://eitaa.com/s/namoone_news",
        "https://www.eitaa.com/namoone_news/123",
        "eitaa.com/namoone_news?before=7",
    ],
)
def test_a_channel_is_recognised_by_its_links(text: str) -> None:
    assert CHANNEL.recognise(text) == "namoone_news"


@pytest.mark.parametrize(
    "text",
    [
        "@namoone_news",
        "https://eitaa.com/joinchat/123456Cabc",
        "https://eitaa.com/share/url?url=https://example.ir",
        "https://eitaa.com",
        "https://t.me/namoone_news",
        "https://eitaa.com.example.ir/namoone_news",
        "http://[::1",
    ],
)
def test_what_is_no_channel_of_eitaa_is_not_recognised(text: str) -> None:
    assert CHANNEL.recognise(text) is None


def test_a_person_s_page_shows_no_posts() -> None:
    page = b'<html><div class="etme_body_wrap"><div class="etme_page_title"><span>Sara</span></div></div></html>'
    with pytest.raises(ChannelUnavailable):
        CHANNEL.parse(Body(page, "https://eitaa.com/sara"), "sara", None)
