"""What a desk that learns should show by now: done, missing, or not due yet."""

from pathlib import Path

import pytest

from kingmaker.analytics.heads import Outcome
from kingmaker.runtime import checklist, learning
from kingmaker.runtime.checklist import DAY_MS
from kingmaker.runtime.cli.opening import opened
from tests.runtime.cli import learned


def test_a_home_whose_heads_learned_shows_its_first_week(tmp_path: Path) -> None:
    with opened(learned.home(tmp_path).path) as home:
        [desk, *_] = home.desks
        found = checklist.checklist(home.query, desk.name)
    states = {point["what"]: point["state"] for point in found}
    assert states["an outcome was learned from"] == "done"
    assert states["the weights have a version"] == "done"
    assert [point["due_days"] for point in found] == sorted(p["due_days"] for p in found)


def test_outcomes_that_move_no_weight_are_not_said_to_be_learned_from(tmp_path: Path) -> None:
    with opened(learned.home(tmp_path, on=False).path) as home:
        found = checklist.checklist(home.query, home.desks[0].name)
    [learns] = [point for point in found if point["what"] == "an outcome was learned from"]
    assert (learns["done"], learns["state"]) == (False, "not seen")
    assert learns["seen"].endswith("outcomes, none learned from: it is off")
    assert not learns["seen"].startswith("0 ")


@pytest.mark.parametrize(
    ("days", "state"), [(27.0, "not due yet"), (28.0, "not seen"), (200.0, "not seen")]
)
def test_what_is_not_seen_is_missing_once_it_is_due(
    days: float, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given wins as often in every week: no gain, whatever earlier systems promised."""
    times = [round(at * days * DAY_MS / 399) for at in range(400)]
    outcomes = [
        Outcome(time_ms, taken=True, net=(-1) ** at * 0.01, signal_net=0.0, reason="TP_HIT")
        for at, time_ms in enumerate(times)
    ]
    monkeypatch.setattr(learning, "outcomes", lambda _query, _desk: outcomes)
    monkeypatch.setattr(learning, "stats", lambda _query, _desk: STATS)
    monkeypatch.setattr(learning, "scheduler", lambda _query, _desks: JOBS)
    found = {point["what"]: point for point in checklist.checklist(_no_query, "perps")}
    month = found["signals win more often (earlier systems promised +3 to +5 points)"]
    assert month["state"] == state
    assert found["the heads weigh differently"]["state"] == state
    assert found["the weights have a version"]["state"] == "not seen"
    assert found["the learning jobs have a next run"]["state"] == "done"
    if days > 28.0:
        assert "not distinguishable from chance" in month["seen"]


def _no_query(_sql: str, *_values: object) -> list[dict[str, object]]:
    raise AssertionError


STATS = {
    "coordinator": {
        "enabled": True,
        "head_weight_updates": 0,
        "current_head_weights": {"a": 0.5, "b": 0.5},
    },
    "monitor": {"signals_monitored": 3, "last_outcome_ms": 1},
}
JOBS = {"jobs": [{"next_run_ms": 1}, {"next_run_ms": 2}], "total_jobs": 2, "history": []}
