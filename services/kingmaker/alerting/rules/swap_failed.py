"""The trader could not follow a coronation, or has not said that it does."""

from kingmaker.alerting.domain import ActivationFailed, ActivationOverdue, AlertFired, Cause, State
from kingmaker.alerting.rules import WARNING

TYPE = "swap_failed"


def fire(state: State, cause: Cause) -> AlertFired | None:
    """Tell that the former champion goes on, or that nobody knows yet."""
    match cause:
        case ActivationFailed(slot, reign, reason):
            message = f"Model hot-swap failed on {slot} - keeping current model ({reason})"
            return _failed(f"{slot}/{reign}", cause, message, state.latest_ms)
        case ActivationOverdue(slot, reign, time_ms):
            message = f"The trader has not said that it follows reign {reign} of {slot}"
            return _failed(f"{slot}/{reign}/overdue", cause, message, time_ms)
        case _:
            return None


def _failed(
    identity: str, cause: ActivationFailed | ActivationOverdue, message: str, time_ms: int
) -> AlertFired:
    return AlertFired(
        key=f"{TYPE}:{identity}",
        type=TYPE,
        severity=WARNING,
        slot=cause.slot,
        message=message,
        n=cause.reign,
        cause=f"{cause.slot}/{cause.reign}",
        occurred_at_ms=time_ms,
    )


RULE = fire
