"""A source that fails for long calls its admin once, with buttons that help; so does its return."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Web

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]

AN_HOUR = 3_600_000  # milliseconds


async def let_two_hours_pass(rasad: Rasad, title: str) -> None:
    """Waits for three failures, and has them begin two hours ago."""
    async with asyncio.timeout(60):
        while True:
            with closing(sqlite3.connect(rasad.database, autocommit=True)) as database:
                database.execute(
                    "UPDATE sources SET failing_since = last_success_at - ? WHERE title = ? AND failures >= 3"
                    " AND failing_since > last_success_at",
                    (2 * AN_HOUR, title),
                )
                row = database.execute(
                    "SELECT failures FROM sources WHERE title = ? AND failing_since < last_success_at", (title,)
                ).fetchone()
            if row:
                return
            await asyncio.sleep(0.3)


async def test_a_long_failure_is_told_once_across_a_kill_and_mended_from_the_notice(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    web.feed("other", "رسانهٔ دیگر")
    await rasad.watch(web.url("other"))
    await rasad.watch(web.url("agency"))
    feed.status = 404
    await let_two_hours_pass(rasad, "خبرگزاری آزمون")
    notice = await rasad.hear("است که خوانده نمی‌شود: وب‌گاه خطای 404 داد")
    assert "خبرگزاری آزمون" in seen(notice)
    assert "۲ ساعت" in seen(notice)
    await asyncio.sleep(2)  # it is settled: what is in flight at a kill may come twice
    await rasad.kill()
    await rasad.start()
    await asyncio.sleep(33)  # settled, and a look
    assert len(rasad.heard("است که خوانده نمی‌شود")) == 1
    feed.status = 200
    await rasad.people.press(notice, "حالا بخوان")
    await rasad.hear("هم‌اکنون خوانده می‌شود")
    assert "پس از ۲ ساعت" in seen(await rasad.hear("دوباره خوانده می‌شود"))
    assert len(rasad.heard("دوباره خوانده می‌شود")) == 1
