"""The feed, told as given / when / then."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import pytest

from kingmaker.contracts.desks import Desk
from kingmaker.feed import decider
from kingmaker.feed.domain import (
    ApplyPolicy,
    BarClosed,
    BarRead,
    BarRefused,
    CalendarChanged,
    Event,
    GapRecorded,
    Message,
    PolicyApplied,
    State,
    Symbol,
    SymbolAdded,
)
from kingmaker.feed.service import build
from kingmaker.kernel import snapshot

HOUR = 3_600_000
MONDAY = 4 * 24 * HOUR  # 1970-01-05
ROW = BarRead("BTCUSDT", HOUR, MONDAY, 10.0, 12.0, 9.0, 11.0, 5.0)
BAR = BarClosed("BTCUSDT", HOUR, MONDAY, 10.0, 12.0, 9.0, 11.0, 5.0)
ADDED = SymbolAdded("BTCUSDT", HOUR)
OPENED = CalendarChanged(open=True, time_ms=MONDAY + HOUR)
SEEN = (ADDED, BAR, OPENED)
HOLIDAY = "1970-01-04 22:00-24:00, 1970-01-05, 1970-01-06 00:00-03:00"  # New York, 5 h behind
FX = PolicyApplied("fx", {"market.calendar": "fx"})


def given(*history: Event) -> State:
    """Return what the feed believes after its own history."""
    return reduce(decider.evolve, history, State())


def when(state: State, message: Message) -> Sequence[Event]:
    """Return what the feed says to `message`."""
    return decider.decide(state, None, message, {})


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (replace(ROW, close=float("nan"), open_ms=MONDAY + HOUR), "close is nan"),
        (replace(ROW, open=float("inf"), open_ms=MONDAY + HOUR), "open is inf"),
        (replace(ROW, low=-1.0, open_ms=MONDAY + HOUR), "low is -1"),
        (replace(ROW, low=0.0, open_ms=MONDAY + HOUR), "low is 0"),
        (replace(ROW, high=8.0, open_ms=MONDAY + HOUR), "high 8 is below low 9"),
        (replace(ROW, close=13.0, open_ms=MONDAY + HOUR), "outside"),
        (replace(ROW, volume=-1.0, open_ms=MONDAY + HOUR), "volume is -1"),
        (replace(ROW, volume=float("nan"), open_ms=MONDAY + HOUR), "volume is nan"),
        (ROW, "duplicate"),
        (replace(ROW, open_ms=MONDAY - HOUR), "late"),
        (replace(ROW, open_ms=MONDAY + HOUR + 1), "off the grid"),
        (replace(ROW, interval_ms=60_000, open_ms=MONDAY + HOUR), "its interval"),
        (replace(ROW, symbol=""), "a bar has a symbol"),
    ],
)
def test_a_row_that_is_no_bar_is_refused_and_changes_nothing_else(
    row: BarRead, reason: str
) -> None:
    state = given(*SEEN)
    (refused,) = when(state, row)
    assert isinstance(refused, BarRefused)
    assert reason in refused.reason
    assert decider.evolve(state, refused) == replace(state, refused=1)


def test_a_bad_first_row_adds_no_symbol() -> None:
    (refused,) = when(given(), replace(ROW, close=0.0))
    assert isinstance(refused, BarRefused)


def test_the_first_bar_of_a_symbol_adds_it() -> None:
    assert when(given(), ROW) == [ADDED, BAR, OPENED]


def test_the_next_bar_is_closed_and_nothing_else_is_said() -> None:
    row = replace(ROW, open_ms=MONDAY + HOUR)
    assert when(given(*SEEN), row) == [replace(BAR, open_ms=MONDAY + HOUR)]


def test_a_gap_is_recorded_before_the_bar_after_it_and_never_filled() -> None:
    row = replace(ROW, open_ms=MONDAY + 4 * HOUR)
    gap = GapRecorded("BTCUSDT", MONDAY, MONDAY + 4 * HOUR, bars_missing=3)
    assert when(given(*SEEN), row) == [gap, replace(BAR, open_ms=MONDAY + 4 * HOUR)]


def test_symbols_of_a_desk_do_not_disturb_each_other() -> None:
    row = replace(ROW, symbol="ETHUSDT")
    assert when(given(*SEEN), row) == [
        SymbolAdded("ETHUSDT", HOUR),
        replace(BAR, symbol="ETHUSDT"),
    ]


def test_bars_and_gaps_are_counted_by_symbol() -> None:
    gap = GapRecorded("BTCUSDT", MONDAY, MONDAY + 4 * HOUR, 3)
    state = given(*SEEN, gap, replace(BAR, open_ms=MONDAY + 4 * HOUR))
    assert state.symbols == {"BTCUSDT": Symbol(HOUR, MONDAY + 4 * HOUR, 2, 1, 3)}


def test_a_weekend_is_no_gap_where_the_market_was_closed() -> None:
    friday = MONDAY + 4 * 24 * HOUR + 21 * HOUR  # the last hour before 17:00 New York
    sunday = friday + 49 * HOUR
    history = (FX, ADDED, replace(BAR, open_ms=friday), CalendarChanged(open=False, time_ms=0))
    assert when(given(*history), replace(ROW, open_ms=sunday)) == [
        replace(BAR, open_ms=sunday),
        CalendarChanged(open=True, time_ms=sunday + HOUR),
    ]


def test_the_close_of_the_week_is_said_with_its_last_bar() -> None:
    friday = MONDAY + 4 * 24 * HOUR + 20 * HOUR
    state = given(FX, ADDED, replace(BAR, open_ms=friday), OPENED)
    bar, closed = when(state, replace(ROW, open_ms=friday + HOUR))
    assert isinstance(bar, BarClosed)
    assert closed == CalendarChanged(open=False, time_ms=friday + 2 * HOUR)


def test_a_holiday_closes_the_market_and_what_is_missing_then_is_no_gap() -> None:
    closed = PolicyApplied("h", {"market.calendar": "fx", "market.holidays": HOLIDAY})
    last = replace(ROW, open_ms=MONDAY + 2 * HOUR)  # it closes at 22:00 in New York
    [_, closing] = when(given(closed, *SEEN), last)[-2:]
    assert closing == CalendarChanged(open=False, time_ms=MONDAY + 3 * HOUR)
    seen = (ADDED, replace(BAR, open_ms=last.open_ms), closing)
    next_bar = replace(ROW, open_ms=MONDAY + 32 * HOUR)
    said = [type(one) for one in when(given(closed, *seen), next_bar)]
    assert said == [BarClosed, CalendarChanged]
    assert GapRecorded in [type(one) for one in when(given(FX, *seen), next_bar)]


def test_new_settings_are_applied_once() -> None:
    values = {"market.calendar": "fx"}
    assert when(given(), ApplyPolicy("a", values)) == [PolicyApplied("a", values)]
    assert when(given(PolicyApplied("a", values)), ApplyPolicy("a", values)) == []


def test_the_state_survives_a_snapshot() -> None:
    state = given(FX, *SEEN)
    assert snapshot.decode(State, snapshot.encode(state)) == state


def test_every_word_survives_the_wire() -> None:
    service = build([Desk("main", 0)], 0)
    heard: Sequence[Message] = [ROW, ApplyPolicy("a", {"market.calendar": "fx"})]
    said: Sequence[Event] = [*SEEN, FX, GapRecorded("B", 1, 3, 1), BarRefused("B", 1, "late")]
    for message in heard:
        draft = service.messages.encode(message)
        assert service.messages.decode(draft.kind, draft.value) == message
    for event in said:
        draft = service.events.encode(event)
        assert service.events.decode(draft.kind, draft.value) == event
