"""What one poll means: (what was read, what is known, the matcher, now) → Decision. Pure: no I/O, no clock, no chance.

What lives here: which items are new, which changed, who is mentioned, who is to be told. What does not: how text matches
(language/), when the source is polled again (schedule.py), how any of it is stored (store/).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from monitors import identity, schedule
from monitors.errors import SourceError
from monitors.kinds import FullText, Polled
from monitors.language.match import Matcher
from monitors.language.text import Document, detect_language, fold, fold_document
from monitors.model import Article, Decision, Edited, Fresh, Hit, Item, Known, Language, Mention, Source
from monitors.opinion import Question, Words

type Knowledge = Mapping[bytes, Known]

# An item older than this at an ordinary poll counts for today: it is news to us, whatever its date says.
BACKDATED = timedelta(hours=36)

LEAD = 60  # characters of a lead by which a page's text is seen to repeat it


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decision may not find out for itself: the time, chance (in [0, 1)), the bounds of polling, the kinds of
    sources whose articles' pages are read unless the source says otherwise, and the words of chats."""

    now: datetime
    random: float
    bounds: schedule.Bounds
    fulltext: frozenset[str] = frozenset()
    words: Words = field(default_factory=dict)


class Identified(NamedTuple):
    """An item with the keys by which the store may know it already."""

    item: Item
    guid_key: bytes
    url_key: bytes | None
    content_key: bytes


def identify(source_id: int, items: Sequence[Item]) -> tuple[Identified, ...]:
    """Items with their keys, each guid once (the first wins)."""
    found: dict[bytes, Identified] = {}
    for item, url_key in zip(items, identity.url_keys(items), strict=True):
        guid_key = identity.guid_key(source_id, item.guid)
        if guid_key not in found:
            found[guid_key] = Identified(item, guid_key, url_key, identity.content_key(item))
    return tuple(found.values())


def decide(
    source: Source,
    polled: Polled,
    items: Sequence[Identified],
    known: Knowledge,
    matcher: Matcher,
    when: Circumstances,
) -> Decision:
    """What is to be written after a poll that was answered. `items` are its items, `known` the stored articles that share
    a key with them, by their keys.

    A source's backlog is stored and matched, and alerts nobody.
    """
    fresh: list[Fresh] = []
    edited: list[Edited] = []
    for found in items:
        old = known.get(found.guid_key) or (known.get(found.url_key) if found.url_key else None)
        if old is None:
            fresh.append(_judge(found, source, matcher, when))
        elif change := _change(old, found, source, matcher, when):
            edited.append(change)
    outcome = _outcome(source, polled, fresh, when)
    unnamed = source.title in ("", source.address)
    title = polled.page.title if polled.page and unnamed else None
    is_url = source.address.startswith(("http://", "https://"))  # a channel's name or a search term does not move
    address = outcome.address if is_url else None
    return Decision(
        source.id, source.address, outcome.state, tuple(fresh), tuple(edited), address, title, outcome.active
    )


def _outcome(source: Source, polled: Polled, fresh: Sequence[Fresh], when: Circumstances) -> schedule.Outcome:
    published = [new.item.published_at for new in fresh]
    if polled.pushed:
        return schedule.after_push(source.state, published, now=when.now)
    return schedule.after_success(
        source.state,
        polled.fetched,
        polled.page,
        published,
        now=when.now,
        bounds=_bounds(source, when),
        random=when.random,
    )


def _bounds(source: Source, when: Circumstances) -> schedule.Bounds:
    """A source that a hub pushes is polled as seldom as may be."""
    pushed = source.pushed_until is not None and source.pushed_until > when.now
    return schedule.Bounds(when.bounds.max_seconds, when.bounds.max_seconds) if pushed else when.bounds


def decide_failure(source: Source, error: SourceError, when: Circumstances) -> Decision:
    """What is to be written after a poll that failed."""
    outcome = schedule.after_failure(source.state, error, now=when.now, bounds=when.bounds, random=when.random)
    return Decision(source.id, source.address, outcome.state, active=outcome.active)


def decide_page(
    source: Source, page: FullText, article: Article, old: Known, matcher: Matcher, when: Circumstances
) -> Decision:
    """What the page of an article adds to what its source said: text in which it may mention more.

    The article keeps the key of its source's words, so that the next poll finds those unchanged.
    """
    item = _fuller(article.item, page)
    if item == article.item:
        return Decision(source.id, source.address, None, page_read=article.id)
    fresh = _judge(Identified(item, old.guid_key, old.url_key, old.content_key), source, matcher, when)
    alert = fresh.alert and _mentions_more(fresh, old)
    fresh = replace(fresh, dated_at=article.dated_at, alert=alert, read_page=False)
    return Decision(
        source.id, source.address, None, edited=(Edited(article.id, fresh, content_changed=True),), page_read=article.id
    )


def _fuller(item: Item, page: FullText) -> Item:
    """The item with its page's text, the lead kept in front where the page does not repeat it; and with its page's title
    where all that was known of it was its address."""
    unnamed = item.url is not None and item.url.endswith(f"://{item.title}")
    first, _, rest = page.text.partition("\n")
    text = rest.lstrip() if fold(first) in (fold(item.title), fold(page.title)) else page.text
    if len(text) <= len(item.text):
        text = item.text
    elif fold(item.text[:LEAD]) not in fold(text):
        text = f"{item.text}\n{text}"
    return replace(item, text=text, title=page.title or item.title if unnamed else item.title)


def _change(old: Known, found: Identified, source: Source, matcher: Matcher, when: Circumstances) -> Edited | None:
    """What a known item changes. Another source's copy counts only where it mentions whom ours does not: then the
    article follows that copy, so that the passage shown is one that names the brand."""
    same_source = old.source_id == source.id
    content_changed = old.content_key != found.content_key
    if not content_changed:
        measured = same_source and found.item.metrics != old.metrics
        return Edited(old.article_id, _measured(found, when.now), content_changed=False) if measured else None
    fresh = _judge(found, source, matcher, when)
    new_mentions = _mentions_more(fresh, old)
    if not same_source and not new_mentions:
        return None
    return Edited(old.article_id, replace(fresh, alert=fresh.alert and new_mentions), content_changed=True)


def wanted(items: Sequence[Item], source: Source, matcher: Matcher) -> tuple[Item, ...]:
    """Those that some tracker wants. A stream may say all that is said on a network: nothing else of it is kept."""
    return tuple(item for item in items if _is_wanted(item, source, matcher))


def _is_wanted(item: Item, source: Source, matcher: Matcher) -> bool:
    document = fold_document(item.title, item.text)
    language = _language(item, document, source)
    return bool(_hits(item, document, item.outlet or source.title, language, matcher))


def _mentions_more(fresh: Fresh, old: Known) -> bool:
    return any(mention.tracker_id not in old.tracker_ids for mention in fresh.mentions)


def mentions_in(
    item: Item, outlet: str, kind: str, matcher: Matcher, words: Words | None = None
) -> tuple[Mention, ...]:
    """Whom a stored item mentions, judged."""
    document = fold_document(item.title, item.text)
    hits = _hits(item, document, outlet, item.language, matcher)
    return _judged(item, hits, item.language, kind, words or {})


def _judge(found: Identified, source: Source, matcher: Matcher, when: Circumstances) -> Fresh:
    item = found.item
    document = fold_document(item.title, item.text)
    language = _language(item, document, source)
    hits = _hits(item, document, item.outlet or source.title, language, matcher)
    mentions = _judged(item, hits, language, source.kind, when.words)
    news = not source.has_as_backlog(item.published_at)
    reads_pages = source.kind in when.fulltext if source.fulltext is None else source.fulltext
    return Fresh(
        item=item,
        guid_key=found.guid_key,
        url_key=found.url_key,
        content_key=found.content_key,
        folded=document.folded,
        language=language,
        dated_at=_dated_at(item.published_at, when.now, quiet=not news),
        seen_at=when.now,
        mentions=mentions,
        alert=bool(mentions) and news,
        read_page=reads_pages and news and item.url is not None,
    )


def _measured(found: Identified, now: datetime) -> Fresh:
    """An item of which only the metrics are to be written."""
    return Fresh(
        item=found.item,
        guid_key=found.guid_key,
        url_key=found.url_key,
        content_key=found.content_key,
        folded="",
        language=None,
        dated_at=now,
        seen_at=now,
    )


def _judged(item: Item, hits: Sequence[Hit], language: Language | None, kind: str, words: Words) -> tuple[Mention, ...]:
    questions = (Question(item, hit.spans, language, kind, words.get(hit.tracker_id)) for hit in hits)
    return tuple(
        Mention(hit.tracker_id, hit.spans, question.answered()) for hit, question in zip(hits, questions, strict=True)
    )


def _language(item: Item, document: Document, source: Source) -> Language | None:
    return item.language or detect_language(document.original) or source.language


def _hits(item: Item, document: Document, outlet: str, language: Language | None, matcher: Matcher) -> tuple[Hit, ...]:
    return matcher.find(document, source=f"{outlet} {item.url or ''}", language=language)


def _dated_at(published_at: datetime | None, now: datetime, *, quiet: bool) -> datetime:
    """The moment an article counts for: its own date, unless that lies ahead, is missing, or hides news in the past."""
    if published_at is None or published_at > now:
        return now
    backdated = now - published_at > BACKDATED
    return now if backdated and not quiet else published_at
