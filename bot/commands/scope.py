"""What numbers are asked about, in a user's words or a button's: a tracker or all of them, and a period; and the buttons that
change either. Shared by /stats, /compare and /top."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from bot import bulletin as bulletins
from bot import numbers
from bot.bulletin import Period, UnknownPeriod
from bot.calendar import Clock
from bot.chats import ChatLanguage
from bot.commands.command import button, fits, say
from bot.commands.tracking import pick
from bot.messenger import Button, Reply
from bot.render import cut
from monitors.model import Tracker

PERIODS = ("today", "yesterday", "7d", "30d", "90d")
DEFAULT = "7d"  # one of LENGTHS
ALL = "0"  # how a button says that no tracker is meant
SHOWN = 6  # trackers with a button
A_ROW = 3
LABEL_LIMIT = 24  # of a tracker on a button


@dataclass(frozen=True, slots=True)
class Asked:
    """The trackers that are counted together, the one among them where only one is meant, and the period."""

    trackers: tuple[Tracker, ...]
    one: Tracker | None
    period: Period


class NotUnderstood(ValueError):
    """Words that name no tracker of the chat, or no period; `reply` says so, and what can be done."""

    def __init__(self, reply: Reply) -> None:
        super().__init__("not understood")
        self.reply = reply


def read(words: str, mine: Sequence[Tracker], now: datetime, clock: Clock, again: str) -> Asked:
    """«اسنپ 30d», "0 7d", "today" or nothing; `again` asks with a period behind it. Raises NotUnderstood."""
    rest, period = closing(words, now, clock, again, lambda said: pick(said, mine) is not None)
    one = pick(rest, mine) if rest and rest != ALL else None
    if rest and rest != ALL and one is None:
        raise NotUnderstood(unknown_tracker(rest, clock.language))
    return Asked((one,) if one else tuple(mine), one, period)


def closing(words: str, now: datetime, clock: Clock, again: str, named: Callable[[str], bool]) -> tuple[str, Period]:
    """Words without the period that closes them, and that period in whole days; a week where none is said.

    A word like «هفته» is a period only where it stands alone and names nothing else.
    """
    try:
        rest, period = bulletins.closing(words.strip(), now, clock)
    except UnknownPeriod as error:
        offered = periods(lambda name: f"{again} {name}", "", clock.language)
        raise NotUnderstood(say("bulletin.unknown_period", clock.language, offered, given=str(error))) from error
    if period is None and rest and not named(rest) and (alone := bulletins.period(rest, now, clock)):
        rest, period = "", alone
    return rest, numbers.whole_days(period or bulletins.latest(DEFAULT, now), clock)


def unknown_tracker(given: str, language: ChatLanguage) -> Reply:
    """No tracker is called so; here they are."""
    return say("figures.unknown", language, (button("track.list", language, "list"),), given=given)


def switches(
    call: Callable[[str, str], str], asked: Asked, mine: Sequence[Tracker], language: ChatLanguage
) -> list[tuple[Button, ...]]:
    """Buttons to the other periods and trackers; `call` makes a button's call of a tracker's number and a period."""
    current = str(asked.one.id) if asked.one else ALL
    rows = [periods(lambda name: call(current, name), asked.period.name, language)]
    if len(mine) > 1:
        others = [
            button("figures.one", language, call(str(one.id), asked.period.call), label=cut(one.label, LABEL_LIMIT))
            for one in mine[: SHOWN + 1]
            if one != asked.one
        ][:SHOWN]
        every = [button("figures.all", language, call(ALL, asked.period.call))] if asked.one else []
        both = [*every, *others]
        a_row = -(-len(both) // -(-len(both) // A_ROW))  # rows of equal length
        rows += [tuple(some) for some in batched(both, a_row)]
    return rows


def periods(call: Callable[[str], str], current: str, language: ChatLanguage) -> tuple[Button, ...]:
    """Buttons to the other periods, as far as their calls fit behind a button."""
    return tuple(
        button(f"bulletin.button.{name}", language, call(name))
        for name in PERIODS
        if name != current and fits(call(name))
    )
