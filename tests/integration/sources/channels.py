"""A messenger's web preview: pages of twenty posts, older ones by `before`, albums, deletions, channels without a preview."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from aiohttp import web

A_PAGE = 20


@dataclass
class Post:
    """What a channel posted; `forwarded` is a link, `album` how many numbers it takes up."""

    text: str
    views: str = "1"
    forwarded: str = ""
    album: int = 1


@dataclass
class Channel:
    """The posts of a channel by their numbers."""

    posts: dict[int, Post] = field(default_factory=dict)
    last: int = 0

    def post(self, *texts: str, album: int = 1, forwarded: str = "") -> None:
        for text in texts:
            self.posts[self.last + 1] = Post(text, forwarded=forwarded, album=album)
            self.last += album

    def delete(self, *numbers: int) -> None:
        for number in numbers:
            del self.posts[number]


class Messenger:
    """`prefix` of its classes, `folder` of its pages ("/s" for Telegram). `faults` are answered first, one a request."""

    def __init__(self, prefix: str, folder: str, host: str) -> None:
        self.asked: list[web.BaseRequest] = []
        self.prefix = prefix
        self.folder = folder
        self.host = host
        self.channels: dict[str, Channel] = {}
        self.faults: list[Callable[[], web.Response]] = []

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
        if self.faults:
            return self.faults.pop(0)()
        name = request.path.removeprefix(self.folder).strip("/")
        if not request.path.startswith(f"{self.folder}/") or name not in self.channels:
            return self._no_preview(request, name)
        shown = self.shown(self.channels[name], int(request.query.get("before", 10**9)))
        return web.Response(text=self.page(name, shown), content_type="text/html")

    def _no_preview(self, request: web.BaseRequest, name: str) -> web.Response:
        """A channel without a preview, and one that does not exist: Telegram redirects to the page with the button."""
        if self.folder and request.path.startswith(self.folder):
            return web.Response(status=302, headers={"Location": f"https://{self.host}/{name}"})
        page = f'<html><body><div class="{self.prefix}_page_wrap"><div class="{self.prefix}_page_title">{name}</div></div></body></html>'
        return web.Response(text=page, content_type="text/html")

    @staticmethod
    def shown(channel: Channel, before: int) -> dict[int, Post]:
        older = sorted(number for number in channel.posts if number < before)
        return {number: channel.posts[number] for number in older[-A_PAGE:]}

    def page(self, name: str, posts: dict[int, Post]) -> str:
        shown = "".join(self._post(name, number, post) for number, post in posts.items())
        empty = "" if posts else '<div class="tme_no_messages_found">No posts found</div>'
        return f'<html><body><section class="{self.prefix}_channel_history">{empty}{shown}</section></body></html>'

    def _post(self, name: str, number: int, post: Post) -> str:
        widget = f"{self.prefix}_widget_message"
        photos = "".join(
            f'<a class="{widget}_photo_wrap grouped_media_wrap" href="https://{self.host}/{name}/{number + at}?single"></a>'
            for at in range(post.album if post.album > 1 else 0)
        )
        forwarded = f'<a class="{widget}_forwarded_from_name" href="{post.forwarded}">x</a>' if post.forwarded else ""
        return (
            f'<div class="{widget}_wrap" id="{number}"><div class="{widget} js-widget_message" data-post="{name}/{number}">{forwarded}{photos}'
            f'<div class="{widget}_text js-message_text">{escape(post.text)}</div><span class="{widget}_views">{post.views}</span>'
            f'<span class="{widget}_meta"><a class="{widget}_date" href="/{name}/{number}">'
            f'<time datetime="2026-11-22T08:00:00+00:00" class="time">11:30</time></a></span></div></div>'
        )
