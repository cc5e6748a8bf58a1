"""Sources as their admin meets them: found, shown before they are added, healthy or not, in and out as OPML."""

import asyncio
import sqlite3
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from aiohttp import web as http

from bot.platforms.preview.server import PreviewServer
from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance


async def test_a_page_leads_to_its_feed_which_is_shown_before_it_is_added(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    feed.publish("خبر تازهٔ یک")
    offer = await rasad.ask(f"/addsource {web.address}/agency/")
    assert "خبرگزاری آزمون" in offer.text
    assert "خبر تازهٔ یک" in offer.text
    assert "خبرگزاری آزمون" not in (await rasad.ask("/sources")).text
    await rasad.people.press(offer, "✅")
    added = await rasad.hear("افزوده شد. مطلب‌های پیشین")
    assert added.id == offer.id
    assert "خبرگزاری آزمون" in (await rasad.ask("/sources")).text
    await rasad.people.press(await rasad.ask(f"/addsource {web.url('agency')}"), "✅")
    await rasad.hear("از پیش میان منبع‌هاست")


async def test_what_cannot_be_read_is_said_in_words(rasad: Rasad, web: Web) -> None:
    web.feed("broken", "خراب").status = 503
    assert "خطای 503" in (await rasad.ask(f"/addsource {web.url('broken')}")).text
    assert "وصل نشد" in (await rasad.ask("/addsource http://127.0.0.1:1/rss")).text


async def test_private_addresses_are_refused_unless_the_settings_allow_them(
    telegram: PreviewServer, tmp_path: Path, web: Web
) -> None:
    web.feed("agency", "خبرگزاری آزمون")
    async with Rasad(telegram, tmp_path, ALLOW_PRIVATE_ADDRESSES="false") as rasad:
        assert "پذیرفته نیست" in (await rasad.ask(f"/addsource {web.url('agency')}")).text
        assert web.feeds["agency"].polls == 0


async def test_a_failing_source_says_so_and_its_recovery_is_seen(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    feed.status = 500
    async with asyncio.timeout(30):
        while "⚠️" not in (listed := (await rasad.ask("/sources")).text):
            await asyncio.sleep(0.5)
    assert "خطای 500" in listed
    feed.status = 200
    async with asyncio.timeout(30):
        while "⚠️" in (await rasad.ask("/sources")).text:
            await asyncio.sleep(0.5)
    assert rasad.log.count("source_down") == 1
    assert rasad.log.count("source_back") == 1


async def test_gone_for_good_is_not_asked_again(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    feed.status = 410
    async with asyncio.timeout(30):
        while "⛔️" not in (await rasad.ask("/sources")).text:
            await asyncio.sleep(0.5)
    polls = feed.polls
    await asyncio.sleep(3)
    assert feed.polls == polls


async def test_removing_by_name_and_by_button(rasad: Rasad, web: Web) -> None:
    for name in ("یکم", "دوم"):
        web.feed(name, f"رسانهٔ {name}")
        await rasad.watch(web.url(name))
    assert "دیگر خوانده نمی‌شود" in (await rasad.ask("/removesource رسانه یکم")).text
    choice = await rasad.ask("/removesource")
    await rasad.people.press(choice, "دوم")
    await rasad.people.press(await rasad.hear("این منبع برداشته شود؟"), "بله")
    await rasad.hear("«رسانهٔ دوم» دیگر خوانده نمی‌شود")
    assert "هنوز منبعی نیست" in (await rasad.ask("/sources")).text


async def test_opml_out_and_in(rasad: Rasad, web: Web) -> None:
    web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    export = await rasad.ask("/exportopml")
    assert export.file
    assert web.url("agency").encode() in export.file.content
    await rasad.ask("/removesource خبرگزاری آزمون")
    web.feed("blog", "وبلاگ")
    more = export.file.content.replace(b"</body>", f'<outline text="B" xmlUrl="{web.url("blog")}"/></body>'.encode())
    rasad.people.send_file("feeds.opml", more)
    assert "۲ منبع افزوده شد" in seen(await rasad.hear("افزوده شد؛"))
    rasad.people.send_file("photo.opml", b"\x89PNG")
    await rasad.hear("فایل OPML خواندنی نیست")


async def test_channels_and_searches_through_a_mirror(telegram: PreviewServer, tmp_path: Path) -> None:
    """t.me and Google News answered by a server of the test's, as a relay does where they are blocked."""
    asked: list[str] = []
    posts = ["پست کهنه"]

    async def channel(request: http.Request) -> http.Response:
        if request.match_info["name"] != "rasad_test":
            return http.Response(text="<html><body class='tgme_page'></body></html>", content_type="text/html")
        messages = "".join(
            f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="rasad_test/{number}">'
            f'<div class="tgme_widget_message_text js-message_text" dir="auto">{post}</div>'
            f'<a class="tgme_widget_message_date" href="https://t.me/rasad_test/{number}">'
            f'<time datetime="2026-11-22T10:00:00+00:00"></time></a></div></div>'
            for number, post in enumerate(posts, 1)
        )
        page = (
            '<html><body class="tgme_page"><div class="tgme_channel_info_header_title"><span>کانال آزمون</span></div>'
            f'<section class="tgme_channel_history">{messages}</section></body></html>'
        )
        return http.Response(text=page, content_type="text/html")

    async def search(request: http.Request) -> http.Response:
        asked.extend(parse_qs(request.query_string)["q"])
        items = "".join(
            f"<item><title>تیتر {number} دربارهٔ اسنپ - رسانهٔ گوگل</title><guid>g{number}</guid>"
            f"<link>https://news.google.com/rss/articles/{number}</link><source url='https://outlet.example'>رسانهٔ گوگل</source></item>"
            for number in range(len(posts))
        )
        return http.Response(
            text=f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>', content_type="application/xml"
        )

    application = http.Application()
    application.router.add_get("/t.me/s/{name}", channel)
    application.router.add_get("/google/rss/search", search)
    runner = http.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    relay = f"http://127.0.0.1:{runner.addresses[0][1]}"
    mirrors = f"t.me={relay}/t.me,news.google.com={relay}/google"
    try:
        async with Rasad(telegram, tmp_path, SOURCE_MIRRORS=mirrors) as rasad:
            await rasad.watch("@rasad_test")
            assert "کانال آزمون" in (await rasad.ask("/sources")).text
            assert "پیش‌نمایش عمومی ندارد" in (await rasad.ask("/addsource @rasad_absent")).text
            await rasad.ask("/track اسنپ")
            assert "روشن شد" in (await rasad.ask("/addsource google_news")).text
            async with asyncio.timeout(20):
                while not asked:
                    await asyncio.sleep(0.2)
            assert set(asked) == {"اسنپ when:7d"}
            await asyncio.sleep(2)
            posts.append("اسنپ در کانال <b>خبر</b> داد<br/>سطر دوم")
            post = await rasad.hear("اسنپ در کانال خبر داد")
            assert post.button("اصل خبر").url == "https://t.me/rasad_test/2"
            found = await rasad.hear("تیتر 1 دربارهٔ اسنپ")
            assert "رسانهٔ گوگل" in found.text
            assert " - رسانهٔ گوگل" not in seen(found)
    finally:
        await runner.cleanup()


async def test_a_backup_while_it_runs_is_whole(rasad: Rasad, web: Web, tmp_path: Path) -> None:
    web.feed("agency", "خبرگزاری آزمون")
    await rasad.watch(web.url("agency"))
    copy = tmp_path / "copy.db"
    code, _ = await rasad.command("backup", str(copy))
    assert code == 0
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT title FROM sources").fetchall() == [("خبرگزاری آزمون",)]
    connection.close()
    assert (await rasad.command("backup", str(copy)))[0] == 1
    assert (await rasad.command("health"))[0] == 0
