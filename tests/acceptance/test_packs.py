"""Packs of sources, and all sources checked from the command line, as an admin meets them."""

import pytest

from bot.platforms.preview.model import Message
from tests.acceptance.rasad import Rasad, seen
from tests.acceptance.web import Web

pytestmark = pytest.mark.acceptance

KEYLESS = """<opml version="2.0" xmlns:rasad="urn:rasad:opml"><body>
<outline text="حساب بی‌کلید" rasad:kind="x_account" rasad:address="digikala"/></body></opml>""".encode()


def labels(message: Message) -> list[str]:
    return [button.text for row in message.keyboard for button in row]


async def test_a_pack_is_shown_added_in_one_go_and_removed(rasad: Rasad) -> None:
    packs = await rasad.ask("/pack")
    assert {"بانک و پرداخت (۵)", "خودرو و حمل‌ونقل (۵)"} <= set(labels(packs))
    await rasad.people.press(packs, "بانک")
    shown = await rasad.hear("📦 بانک و پرداخت: ۵ منبع")
    assert "➕ راه پرداخت — خوراک" in seen(shown)
    assert "هنوز منبعی نیست" in (await rasad.ask("/sources")).text
    await rasad.people.press(shown, "افزودن ۵ منبع")
    await rasad.hear("۵ منبع از بستهٔ «بانک و پرداخت» افزوده شد")
    assert "منبع‌ها: ۵" in (await rasad.ask("/sources")).text
    again = await rasad.ask("/pack بانک و پرداخت")
    assert "✅ راه پرداخت — خوراک" in again.text
    assert not any("افزودن" in label for label in labels(again))
    await rasad.people.press(again, "برداشتن ۵ منبع")
    await rasad.hear("دیگر خوانده نمی‌شود")
    assert "هنوز منبعی نیست" in (await rasad.ask("/sources")).text
    await rasad.ask("/language en")
    assert "There is no pack called “spaceships”" in (await rasad.ask("/pack spaceships")).text
    assert "📦 Banking and payments: 5 sources, 0 watched already" in (await rasad.ask("/pack banking")).text


async def test_all_sources_are_checked_beside_the_running_bot(rasad: Rasad, web: Web) -> None:
    feed = web.feed("agency", "خبرگزاری آزمون")
    feed.publish("خبر تازه")
    broken = web.feed("broken", "رسانهٔ خراب")
    for name in ("agency", "broken"):
        await rasad.watch(web.url(name))
    rasad.people.send_file("keyless.opml", KEYLESS)
    await rasad.hear("۱ منبع افزوده شد")
    code, printed = await rasad.command("sources", "check")
    assert code == 0, printed
    broken.status = 503
    code, printed = await rasad.command("sources", "check")
    rows = [line.split("\t") for line in printed.splitlines()]
    assert code == 1
    assert rows[0] == ["state", "kind", "title", "items", "newest", "error"]
    by_title = {row[2]: row for row in rows[1:]}
    assert by_title["خبرگزاری آزمون"][:4] == ["ok", "feed", "خبرگزاری آزمون", "2"]
    assert by_title["خبرگزاری آزمون"][4].startswith("20")
    assert by_title["حساب بی‌کلید"] == [
        *("needs", "x_account", "حساب بی‌کلید", "", ""),
        "it needs X_BEARER_TOKEN in the settings",
    ]
    assert by_title["رسانهٔ خراب"] == ["failed", "feed", "رسانهٔ خراب", "", "", "the site answered with error 503"]
