import pytest

from monitors.errors import ChannelUnavailable, NotTheAnswer
from monitors.kinds import Body
from monitors.sources.bale_channel import BaleChannel

CHANNEL = BaleChannel()


@pytest.mark.parametrize(
    "text",
    [
        "https://ble.ir/Namoone_News",
        " ble.ir/namoone_news ",
        "https://ble.ir/s/namoone_news?x=1",
        "www.ble.ir/namoone_news/",
    ],
)
def test_a_channel_is_recognised_by_its_links(text: str) -> None:
    assert CHANNEL.recognise(text) == "namoone_news"


@pytest.mark.parametrize(
    "text",
    [
        "@namoone_news",
        "https://ble.ir/join/AbCdEf",
        "https://ble.ir/share/url?text=x",
        "https://ble.ir/namoone_bot?start=1",
        "https://web.bale.ai/chat?uid=4607123600",
        "https://ble.ir",
    ],
)
def test_what_is_no_channel_of_bale_is_not_recognised(text: str) -> None:
    assert CHANNEL.recognise(text) is None


@pytest.mark.parametrize(
    "page",
    [
        '<html><script id="__NEXT_DATA__" type="application/json">{"props":{"pageProps":{"messages":[]}}}</script></html>',
        '<html><script id="__NEXT_DATA__" type="application/json">{"page":"/404"}</script></html>',
        '<html><script>self.__next_f.push([1,"0:{\\"messages\\":[{"])</script></html>',
    ],
)
def test_a_page_of_bale_without_posts_is_an_error_and_never_no_news(page: str) -> None:
    with pytest.raises(ChannelUnavailable):
        CHANNEL.parse(Body(page.encode(), ""), "namoone_news", None)


@pytest.mark.parametrize(
    ("page", "what"), [("", "an empty page"), ("<h1>504 Gateway Time-out</h1>", "504 Gateway Time-out")]
)
def test_what_is_no_page_of_bale_is_told_in_its_own_words(page: str, what: str) -> None:
    with pytest.raises(NotTheAnswer) as caught:
        CHANNEL.parse(Body(page.encode(), ""), "namoone_news", None)
    assert caught.value.what == what
