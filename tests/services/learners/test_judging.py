"""Whether a product becomes a candidate depends on what its cause asks for."""

from dataclasses import replace

import pytest

from kingmaker.learners.domain import TrainingStarted
from kingmaker.learners.judging import why_not
from kingmaker.learners.policy import Policy
from tests.services.learners.test_admission import GOOD as ADMITTED
from tests.services.learners.test_rotation import GOOD as ROTATED

STARTED = TrainingStarted(
    training="tr-0001",
    slot="online_learning@hourly",
    cause="nightly",
    trades=1000,
    new_trades=1000,
    until_ms=1,
    seed=1,
    due_ms=1,
    attempt=1,
    parent="v1",
    time_ms=1,
    parameters={},
)
SCHEDULED = replace(STARTED, cause="scheduled")


def test_a_scheduled_retrain_must_pass_admission_and_its_own_criteria() -> None:
    both = ADMITTED | ROTATED
    assert why_not(SCHEDULED, both, Policy()) == ""
    assert "drawdown" in why_not(SCHEDULED, both | {"backtest_drawdown": 0.3}, Policy())
    assert "gain" in why_not(SCHEDULED, both | {"holdout_gain": -1.0}, Policy())


def test_other_causes_are_asked_for_admission_alone() -> None:
    assert why_not(STARTED, ADMITTED, Policy()) == ""
    assert "not measured" in why_not(SCHEDULED, ADMITTED, Policy())


@pytest.mark.parametrize("started", [STARTED, SCHEDULED])
def test_a_dry_run_is_judged_and_never_a_candidate(started: TrainingStarted) -> None:
    dry = replace(started, dry_run=True)
    good = why_not(dry, ADMITTED | ROTATED, Policy())
    assert good == "dry run: every criterion holds; it would be a candidate"
    assert why_not(dry, {}, Policy()).startswith("dry run: not measured")
