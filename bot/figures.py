"""Numbers as people read them: totals with their change, the split by sentiment, reach as the estimate that it is. Pure.

What lives here: the wording of figures, shared by bulletins and by /stats, /compare and /top. What does not: the figures
(numbers.py, monitors/store), whole messages (render.py, commands/).
"""

from collections.abc import Mapping

from bot.calendar import Clock
from bot.texts import Html, listed, text
from monitors.model import SentimentLabel
from monitors.store.statistics import Counts

FLAGS: dict[SentimentLabel, str] = {"neg": "🔴", "pos": "🟢", "neu": "⚪️"}
SPLIT: tuple[SentimentLabel, ...] = ("pos", "neu", "neg")
THOUSAND, MILLION = 1_000, 1_000_000
MANY_TIMES = 5


def overview(counts: Counts, before: Counts, reach: int, clock: Clock) -> Html:
    """Total with its change, the split by sentiment, and the reach: three lines. Counts are not zero."""
    changed = change(counts.total, before.total, clock)
    total = text("bulletin.total", clock.language, count=counts.total, change=changed)
    return Html(f"{total}\n{split(counts, clock)}\n{reached(reach, clock)}")


def split(counts: Counts, clock: Clock) -> Html:
    """The shares of positive, neutral and negative mentions."""
    shares = ((label, getattr(counts, label) / counts.total) for label in SPLIT)
    return Html(
        "   ".join(
            f"{FLAGS[label]} {text(f'sentiment.{label}', clock.language)} {clock.percent(share)}"
            for label, share in shares
        )
    )


def flags(counts: Counts, clock: Clock) -> Html:
    """The same shares, short; none that is nothing."""
    shares = ((label, getattr(counts, label) / counts.total) for label in SPLIT)
    return Html("  ".join(f"{FLAGS[label]}\u00a0{clock.percent(share)}" for label, share in shares if share))


def change(now: int, before: int, clock: Clock) -> Html:
    """How much more or less than in the period before."""
    if not before:
        return text("bulletin.no_before", clock.language)
    return text(
        "bulletin.change", clock.language, sign=sign(now, before), percent=_ratio(now, before, clock), before=before
    )


def short_change(now: int, before: int, clock: Clock) -> str:
    """«▲ ۱۲٪»; nothing where there was nothing before."""
    return f"{sign(now, before)} {_ratio(now, before, clock)}" if before else ""


def _ratio(now: int, before: int, clock: Clock) -> Html:
    """«۱۲٪», and «۲۷ برابر» where nobody reads percents."""
    if now >= MANY_TIMES * before:
        return text("figures.times", clock.language, times=round(now / before))
    return Html(clock.percent(abs(now - before) / before))


def sign(now: int, before: int) -> str:
    """▲, ▼ or =."""
    return "▲" if now > before else "▼" if now < before else "="


def reached(reach: int, clock: Clock) -> Html:
    """The line of the estimated reach."""
    return text("figures.reach", clock.language, reach=about(reach, clock))


def about(value: int, clock: Clock) -> Html:
    """An estimate, no finer than it is known: «۴۳۰», «۱۲ هزار», «۱٫۲ میلیون»."""
    for size, key in ((MILLION, "figures.million"), (THOUSAND, "figures.thousand")):
        if value >= size:
            shown = round(value / size, 1 if value < 10 * size else None)
            return text(key, clock.language, number=clock.number(int(shown) if shown == int(shown) else shown))
    return Html(clock.number(value if value < 100 else round(value, -1)))


def kinds(counted: Mapping[str, Counts], clock: Clock) -> Html:
    """Kinds of source with their mentions, in the order given."""
    parts = (
        f"{text(f'source_kind.{kind}', clock.language)} {clock.number(some.total)}" for kind, some in counted.items()
    )
    return text("figures.kinds", clock.language, kinds=Html(listed(parts, clock.language)))
