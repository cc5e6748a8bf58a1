"""Few requests at once to a host, connections that are not kept, and nothing remembered of hosts."""

import asyncio
import gc
from collections.abc import Iterable

import pytest
from aiohttp import web

from monitors.errors import TimedOut
from monitors.fetch import Fetcher, Limits
from monitors.kinds import Request
from tests.integration.fetch.servers import HOST, Names, Site, here, scripted


class Crowd:
    """A handler that counts how many are inside at once."""

    def __init__(self, stay: float = 0.05) -> None:
        self.inside = self.most = 0
        self._stay = stay

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(self._stay)
        self.inside -= 1
        return web.Response(body=b"<rss/>")


async def all_of(fetcher: Fetcher, urls: Iterable[str]) -> None:
    await asyncio.gather(*(fetcher.get(Request(url)) for url in urls))


@pytest.mark.parametrize("per_host", [1, 2, 5])
async def test_a_host_gets_so_many_requests_at_once(site: Site, per_host: int) -> None:
    crowd = Crowd()
    site.handle("/feed", crowd)
    async with Fetcher(allow_private=True, per_host=per_host) as fetcher:
        await all_of(fetcher, [site.url()] * 12)
    assert crowd.most == per_host


async def test_other_hosts_do_not_wait_for_it(site: Site) -> None:
    crowd = Crowd()
    site.handle("/feed", crowd)
    hosts = [f"news{number}.test" for number in range(6)]
    async with Fetcher(allow_private=True, per_host=1, resolver=here(*hosts)) as fetcher:
        await all_of(fetcher, (site.url(host=host) for host in hosts))
    assert crowd.most == 6


async def test_hosts_that_redirect_to_each_other_do_not_block_each_other(site: Site) -> None:
    names = here("a.test", "b.test")
    site.answer("/a", status=302, headers={"Location": site.url("/end", host="b.test")})
    site.answer("/b", status=302, headers={"Location": site.url("/end", host="a.test")})
    site.handle("/end", Crowd())
    async with Fetcher(allow_private=True, per_host=1, resolver=names) as fetcher, asyncio.timeout(5):
        await all_of(fetcher, [site.url("/a", host="a.test"), site.url("/b", host="b.test")] * 5)


async def test_waiting_for_a_turn_is_not_on_the_clock(site: Site) -> None:
    site.handle("/feed", Crowd(stay=0.2))
    limits = Limits(connect=0.5, read=0.5, whole=0.5)
    async with Fetcher(allow_private=True, per_host=1, limits=limits) as fetcher:
        await all_of(fetcher, [site.url()] * 6)


async def test_who_gives_up_leaves_the_queue(site: Site) -> None:
    site.answer(body=b"<rss/>")
    site.handle("/slow", Crowd(stay=5))
    async with Fetcher(allow_private=True, per_host=1, limits=Limits(read=0.2)) as fetcher:
        slow = asyncio.create_task(fetcher.get(Request(site.url("/slow"))))
        waiting = asyncio.create_task(fetcher.get(Request(site.url())))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(TimedOut):
            await slow
        assert (await fetcher.get(Request(site.url()))).body is not None


async def test_nothing_is_remembered_of_hosts(site: Site) -> None:
    def queues() -> int:
        return sum(isinstance(thing, asyncio.Semaphore) for thing in gc.get_objects())

    site.answer(body=b"<rss/>")
    hosts = [f"news{number}.test" for number in range(300)]
    before = queues()
    async with Fetcher(allow_private=True, resolver=here(*hosts)) as fetcher:
        await all_of(fetcher, (site.url(host=host) for host in hosts[:150]))
        for host in hosts[150:]:
            await fetcher.get(Request(site.url(host=host)))
        assert queues() <= before + 1


async def test_feeds_of_one_plain_host_share_a_connection() -> None:
    connections = 0

    async def patient(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>")

    async with scripted(patient) as port, Fetcher(allow_private=True) as fetcher:
        for number in range(5):
            await fetcher.get(Request(f"http://{HOST}:{port}/{number}"))
    assert connections == 1


async def test_names_are_not_asked_for_at_every_poll(site: Site) -> None:
    site.answer(body=b"<rss/>")
    names = Names({"news.test": [[HOST]]})
    async with Fetcher(allow_private=True, resolver=names) as fetcher:
        await all_of(fetcher, [site.url(host="news.test")] * 20)
    assert names.asked == ["news.test"]
