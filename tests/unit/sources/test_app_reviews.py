"""Apps' addresses, and what the stores have in common."""

import json

import pytest

from monitors.errors import AppUnavailable, NotTheAnswer
from monitors.kinds import Body, SourceKind
from monitors.sources import PLACES
from monitors.sources.app_store import AppStore
from monitors.sources.cafe_bazaar import CafeBazaar
from monitors.sources.google_play import GooglePlay
from monitors.sources.myket import Myket
from tests.shared import SHARED, needs_shared
from tests.unit.sources.golden import FIXTURES, read

SAMPLE = SHARED / "data/samples/cafebazaar_myket/cafebazaar_ReviewRequest_1400.json"


@pytest.mark.parametrize(
    ("link", "kind", "address"),
    [
        ("https://apps.apple.com/us/app/paknoosh/id1500000001", "app_store", "us/1500000001"),
        ("https://apps.apple.com/TR/app/پاک-نوش/id1500000001?l=tr", "app_store", "tr/1500000001"),
        (" apps.apple.com/app/id1500000001/ ", "app_store", "us/1500000001"),
        ("https://itunes.apple.com/us/app/x/id1500000001?mt=8", "app_store", "us/1500000001"),
        ("https://play.google.com/store/apps/details?id=ir.example.paknoosh", "google_play", "fa/ir.example.paknoosh"),
        ("play.google.com/store/apps/details?hl=en_US&id=ir.example.paknoosh", "google_play", "en/ir.example.paknoosh"),
        ("https://cafebazaar.ir/app/ir.example.paknoosh", "cafe_bazaar", "ir.example.paknoosh"),
        ("https://www.cafebazaar.ir/app/ir.example.paknoosh/?l=fa", "cafe_bazaar", "ir.example.paknoosh"),
        ("https://cafebazaar.ir/app/?id=ir.example.paknoosh&ref=share", "cafe_bazaar", "ir.example.paknoosh"),
        ("https://myket.ir/app/ir.example.paknoosh", "myket", "ir.example.paknoosh"),
        ("www.myket.ir/en/app/ir.example.paknoosh/?utm_source=x", "myket", "ir.example.paknoosh"),
    ],
)
def test_a_link_to_an_app_means_its_reviews(link: str, kind: str, address: str) -> None:
    found = next((one.kind, given) for one in PLACES if (given := one.recognise(link)))
    assert found == (kind, address)


@pytest.mark.parametrize(
    "link",
    [
        "https://apps.apple.com/us/developer/paknoosh/id1500000001",
        "https://apps.apple.com/us/app/paknoosh",
        "https://play.google.com/store/apps/dev?id=7",
        "https://play.google.com/store/apps/details?id=nodots",
        "https://play.google.com/store/apps/details?id=a.b&hl=%3Cx",
        "https://cafebazaar.ir/developer/paknoosh",
        "https://cafebazaar.ir/app/x",
        "https://cafebazaar.ir.example.com/app/ir.example.paknoosh",
        "https://myket.ir/developer/dev-7/apps",
        "https://myket.ir/app/x",
    ],
)
@pytest.mark.parametrize("store", [AppStore(), GooglePlay(), CafeBazaar(), Myket()], ids=lambda store: store.kind)
def test_other_links_mean_no_reviews(store: SourceKind, link: str) -> None:
    assert store.recognise(link) is None


def test_an_app_that_the_store_does_not_have_is_told_so() -> None:
    with pytest.raises(AppUnavailable):
        AppStore().parse(Body(b'{"resultCount":0,"results":[]}', ""), "us/1", None)
    missing = {"properties": {"statusCode": 404, "errorMessage": "not found"}}
    with pytest.raises(AppUnavailable):
        CafeBazaar().parse(Body(json.dumps(missing).encode(), ""), "a.b", None)
    with pytest.raises(AppUnavailable):
        Myket().parse(Body(b'{"packageName":"a.b","title":""}', ""), "a.b", None)


def test_myket_s_own_words_about_a_refusal_are_told() -> None:
    refused = {"code": 401, "translatedMessage": "دستگاه شما شناسایی نشد"}
    with pytest.raises(NotTheAnswer) as caught:
        Myket().parse(Body(json.dumps(refused).encode(), ""), "a.b", None)
    assert caught.value.what == "دستگاه شما شناسایی نشد"


def test_google_s_way_of_saying_too_many_requests_is_told() -> None:
    said = ')]}\'\n\n[["wrb.fr","oCPfdb",null,null,null,[8,null,[["type.googleapis.com/com.google.play.gateway.proto.PlayGatewayError",[1]]]],"generic"]]'
    with pytest.raises(NotTheAnswer) as caught:
        GooglePlay().parse(Body(said.encode(), ""), "fa/a.b", None)
    assert caught.value.what == "PlayGatewayError"


def test_a_cursor_of_another_shape_is_a_first_sight() -> None:
    for cursor in ("", "7", "null", "[", '{"app": 5, "ids": 3, "at": "x"}', '{"app": {"a": 1}, "ids": [[], null]}'):
        page = read(FIXTURES / "cafe_bazaar" / "reviews.json", cursor)
        assert len(page.items) == 2
        assert page.more is None


@needs_shared
def test_a_real_answer_of_bazaar_is_read() -> None:
    answer = json.loads(SAMPLE.read_text("utf-8"))["response"]
    page = CafeBazaar().parse(Body(json.dumps(answer).encode(), ""), "com.himia.learn.english.toefl", None)
    assert [(item.guid, item.metrics.stars) for item in page.items] == [
        ("120479949", 5),
        ("118763204", 1),
        ("121654320", 5),
    ]
    assert page.items[1].published_at is not None
    assert page.items[1].published_at.isoformat() == "2021-07-18T19:30:00+00:00"
