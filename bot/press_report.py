"""A press release and its reprints → messages: how soon, by whom, how much of it, under which headlines. Pure.

What lives here: those figures and how they look. What does not: finding reprints (monitors/releases.py), when the report is
sent (press.py).
"""

from collections.abc import Sequence
from statistics import median

from bot.calendar import Clock
from bot.fit import pack
from bot.messenger import Message
from bot.render import linked
from bot.texts import Html, text
from monitors.store.releases import Release, Reprint

SHOWN = 40  # reprints, one a line; the rest is counted
WHOLE, PART = 0.9, 0.5  # shares of the text from which on a reprint is whole, shortened; below it took a piece


def report(release: Release, reprints: Sequence[Reprint], clock: Clock, *before: Html) -> tuple[Message, ...]:
    """What became of a release so far, or at its end; `before` are blocks to begin with."""
    language = clock.language
    state = "closed" if release.reported_at else "running"
    blocks = [
        *before,
        text("release.heading", language, title=release.title),
        text(
            f"release.{state}",
            language,
            since=clock.moment(release.created_at),
            until=clock.moment(release.closes_at),
        ),
    ]
    if not reprints:
        return pack([*blocks, Html(f"\n{text('release.nothing', language)}")], language)
    blocks += [Html("\n" + block) for block in (_figures(release, reprints, clock), text("release.list", language))]
    blocks += [_line(place, one, release, clock) for place, one in enumerate(reprints[:SHOWN], 1)]
    if len(reprints) > SHOWN:
        blocks.append(text("release.more", language, count=len(reprints) - SHOWN))
    return pack(blocks, language)


def first(release: Release, reprint: Reprint, clock: Clock) -> tuple[Message, ...]:
    """The note that the first reprint has come out."""
    outlet = linked(reprint.outlet, reprint.url)
    told = text(
        "release.first_out",
        clock.language,
        title=release.title,
        outlet=outlet,
        when=_when(release, reprint, clock),
        kept=_percent(reprint.kept, clock),
    )
    return pack([told], clock.language)


def _figures(release: Release, reprints: Sequence[Reprint], clock: Clock) -> Html:
    language, earliest = clock.language, reprints[0]
    outlets = len({one.outlet for one in reprints})
    altered = sum(not one.same_headline for one in reprints)
    whole = sum(one.kept >= WHOLE for one in reprints)
    part = sum(PART <= one.kept < WHOLE for one in reprints)
    lines = [
        text("release.count", language, count=len(reprints), outlets=outlets),
        text("release.first", language, outlet=earliest.outlet, when=_when(release, earliest, clock)),
        text("release.kept", language, median=_percent(median(one.kept for one in reprints), clock)),
        text("release.shares", language, whole=whole, part=part, piece=len(reprints) - whole - part),
        text("release.headlines", language, same=len(reprints) - altered, altered=altered),
    ]
    return Html("\n".join(lines))


def _line(place: int, one: Reprint, release: Release, clock: Clock) -> Html:
    key = "release.line_same" if one.same_headline else "release.line_other" if one.title else "release.line"
    return text(
        key,
        clock.language,
        place=place,
        outlet=linked(one.outlet, one.url),
        when=_when(release, one, clock),
        kept=_percent(one.kept, clock),
        title=one.title,
    )


def _when(release: Release, one: Reprint, clock: Clock) -> Html:
    """How long after the release was handed in; reprints may have been there before."""
    span = one.dated_at - release.created_at
    key = "after" if span.total_seconds() >= 0 else "before"
    return text(f"release.{key}", clock.language, span=Html(clock.duration(abs(span))))


def _percent(share: float, clock: Clock) -> Html:
    return Html(clock.percent(share))
