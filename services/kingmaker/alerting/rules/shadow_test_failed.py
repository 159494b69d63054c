"""A trial ended without a coronation."""

from kingmaker.alerting.domain import UNKNOWN, AlertFired, Cause, State, TrialClosed
from kingmaker.alerting.rules import INFO

TYPE = "shadow_test_failed"
CROWNED = "crowned"
WHY = {
    "champion_changed": "the champion it was tried against reigns no longer",
    "fault": "it raised, hung or answered nonsense too often",
    "max_pairs": "the evidence did not come within the pairs a trial may have",
    "unmeasurable": "its results cannot be measured",
    "other_crowned": "another challenger was crowned",
}


def fire(state: State, cause: Cause) -> AlertFired | None:
    """Tell why, and how far the evidence had come."""
    if not isinstance(cause, TrialClosed) or cause.reason == CROWNED:
        return None
    tried = state.trials.get(cause.trial, UNKNOWN)
    name = tried.challenger or "the challenger"
    return AlertFired(
        key=f"{TYPE}:{cause.trial}",
        type=TYPE,
        severity=INFO,
        slot=cause.slot,
        version=tried.challenger,
        message=(
            f"{name} is not crowned on {cause.slot}: {WHY.get(cause.reason, cause.reason)};"
            f" log evidence {cause.log_evidence:.2f} of {tried.log_threshold:.2f}"
            f" after {cause.pairs} pairs"
        ),
        value=cause.log_evidence,
        threshold=tried.log_threshold,
        n=cause.pairs,
        cause=cause.trial,
        occurred_at_ms=cause.time_ms,
    )


RULE = fire
