"""A champion must go and nobody is left to follow it: only a person can help."""

from kingmaker.alerting.domain import AlertFired, Cause, RollbackImpossible, State
from kingmaker.alerting.rules import CRITICAL

TYPE = "rollback_impossible"


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell what went wrong with the champion, and that it stays."""
    if not isinstance(cause, RollbackImpossible):
        return None
    return AlertFired(
        key=f"{TYPE}:{cause.slot}/{cause.reign}/{cause.trigger}",
        type=TYPE,
        severity=CRITICAL,
        slot=cause.slot,
        message=(
            f"The champion of {cause.slot} must go ({cause.trigger}: {cause.reason}), but no"
            f" earlier one is left: it stays. Offer a model, or restore its artifact"
        ),
        n=cause.reign,
        cause=f"{cause.slot}/{cause.reign}",
        occurred_at_ms=cause.time_ms,
    )


RULE = fire
