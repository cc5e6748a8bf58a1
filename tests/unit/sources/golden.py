"""Payloads and the Page expected of each, beside one another: tests/fixtures/KIND/NAME.SUFFIX and NAME.expected.json.

python -m tests.unit.sources.golden PAYLOAD        prints what is read now, to be checked by eye before it is kept
"""

import json
import sys
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from monitors.kinds import Body, Page
from monitors.sources import kind_named, parse_body

FIXTURES = Path(__file__).parents[2] / "fixtures"
WHENCE = {  # where a kind's payloads (or one of them) count as fetched from, and the address of their source
    "app_store/lookup": ("https://itunes.apple.com/lookup?id=1500000001&country=us", "us/1500000001"),
    "app_store/reviews": (
        "https://itunes.apple.com/us/rss/customerreviews/page=1/id=1500000001/json#پاکنوش",
        "us/1500000001",
    ),
    "bale_channel": ("https://ble.ir/s/namoone_news", "namoone_news"),
    "bing_news": ("https://www.bing.com/news/search?q=x&format=rss", "پاکنوش"),
    "cafe_bazaar/details": ("https://api.cafebazaar.ir/rest-v1/process/AppDetailsV2Request", "ir.example.paknoosh"),
    "cafe_bazaar/reviews": ("https://api.cafebazaar.ir/rest-v1/process/ReviewRequest#پاکنوش", "ir.example.paknoosh"),
    "myket/details": ("https://apiserver.myket.ir/v2/applications/ir.example.paknoosh/?lang=fa", "ir.example.paknoosh"),
    "myket/reviews": (
        "https://apiserver.myket.ir/v1/applications/ir.example.paknoosh/reviews?limit=20&offset=20&lang=fa#پاکنوش",
        "ir.example.paknoosh",
    ),
    "eitaa_channel": ("https://eitaa.com/namoone_news", "namoone_news"),
    "mastodon": ("https://social.example/api/v1/timelines/tag/x?limit=40", "#پاکنوش@social.example"),
    "mastodon_search": ("https://social.example/api/v2/search?q=x", "پاکنوش"),
    "mastodon_stream": ("", "#پاکنوش@social.example"),
    "bluesky": ("https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=x", "paknoosh.example.ir"),
    "bluesky_search": ("https://bsky.social/xrpc/app.bsky.feed.searchPosts?q=x", "پاکنوش"),
    "bluesky_stream": ("", "jetstream2.us-east.bsky.network"),
    "feed": ("https://news.example.ir/feeds/rss", "https://news.example.ir/feeds/rss"),
    "gdelt": ("https://api.gdeltproject.org/api/v2/doc/doc?query=paknosh", "paknosh"),
    "google_news": ("https://news.google.com/rss/search?q=x&hl=fa", "پاکنوش"),
    "lobsters": ("https://lobste.rs/t/security.json", "security"),
    "hackernews": ("https://hn.algolia.com/api/v1/search_by_date?query=paknosh", "paknosh"),
    "google_play/details": (
        "https://play.google.com/store/apps/details?id=ir.example.paknoosh&hl=fa",
        "fa/ir.example.paknoosh",
    ),
    "google_play/reviews": (
        "https://play.google.com/_/PlayStoreUi/data/batchexecute?hl=fa#پاکنوش",
        "fa/ir.example.paknoosh",
    ),
    "page/list": ("https://news.example.ir/news", "list:https://news.example.ir/news"),
    "page/news": ("https://news.example.ir/news.xml", "sitemap:https://news.example.ir/news.xml"),
    "page/watch": ("https://news.example.ir/terms", "watch:https://news.example.ir/terms"),
    "reddit": ("https://oauth.reddit.com/r/namoone/new", "r/namoone"),
    "reddit/comments": ("https://www.reddit.com/r/namoone/comments/.rss", "r/namoone/comments"),
    "reddit_search": ("https://oauth.reddit.com/search?q=paknosh", "paknosh | taksan"),
    "telegram_channel": ("https://t.me/s/namoone_news", "namoone_news"),
    "youtube": ("https://www.youtube.com/feeds/videos.xml?channel_id=UCexample_0123456789abcd", "@example"),
    "youtube_comments": ("https://www.googleapis.com/youtube/v3/commentThreads?videoId=example_001", "example_001"),
    "youtube_search": ("https://www.googleapis.com/youtube/v3/search?q=x", "پاکنوش"),
    "linkedin": ("https://api.linkedin.com/rest/posts?author=urn:li:organization:2414000&q=author", "paknoosh-example"),
    "instagram": ("https://graph.facebook.com/v25.0/17841400000000001/tags?fields=id", "@paknoosh_example"),
    "instagram_search": (
        "https://graph.facebook.com/v25.0/17843000000000001/recent_media?user_id=17841400000000001",
        "پاکنوش",
    ),
    "virgool": ("https://virgool.io/feed/@nemoone", "@nemoone"),
    "aparat": ("https://www.aparat.com/etc/api/videoByUser/username/nemoone/perpage/50", "nemoone"),
    "aparat_search": ("https://www.aparat.com/etc/api/videoBySearch/text/x/perpage/50", "پاکنوش"),
    "webhook_in": ("", "crm"),
    "x_account": ("https://api.x.com/2/tweets/search/recent?query=from:nemoone", "nemoone"),
    "x": ("https://api.x.com/2/tweets/search/recent?query=x", "پاکنوش"),
}


def payloads() -> list[Path]:
    """All payloads that have an expected result beside them."""
    return [file for file in sorted(FIXTURES.glob("*/*")) if expected_of(file).exists() and file != expected_of(file)]


def expected_of(payload: Path) -> Path:
    return payload.with_name(f"{payload.stem}.expected.json")


def whence(payload: Path) -> tuple[str, str]:
    """Where a payload counts as fetched from, and the address of its source."""
    kind = payload.parent.name
    return WHENCE.get(f"{kind}/{payload.stem}") or WHENCE[kind]


def read(payload: Path, cursor: str | None = None) -> Page:
    url, address = whence(payload)
    return parse_body(kind_named(payload.parent.name), Body(payload.read_bytes(), url), address, cursor)


def shown(value: Any) -> Any:
    """A value as JSON: of a dataclass what differs from the defaults."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [shown(one) for one in value]
    if is_dataclass(value):
        return {
            field.name: shown(one) for field in fields(value) if (one := getattr(value, field.name)) != _default(field)
        }
    return value


def _default(field: Field[Any]) -> Any:
    return None if field.default is MISSING else field.default


if __name__ == "__main__":
    print(json.dumps(shown(read(Path(sys.argv[1]).resolve())), ensure_ascii=False, indent=1))  # noqa: T201 – a command
