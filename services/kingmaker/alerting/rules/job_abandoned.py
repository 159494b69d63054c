"""A job failed for the last time."""

from kingmaker.alerting.domain import AlertFired, Cause, JobAbandoned, State
from kingmaker.alerting.rules import WARNING

TYPE = "job_abandoned"


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell which job, and why."""
    if not isinstance(cause, JobAbandoned):
        return None
    return AlertFired(
        key=f"{TYPE}:{cause.job}",
        type=TYPE,
        severity=WARNING,
        slot=cause.slot,
        message=f"{cause.job} for {cause.slot} is given up: {cause.reason}",
        cause=cause.job,
        occurred_at_ms=cause.time_ms,
    )


RULE = fire
