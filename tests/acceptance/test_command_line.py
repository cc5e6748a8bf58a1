"""The `rasad` command over files, and how it starts and refuses to start."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.platforms.preview import PreviewServer
from tests.unit.sources.golden import FIXTURES, expected_of, payloads, whence

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).parents[2]

FEED = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>آزمون</title>
<link>https://news.example/</link><item><guid>1</guid><title>تیتر &amp; خبر</title><link>/a/1</link>
<description>&lt;p&gt;متن&lt;/p&gt;</description><pubDate>Sun, 22 Nov 2026 08:30:00 +0330</pubDate></item></channel></rss>"""


def rasad(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in ("BOT_TOKEN", "ADMIN_IDS")}
    command = [sys.executable, "-m", "bot.cli", *words]
    here = {"PYTHONPATH": str(ROOT)}  # this tree, wherever else the package is installed from
    environment = {**clean, **here, **settings}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_parse_prints_items_and_fails_for_what_is_no_feed(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(FEED, "utf-8")
    (tmp_path / "page.html").write_text("<html><body>سلام</body></html>", "utf-8")
    good = rasad(tmp_path, "parse", "feed.xml")
    assert good.returncode == 0
    (item,) = map(json.loads, good.stdout.splitlines())
    assert item == {
        "file": "feed.xml",
        "guid": "1",
        "url": "https://news.example/a/1",
        "title": "تیتر & خبر",
        "text": "متن",
        "author": None,
        "published_at": "2026-11-22T05:00:00+00:00",
    }
    item = {"id": "example_001", "snippet": {"title": "x"}, "statistics": {"viewCount": "7"}}
    (tmp_path / "videos.json").write_text(json.dumps({"kind": "youtube#videoListResponse", "items": [item]}), "utf-8")
    (video,) = map(json.loads, rasad(tmp_path, "parse", "--kind", "youtube_search", "videos.json").stdout.splitlines())
    assert (video["title"], video["metrics"]) == ("x", {"views": 7})
    both = rasad(tmp_path, "parse", "page.html", "feed.xml")
    assert both.returncode == 1
    assert len(both.stdout.splitlines()) == 1
    assert "page.html" in both.stderr


def test_parse_reads_a_payload_of_any_network(tmp_path: Path) -> None:
    posts = FIXTURES / "telegram_channel" / "page.html"
    good = rasad(tmp_path, "parse", "--kind", "telegram_channel", str(posts))
    assert (good.returncode, good.stderr) == (0, "")
    first = json.loads(good.stdout.splitlines()[0])
    assert first["url"] == "https://t.me/namoone_news/102"
    assert first["metrics"] == {"views": 4850, "likes": 1234}
    wrong = rasad(tmp_path, "parse", "--kind", "google_play", str(posts))
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert f"{posts}: not the answer: " in wrong.stderr
    unknown = rasad(tmp_path, "parse", "--kind", "telegram", str(posts))
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "no kind of source is called telegram; there are " in unknown.stderr
    assert "telegram_channel" in unknown.stderr


@pytest.mark.parametrize("payload", payloads(), ids=lambda payload: f"{payload.parent.name}/{payload.stem}")
def test_parse_prints_the_items_of_every_golden_payload(payload: Path) -> None:
    """In this process: the command is the same, and forty starts of Python would take a minute."""
    url, address = whence(payload)
    words = ["parse", "--kind", payload.parent.name, "--address", address, "--url", url, str(payload)]
    result = CliRunner().invoke(app, words)
    expected = json.loads(expected_of(payload).read_text("utf-8"))["items"]
    assert (result.exit_code, result.stderr) == (0, "")
    printed = [json.loads(line) for line in result.stdout.splitlines()]
    assert [item.pop("file") for item in printed] == [str(payload)] * len(expected)
    assert [{name: value for name, value in item.items() if value is not None} for item in printed] == expected


def test_stories_numbers_the_story_of_each_line(tmp_path: Path) -> None:
    lead = "شرکت آذرنیک از افزایش ظرفیت کارخانهٔ خود در شهرک صنعتی خبر داد و گفت دویست نفر تازه به کار گرفته می‌شوند"
    lines = [
        {"source": "a", "published_at": "2026-11-22T08:00:00+03:30", "title": "آذرنیک بزرگ‌تر می‌شود", "text": lead},
        {
            "source": "b",
            "published_at": "2026-11-22T09:00:00+03:30",
            "title": "هوا سرد می‌شود",
            "text": "سامانهٔ بارشی تازه از غرب وارد کشور می‌شود و دما تا ده درجه پایین می‌آید",
        },
        {
            "source": "c",
            "published_at": "2026-11-22T09:30:00+03:30",
            "title": "دویست شغل تازه",
            "text": f"به گزارش خبرگزاری نمونه، {lead}.\u2028",
        },
    ]
    written = [json.dumps(line, ensure_ascii=False) for line in lines]
    (tmp_path / "day.jsonl").write_text("\n".join([*written, "{broken", '{"published_at": 1e400}']) + "\n", "utf-8")
    result = rasad(tmp_path, "stories", "day.jsonl")
    assert result.stdout.splitlines() == ["1", "2", "1", "3", "4"]
    assert "day.jsonl:4:" in result.stderr
    assert "day.jsonl:5: inf is no time" in result.stderr


def test_spikes_prints_the_hours_that_warn(tmp_path: Path) -> None:
    day = [1, 1, 0, 0, 0, 1, 2, 4, 6, 7, 7, 6, 6, 5, 5, 4, 5, 5, 6, 6, 6, 5, 4, 2]
    rows = [f"2026-10-{date:02d}T{hour:02d}:00,{count},0" for date in range(1, 21) for hour, count in enumerate(day)]
    rows[19 * 24 + 12] = "2026-10-20T12:00,40,20"
    (tmp_path / "hours.csv").write_text("\n".join(["hour,mentions,negative", *rows, "yesterday,3,1"]), "utf-8")
    result = rasad(tmp_path, "spikes", "hours.csv")
    assert result.returncode == 0
    assert [line.split("\t")[:2] for line in result.stdout.splitlines()] == [["2026-10-20T12:00", "low,middle,high"]]
    assert "hours.csv:482: expected hour, mentions, negative" in result.stderr
    (tmp_path / "empty.csv").write_text("hour,mentions\n", "utf-8")
    assert rasad(tmp_path, "spikes", "empty.csv").returncode == 1


def test_spikes_reads_tables_as_people_have_them(tmp_path: Path) -> None:
    day = [1, 1, 0, 0, 0, 1, 2, 4, 6, 7, 7, 6, 6, 5, 5, 4, 5, 5, 6, 6, 6, 5, 4, 2]
    hours = [datetime(2026, 10, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(20 * 24)]
    counts = day * 19 + [*day[:12], 40, *day[13:]]
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

    def warned(rows: Iterable[str], encoding: str = "utf-8") -> tuple[list[str], str]:
        (tmp_path / "hours.csv").write_text("\n".join(rows) + "\n", encoding)
        result = rasad(tmp_path, "spikes", "hours.csv")
        assert result.returncode == 0, result.stderr
        return [line.split("\t")[0] for line in result.stdout.splitlines()], result.stderr

    rows = list(zip(hours, counts, strict=True))
    utc = [f"{hour:%Y-%m-%dT%H:%M}Z,{count},0" for hour, count in rows]
    assert warned(reversed(utc)) == (["2026-10-20T12:00Z"], ""), "half past in Tehran, unsorted"
    assert warned(row for row in utc if ",0,0" not in row)[0] == ["2026-10-20T12:00Z"], "missing hours are silence"
    excel = ["hour;mentions;negative", *(f"{hour:%Y/%m/%d %H:%M};{count}.0;" for hour, count in rows), ";;"]
    assert warned(excel, "utf-8-sig") == (["2026/10/20 12:00"], "")
    farsi = [f"{hour:%Y-%m-%d %H:%M},{count},0".translate(persian) for hour, count in rows]
    assert warned(farsi) == (["2026-10-20 12:00".translate(persian)], "")
    found, complaints = warned([*utc, "1405-08-01T08:00,3,0", "2026-10-20T08:00,many", "2026-10-20T08:00,-4", "noon"])
    assert found == ["2026-10-20T12:00Z"]
    assert [line.split(": ")[0] for line in complaints.splitlines()] == [f"hours.csv:{n}" for n in range(481, 485)]
    found, complaints = warned([utc[0].replace("2026", "1970"), *utc[1:]])
    assert found == ["2026-10-20T12:00Z"]
    assert complaints.startswith("hours.csv:1: 1970-10-01T00:00Z is more than 10 years from the middle of the table")


def test_match_prints_one_result_a_line_in_order(tmp_path: Path) -> None:
    lines = [
        "# query\ttext",
        "دیجی‌کالا\tامروز ديجي كالا گفت",
        "ترب\tاستان تربت",
        "(اسنپ\tاسنپ",
        "اسنپ - فود\tاسنپ فود آمد",
    ]
    (tmp_path / "cases.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    result = rasad(tmp_path, "match", "cases.tsv")
    assert result.stdout.splitlines() == ["1", "0", "error", "0"]
    assert "cases.tsv:4" in result.stderr
    assert result.returncode == 0
    (tmp_path / "cases.tsv").write_text(" #اسنپ\tسفر با #اسنپ\n", "utf-8")
    assert rasad(tmp_path, "match", "cases.tsv").stdout == "1\n"
    (tmp_path / "cases.tsv").write_bytes("اسنپ\tاسنپ\n".encode("cp1256", "replace") + b"\xc7\n")
    result = rasad(tmp_path, "match", "cases.tsv")
    assert (result.returncode, result.stdout) == (1, "")
    assert "cases.tsv: expected UTF-8 text" in result.stderr


def test_sentiment_prints_a_label_and_a_score_a_line(tmp_path: Path) -> None:
    (tmp_path / "cases.tsv").write_text("اسنپ\tاسنپ افتضاحه\nاسنپ\tاسنپ عالیه\n", "utf-8")
    for model in "e5", "light":
        result = rasad(tmp_path, "sentiment", "cases.tsv", SENTIMENT_MODEL=model)
        rows = [line.split("\t") for line in result.stdout.splitlines()]
        assert [label for label, _ in rows] == ["neg", "pos"]
        assert all(0 <= float(score) <= 1 for _, score in rows)


def test_sentiment_goes_on_with_the_light_model_as_the_bot_does(tmp_path: Path) -> None:
    (tmp_path / "cases.tsv").write_text("اسنپ\tاسنپ افتضاحه\n", "utf-8")
    (tmp_path / "empty").mkdir()
    result = rasad(tmp_path, "sentiment", "cases.tsv", SENTIMENT_MODEL=str(tmp_path / "empty"))
    assert result.stdout.startswith("neg\t")
    assert "the light model judges" in result.stderr
    assert rasad(tmp_path, "sentiment", "cases.tsv", "--model", str(tmp_path / "empty")).returncode == 1


def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path: Path) -> None:
    result = rasad(tmp_path, "run", POLL_MIN_SECONDS="often")
    assert result.returncode == 2
    assert "POLL_MIN_SECONDS: expected a valid number" in result.stderr
    assert result.stdout == ""


def test_a_mistyped_key_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("POLL_MIN_SECOND=5\n", "utf-8")
    assert "POLL_MIN_SECOND is no setting; did you mean POLL_MIN_SECONDS?" in rasad(tmp_path, "migrate").stderr


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "rasad.db").write_bytes(b"no database at all" * 100)
    result = rasad(tmp_path, "migrate", DATABASE_URL="sqlite+aiosqlite:///rasad.db")
    assert (result.returncode, result.stdout) == (1, "")
    assert "rasad.db cannot be used: file is not a database; see DATABASE_URL" in result.stderr
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = rasad(tmp_path, "preview", PREVIEW_PORT=str(taken.getsockname()[1]))
    assert result.returncode == 1
    assert "set PREVIEW_PORT or LISTEN_PORT to a free port" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_backup_of_nothing_is_refused(tmp_path: Path) -> None:
    """A wrong DATABASE_URL would else give an empty database that looks like a backup."""
    result = rasad(tmp_path, "backup", "copy.db", DATABASE_URL="sqlite+aiosqlite:///nowhere.db")
    assert result.returncode == 1
    assert "there is no database at sqlite+aiosqlite:///nowhere.db" in result.stderr
    assert not list(tmp_path.iterdir())


async def test_without_a_token_it_opens_the_preview_and_says_where(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if name != "BOT_TOKEN"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "run", cwd=tmp_path, stdout=-1, stderr=-1, env={**clean, "PREVIEW_PORT": "0"}
    )
    try:
        assert process.stdout
        async with asyncio.timeout(45):
            while "http://127.0.0.1:" not in (line := (await process.stdout.readline()).decode()):
                assert line, "it ended"
        page = line.split("Open ")[1].split()[0]
        async with aiohttp.ClientSession() as session, session.get(page) as answer:
            assert "رصد" in await answer.text()
    finally:
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert process.returncode == 0


async def test_a_token_that_telegram_does_not_know_is_named(tmp_path: Path, telegram: PreviewServer) -> None:
    wrong = {"BOT_TOKEN": "1:wrong", "BOT_API_URL": telegram.url, "DEFAULT_SOURCES": "false", "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "run"), cwd=tmp_path, stdout=-1, stderr=-2, env={**os.environ, **wrong}
    )
    try:
        assert process.stdout
        async with asyncio.timeout(45):
            while b"telegram_lost" not in (line := await process.stdout.readline()):
                assert line, "it ended"
        assert b"no bot has this BOT_TOKEN" in line
        assert b"1:wrong" not in line
    finally:
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert process.returncode == 0
