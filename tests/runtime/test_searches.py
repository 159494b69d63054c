"""What people see of searches for parameters."""

import json
from typing import Any

from kingmaker.runtime import searches

FRIDAY = 19_734 * 86_400_000 + 20 * 3_600_000  # 12 January 2024, 20:00 UTC
NEXT = FRIDAY + 9 * 3_600_000  # Saturday, 05:00
ROW = {
    "training": "tr-0001",
    "slot": "online_learning@oak",
    "trials": 5,
    "found": '{"l2":3.0}',
    "cause": "tuning",
    "started_ms": FRIDAY,
    "digest": "d",
    "candidate": 1,
    "reason": "",
    "metrics": '{"search_skill_deflated":0.25}',
    "state": "done",
}


def rows(settings: dict[str, str], *runs: dict[str, Any]) -> searches.Query:
    """Return what the views of a home answer."""

    def query(sql: str, *_: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - as a query takes them
        if sql == searches.CONFIG:
            return [{"state_data": json.dumps(settings)}] if settings else []
        if sql == searches.NOW:
            return [{"now_ms": FRIDAY}]
        return [dict(run) for run in runs]

    return query


def test_a_search_that_is_on_is_due_at_its_weekday_and_time() -> None:
    found = searches.planned(rows({"tuning": "cvar_ppo,online_learning", "tuning_trials": "7"}))
    assert (found["enabled"], found["trials"]) == (True, 7)
    assert found["components"] == ["cvar_ppo", "online_learning"]
    assert found["next_run_ms"] == NEXT
    sooner = searches.planned(
        rows({"tuning": "cvar_ppo", "tuning_day": "FRI", "tuning_time": "21:00"})
    )
    assert sooner["next_run_ms"] == FRIDAY + 3_600_000


def test_a_search_that_is_off_is_never_due() -> None:
    for settings in ({}, {"components": "cvar_ppo"}):
        found = searches.planned(rows(settings))
        assert (found["enabled"], found["next_run_ms"], found["runs"]) == (False, None, [])


def test_the_last_searches_tell_what_they_found_and_how_likely_it_is_luck() -> None:
    refused = {**ROW, "candidate": 0, "reason": "no gain", "metrics": None, "found": None}
    open_yet = {**refused, "reason": None, "state": "running"}
    made, judged, going = searches.planned(rows({}, ROW, refused, open_yet))["runs"]
    assert (made["result"], made["found"], made["skill_deflated"]) == (
        "a candidate",
        {"l2": 3.0},
        0.25,
    )
    assert made["sharpe_deflated"] is None
    assert (judged["result"], judged["found"], going["result"]) == ("no gain", {}, "running")
