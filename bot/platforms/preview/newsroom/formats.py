"""The shapes in which the sample outlets publish: RSS 2.0, Atom, JSON Feed, the web preview of a Telegram channel, pages.

Each function gives the bytes of one document; when items appear is script.py's, serving them is the Newsroom's.
"""

import json
from collections.abc import Sequence
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree as Xml

from bot.platforms.preview.newsroom.script import Entry

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
Xml.register_namespace("", _ATOM)
Xml.register_namespace("content", _CONTENT)
_NOTE = "رسانه‌ای ساختگی از اتاق خبر نمونهٔ رصد؛ هیچ‌یک از این خبرها رخ نداده است."


def _link(home: str, entry: Entry) -> str:
    return f"{home}/{entry.number}"


def _add(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    child = Xml.SubElement(parent, name, attributes)
    child.text = text or None
    return child


def _document(root: Xml.Element) -> bytes:
    document: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def rss(title: str, home: str, language: str, entries: Sequence[Entry]) -> bytes:
    """RSS 2.0, with the whole text in content:encoded."""
    root = Xml.Element("rss", {"version": "2.0"})
    channel = _add(root, "channel")
    for name, text in {"title": title, "link": home, "description": _NOTE, "language": language}.items():
        _add(channel, name, text)
    for entry in entries:
        item = _add(channel, "item")
        _add(item, "title", entry.title)
        _add(item, "link", _link(home, entry))
        _add(item, "guid", f"{entry.outlet}-{entry.number}", isPermaLink="false")
        _add(item, "pubDate", format_datetime(entry.at))
        _add(item, "description", f"<p>{escape(entry.text)}</p>")
        _add(item, f"{{{_CONTENT}}}encoded", f"<p>{escape(entry.text)}</p>")
    return _document(root)


def atom(title: str, home: str, language: str, entries: Sequence[Entry]) -> bytes:
    """Atom 1.0 (RFC 4287)."""
    root = Xml.Element(f"{{{_ATOM}}}feed", {"xml:lang": language})
    _add(root, f"{{{_ATOM}}}title", title)
    _add(root, f"{{{_ATOM}}}subtitle", _NOTE)
    _add(root, f"{{{_ATOM}}}id", home)
    _add(root, f"{{{_ATOM}}}link", href=home)
    if entries:
        _add(root, f"{{{_ATOM}}}updated", entries[0].at.isoformat())
    for entry in entries:
        item = _add(root, f"{{{_ATOM}}}entry")
        _add(item, f"{{{_ATOM}}}title", entry.title)
        _add(item, f"{{{_ATOM}}}id", f"tag:rasad.example,2026:{entry.outlet}/{entry.number}")
        _add(item, f"{{{_ATOM}}}link", href=_link(home, entry))
        _add(item, f"{{{_ATOM}}}published", entry.at.isoformat())
        _add(item, f"{{{_ATOM}}}updated", entry.at.isoformat())
        _add(item, f"{{{_ATOM}}}content", f"<p>{escape(entry.text)}</p>", type="html")
        _add(_add(item, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name", title)
    return _document(root)


def json_feed(title: str, home: str, language: str, entries: Sequence[Entry]) -> bytes:
    """JSON Feed 1.1."""
    items = [
        {
            "id": f"{entry.outlet}-{entry.number}",
            "url": _link(home, entry),
            "title": entry.title,
            "content_text": entry.text,
            "date_published": entry.at.isoformat(),
        }
        for entry in entries
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "description": _NOTE, "home_page_url": home}
    return json.dumps(feed | {"language": language, "items": items}, ensure_ascii=False).encode()


def channel(title: str, name: str, entries: Sequence[Entry]) -> bytes:
    """A page of posts, oldest first, in the markup of t.me/s/NAME; `entries` are newest first."""
    posts = "".join(_post(name, title, entry) for entry in reversed(entries))
    older = f'<link rel="prev" href="/s/{name}?before={entries[-1].number}">' if entries else ""
    empty = "" if entries else '<div class="tme_no_messages_found">No posts found</div>'
    head = f'<meta charset="utf-8"><title>{escape(title)} – Telegram</title><meta property="og:title" content="{escape(title)}">'
    described = f'<div class="tgme_channel_info_description" dir="auto">{_NOTE}</div>'
    named = f'<div class="tgme_channel_info_header_title"><span dir="auto">{escape(title)}</span></div>'
    return (
        f"<!DOCTYPE html><html><head>{head}{older}</head>"
        f'<body class="widget_frame_base tgme_webpreview"><main class="tgme_main">'
        f'<div class="tgme_channel_info">{named}{described}</div>'
        f'<section class="tgme_channel_history js-message_history">{posts}{empty}</section></main></body></html>'
    ).encode()


def _post(name: str, title: str, entry: Entry) -> str:
    address = f"https://t.me/{name}/{entry.number}"
    views = 800 + entry.number % 9000
    shown = f"{views / 1000:.1f}K" if views >= 1000 else str(views)
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="{name}/{entry.number}">'
        '<div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author accent_color">'
        f'<a class="tgme_widget_message_owner_name" href="https://t.me/{name}"><span dir="auto">{escape(title)}</span></a></div>'
        f'<div class="tgme_widget_message_text js-message_text" dir="auto"><b>{escape(entry.title)}</b><br/><br/>'
        f"{escape(entry.text)}</div>"
        '<div class="tgme_widget_message_footer compact js-message_footer">'
        '<div class="tgme_widget_message_info short js-message_info">'
        f'<span class="tgme_widget_message_views">{shown}</span><span class="copyonly"> views</span>'
        f'<span class="tgme_widget_message_meta"><a class="tgme_widget_message_date" href="{address}">'
        f'<time datetime="{entry.at.isoformat()}" class="time">{entry.at:%H:%M}</time></a></span>'
        "</div></div></div></div></div>"
    )


def article(title: str, home: str, feed: str, entry: Entry | None, others: Sequence[Entry]) -> bytes:
    """An article's page, or with no entry an outlet's front page; it announces the outlet's feed."""
    heading = entry.title if entry else title
    body = f"<p>{escape(entry.text)}</p>" if entry else ""
    listed = "".join(f'<li><a href="{_link(home, other)}">{escape(other.title)}</a></li>' for other in others)
    return (
        f'<!doctype html><html lang="fa"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{escape(heading)}</title><link rel="alternate" type="{feed_type(feed)}" href="{feed}">'
        f'<link rel="stylesheet" href="/newsroom/style.css"></head><body dir="auto"><header><a href="{home}">{escape(title)}</a></header>'
        f'<article><h1 dir="auto">{escape(heading)}</h1>{body}</article><ul>{listed}</ul><footer>{_NOTE}</footer></body></html>'
    ).encode()


def feed_type(address: str) -> str:
    """The media type of a feed by the end of its address."""
    kinds = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
    return kinds[address.rpartition(".")[2]]
