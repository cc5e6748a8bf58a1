"""When a source is asked again, told as the days of sources."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import (
    AddressRefused,
    BodyTooLarge,
    Gone,
    HttpStatus,
    NeedsCredentials,
    NotAFeed,
    ParsingTooLong,
    SourceError,
    TimedOut,
    Unreachable,
)
from monitors.kinds import Fetched, Page
from monitors.model import PollState
from monitors.schedule import Bounds, Outcome, after_failure, after_success, describe, initial, start_offset

NOON = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
BOUNDS = Bounds(MINUTE, 1800)
NOTHING = Fetched(None)


def ago(seconds: float, now: datetime = NOON) -> datetime:
    return now - timedelta(seconds=seconds)


def answered(
    state: PollState,
    now: datetime = NOON,
    *published: datetime | None,
    fetched: Fetched = NOTHING,
    page: Page | None = None,
    bounds: Bounds = BOUNDS,
    random: float = 0.5,
) -> Outcome:
    return after_success(state, fetched, page, published, now=now, bounds=bounds, random=random)


def failed(
    state: PollState, error: SourceError, now: datetime = NOON, bounds: Bounds = BOUNDS, random: float = 0.5
) -> Outcome:
    return after_failure(state, error, now=now, bounds=bounds, random=random)


def wait(outcome: Outcome, now: datetime = NOON) -> float:
    return (outcome.state.next_poll_at - now).total_seconds()


def known(now: datetime = NOON, **facts: object) -> PollState:
    """A source that was polled a minute before."""
    state = replace(initial(ago(MINUTE, now)), interval=MINUTE, last_success_at=ago(MINUTE, now))
    return replace(state, **facts)  # type: ignore[arg-type]


def quiet_for(seconds: float, state: PollState, bounds: Bounds = BOUNDS) -> tuple[PollState, datetime, int]:
    """Polls that bring nothing, one after the other: the state and the time after so long, and how many there were."""
    now, polls = NOON, 0
    while (now - NOON).total_seconds() < seconds:
        state = answered(state, now, bounds=bounds).state
        now, polls = state.next_poll_at, polls + 1
    return state, now, polls


# ── what a source's own pace makes of the wait ───────────────────────────────────────────────────────────────────────


def test_missing_credentials_are_no_failure_that_grows() -> None:
    state = initial(NOON)
    for _ in range(5):
        state = after_failure(state, NeedsCredentials("KEY"), now=NOON, bounds=BOUNDS, random=0.5).state
    assert (state.failures, state.error) == (1, "needs_credentials KEY")
    assert state.next_poll_at == NOON + timedelta(days=1)


def test_a_new_source_is_due_at_once_and_then_waits_the_shortest() -> None:
    state = initial(NOON)
    assert state.next_poll_at == NOON
    backlog = [ago(days * DAY) for days in range(20)]
    assert wait(answered(state, NOON, *backlog)) == MINUTE
    assert wait(answered(state, NOON)) == MINUTE


def test_a_shortest_wait_of_a_second_is_one() -> None:
    """As tests and previews have it: an idle feed is still asked about each second a minute after it was added."""
    bounds = Bounds(1, 1800)
    state = answered(initial(NOON), NOON, ago(30 * DAY), bounds=bounds).state
    assert wait(Outcome(state)) == 1
    _, _, polls = quiet_for(10, state, bounds)
    assert polls >= 8
    state, now, _ = quiet_for(60, state, bounds)
    assert wait(answered(state, now, bounds=bounds), now) < 5


def test_silence_makes_waits_longer_step_by_step_up_to_the_longest() -> None:
    state = known()
    waits = []
    for _ in range(200):
        state = answered(state).state
        waits.append(wait(Outcome(state)))
    assert waits == sorted(waits)
    assert waits[0] < 1.1 * MINUTE
    assert waits[-1] == BOUNDS.max_seconds
    _, _, polls = quiet_for(12 * HOUR, known())
    assert polls < 100


@pytest.mark.parametrize("hours", [1, 3, 6])
def test_a_wait_is_a_small_share_of_the_silence(hours: int) -> None:
    state, now, _ = quiet_for(hours * HOUR, known())
    assert wait(answered(state, now), now) < MINUTE + 0.06 * hours * HOUR


def test_news_make_the_next_wait_the_shortest() -> None:
    state = known(interval=1800.0)
    assert wait(answered(state, NOON, ago(10))) == MINUTE
    assert wait(answered(state, NOON, None)) == MINUTE


def test_a_source_that_publishes_often_is_never_left_for_longer_than_half_its_usual_gap() -> None:
    state = answered(initial(NOON), NOON, *[ago(number * 6 * MINUTE) for number in range(1, 21)]).state
    assert state.items_per_day == pytest.approx(240)
    state, now, _ = quiet_for(7 * HOUR, state)  # its night
    assert wait(answered(state, now), now) < 4 * MINUTE


def test_a_source_that_fell_silent_for_a_week_is_asked_seldom_again() -> None:
    state = answered(initial(NOON), NOON, *[ago(number * 6 * MINUTE) for number in range(1, 21)]).state
    state, now, _ = quiet_for(10 * DAY, state)
    assert wait(answered(state, now), now) > 1200


def test_the_pace_is_learnt_from_what_arrives() -> None:
    """An item each hour, for a fortnight: 24 a day."""
    state, now = answered(initial(NOON), NOON).state, NOON
    due = NOON + timedelta(hours=1)
    while now < NOON + timedelta(days=14):
        now = state.next_poll_at
        published = [due] if now >= due else []
        due += timedelta(hours=len(published))
        state = answered(state, now, *published).state
    assert state.items_per_day == pytest.approx(24, rel=0.05)


def test_the_pace_does_not_depend_on_how_often_it_is_looked_at() -> None:
    often, seldom = (known(now=NOON, items_per_day=24.0, last_success_at=NOON) for _ in range(2))
    for quarter in range(1, 97):
        now = NOON + timedelta(minutes=15 * quarter)
        often = answered(often, now, *[now] * (quarter % 4 == 0)).state
    seldom = answered(seldom, now, *[now] * 24).state
    assert often.items_per_day == pytest.approx(24, rel=0.01)
    assert seldom.items_per_day == pytest.approx(24, rel=0.01)


def test_undated_backlogs_say_nothing_of_the_pace() -> None:
    assert answered(initial(NOON), NOON, None, None).state.items_per_day is None
    assert answered(initial(NOON), NOON, NOON + timedelta(days=3)).state.items_per_day is None


def test_the_newest_item_is_remembered_and_never_in_the_future() -> None:
    assert answered(known()).state.last_item_at is None
    assert answered(known(), NOON, ago(50), ago(20), ago(90)).state.last_item_at == ago(20)
    assert answered(known(), NOON, NOON + timedelta(days=1)).state.last_item_at == NOON
    assert answered(known(), NOON, None).state.last_item_at == NOON
    assert answered(known(last_item_at=ago(5)), NOON, ago(20)).state.last_item_at == ago(5)


# ── what the publisher wishes ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("max_age", "ttl", "seconds"),
    [
        (300, None, 300),
        (None, 600, 600),
        (300, 600, 600),
        (600, 300, 600),
        (10, None, MINUTE),
        (7 * DAY, None, 1800),  # a wrong week does not silence a source
        (None, 10 * 365 * int(DAY), 1800),
        (0, 0, MINUTE),
        (None, -5, MINUTE),
    ],
)
def test_freshness_and_ttl_are_kept_up_to_the_longest_wait(
    max_age: float | None, ttl: int | None, seconds: float
) -> None:
    page = Page(items=(), ttl=ttl)
    outcome = answered(known(), NOON, ago(5), fetched=Fetched(None, max_age=max_age), page=page)
    assert wait(outcome) == seconds


def test_the_wish_of_a_page_holds_while_nothing_changes() -> None:
    state = answered(known(), page=Page(items=(), ttl=900, skip_hours=frozenset({13}))).state
    assert wait(answered(state)) == 900
    late = datetime(2026, 3, 21, 12, 50, tzinfo=UTC)
    assert answered(state, late).state.next_poll_at.hour == 14
    state = answered(state, page=Page(items=())).state
    assert wait(answered(state)) < 2 * MINUTE
    nearly_one = datetime(2026, 3, 21, 12, 59, 30, tzinfo=UTC)
    assert answered(state, nearly_one).state.next_poll_at.hour == 13


@given(st.frozensets(st.integers(-5, 30)), st.datetimes(NOON.replace(tzinfo=None), timezones=st.just(UTC)))
def test_skipped_hours_are_skipped(hours: frozenset[int], now: datetime) -> None:
    outcome = answered(known(now), now, page=Page(items=(), skip_hours=hours))
    skipped = {hour for hour in hours if 0 <= hour < 24}
    at = outcome.state.next_poll_at
    assert len(skipped) == 24 or at.hour not in skipped
    assert at - now < timedelta(days=1, minutes=40)
    if not skipped or len(skipped) == 24:
        assert at - now < timedelta(minutes=2)


def test_those_who_wait_for_the_same_hour_do_not_all_come_at_its_stroke() -> None:
    page = Page(items=(), skip_hours=frozenset({12}))
    times = {answered(known(), page=page, random=number / 10).state.next_poll_at for number in range(10)}
    assert len(times) == 10
    assert {time.hour for time in times} == {13}


@given(
    st.floats(0, 10 * DAY),
    st.none() | st.floats(0, 1e9),
    st.none() | st.integers(0, 10**9),
    st.lists(st.none() | st.integers(-(10**8), 10**8).map(ago), max_size=5),
    st.floats(0.1, 1000),
    st.floats(1, 1000),
    st.floats(0, 1, exclude_max=True),
)
def test_every_wait_is_within_the_bounds(
    interval: float,
    max_age: float | None,
    ttl: int | None,
    published: list[datetime | None],
    shortest: float,
    times: float,
    random: float,
) -> None:
    bounds = Bounds(shortest, shortest * times)
    for state in (initial(NOON), known(interval=interval), known(items_per_day=0.0), known(last_success_at=NOON)):
        outcome = answered(
            state,
            NOON,
            *published,
            fetched=Fetched(None, max_age=max_age),
            page=Page(items=(), ttl=ttl),
            bounds=bounds,
            random=random,
        )
        assert bounds.min_seconds - 1e-5 <= wait(outcome) <= bounds.max_seconds + 1e-5
        assert bounds.min_seconds <= outcome.state.interval <= bounds.max_seconds


def test_what_the_next_request_needs_is_kept() -> None:
    fetched = Fetched(None, '"v1"', "yesterday", b"hash")
    state = answered(known(cursor="7"), fetched=fetched).state
    assert (state.etag, state.last_modified, state.body_hash, state.cursor) == ('"v1"', "yesterday", b"hash", "7")
    assert answered(state, page=Page(items=(), cursor="8")).state.cursor == "8"
    assert answered(state, page=Page(items=())).state.cursor == "7"
    assert state.last_success_at == NOON


# ── moving house ─────────────────────────────────────────────────────────────────────────────────────────────────────

OLD_TO_NEW = Fetched(None, moved_to="https://new.test/feed")


def test_a_move_is_believed_when_it_was_seen_three_times_in_a_row() -> None:
    state = known()
    addresses = []
    for _ in range(3):
        outcome = answered(state, fetched=OLD_TO_NEW)
        state = outcome.state
        addresses.append(outcome.address)
    assert addresses == [None, None, "https://new.test/feed"]
    assert (state.moved_to, state.moved_seen) == (None, 0)


@pytest.mark.parametrize("between", [NOTHING, Fetched(None, moved_to="https://other.test/feed")])
def test_a_move_that_wavers_is_not_believed(between: Fetched) -> None:
    state = known()
    for fetched in (OLD_TO_NEW, OLD_TO_NEW, between, OLD_TO_NEW, OLD_TO_NEW):
        outcome = answered(state, fetched=fetched)
        state = outcome.state
        assert outcome.address is None
    assert (state.moved_to, state.moved_seen) == ("https://new.test/feed", 2)


def test_a_failure_in_between_says_nothing_of_a_move() -> None:
    state = answered(known(), fetched=OLD_TO_NEW).state
    state = failed(answered(state, fetched=OLD_TO_NEW).state, TimedOut()).state
    assert answered(state, fetched=OLD_TO_NEW).address == "https://new.test/feed"


# ── trouble ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_failures_are_counted_from_the_first_and_forgotten_at_the_first_success() -> None:
    state = known(etag='"v1"', items_per_day=5.0)
    first = failed(state, HttpStatus(503)).state
    assert (first.failures, first.failing_since, first.error) == (1, NOON, "http_status 503")
    later = NOON + timedelta(minutes=5)
    second = failed(first, TimedOut(), later).state
    assert (second.failures, second.failing_since, second.error) == (2, NOON, "timed_out")
    assert (second.etag, second.items_per_day, second.last_success_at) == ('"v1"', 5.0, ago(MINUTE))
    back = answered(second, later).state
    assert (back.failures, back.failing_since, back.error) == (0, None, None)


@pytest.mark.parametrize(("error", "longest"), [(HttpStatus(500), 6 * HOUR), (Unreachable(), 1800), (TimedOut(), 1800)])
def test_waits_double_up_to_a_limit(error: SourceError, longest: float) -> None:
    state, waits = known(), []
    for _ in range(5000):
        outcome = failed(state, error)
        state = outcome.state
        waits.append(wait(outcome))
    assert waits[:4] == [60, 120, 240, 480]
    assert waits[-1] == longest == max(waits)


def test_a_longest_wait_beyond_the_limit_is_kept_by_failures_too() -> None:
    assert wait(failed(known(), Unreachable(), bounds=Bounds(DAY, 2 * DAY))) == DAY


@given(st.integers(0, 100), st.floats(0, 1, exclude_max=True))
def test_chance_moves_a_wait_by_a_fifth(failures: int, random: float) -> None:
    plain = wait(failed(known(failures=failures), HttpStatus(500)))
    assert 0.79 * plain <= wait(failed(known(failures=failures), HttpStatus(500), random=random)) <= 1.21 * plain


@pytest.mark.parametrize(("retry_after", "seconds"), [(None, 60), (10, 60), (900, 900), (7200, 7200), (30 * DAY, DAY)])
def test_a_server_that_names_a_time_is_left_alone_until_then(retry_after: float | None, seconds: float) -> None:
    for status in (429, 503):
        assert wait(failed(known(), HttpStatus(status, retry_after))) == seconds


def test_failures_keep_to_the_hours_as_well() -> None:
    state = known(skip_hours=1 << 12)
    assert failed(state, TimedOut()).state.next_poll_at.hour == 13


def test_only_what_is_gone_for_good_is_given_up() -> None:
    assert not failed(known(), Gone()).active
    for error in (HttpStatus(404), Unreachable(), NotAFeed("html"), AddressRefused("10.0.0.1")):
        assert failed(known(), error).active


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (HttpStatus(503, 7.0), "http_status 503"),
        (HttpStatus(403, None, "Quota exceeded."), "http_status 403 Quota exceeded."),
        (Gone(), "gone"),
        (AddressRefused("10.0.0.1"), "address_refused 10.0.0.1"),
        (NotAFeed("html", ("https://news.test/feed",)), "not_a_feed html"),
        (BodyTooLarge(10), "body_too_large"),
        (ParsingTooLong(), "parsing_too_long"),
        (Unreachable("Cannot connect to host news.test:443"), "unreachable"),
        (AddressRefused("x" * 5000), "address_refused " + "x" * 184),
    ],
)
def test_errors_have_a_stable_name(error: SourceError, text: str) -> None:
    assert describe(error) == text


# ── starting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_small_install_is_read_at_once_when_it_starts() -> None:
    assert max(start_offset(number, 50, 900) for number in range(1, 51)) <= 0.1


@pytest.mark.parametrize("first", [1, 1000, 123_456])
def test_thousands_begin_evenly(first: int) -> None:
    offsets = [start_offset(number, 5000, 900) for number in range(first, first + 5000)]
    seconds = [int(offset) for offset in offsets]
    assert max(offsets) <= 10
    assert max(map(seconds.count, range(10))) < 520
    assert offsets == [start_offset(number, 5000, 900) for number in range(first, first + 5000)]


def test_the_start_is_over_within_a_minute_or_an_interval() -> None:
    assert max(start_offset(number, 100_000, 900) for number in range(1, 1000)) <= 60
    assert max(start_offset(number, 100_000, 5) for number in range(1, 1000)) <= 5
    assert max(start_offset(number, 5000, 0.0) for number in range(1, 1000)) > 1  # never polled, so without an interval
