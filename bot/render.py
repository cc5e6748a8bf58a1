"""Values → messages: alerts, bulletins, lists of mentions. Escaping, length and direction marks happen here, every time.

What lives here: how things look. What does not: the words (texts/), the order of runs in a line (direction.py), when and to
whom it is sent (deliver.py). Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot import figures
from bot.bulletin import Bulletin, Period, Section
from bot.calendar import Clock
from bot.chats import ChatLanguage
from bot.direction import direct
from bot.figures import FLAGS
from bot.fit import pack
from bot.messenger import Button, Message
from bot.telling import Coverage, Delivery
from bot.texts import Html, html, listed, text
from monitors.language import passage
from monitors.model import Article, Mention, MentionedArticle, SentimentLabel, Span, Tracker

HEADLINE_LIMIT = 250
LABELS_SHOWN = 4
OUTLETS_SHOWN = 3
URGENCY: tuple[SentimentLabel, ...] = ("neg", "pos", "neu")
HANDS: dict[SentimentLabel, str] = {"pos": "👍", "neu": "😐", "neg": "👎"}
FEEDBACK_LABEL = 18  # characters of a tracker's name on a button
METRICS = (("views", "👁"), ("reposts", "🔁"), ("replies", "💬"), ("likes", "❤️"))


class Renderer:
    """Makes messages for chats of an installation, whose days begin in one time zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def clock(self, language: ChatLanguage) -> Clock:
        """How a chat of this language reads time."""
        return Clock(self._zone, language)

    def alert(self, delivery: Delivery, *, plain: bool = False) -> Message:
        """What one article says of the chat's trackers. `plain` is for a platform that refused it: no button, bare link."""
        language, mentioned = delivery.language, delivery.mentioned
        article = mentioned.article
        flag = _flag(mentioned.mentions)
        as_it_is = delivery.kind == "mention" or (delivery.kind == "turned" and flag != "neg")  # judged anew since
        news = flag if as_it_is else delivery.kind
        heading = text(f"alert.heading.{news}", language, labels=_labels(delivery.trackers, language))
        headline, spans = _headline(article, mentioned.mentions)
        blocks = [
            Html(f"{FLAGS[flag]} {heading}\n{self._origin(article, language)}"),
            Html(f"\n<b>{html(headline)}</b>") if headline else Html(""),
            quoted(article.item.text, headline, spans),
            _metrics(article, self.clock(language)),
            _coverage(delivery.coverage, self.clock(language)),
            self._judgement(delivery),
        ]
        url = article.item.url
        if plain and url:
            blocks.append(html(url))
        rows = () if plain else _alert_rows(delivery)
        return Message(direct("\n".join(filter(None, blocks)), language), rows)

    def story(self, telling: Sequence[MentionedArticle], language: ChatLanguage) -> tuple[Message, ...]:
        """Who told a story first and who next, with headlines where they differ and the tone as it moved."""
        clock, first = self.clock(language), telling[0].article
        blocks = [text("story.heading", language, title=cut(first.item.title, HEADLINE_LIMIT), count=len(telling))]
        headline = ""
        for place, one in enumerate(telling, 1):
            same = headline == one.article.item.title
            headline = one.article.item.title
            later = Html(clock.duration(one.article.dated_at - first.dated_at))
            key = "story.first" if place == 1 else "story.same" if same else "story.next"
            outlet = linked(one.article.outlet, one.article.item.url)
            told = text(key, language, outlet=outlet, title=cut(headline, HEADLINE_LIMIT), later=later)
            blocks.append(Html(f"{FLAGS[_flag(one.mentions)]} {told}"))
        return pack(blocks, language)

    def bulletin(self, bulletin: Bulletin, language: ChatLanguage) -> tuple[Message, ...]:
        """The messages of a bulletin, split between its parts where it is long."""
        clock = self.clock(language)
        period = bulletin.period
        heading = text("bulletin.heading", language, period=self.period(period, language))
        until = text("bulletin.range", language, since=clock.moment(period.since), until=clock.moment(period.until))
        if not bulletin.counts.total:
            return pack([heading, text("bulletin.empty", language), until], language)
        blocks = [heading]
        if len(bulletin.sections) > 1:
            numbers = figures.overview(bulletin.counts, bulletin.before, bulletin.reach, clock)
            blocks.append(Html(f"\n{text('bulletin.overview', language, numbers=numbers)}"))
        for section in bulletin.sections:
            first, *others = self._section(section, language)
            blocks += [Html("\n" + first), *others]
        return pack([*blocks, Html("\n" + until)], language)

    def period(self, period: Period, language: ChatLanguage) -> Html:
        """«دیروز، سه‌شنبه ۱۲ اسفند ۱۴۰۴», "the last 7 days"."""
        clock = self.clock(language)
        last = clock.day(clock.today(max(period.since, period.until - timedelta(milliseconds=1))))
        first = clock.day(clock.today(period.since))
        return text(f"bulletin.period.{period.name}", language, day=first, last=last)

    def mentions(
        self, found: Sequence[MentionedArticle], labels: dict[int, str], language: ChatLanguage, first: int = 1
    ) -> list[Html]:
        """One block an article: flag, linked headline, outlet and moment, whom it mentions."""
        return [self._line(place, one, language, labels) for place, one in enumerate(found, first)]

    def _section(self, section: Section, language: ChatLanguage) -> list[Html]:
        clock = self.clock(language)
        if not section.counts.total:
            return [text("bulletin.tracker_empty", language, label=section.tracker.label)]
        head = text(
            "bulletin.tracker",
            language,
            label=section.tracker.label,
            numbers=figures.overview(section.counts, section.before, section.reach, clock),
        )
        blocks = [self._line(place, story, language) for place, story in enumerate(section.stories, 1)]
        blocks[0] = Html(f"{head}\n{blocks[0]}")
        more = section.counts.total - len(section.stories)
        if more > 0:
            blocks.append(text("bulletin.more", language, count=more))
        outlets = "\n".join(
            text("bulletin.outlet", language, place=place, outlet=some.outlet, count=some.count)
            for place, some in enumerate(section.outlets, 1)
        )
        blocks.append(Html(f"{text('bulletin.outlets', language)}\n<blockquote expandable>{outlets}</blockquote>"))
        return blocks

    def _line(
        self, place: int, one: MentionedArticle, language: ChatLanguage, labels: dict[int, str] | None = None
    ) -> Html:
        clock, article = self.clock(language), one.article
        headline = html(cut(article.item.title or article.item.text, HEADLINE_LIMIT) or article.outlet)
        url = article.item.url
        linked = Html(f'<a href="{_attribute(url)}">{headline}</a>') if url else headline
        whom = (
            listed((labels[m.tracker_id] for m in one.mentions if m.tracker_id in labels), language) if labels else ""
        )
        origin = self._origin(article, language)
        suffix = f" • {html(whom)}" if whom else ""
        return Html(f"{clock.number(place)}. {FLAGS[_flag(one.mentions)]} {linked}\n    {origin}{suffix}")

    def _origin(self, article: Article, language: ChatLanguage) -> Html:
        at = self.clock(language).moment(article.item.published_at or article.seen_at)
        return Html(f"{html(article.outlet)} • {at}")

    def _judgement(self, delivery: Delivery) -> Html:
        """Tone and its reasons, a line a tracker where they are many."""
        lines = []
        for tracker, mention in zip(delivery.trackers, delivery.mentioned.mentions, strict=True):
            tone = self._tone(mention, delivery.language)
            lines.append(Html(f"{html(tracker.label)}: {tone}") if len(delivery.trackers) > 1 else tone)
        return Html("\n".join(f"🏷 {line}" for line in lines[:LABELS_SHOWN]))

    def _tone(self, mention: Mention, language: ChatLanguage) -> Html:
        judged = mention.sentiment
        if mention.corrected:
            return text("alert.tone_yours", language, tone=text(f"sentiment.{judged.label}", language))
        label = text(f"sentiment.{judged.label if judged.certain else 'unsure'}", language)
        tone = text("alert.tone", language, tone=label, percent=Html(self.clock(language).percent(judged.score)))
        if not judged.evidence:
            return tone
        because = html(listed(judged.evidence, language))
        return Html(f"{tone} — {text('alert.because', language, words=because)}")


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _flag(mentions: Iterable[Mention]) -> SentimentLabel:
    """The most urgent judgement among them."""
    labels = {mention.sentiment.label for mention in mentions}
    return next(label for label in URGENCY if label in labels or label == "neu")


def _labels(trackers: Sequence[Tracker], language: ChatLanguage) -> Html:
    shown = listed((html(tracker.label) for tracker in trackers[:LABELS_SHOWN]), language)
    return Html(shown + ("…" if len(trackers) > LABELS_SHOWN else ""))


def _headline(article: Article, mentions: Sequence[Mention]) -> tuple[str, list[Span]]:
    return cut(article.item.title, HEADLINE_LIMIT), [span for mention in mentions for span in mention.spans]


def quoted(body: str, headline: str, spans: Sequence[Span]) -> Html:
    """The passage with the brand in bold. A post's text begins with its headline, or with the end of it (reviews): that is not
    said twice."""
    title = headline.removesuffix("…").rstrip()
    first = body.partition("\n")[0]
    repeated = title if body.startswith(title) else first if title.endswith(first) else ""
    skipped = len(repeated)
    skipped += len(body[skipped:]) - len(body[skipped:].lstrip(" \n.:…"))
    inside = [
        Span("text", span.start - skipped, span.end - skipped)
        for span in spans
        if span.part == "text" and span.start >= skipped
    ]
    about = passage.around("", body[skipped:], inside)
    if not about.text.strip():
        return Html("")
    pieces, done = [], 0
    for start, end in about.marks:
        if start >= done:
            pieces += [html(about.text[done:start]), "<b>", html(about.text[start:end]), "</b>"]
            done = end
    quoted = "".join(pieces) + html(about.text[done:])
    return Html(f"<blockquote expandable>{quoted}</blockquote>")


def _metrics(article: Article, clock: Clock) -> Html:
    known = [(sign, getattr(article.item.metrics, name)) for name, sign in METRICS]
    return Html("   ".join(f"{sign} {clock.number(count)}" for sign, count in known if count))


def _coverage(coverage: Coverage | None, clock: Clock) -> Html:
    """«+۷ رسانه: …» with how long the story has gone on."""
    if coverage is None:
        return Html("")
    shown = html(listed(coverage.outlets[:OUTLETS_SHOWN], clock.language))
    more = len(coverage.outlets) - OUTLETS_SHOWN
    if more > 0:
        shown = text("alert.and_more", clock.language, outlets=shown, count=more)
    lasted = Html(clock.duration(coverage.last_at - coverage.first_at))
    return text("alert.coverage", clock.language, count=len(coverage.outlets), outlets=shown, lasted=lasted)


def _alert_rows(delivery: Delivery) -> tuple[tuple[Button, ...], ...]:
    language, url = delivery.language, delivery.mentioned.article.item.url
    row = [Button(text("alert.open", language), url=url)] if url else []
    if delivery.coverage:
        row.append(Button(text("alert.story", language), call=f"story {delivery.coverage.story_id}"))
    rows = [*([row] if row else []), *_feedback_rows(delivery)]
    return tuple(tuple(one[::-1] if language == "fa" else one) for one in rows)


def _feedback_rows(delivery: Delivery) -> list[list[Button]]:
    """A row a tracker: what does it say in truth? What the chat has said is ticked."""
    several = len(delivery.trackers) > 1
    rows = []
    for tracker, mention in list(zip(delivery.trackers, delivery.mentioned.mentions, strict=True))[:LABELS_SHOWN]:
        name = f" {cut(tracker.label, FEEDBACK_LABEL)}" if several else ""
        row = []
        for label, hand in HANDS.items():
            tick = "✓ " if mention.corrected and mention.sentiment.label == label else ""
            call = f"tone {delivery.mentioned.article.id} {tracker.id} {label}"
            row.append(Button(f"{tick}{hand}{name}", call=call))
        rows.append(row)
    return rows


def linked(words: str, url: str | None) -> Html:
    """Somebody's words, leading to an address where there is one."""
    return Html(f'<a href="{_attribute(url)}">{html(words)}</a>') if url else html(words)


def cut(words: str, limit: int) -> str:
    """Words in one line, cut at a space."""
    words = " ".join(words.split())
    if len(words) <= limit:
        return words
    space = words.rfind(" ", limit // 2, limit)
    return words[: space if space > 0 else limit] + "…"


def _attribute(url: str) -> str:
    return html(url).replace('"', "%22")
