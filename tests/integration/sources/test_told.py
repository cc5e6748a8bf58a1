"""From a tracker to an alert through each searched network: what was there is stored, what comes is told, once.

Roster, fetcher, parser, poll, recorder and store are the real ones; the networks are those of the kinds' own tests.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from monitors.kinds import SearchKind
from monitors.language.query import parse
from monitors.poll import poll
from monitors.recorder import Reading, Recorder
from monitors.roster import Roster
from monitors.schedule import Bounds
from monitors.sources.aparat_search import AparatSearch
from monitors.sources.bing_news import BingNews
from monitors.sources.gdelt import Gdelt
from monitors.sources.google_news import GoogleNews
from monitors.sources.hackernews import HackerNews
from monitors.sources.instagram_search import InstagramSearch
from monitors.sources.reddit_search import RedditSearch
from monitors.sources.x import X
from monitors.sources.youtube_search import YouTubeSearch
from monitors.store import sources, trackers
from monitors.store.engine import Database
from monitors.store.tables import alerts, articles
from tests.integration.sources import (
    aparat_api,
    instagram_graph,
    test_gdelt,
    test_news_searches,
    test_reddit,
    x_api,
    youtube_servers,
)
from tests.integration.sources.algolia import Algolia
from tests.integration.sources.network import Answering, watching

CREDENTIALS = {
    "X_BEARER_TOKEN": x_api.TOKEN,
    "YOUTUBE_API_KEY": youtube_servers.KEY,
    "INSTAGRAM_TOKEN": instagram_graph.TOKEN,
}


@dataclass(frozen=True)
class Network:
    """A network on `host`, and how a post that holds the term is published on it."""

    kind: SearchKind
    host: str
    answer: Answering
    publish: Callable[[int], object]
    term: str = "پاکنوش"


def on_x() -> Network:
    api = x_api.Network()
    return Network(X(), "api.x.com", api.answer, lambda number: api.posts.append(x_api.snowflake(60 - number)))


def on_youtube() -> Network:
    api = youtube_servers.Api()
    return Network(
        YouTubeSearch(),
        "www.googleapis.com",
        api.answer,
        lambda number: api.videos.update({f"video_{number:05}": datetime.now(UTC)}),
    )


def on_instagram() -> Network:
    graph = instagram_graph.Graph()
    return Network(
        InstagramSearch(),
        "graph.facebook.com",
        graph.answer,
        lambda number: graph.posts.update({number: datetime.now(UTC) + timedelta(seconds=number)}),
    )


def on_aparat() -> Network:
    api = aparat_api.Api()
    return Network(AparatSearch(), "www.aparat.com", api.answer, lambda number: api.videos.update({number: 0.1}))


def on_hackernews() -> Network:
    search = Algolia()
    return Network(HackerNews(), "hn.algolia.com", search.answer, lambda number: search.post(f"پاکنوش {number}"))


def on_gdelt() -> Network:
    api = test_gdelt.Project()
    return Network(Gdelt(), test_gdelt.HOST, api.answer, lambda number: api.publish(f"paknosh {number}"), "paknosh")


def on_reddit() -> Network:
    site = test_reddit.Network()
    site.words = "پاکنوش"
    return Network(RedditSearch(), "www.reddit.com", site.answer, lambda number: site.post(number, age=-number))


def in_news(kind: SearchKind) -> Network:
    press = test_news_searches.Press(kind)
    host = test_news_searches.HOSTS[kind.kind]
    return Network(kind, host, press.answer, lambda number: press.articles.append((str(number), f"پاکنوش {number}")))


@pytest.mark.parametrize(
    "network",
    [
        *(on_x(), on_youtube(), on_instagram(), on_aparat(), on_hackernews(), on_gdelt(), on_reddit()),
        *(in_news(GoogleNews()), in_news(BingNews())),
    ],
    ids=lambda one: one.kind.kind,
)
async def test_what_is_said_of_a_tracked_name_is_told(database: Database, network: Network) -> None:
    now = datetime.now(UTC)
    roster = Roster(database, (network.kind,))
    recorder = Recorder(database, roster, Bounds(60, 600), lambda: now)
    async with database.write() as connection:
        await sources.enable_search(connection, network.kind.kind, on=True)
        tracker = await trackers.add(connection, "owner", network.term, network.term, "own", now)
    await roster.take_up(tracker, parse(network.term), now)

    async def counted() -> tuple[int, int]:
        async with database.read() as connection:
            stored = await connection.scalar(select(func.count()).select_from(articles))
            return stored or 0, await connection.scalar(select(func.count()).select_from(alerts)) or 0

    recording = asyncio.create_task(recorder.run())
    async with watching(network.kind, "", network.answer, network.host, credentials=CREDENTIALS) as watched:

        async def look() -> None:
            async with database.read() as connection:
                (source,) = await sources.watched(connection)
            polled = await poll(network.kind, source.address, source.state, watched.fetcher, watched.parser.parse)
            await (await recorder.submit(Reading(source, polled)))

        network.publish(1)
        await look()
        assert await counted() == (1, 0), "the backlog is stored, and told to nobody"
        network.publish(2)
        await look()
        assert await counted() == (2, 1)
        await look()
        assert await counted() == (2, 1), "nothing is told twice"
    recording.cancel()
    await asyncio.gather(recording, return_exceptions=True)
