"""A challenger passed every gate: it is crowned, or waits for a person."""

from kingmaker.alerting.domain import AlertFired, Cause, ChallengerReady, State, TrialClosed, Tried
from kingmaker.alerting.rules import INFO

TYPE = "shadow_test_passed"
CROWNED = "crowned"


def fire(state: State, cause: Cause) -> AlertFired | None:
    """Tell it once, whether it was ready first or crowned at once."""
    match cause:
        case TrialClosed(reason=reason) if reason == CROWNED:
            return _passed(state, cause, cause.log_evidence)
        case ChallengerReady():
            return _passed(state, cause, 0.0)
        case _:
            return None


def _passed(state: State, cause: TrialClosed | ChallengerReady, log_evidence: float) -> AlertFired:
    tried = state.trials.get(cause.trial, Tried("", 0.0))
    name = tried.challenger or "the challenger"
    waits = "waits for approval" if isinstance(cause, ChallengerReady) else "is crowned"
    return AlertFired(
        key=f"{TYPE}:{cause.trial}",
        type=TYPE,
        severity=INFO,
        slot=cause.slot,
        version=tried.challenger,
        message=f"{name} passed every gate of {cause.slot} after {cause.pairs} pairs and {waits}",
        value=log_evidence,
        threshold=tried.log_threshold,
        n=cause.pairs,
        cause=cause.trial,
        occurred_at_ms=cause.time_ms,
    )


RULE = fire
