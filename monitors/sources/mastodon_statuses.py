"""What Mastodon, and the many servers that speak its API, call things: addresses of timelines, tokens, and statuses as Items.
What is asked stands with the kinds: mastodon.py, mastodon_search.py and mastodon_stream.py.

Addresses: #tag@instance, @instance (its own people's posts), *@instance (all that it knows of), @user@instance.
Entities: docs.joinmastodon.org/entities/Status.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import quote, unquote, urlsplit

from monitors.kinds import Request
from monitors.model import Item, Metrics
from monitors.sources.answer import Answer
from monitors.sources.entries import GUID, MARKUP, TEXT, TITLE, hashed, language_of, shortened, web_url
from monitors.sources.markup import headline, one_line, plain

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"(\#[\w\u200c·]{{1,100}}|@[\w.-]{{1,60}}|\*|)@({_HOST})")
# Pages of a server are read as its timelines where its name says what it is; other sites have "/tags/" and "/@name", too.
_INSTANCE = re.compile(
    r"(?:^|[.-])(?:mastodon|mstdn|masto|toot|fedi|social|fosstodon|hachyderm|infosec)", re.IGNORECASE
)
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_LISTED = 20  # attachments, poll options


@dataclass(frozen=True, slots=True)
class Timeline:
    """A timeline of an instance: `what` is "#tag", "@user", "*", or "" for its own people's posts."""

    what: str
    instance: str

    @property
    def is_account(self) -> bool:
        """Whether it is one person's."""
        return self.what.startswith("@")

    @property
    def page(self) -> str:
        """Where a person reads it."""
        paths = {"#": f"tags/{quote(self.what[1:])}", "@": quote(self.what, safe="@"), "*": "public"}
        return f"https://{self.instance}/{paths.get(self.what[:1], 'public/local')}"


def recognised(text: str) -> str | None:
    """The address that a text means: one as above, or a page of an instance."""
    text = text.strip()
    found = _ADDRESS.fullmatch(text) or _ADDRESS.fullmatch(_from_page(text) or "")
    return f"{found[1]}@{found[2]}" if found else None


def timeline(address: str) -> Timeline:
    """An address taken apart."""
    what, _, instance = address.rpartition("@")
    return Timeline(what, instance)


def with_token(url: str) -> Request:
    """A request with the token of the settings, which is shown to its own instance and to no other."""
    return Request(url, secrets=(("Authorization", "Bearer {MASTODON_TOKEN}"),), only_at="MASTODON_INSTANCE")


def newest(statuses: Iterable[Answer], since: str) -> str:
    """The newest id of all, `since` among them: ids are numbers as text, or of one length (ULIDs)."""
    return max([since, *_ids(statuses)], key=_rank)


def before_gap(statuses: Iterable[Answer], since: str) -> str:
    """The id before which a page does not reach back to `since`; "" where it does, and where there is nothing to reach."""
    oldest = min(_ids(statuses), key=_rank, default="")
    return oldest if since and _rank(oldest) > _rank(since) else ""


def _ids(statuses: Iterable[Answer]) -> Iterator[str]:
    return (number for status in statuses if _ID.fullmatch(number := status["id"].text))


def _rank(number: str) -> tuple[int, str]:
    return len(number), number


def _from_page(text: str) -> str | None:
    try:
        url = urlsplit(text)
        host = (url.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    parts = [unquote(part) for part in url.path.split("/") if part]
    if url.scheme not in {"http", "https"} or not _INSTANCE.search(host):
        return None
    match parts:
        case ["tags", tag]:
            return f"#{tag}@{host}"
        case ["public"]:
            return f"*@{host}"
        case ["public", "local"] | []:
            return f"@{host}"
        case [user, *_] if user.startswith("@"):
            return f"{user}@{host}" if "@" not in user[1:] else user
    return None


# ── statuses ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def items(statuses: Iterable[Answer], instance: str) -> tuple[Item, ...]:
    """The Items of statuses as an instance gives them; what says nothing is left out."""
    return tuple(item for status in statuses if (item := from_status(status, instance)))


def from_status(status: Answer, instance: str) -> Item | None:
    """A status; a boost is its original's words and address under a guid of its own."""
    original = status["reblog"] or status
    text = _words(original)
    url = web_url(original["url"].raw) or web_url(original["uri"].raw)
    guid = status["uri"].raw or url or ""
    if not text or not guid:
        return None
    item = Item(
        guid=guid if len(guid) <= GUID else hashed(guid),
        url=url,
        title=shortened(headline(text), TITLE),
        text=shortened(text, TEXT),
        author=_name(original["account"]),
        published_at=original["created_at"].time,
        author_url=web_url(original["account", "url"].raw),
        outlet=_handle(original["account"], instance),
        language=language_of(original["language"].text),
        metrics=_metrics(original),
    )
    return replace(item, origin=url, published_at=status["created_at"].time) if status["reblog"] else item


def _words(status: Answer) -> str:
    """All that a reader sees: the warning before it, the text, a poll, descriptions of media, a link's card, a quote."""
    said = [
        status["spoiler_text"].text,
        plain(status["content"].raw[:MARKUP]),
        *(option["title"].text for option in islice(status["poll", "options"], _LISTED)),
        *(media["description"].text for media in islice(status["media_attachments"], _LISTED)),
        status["card", "title"].text,
        status["card", "description"].text,
        _quoted(status["quote", "quoted_status"]),
    ]
    return "\n\n".join(filter(None, said))


def _quoted(status: Answer) -> str:
    words, who = plain(status["content"].raw[:MARKUP]), _name(status["account"])
    return f"«{who}: {words}»" if who and words else words


def _name(account: Answer) -> str | None:
    return (one_line(account["display_name"].text) or account["username"].text)[:200] or None


def _handle(account: Answer, instance: str) -> str | None:
    """@user@instance; an instance leaves its own name out."""
    name = account["acct"].text
    return f"@{name}{'' if '@' in name else f'@{instance}'}"[:200] if name else None


def _metrics(status: Answer) -> Metrics:
    shared = [count for name in ("reblogs_count", "quotes_count") if (count := status[name].number) is not None]
    return Metrics(
        likes=status["favourites_count"].number,
        reposts=sum(shared) if shared else None,
        replies=status["replies_count"].number,
        followers=status["account", "followers_count"].number,
    )
