"""A challenger is tried: it decides in shadow from here on."""

from kingmaker.alerting.domain import AlertFired, Cause, State, TrialOpened
from kingmaker.alerting.rules import INFO

TYPE = "shadow_test_started"


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell who is tried against whom, and how much error it may cost."""
    if not isinstance(cause, TrialOpened):
        return None
    return AlertFired(
        key=f"{TYPE}:{cause.trial}",
        type=TYPE,
        severity=INFO,
        slot=cause.slot,
        version=cause.challenger,
        message=(
            f"{cause.challenger} is tried against {cause.champion} on {cause.slot}:"
            f" trial {cause.k} of its budget, error at most {cause.alpha:.3g}"
        ),
        value=cause.alpha,
        threshold=cause.log_threshold,
        n=cause.k,
        cause=cause.trial,
        occurred_at_ms=cause.time_ms,
    )


RULE = fire
