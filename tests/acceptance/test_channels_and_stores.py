"""Iranian messengers and app stores as their admin meets them: added by a link, told as alerts."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp.test_utils import RawTestServer

from bot.platforms.preview.server import PreviewServer
from tests.acceptance.rasad import Rasad, seen
from tests.integration.sources.channels import Channel, Messenger
from tests.integration.sources.network import HOST, Answering
from tests.integration.sources.stores import HOSTS, Store
from tests.integration.sources.test_bale import Bale

pytestmark = pytest.mark.acceptance


class World:
    """The networks, and a Rasad that reaches them by mirrors."""

    def __init__(self) -> None:
        self.eitaa = Messenger("etme", "", "eitaa.com")
        self.eitaa.channels["namoone"] = Channel()
        self.bale = Bale()
        self.store = Store()
        stores = dict.fromkeys(HOSTS, self.store.answer)
        self.networks: dict[str, Answering] = {"eitaa.com": self.eitaa.answer, "ble.ir": self.bale.answer, **stores}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def rasad(world: World, telegram: PreviewServer, tmp_path: Path) -> AsyncIterator[Rasad]:
    async with AsyncExitStack() as open_ones:
        mirrors = []
        for host, answering in world.networks.items():
            server = await open_ones.enter_async_context(RawTestServer(answering, host=HOST))
            mirrors.append(f"{host}=http://{HOST}:{server.port}")
        yield await open_ones.enter_async_context(Rasad(telegram, tmp_path, SOURCE_MIRRORS=",".join(mirrors)))


async def test_channels_of_eitaa_and_bale(rasad: Rasad, world: World) -> None:
    channel = world.eitaa.channels["namoone"]
    channel.post("پست کهنه")
    world.bale.post("پیام کهنه")
    await rasad.ask("/track پاکنوش")
    for link, known, kind in (
        ("https://eitaa.com/namoone", "پست کهنه", "کانال ایتا"),
        ("ble.ir/namoone", "پیام کهنه", "کانال بله"),
    ):
        offer = await rasad.ask(f"/addsource {link}")
        assert known in offer.text
        assert kind in offer.text
        await rasad.watch(link)
    assert "پیش‌نمایش عمومی ندارد" in (await rasad.ask("/addsource eitaa.com/absent")).text
    channel.post("پاکنوش سه شعبه بست")
    told = await rasad.hear("پاکنوش سه شعبه بست")
    assert told.button("اصل خبر").url == "https://eitaa.com/namoone/2"
    world.bale.post("پاکنوش در تبریز کارخانه ساخت")
    await rasad.hear("پاکنوش در تبریز کارخانه ساخت")


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("https://cafebazaar.ir/app/ir.example.paknoosh", "کافه‌بازار"),
        ("https://apps.apple.com/us/app/paknoosh/id1500000001", "اپ‌استور"),
        ("https://play.google.com/store/apps/details?id=ir.example.paknoosh", "گوگل‌پلی"),
    ],
)
async def test_a_review_of_a_tracked_app_is_told_by_its_stars(rasad: Rasad, world: World, link: str, kind: str) -> None:
    world.store.write("کد تأیید نمی‌رسد")
    await rasad.ask("/track پاکنوش")
    offer = await rasad.ask(f"/addsource {link}")
    assert "پاکنوش ★★★★★ کد تأیید نمی‌رسد" in offer.text
    assert kind in offer.text
    await rasad.watch(link)
    assert "پاکنوش" in (await rasad.ask("/sources")).text
    world.store.write("از دیروز باز نمی‌شود", stars=1)
    told = seen(await rasad.hear("از دیروز باز نمی‌شود"))
    assert "🔴" in told.split("\n")[0], "one star is negative, though no word is"
    assert told.count("از دیروز باز نمی‌شود") == 1
    assert told.count("★☆☆☆☆") == 2, "in the headline, and as the reason"
    assert not rasad.heard("🟢"), "the backlog's five stars are news to nobody"
