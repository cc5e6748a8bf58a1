import json
from datetime import UTC, datetime, timedelta

import pytest

from monitors.kinds import Body
from monitors.model import Item
from monitors.sources.aparat import Aparat, videos
from monitors.sources.aparat_search import AparatSearch
from tests.shared import SHARED, needs_shared


@pytest.mark.parametrize(
    "text", ["aparat.com/nemoone", "https://www.aparat.com/nemoone/", "http://aparat.com/nemoone/videos"]
)
def test_a_channel_is_recognised_by_its_link(text: str) -> None:
    assert Aparat().recognise(text) == "nemoone"


@pytest.mark.parametrize(
    "text",
    [
        "https://www.aparat.com/v/exa01",
        "aparat.com",
        "https://example.com/nemoone",
        "nemoone",
        "aparat.com/search/x",
        "//[",
    ],
)
def test_what_is_no_channel_is_not_recognised(text: str) -> None:
    assert Aparat().recognise(text) is None


def test_a_term_stays_one_variable_of_the_api() -> None:
    search = AparatSearch()
    (address,) = search.addresses(["شیر/perpage/9", "", "x" * 101])
    assert search.request(address, None).url == (
        "https://www.aparat.com/etc/api/videoBySearch/text/%D8%B4%DB%8C%D8%B1%20perpage%209/perpage/50"
    )


def test_only_the_apis_own_page_is_asked_for_next() -> None:
    video = {"id": 9, "uid": "abc", "title": "x"}
    for paging, more in (("https://www.aparat.com/etc/api/a/b", True), ("https://evil.example/etc/api/", False)):
        content = json.dumps({"m": [video], "ui": {"pagingForward": paging}}).encode()
        assert (videos(Body(content, ""), "m", "3").more is not None) == more


def published(**dates: object) -> datetime | None:
    content = json.dumps({"m": [{"id": 9, "uid": "abc", "title": "x", **dates}]}).encode()
    item: Item = videos(Body(content, ""), "m", None).items[0]
    return item.published_at


@pytest.mark.parametrize("dates", [{"sdate": "۳ روز پیش"}, {"sdate": "لحظه‌ای", "sdate_timediff": 3 * 86_400}])
def test_a_video_that_only_says_how_old_it_is_has_a_date(dates: dict[str, object]) -> None:
    at = published(**dates)
    assert at is not None
    assert abs(datetime.now(UTC) - timedelta(days=3) - at) < timedelta(minutes=1)


def test_an_age_without_sense_is_none() -> None:
    assert published(sdate="نزدیک", sdate_timediff=-5) is None
    assert published(sdate_timediff=10**15) is not None


@needs_shared
def test_the_documented_answer_is_read() -> None:
    content = (SHARED / "data/samples/aparat/documented_mostviewedvideos.json").read_bytes()
    (item,) = videos(Body(content, ""), "mostviewedvideos", None).items
    assert (item.url, item.author, item.metrics.views) == ("https://www.aparat.com/v/8FOTS", "2MIM", 30196)
    assert item.published_at == datetime(2014, 4, 25, 19, 30, tzinfo=UTC)
