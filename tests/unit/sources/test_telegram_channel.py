import pytest

from monitors.errors import ChannelUnavailable, NotTheAnswer
from monitors.kinds import Body, Page
from monitors.sources.telegram_channel import TelegramChannel
from tests.shared import SHARED, needs_shared
from tests.unit.sources.golden import FIXTURES

CHANNEL = TelegramChannel()
PAGE = (FIXTURES / "telegram_channel" / "page.html").read_bytes()
FIRST = "https://t.me/s/namoone_news"
SAMPLES = SHARED / "data" / "samples" / "telegram_web_preview"


def parse(content: bytes, url: str = FIRST, cursor: str | None = None) -> Page:
    return CHANNEL.parse(Body(content, url), "namoone_news", cursor)


@pytest.mark.parametrize(
    "text",
    [
        "@Namoone_News",
        " t.me/namoone_news ",
        "https://t.me/namoone_news/",
        "https://t.me/s/namoone_news?before=7",
        "http://telegram.me/namoone_news",
        "https://www.t.me/namoone_news/123",
        "t.me/namoone_news/12/345?single",
        "namoone_news.t.me",
        "tg://resolve?domain=namoone_news",
    ],
)
def test_a_channel_is_recognised_by_every_form_of_its_name(text: str) -> None:
    assert CHANNEL.recognise(text) == "namoone_news"


@pytest.mark.parametrize(
    "text",
    [
        "https://t.me/joinchat/AAAAAE",
        "https://t.me/+AbCdEf",
        "t.me/namoone_bot?start=123",
        "@namoone_bot",
        "https://t.me/c/1234567/8",
        "https://t.me/share/url?url=https://example.ir",
        "https://t.me/addstickers/pack",
        "t.me",
        "namoone_news",
        "@abc",
        "@1name",
        "@namoone news",
        "https://example.ir/namoone_news",
        "http://[::1",
        "",
    ],
)
def test_what_is_no_public_channel_is_not_recognised(text: str) -> None:
    assert CHANNEL.recognise(text) is None


def test_pages_are_read_back_until_one_reaches_the_cursor() -> None:
    assert parse(PAGE).more is None, "at first sight the newest page is enough"
    assert parse(PAGE, cursor="1-100").more is None, "post 101 follows the last one seen"
    further = parse(PAGE, cursor="1-90").more
    assert further is not None
    assert further.url == "https://t.me/s/namoone_news?before=101"
    assert parse(PAGE, cursor="1-104").more is None
    assert parse(PAGE, cursor="not a number").more is None


def test_posts_older_than_the_first_page_that_was_read_are_no_news() -> None:
    """They come into view where newer ones were deleted."""
    read = parse(PAGE, cursor="104-107")
    assert read.cursor == "104-107"
    assert {int((item.url or "").rpartition("/")[2]) for item in read.items} == {104, 105, 106, 107} & {
        int((item.url or "").rpartition("/")[2]) for item in parse(PAGE).items
    }


def test_only_the_newest_page_moves_the_cursor_and_never_back() -> None:
    assert parse(PAGE).cursor == "101-107"
    assert parse(PAGE, cursor="1-500").cursor == "1-500"
    assert parse(PAGE, f"{FIRST}?before=108", cursor="1-90").cursor is None


@pytest.mark.parametrize(
    "page",
    [
        b"<html><body class='tgme_page'><a href='tg://resolve?domain=namoone_news'>View in Telegram</a></body></html>",
        b"<html><section class='tgme_channel_history'><div class='tme_no_messages_found'>No posts found</div></section></html>",
    ],
)
def test_a_page_of_telegram_without_posts_is_an_error_and_never_no_news(page: bytes) -> None:
    with pytest.raises(ChannelUnavailable):
        parse(page)


@pytest.mark.parametrize(
    ("page", "what"),
    [
        (b"", "an empty page"),
        (b"<html><iframe src='http://10.10.34.36'></iframe></html>", "an empty page"),
        (
            b"<html><head><title>x</title></head><body><h1>502 Bad Gateway</h1>nginx</body></html>",
            "502 Bad Gateway nginx",
        ),
        (b'{"error": "slow down"}', '{"error": "slow down"}'),
    ],
)
@pytest.mark.parametrize("url", [FIRST, f"{FIRST}?before=7"])
def test_what_is_no_page_of_telegram_is_told_in_its_own_words(page: bytes, what: str, url: str) -> None:
    with pytest.raises(NotTheAnswer) as caught:
        parse(page, url)
    assert caught.value.what == what


def test_the_beginning_of_a_channel_is_no_error() -> None:
    empty = b"<html><section class='tgme_channel_history'><div class='tme_no_messages_found'>No posts found</div></section></html>"
    assert parse(empty, f"{FIRST}?before=1", cursor="1-1") == Page((), homepage=FIRST)


def test_an_edited_post_keeps_its_guid() -> None:
    edited = PAGE.replace("پاکنوش سود داد".encode(), "پاکنوش زیان داد".encode())
    assert [item.guid for item in parse(edited).items] == [item.guid for item in parse(PAGE).items]
    assert parse(edited).items[0].title == "پاکنوش زیان داد"


@needs_shared
def test_a_real_page_is_read_whole() -> None:
    page = parse((SAMPLES / "any2feed_full.html").read_bytes())
    assert page.title == "Военное обозрение"
    assert len(page.items) == 12
    assert all(item.text and item.published_at and item.metrics.views for item in page.items)
    assert page.items[-1].origin == "https://t.me/ImpNavigator/4580"
    assert (page.cursor or "").endswith("-71008")


@needs_shared
def test_current_markup_is_read() -> None:
    page = parse((SAMPLES / "brieflyru_2026-09-27_fragments.html").read_bytes())
    assert [(item.guid, item.metrics.views, item.metrics.likes) for item in page.items] == [
        ("brieflyru/47107", 4850, 34),
        ("brieflyru/47109", None, None),
    ]


@needs_shared
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("parse_text_reply_to_video", "Reply to a video (not recorded in telegram)"),
        ("parse_text_message_multiline", "Bigger\ntext\nmessage\nnumber\n34"),
        ("parse_multimedia_message", "Multiple videos and pictures"),
        ("parse_emoji_message", "👍"),
        ("parse_photo_single", "Picture by telegram camera"),
        ("parse_location_message", ""),
    ],
)
def test_real_messages_say_what_was_written(name: str, text: str) -> None:
    (item,) = parse((SAMPLES / "tchan" / f"{name}.html").read_bytes()).items
    assert item.text == text


@needs_shared
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("media_file", "Центр изучения новых коммуникаций"),
        ("link_preview", "https://vnnews.ru/georgiy-zotov-okkupaciya-volosatym-kr/\nГеоргий Зотов: ОККУПАЦИЯ"),
        (
            "link_preview_text_only",
            "http://publication.pravo.gov.ru/Document/View/0001202302270011?index=7&rangeSize=1\nРаспоряжение",
        ),
        ("link_preview_video", "Жениться вам, барин, пора! 😁"),
        ("media_forwarded_from", "Британская разведка выяснила"),
        ("media_photo_and_video", "Ночью над Белгородом сбили 3 беспилотника"),
        ("media_round_video", ""),
        ("poll", "Как лучше?\nНесколько постов в день\n"),
        ("sticker", ""),
        ("text", "Неопознанный летающий объект"),
        ("voice", "Обсудили:"),
        ("with_from_author", "test"),
    ],
)
def test_real_messages_of_each_sort_begin_with_their_words(name: str, text: str) -> None:
    (item,) = parse((SAMPLES / f"any2feed_message_{name}.html").read_bytes()).items
    assert item.text.startswith(text)
    assert (item.text == "") == (text == "")
    assert item.published_at
    assert item.metrics.views


@needs_shared
def test_every_sample_is_read_or_refused_and_says_when() -> None:
    for sample in SAMPLES.rglob("*.html"):
        try:
            items = parse(sample.read_bytes()).items
        except ChannelUnavailable:
            assert "data-post" not in sample.read_text("utf-8"), sample.name
        else:
            assert all(item.published_at and item.url for item in items), sample.name


@needs_shared
@pytest.mark.parametrize("name", ["channel_created", "channel_name_changed", "channel_photo_updated"])
def test_service_messages_are_no_items(name: str) -> None:
    assert parse((SAMPLES / "tchan" / f"parse_service_message_{name}.html").read_bytes()).items == ()
