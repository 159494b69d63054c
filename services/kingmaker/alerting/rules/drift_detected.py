"""The market of a symbol no longer looks like what was learned from."""

from kingmaker.alerting.domain import AlertFired, Cause, State
from kingmaker.alerting.heard import DriftDetected
from kingmaker.alerting.rules import WARNING

TYPE = "drift_detected"


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell which feature, and how far it lies from what was usual."""
    if not isinstance(cause, DriftDetected):
        return None
    usual = f"what {cause.training} saw" if cause.training else "its first windows"
    return AlertFired(
        key=f"{TYPE}:drift-{cause.number}@{cause.desk}",
        type=TYPE,
        severity=WARNING,
        slot=cause.desk,
        message=(
            f"{cause.symbol} on {cause.desk} drifted in {cause.feature}: {cause.score:.1f} sigmas"
            f" from {usual}, the limit is {cause.threshold:g}"
        ),
        value=cause.score,
        threshold=cause.threshold,
        cause=f"drift-{cause.number}@{cause.desk}",
        occurred_at_ms=cause.time_ms,
    )


RULE = fire
