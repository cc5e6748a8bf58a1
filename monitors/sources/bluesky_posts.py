"""Posts of Bluesky as Items: the record that an author wrote (lexicon app.bsky.feed.post) and the view that the network's
services give of it (app.bsky.feed.defs#postView). What is asked, and of whom, stands with the kinds: bluesky.py,
bluesky_search.py and bluesky_stream.py.

A post's address is written with its author's DID, which stays when the handle changes, and is all that the stream knows.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from monitors.model import Item, Metrics
from monitors.sources.answer import Answer
from monitors.sources.entries import GUID, TEXT, TITLE, language_of, shortened, web_url
from monitors.sources.markup import clean, headline, one_line

SITE = "https://bsky.app"
DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,400}")
_POST = re.compile(rf"at://({DID.pattern})/app\.bsky\.feed\.post/([A-Za-z0-9._~:-]{{1,512}})")
_CUT = ("...", "…")  # ends of a link as apps shorten it for show; the facet has the whole
_LISTED = 50  # links and pictures of a post that are looked at
_LINK = "app.bsky.richtext.facet#link"


def post_url(uri: str) -> str | None:
    """at://did:plc:…/app.bsky.feed.post/3k… → its page; None for what is no post."""
    found = _POST.fullmatch(uri)
    return f"{SITE}/profile/{found[1]}/post/{found[2]}" if found and len(uri) <= GUID else None


def from_record(uri: str, record: Answer, *, seen_at: datetime | None, quoted: str = "") -> Item | None:
    """A post as its author wrote it, and below it the words that it quotes; None for what is no post, or says nothing."""
    url = post_url(uri)
    text = "\n\n".join(filter(None, (_written(record), *_embedded(record["embed"]), quoted)))
    if url is None or not text:
        return None
    return Item(
        guid=uri,
        url=url,
        title=shortened(headline(text), TITLE),
        text=shortened(text, TEXT),
        published_at=record["createdAt"].time or seen_at,
        author_url=url.partition("/post/")[0],
        language=next((language for code in record["langs"] if (language := language_of(code.text))), None),
    )


def from_view(view: Answer) -> Item | None:
    """A post with its author, its numbers, and the words of a post that it quotes."""
    post = from_record(view["uri"].raw, view["record"], seen_at=view["indexedAt"].time, quoted=_quoted(view["embed"]))
    return post and replace(
        post,
        author=name_of(view["author"]),
        outlet=f"@{view['author', 'handle'].text}"[:200] if view["author", "handle"].text else None,
        metrics=Metrics(
            likes=view["likeCount"].number, reposts=view["repostCount"].number, replies=view["replyCount"].number
        ),
    )


def name_of(author: Answer) -> str | None:
    """What an account calls itself, or its handle."""
    return (one_line(author["displayName"].text) or author["handle"].text)[:200] or None


def noted(time: datetime | None) -> str | None:
    """A time as a cursor of ours."""
    return time.isoformat() if time else None


def moment(cursor: str | None) -> datetime | None:
    """The time of a cursor of ours; None where it is none."""
    try:
        time = datetime.fromisoformat(cursor or "")
    except ValueError:
        return None
    return time if time.tzinfo else None


def _written(record: Answer) -> str:
    """The text, its shortened links whole. Facets count bytes of UTF-8 (lexicon app.bsky.richtext.facet)."""
    text = record["text"].raw
    content = text.encode("utf-8", "replace")
    for start, end, uri in sorted(_links(record), reverse=True):
        if start < end <= len(content) and content[start:end].decode("utf-8", "replace").endswith(_CUT):
            content = content[:start] + uri.encode("utf-8", "replace") + content[end:]
    return clean(content.decode("utf-8", "replace"))


def _links(record: Answer) -> Iterator[tuple[int, int, str]]:
    for facet in islice(record["facets"], _LISTED):
        start, end = facet["index", "byteStart"].number, facet["index", "byteEnd"].number
        link = next((one for one in facet["features"] if one["$type"].raw == _LINK), Answer())
        uri = web_url(link["uri"].raw)
        if uri and start is not None and end is not None:
            yield start, end, uri


def _embedded(embed: Answer) -> Iterator[str]:
    """What a reader sees beside the text: a link's card, descriptions of pictures and of a video."""
    media = embed["media"] or embed
    yield media["external", "title"].text
    yield media["external", "description"].text
    for image in islice(media["images"], _LISTED):
        yield image["alt"].text
    yield media["alt"].text


def _quoted(embed: Answer) -> str:
    """The words of a quoted post: of app.bsky.embed.record#view, or of the same beside media."""
    record = embed["record", "record"] or embed["record"]
    words = _written(record["value"])
    who = name_of(record["author"])
    return f"«{who}: {words}»" if who and words else words
