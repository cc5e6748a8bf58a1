"""The process: opens things in order, owns the TaskGroup and the signals, and ends within seconds.

    settings → surroundings → database (migrated) → fetcher, parser, roster → messenger
    TaskGroup: recorder · refiner · runner · streams · article reader · courier · caretaker · listening · housekeeping,
               until SIGTERM or SIGINT
What lives here: what is opened and how it ends. What does not: what any of it does; the command line (cli.py).
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from aiohttp.web import RouteDef
from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError

from bot import housekeeping, opening, press, refining, storms
from bot.caretaker import Caretaker
from bot.conversation import Conversation
from bot.deliver import Courier
from bot.desk import Desk
from bot.dispatch import Dispatch, menu
from bot.messenger import MessengerError
from bot.platforms.telegram import Telegram
from bot.render import Renderer
from bot.settings import Settings
from bot.surroundings import Surroundings, in_preview, on_telegram
from bot.texts import LANGUAGES
from monitors import fulltext
from monitors.fetch import Fetcher, Limits
from monitors.fulltext import ArticleReader
from monitors.hooks import Hooks
from monitors.listening import Listener
from monitors.parsing import Parser
from monitors.recorder import Recorder
from monitors.roster import Roster
from monitors.runner import Runner
from monitors.scout import Scout
from monitors.sources import PLACES, SEARCHES, STREAMS
from monitors.store.engine import Database
from monitors.streams import Streams
from monitors.topics import TopicFinder
from monitors.waiting import first_of
from monitors.websub import WebSub
from monitors.worker import Worker

PATIENCE = 3.0  # seconds for what is in hand when the process is told to stop
MENU_RETRY = 60.0
PAGE_LIMITS = Limits(whole=30, body=3 * 1024 * 1024)  # of an article's page
SETTLING = 30.0  # seconds beside the shortest wait, until every source may have been asked since the start

type Work = Coroutine[None, None, None]

log = structlog.get_logger()


def now() -> datetime:
    """The clock of the process."""
    return datetime.now(UTC)


async def run(settings: Settings, *, preview: bool) -> None:
    """Runs Rasad until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        if preview or settings.bot_token is None:
            around = await stack.enter_async_context(in_preview(settings))
        else:
            around = on_telegram(settings, settings.bot_token.get_secret_value())
        await _serve(settings, around, stopping, stack)
    log.info("stopped")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database of a URL, its folder made and its schema brought up to date. Raises OSError where it cannot be used."""
    if file := make_url(url).database:
        await asyncio.to_thread(Path(file).parent.mkdir, parents=True, exist_ok=True)
    database = Database(url)
    try:
        try:
            await database.migrate()
        except DatabaseError as error:
            raise OSError(f"{url} cannot be used: {error.orig}; see DATABASE_URL and DATA_DIR") from error
        yield database
    finally:
        await database.close()


async def _serve(settings: Settings, around: Surroundings, stopping: asyncio.Event, stack: AsyncExitStack) -> None:
    database = await stack.enter_async_context(opened(around.database_url))
    fetcher = await stack.enter_async_context(_fetcher(settings, around))
    page_fetcher = await stack.enter_async_context(_fetcher(settings, around, per_host=1, limits=PAGE_LIMITS))
    page_worker = await stack.enter_async_context(Worker(fulltext.SECONDS, fulltext.MEMORY))
    parser = await stack.enter_async_context(Parser())
    messenger = await stack.enter_async_context(Telegram(around.token, around.api_url, around.proxy))

    code = await opening.first_member(database, around, now)
    await opening.first_sources(database, settings, around, now)
    roster = Roster(database, SEARCHES)
    await roster.load(now())

    renderer = Renderer(ZoneInfo(settings.timezone))
    courier = Courier(database, messenger, renderer, now)
    reads_pages = fulltext.BY_DEFAULT[settings.fulltext]
    refiner = refining.refiner(database, settings.sentiment_model, now, courier.wake)
    recorder = Recorder(
        database, roster, around.bounds, now, courier.wake, reads_pages, refiner.offer if refiner else None
    )
    article_reader = ArticleReader(database, page_fetcher, page_worker, recorder, now)
    polled = {kind.kind: kind for kind in (*PLACES, *SEARCHES)}
    runner = Runner(database, polled, fetcher, parser.parse, recorder, now)
    followed = {kind.kind: kind for kind in STREAMS}
    streams = Streams(database, followed, fetcher, parser.parse, recorder, roster, now)
    websub = _websub(settings, database, fetcher, parser, recorder)
    routes = [*_hooks(settings, database, parser, recorder), *(websub.routes() if websub else ())]
    listener = await stack.enter_async_context(Listener(settings.listen_host, settings.listen_port, routes))
    desk = Desk(
        database=database,
        roster=roster,
        scout=Scout((*PLACES, *STREAMS), fetcher, parser.parse, frozenset(settings.credentials)),
        topics=TopicFinder(database),
        renderer=renderer,
        now=now,
        wake_runner=runner.wake,
        started_at=now(),
        search_kinds=frozenset(kind.kind for kind in SEARCHES),
        fulltext=reads_pages,
        hooks=settings.hooks,
        heard_at=lambda: messenger.heard_at,
        connected_since=streams.connected_since,
    )
    caretaker = Caretaker(database, renderer, now, courier.wake, around.bounds.min_seconds + SETTLING)
    dispatch = Dispatch(desk, settings.default_language, code)
    conversation = Conversation(database, messenger, dispatch, courier)
    _announce(around, code)

    working = [recorder.run(), *([refiner.run()] if refiner else [])]
    ending = [
        runner.run(stopping),
        streams.run(stopping),
        article_reader.run(stopping),
        listener.run(stopping),
        *([websub.run(stopping)] if websub else []),
        courier.run(stopping),
        caretaker.run(stopping),
        messenger.listen(conversation, stopping),
        housekeeping.run(database, settings.data_dir, settings.retention_days, now, stopping),
        press.follow(database, renderer, now, courier.wake, stopping),
        storms.follow(database, renderer, now, courier.wake, stopping),
        _introduce(messenger, settings, stopping),
    ]
    await _all_until(stopping, working, ending)


async def _all_until(stopping: asyncio.Event, working: Sequence[Work], ending: Sequence[Work]) -> None:
    """Everything at once. On `stopping`, those that end by it may finish what is in hand; then those that work for them end."""
    async with asyncio.TaskGroup() as group:
        served = [group.create_task(one) for one in working]
        awaited = [group.create_task(one) for one in ending]
        await stopping.wait()
        _, late = await asyncio.wait(awaited, timeout=PATIENCE)
        for task in (*late, *served):
            task.cancel()


def _hooks(settings: Settings, database: Database, parser: Parser, recorder: Recorder) -> list[RouteDef]:
    if settings.webhook_secret is None:
        return []
    return Hooks(database, parser, recorder, settings.webhook_secret.get_secret_value(), now).routes()


def _websub(
    settings: Settings, database: Database, fetcher: Fetcher, parser: Parser, recorder: Recorder
) -> WebSub | None:
    if settings.public_url is None:
        return None
    kinds = {kind.kind: kind for kind in PLACES}
    return WebSub(database, fetcher, parser, recorder, kinds, settings.public_url, now)


def _fetcher(settings: Settings, around: Surroundings, *, per_host: int = 2, limits: Limits | None = None) -> Fetcher:
    return Fetcher(
        proxy=settings.sources_proxy,
        allow_private=settings.allow_private_addresses,
        allowed=around.allowed,
        mirrors=around.mirrors | settings.source_mirrors,
        per_host=per_host,
        limits=limits,
        credentials=settings.credentials,
    )


def _announce(around: Surroundings, code: str | None) -> None:
    if around.page:
        print(f"\n  No BOT_TOKEN in .env: this is the preview. Open {around.page} and send /start\n", flush=True)  # noqa: T201
    elif code:
        print(f"\n  Nobody may use this bot yet. Send it this once:  /start {code}\n", flush=True)  # noqa: T201
    log.info("started", preview=around.page is not None)


async def _introduce(messenger: Telegram, settings: Settings, stopping: asyncio.Event) -> None:
    """Registers the menus, as soon as the platform can be reached."""
    menus = [(None, menu(settings.default_language)), *((language, menu(language)) for language in LANGUAGES)]
    while not stopping.is_set():
        with contextlib.suppress(MessengerError):
            await messenger.introduce(menus)
            return
        await first_of(stopping, seconds=MENU_RETRY)
