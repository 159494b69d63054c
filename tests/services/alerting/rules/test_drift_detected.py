"""Drift is told with what it was held against."""

from kingmaker.alerting.domain import State
from kingmaker.alerting.heard import DriftDetected
from kingmaker.alerting.rules import drift_detected


def test_before_a_training_has_ended_it_is_held_against_the_first_windows() -> None:
    found = DriftDetected("hourly", 8, "ASH", "body", 3.14, 3.0, 5, "", 9)
    alert = drift_detected.fire(State(), found)
    assert alert is not None
    assert alert.message == (
        "ASH on hourly drifted in body: 3.1 sigmas from its first windows, the limit is 3"
    )
    assert (alert.value, alert.threshold) == (3.14, 3.0)
