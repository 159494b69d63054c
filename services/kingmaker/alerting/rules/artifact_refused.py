"""A bundle broke a rule for models: it exists for nobody."""

from kingmaker.alerting.domain import AlertFired, Cause, ModelRefused, State
from kingmaker.alerting.rules import WARNING

TYPE = "artifact_refused"


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell which rule, and where the bundle came from."""
    if not isinstance(cause, ModelRefused):
        return None
    return AlertFired(
        key=f"{TYPE}:{cause.slot}/{cause.source}/{cause.digest}",
        type=TYPE,
        severity=WARNING,
        slot=cause.slot,
        message=(
            f"A model for {cause.slot} ({cause.origin}, {cause.source}) is refused:"
            f" {cause.reason}. {cause.detail}".strip()
        ),
        cause=cause.digest,
        occurred_at_ms=cause.time_ms,
    )


RULE = fire
