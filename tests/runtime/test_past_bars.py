"""What people see of learning from past bars."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from kingmaker.runtime import learning, past_bars

FRIDAY = 19_734 * 86_400_000 + 20 * 3_600_000  # 12 January 2024, 20:00 UTC: fx is open
SATURDAY = FRIDAY + 86_400_000
HOUR = 3_600_000
LESSON = {"component": "neural_ucb", "digest": "d", "new_bars": 9, "candidate": True}


def rows(now_ms: int, *, on: bool = True, runs: int = 0) -> past_bars.Query:
    """Return what the views of a home with one desk answer."""
    values = {"historical.enabled": "1", "market.calendar@oak": "fx"} if on else {}
    told = {"run": "hist-0001", "bars": 7, "components": [LESSON]}

    def query(sql: str, *_: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - as a query takes them
        if sql == learning.SETTINGS:
            return [{"key": key, "value": value} for key, value in values.items()]
        if sql == past_bars.NOW:
            return [{"desk": "oak", "last_ms": now_ms}]
        moment = "2024-01-12T20:00:00+00:00"
        run = {"id": "e", "desk": "oak", "event_timestamp": moment, "new_value": json.dumps(told)}
        return [run] * runs

    return query


@pytest.mark.parametrize(
    ("now_ms", "market", "pace", "next_ms"),
    [
        (FRIDAY, "open", "every 60 min, light", FRIDAY + HOUR),
        (SATURDAY, "closed", "every 15 min, intensive", SATURDAY + HOUR // 4),
    ],
)
def test_the_next_run_follows_the_calendar_of_the_desk(
    now_ms: int, market: str, pace: str, next_ms: int
) -> None:
    [desk] = past_bars.schedule(rows(now_ms))["desks"]
    assert (desk["market"], desk["pace"], desk["next_run_ms"]) == (market, pace, next_ms)


def test_a_calendar_that_is_off_has_no_next_run() -> None:
    found = past_bars.schedule(rows(FRIDAY, on=False))
    assert (found["enabled"], found["days"], found["desks"]) == (False, 90, [])


def test_lessons_are_those_of_a_run_or_of_the_last_one() -> None:
    query = rows(FRIDAY, runs=1)
    expected = [{"run": "hist-0001", "desk": "oak", **LESSON}]
    assert past_bars.lessons(query, "") == past_bars.lessons(query, "hist-0001") == expected
    assert past_bars.lessons(query, "hist-0002") is None
    assert past_bars.runs(query, 1)[0]["at_ms"] == FRIDAY


def test_a_run_says_in_words_what_it_came_to() -> None:
    made = SimpleNamespace(**LESSON)
    run = SimpleNamespace(same_as="", reason="", bars=7, lessons=[made])
    told = past_bars.reason_of(run)
    assert told == "7 bars, 9 of them new; 1 of 1 learned; candidates: neural_ucb"
    run.same_as = "hist-0001"
    assert past_bars.reason_of(run) == "the same 7 bars as hist-0001: nothing to learn"
    run.same_as, run.reason = "", "10 bars of a symbol, over 96 are needed"
    assert past_bars.reason_of(run) == "10 bars of a symbol, over 96 are needed"
