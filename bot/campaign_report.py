"""A campaign's phases → what is told of them: how much more than before, in which tone, by whom, about what. Pure.

What lives here: wording and comparing. What does not: the numbers (monitors/campaigns.py), the picture (pictures.py).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot import figures
from bot.calendar import Clock
from bot.texts import Html, html, listed, text
from monitors.campaigns import Name, Phase
from monitors.language.topics import Topics
from monitors.reach import outlet_name
from monitors.store.campaigns import Campaign
from monitors.store.rankings import Ranked
from monitors.store.statistics import Counts

TOPICS_SHOWN = 4
SINGLE_DAY = timedelta(days=1)


def heading(campaign: Campaign, now: datetime, clock: Clock) -> Html:
    """Its name, whether it runs, its days, its hashtags."""
    key = "ahead" if now < campaign.since else "running" if now < campaign.until else "over"
    state = text(f"campaign.{key}", clock.language)
    lines = [text("campaign.heading", clock.language, name=campaign.name, state=state), days(campaign, clock)]
    return Html("\n".join([*lines, html(campaign.tags)] if campaign.tags else lines))


def days(campaign: Campaign, clock: Clock) -> Html:
    """«از سه‌شنبه ۱ آذر ۱۴۰۵ تا …»; the last day is included."""
    first, last = (clock.day(clock.today(at)) for at in (campaign.since, campaign.until - timedelta(seconds=1)))
    count = round((campaign.until - campaign.since) / SINGLE_DAY)
    return text("campaign.days", clock.language, first=Html(first), last=Html(last), count=count)


def told(phases: Sequence[Phase], topics: Mapping[Name, Topics], clock: Clock) -> list[Html]:
    """A block a phase: its mentions a day against the phase before the campaign, tone, readers, who, and what about."""
    before = next((one for one in phases if one.stretch.name == "before"), None)
    return [Html("\n" + "\n".join(_phase(one, before, topics.get(one.stretch.name), clock))) for one in phases]


def _phase(one: Phase, before: Phase | None, topics: Topics | None, clock: Clock) -> list[Html]:
    lines = [text(f"campaign.{one.stretch.name}", clock.language)]
    if not one.names.total and not one.tags.total:
        return [*lines, text("campaign.silent", clock.language)]
    earlier = before if before is not one else None
    if one.names.total:
        lines.append(_counted("names", one, one.names, earlier, earlier.names if earlier else Counts(), clock))
    if one.tags.total:
        lines.append(_counted("tags", one, one.tags, earlier, earlier.tags if earlier else Counts(), clock))
    lines += _who(one, clock)
    if topics and (about := _about(topics, clock)):
        lines.append(about)
    return lines


def against(this: Phase, other: Phase, name: str, clock: Clock) -> Html:
    """The campaign against the one before it, day for day."""
    language = clock.language
    lines = [text("campaign.against", language, name=name)]
    for key, now, then in (
        ("campaign.a_day_of", this.counts.total / this.stretch.days, other.counts.total / other.stretch.days),
        ("campaign.reach_a_day", this.reach / this.stretch.days, other.reach / other.stretch.days),
        ("campaign.publishers_of", float(this.publishers), float(other.publishers)),
    ):
        lines.append(
            text(key, language, now=_rounded(now, clock), then=_rounded(then, clock), change=_change(now, then, clock))
        )
    if this.counts.total and other.counts.total:
        shares = [figures.flags(one.counts, clock) for one in (this, other)]
        lines.append(text("campaign.tone_of", language, now=shares[0], then=shares[1]))
    return Html("\n" + "\n".join(lines))


def _counted(key: str, one: Phase, counts: Counts, before: Phase | None, earlier: Counts, clock: Clock) -> Html:
    """Mentions, and how many a day against before."""
    now, then = counts.total / one.stretch.days, earlier.total / before.stretch.days if before else 0.0
    return text(
        f"campaign.{key}",
        clock.language,
        count=counts.total,
        a_day=_rounded(now, clock),
        change=_change(now, then, clock),
        tone=figures.flags(counts, clock),
    )


def _who(one: Phase, clock: Clock) -> list[Html]:
    language = clock.language
    top = _names(
        [outlet_name(some.article.item, some.article.outlet) for some in one.top_publishers], one.top_publishers, clock
    )
    lines = [figures.reached(one.reach, clock), text("campaign.publishers", language, count=one.publishers, top=top)]
    authors = [some for some in one.top_authors if some.article.item.author]
    if authors:
        named = _names([some.article.item.author or "" for some in authors], authors, clock)
        lines.append(text("campaign.authors", language, top=named))
    return lines


def _names(names: Sequence[str], ranked: Sequence[Ranked], clock: Clock) -> Html:
    counted = (f"{html(name)} ({clock.number(one.counts.total)})" for name, one in zip(names, ranked, strict=True))
    return Html(listed(counted, clock.language))


def _about(found: Topics, clock: Clock) -> Html | None:
    chosen = (*found.phrases, *found.words)[:TOPICS_SHOWN]
    if not chosen:
        return None
    return text("campaign.topics", clock.language, topics=listed((one.words for one in chosen), clock.language))


def _rounded(value: float, clock: Clock) -> Html:
    """«۴٫۵», «۳», «۱۲ هزار»."""
    tenths = round(value, 1)
    return Html(clock.number(tenths)) if tenths < 10 and tenths % 1 else figures.about(round(value), clock)


def _change(now: float, then: float, clock: Clock) -> Html:
    """«▲ ۴۰٪»; nothing where there was nothing before."""
    tenths = round(now * 10), round(then * 10)
    return Html(f" {figures.short_change(*tenths, clock)}") if tenths[1] else Html("")
