"""Telegram's limits hold over any traffic: 30 a second overall, one a second to a chat, 20 a minute to a group."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.messenger import ChatKey
from bot.pace import Limits, Pace

PERSON = ChatKey("telegram", 7)
GROUP = ChatKey("telegram", -100)


def test_one_chat_gets_one_message_a_second() -> None:
    pace = Pace()
    slots = [pace.reserve(PERSON, 0.0, reply=True) for _ in range(4)]
    assert slots == [0.0, 1.0, 2.0, 3.0]


def test_chats_do_not_wait_for_each_other() -> None:
    pace = Pace()
    pace.hold(PERSON, 60.0)
    assert pace.reserve(GROUP, 0.0) == 0.0
    assert pace.busy(0.0) == (PERSON, GROUP)
    assert pace.busy(30.0) == (PERSON,)
    assert pace.next_change(30.0) == 60.0
    assert pace.busy(60.0) == ()


def test_there_is_room_for_thirty_a_second() -> None:
    pace = Pace()
    for chat in range(30):
        pace.reserve(ChatKey("telegram", chat + 1), 5.0)
    assert pace.room(5.5) == 0
    assert pace.next_change(5.5) == 6.0
    assert pace.room(6.0) == 30


def test_deliveries_leave_a_group_room_for_replies() -> None:
    pace = Pace(Limits(group_minute=20, kept_for_replies=4))
    sent = 0
    clock = 0.0
    while clock < 59:
        if GROUP not in pace.busy(clock):
            pace.reserve(GROUP, clock)
            sent += 1
        clock += 0.5
    assert sent == 16
    assert pace.reserve(GROUP, 59.0, reply=True) == 59.0


@given(st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=80))
def test_no_minute_of_a_group_holds_more_than_twenty(steps: list[tuple[float, bool]]) -> None:
    pace, clock, slots = Pace(), 0.0, []
    for pause, reply in steps:
        clock += pause
        if reply or GROUP not in pace.busy(clock):
            slots.append(pace.reserve(GROUP, clock, reply=reply))
    assert all(later - earlier >= 1 - 1e-9 for earlier, later in pairwise(slots))
    assert all(slots[i + 20] - slots[i] >= 60 - 1e-9 for i in range(len(slots) - 20))
