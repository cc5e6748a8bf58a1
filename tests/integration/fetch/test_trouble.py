"""Servers that fail, stall and lie: each poll ends with an error that says what happened, and in time."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

import pytest

from monitors.errors import BodyTooLarge, FetchError, Gone, HttpStatus, TimedOut, Unreachable
from monitors.fetch import Fetcher, Limits
from monitors.kinds import Request
from tests.integration.fetch.servers import HOST, Names, Script, Site, here, saying, scripted

OK = b"HTTP/1.1 200 OK\r\n"
HURRIED = Limits(connect=0.3, read=0.3, whole=0.8)


async def failure(port: int, limits: Limits = HURRIED) -> FetchError:
    async with Fetcher(allow_private=True, limits=limits) as fetcher:
        with pytest.raises(FetchError) as error:
            await fetcher.get(Request(f"http://{HOST}:{port}/feed"))
    return error.value


@asynccontextmanager
async def at_most(seconds: float) -> AsyncIterator[None]:
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < seconds


@pytest.mark.parametrize("status", [201, 204, 206, 300, 400, 401, 403, 404, 418, 500, 502, 503])
async def test_an_answer_that_is_no_feed_names_its_status(site: Site, status: int) -> None:
    site.answer(status=status, body=b"" if status == 204 else b"<html>sorry</html>")
    error = await failure(site.port)
    assert isinstance(error, HttpStatus)
    assert (error.status, error.retry_after) == (status, None)


async def test_gone_is_told_from_not_found(site: Site) -> None:
    site.answer(status=410)
    assert isinstance(await failure(site.port), Gone)


@pytest.mark.parametrize("status", [429, 503])
async def test_it_hears_how_long_to_stay_away(site: Site, status: int) -> None:
    site.answer(status=status, headers={"Retry-After": "120"})
    assert (await failure(site.port)).retry_after == 120
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    site.answer(status=status, headers={"Retry-After": later})
    assert (await failure(site.port)).retry_after == pytest.approx(3600, abs=5)


async def test_a_page_instead_of_a_feed_is_left_to_the_parser(site: Site) -> None:
    site.answer(body=b"<html>captcha</html>", headers={"Content-Type": "text/html"})
    async with Fetcher(allow_private=True) as fetcher:
        fetched = await fetcher.get(Request(site.url()))
    assert fetched.body is not None
    assert fetched.body.content_type == "text/html"


async def test_nobody_listens() -> None:
    async with scripted(saying(b"")) as port:
        pass
    assert isinstance(await failure(port), Unreachable)


@pytest.mark.parametrize("host", ["unknown.test", "a" * 70 + ".test", "a..test", "xn--.test"])
async def test_a_name_that_does_not_exist(host: str) -> None:
    async with Fetcher(resolver=Names()) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.get(Request(f"http://{host}/feed"))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((b"",), id="closes at once"),
        pytest.param((b"SSH-2.0-OpenSSH_9.6\r\n",), id="speaks another protocol"),
        pytest.param((b"HTTP/1.1 200", b" OK\r\nContent-"), id="closes in its headers"),
        pytest.param((OK + b"Content-Length: 100\r\n\r\n<rss>",), id="closes before its length"),
        pytest.param((OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",), id="closes between chunks"),
        pytest.param((OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\n<rss>",), id="closes in a chunk"),
        pytest.param((OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<rss>\r\n",), id="counts wrongly"),
        pytest.param((OK + b"Content-Length: minus\r\n\r\n<rss>",), id="length is no number"),
        pytest.param((OK + b"X: " + b"x" * 100_000 + b"\r\n\r\n",), id="one huge header"),
        pytest.param((OK + b"X: x\r\n" * 10_000 + b"\r\n",), id="ten thousand headers"),
    ],
)
async def test_answers_that_break_off_or_are_none(answer: tuple[bytes, ...]) -> None:
    async with scripted(saying(*answer)) as port, at_most(3):
        assert isinstance(await failure(port), Unreachable)


async def test_a_reset_connection() -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK + b"Content-Length: 100\r\n\r\n<rss>")
        await writer.drain()
        writer.transport.abort()

    async with scripted(reset) as port:
        assert isinstance(await failure(port), Unreachable)


async def forever(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, part: bytes, pause: float) -> None:
    await reader.readuntil(b"\r\n\r\n")
    while True:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(pause)


def endless(first: bytes, part: bytes, pause: float = 0.0) -> Script:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        await forever(reader, writer, part, pause)

    return script


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(endless(b"", b"", 0.1), id="never answers"),
        pytest.param(endless(OK + b"Content-Length: 9\r\n\r\n<rss>", b"", 0.1), id="stops in its body"),
        pytest.param(endless(OK, b"X: x\r\n", 0.1), id="header after header, slowly"),
        pytest.param(endless(OK + b"\r\n", b"x", 0.1), id="byte after byte, slowly"),
        pytest.param(endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.1), id="hints and hints, slowly"),
        pytest.param(endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000), id="hints and hints, fast"),
        pytest.param(endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0.1), id="tiny chunks, slowly"),
    ],
)
async def test_a_server_that_takes_its_time_is_left(script: Script) -> None:
    async with scripted(script) as port, at_most(2):
        assert isinstance(await failure(port), TimedOut)


@pytest.mark.parametrize(
    "head",
    [b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n", b"Content-Encoding: gzip\r\n\r\n"],
    ids=["plain", "chunked", "said to be gzip"],
)
async def test_an_endless_body_is_cut_at_the_limit(head: bytes) -> None:
    part = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    async with scripted(endless(OK + head, part)) as port, at_most(3):
        error = await failure(port, Limits(body=1_000_000))
    assert isinstance(error, BodyTooLarge)
    assert error.limit == 1_000_000


async def test_redirects_share_one_clock(site: Site) -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.25)
        writer.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /x" + asked[5:7] + b"\r\n\r\n")

    async with scripted(slow) as port, at_most(2):
        assert isinstance(await failure(port), TimedOut)


async def test_connecting_has_a_limit_of_its_own() -> None:
    async with Fetcher(resolver=Names(hangs=True), limits=HURRIED) as fetcher, at_most(2):
        with pytest.raises(TimedOut):
            await fetcher.get(Request("http://news.test/feed"))


async def test_being_cancelled_is_no_error_of_the_source() -> None:
    async with scripted(endless(b"", b"", 0.1)) as port, Fetcher(allow_private=True) as fetcher:
        polling = asyncio.create_task(fetcher.get(Request(f"http://{HOST}:{port}/feed")))
        await asyncio.sleep(0.1)
        polling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await polling


async def test_the_next_poll_of_a_healthy_source_goes_on(site: Site) -> None:
    site.answer(body=b"<rss/>")
    async with scripted(saying(b"nonsense\r\n\r\n")) as port, Fetcher(allow_private=True) as fetcher:
        for _ in range(3):
            with pytest.raises(Unreachable):
                await fetcher.get(Request(f"http://{HOST}:{port}/feed"))
            assert (await fetcher.get(Request(site.url()))).body is not None


async def test_a_connection_that_the_server_gave_up_is_opened_anew(site: Site) -> None:
    answer = OK + b"Content-Length: 6\r\n\r\n<rss/>"
    async with scripted(saying(answer)) as port, Fetcher(allow_private=True, resolver=here("news.test")) as fetcher:
        for _ in range(3):  # each connection is closed after its answer, without a word
            assert (await fetcher.get(Request(f"http://news.test:{port}/feed"))).body is not None


ANSWERS = [
    OK + b'Content-Encoding: gzip\r\nETag: "x"\r\nContent-Length: 60\r\n\r\n' + gzip.compress(b"<rss/>" * 20),
    b"HTTP/1.1 301 Moved\r\nLocation: http://user:pw@127.0.0.1/a?b#c\r\nSet-Cookie: a=b; path=/; domain=x\r\n\r\n",
    OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n6;x=y\r\n</rss>\r\n0\r\nX: y\r\n\r\n",
    b"HTTP/1.1 429 Too\r\nRetry-After: Sat, 21 Mar 2026 12:05:00 GMT\r\n\r\n",
    b"HTTP/1.0 304 \r\nAge: 5\r\nCache-Control: max-age=5\r\n\r\n",
]


def damaged(answer: bytes, chance: Random) -> bytes:
    """An answer with some bytes changed, lost or added."""
    mutable = bytearray(answer)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(mutable))
        mutable[start : start + chance.choice((0, 1, 5))] = chance.randbytes(chance.choice((0, 1, 5)))
    return bytes(mutable)


async def test_whatever_a_server_says_ends_in_an_answer_or_in_an_error_of_ours() -> None:
    chance = Random(1405)  # noqa: S311 - the same each time

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await saying(damaged(chance.choice(ANSWERS), chance))(reader, writer)

    ends = set()
    async with (
        scripted(babble) as port,
        Fetcher(allowed=frozenset({(HOST, port)}), limits=HURRIED, per_host=20, resolver=Names()) as fetcher,
    ):

        async def poll() -> None:
            try:
                fetched = await fetcher.get(Request(f"http://{HOST}:{port}/feed"), etag='"x"')
                assert str(fetched).isascii()  # so that it can be stored
                ends.add("answer")
            except FetchError as error:
                ends.add(error.reason)

        for _ in range(20):
            await asyncio.gather(*(poll() for _ in range(20)))
    assert ends >= {"answer", "unreachable", "http_status"}


# ── words of a refusal ───────────────────────────────────────────────────────────────────────────────────────────────

JSON = {"Content-Type": "application/json; charset=UTF-8"}
QUOTA = 'You have exceeded your <a href="/quota">quota</a>.'


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"error": {"code": 403, "message": QUOTA, "errors": [{"reason": "quotaExceeded"}]}}, QUOTA.split("<")[0] + "quota."),
        ({"error": {"message": "Error validating access token", "type": "OAuthException", "code": 190}}, "Error validating access token"),
        ({"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized app"}, "Unauthorized app"),
        ({"errors": [{"message": "since_id is too old"}], "title": "Invalid Request"}, "since_id is too old"),
        ({"message": "Not enough permissions", "status": 403}, "Not enough permissions"),
        ({"error": "This API requires an authenticated user"}, "This API requires an authenticated user"),
        ({"error": {"message": "x" * 500}}, "x" * 160),
        ({"error": ["a"], "message": {"b": 1}}, ""),
        ([], ""),
    ],
)  # fmt: skip
async def test_a_refusal_keeps_the_words_of_its_network(site: Site, document: object, said: str) -> None:
    site.answer(status=403, body=json.dumps(document).encode(), headers=JSON)
    error = await failure(site.port)
    assert isinstance(error, HttpStatus)
    assert error.said == said


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"error": {"message": "cut', b'{"message": "' + b"x" * 100_000 + b'"}']
)
async def test_what_is_no_document_of_a_refusal_says_nothing(site: Site, body: bytes) -> None:
    site.answer(status=403, body=body, headers=JSON)
    error = await failure(site.port)
    assert isinstance(error, HttpStatus)
    assert error.said == ""


async def test_a_compressed_refusal_is_read_too(site: Site) -> None:
    body = gzip.compress(b'{"message": "slow down"}')
    site.answer(status=429, body=body, headers=JSON | {"Content-Encoding": "gzip", "Retry-After": "7"})
    error = await failure(site.port)
    assert isinstance(error, HttpStatus)
    assert (error.said, error.retry_after) == ("slow down", 7)


async def test_a_refusal_that_never_ends_is_a_refusal_still() -> None:
    head = b"HTTP/1.1 403 No\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"
    async with scripted(saying(head, b'{"mess', pause=5)) as port, at_most(2):
        error = await failure(port, Limits(read=0.3))
    assert isinstance(error, HttpStatus)
    assert error.status == 403
