"""A challenger passed every gate: it is crowned, or waits for a person."""

from kingmaker.alerting.domain import (
    UNKNOWN,
    AlertFired,
    Cause,
    ChallengerReady,
    ChampionCrowned,
    State,
)
from kingmaker.alerting.rules import INFO

TYPE = "shadow_test_passed"
PROMOTED = "promoted"  # by evidence; a direct coronation passed no gate


def fire(state: State, cause: Cause) -> AlertFired | None:
    """Tell it once, whether it was ready first or crowned at once."""
    match cause:
        case ChampionCrowned(how=how) if how == PROMOTED:
            return _passed(state, cause, cause.log_evidence, "is crowned")
        case ChallengerReady():
            return _passed(state, cause, 0.0, "waits for approval")
        case _:
            return None


def _passed(
    state: State, cause: ChampionCrowned | ChallengerReady, log_evidence: float, then: str
) -> AlertFired:
    tried = state.trials.get(cause.trial, UNKNOWN)
    name = tried.challenger or "the challenger"
    said = f"{name} passed every gate of {cause.slot} after {cause.pairs} pairs and {then}"
    return AlertFired(
        key=f"{TYPE}:{cause.trial}",
        type=TYPE,
        severity=INFO,
        slot=cause.slot,
        version=tried.challenger,
        message="; ".join(filter(None, (said, cause.notice))),
        value=log_evidence,
        threshold=tried.log_threshold,
        n=cause.pairs,
        cause=cause.trial,
        occurred_at_ms=cause.time_ms,
    )


RULE = fire
