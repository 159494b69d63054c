"""Settings that a person changed went back: the desk decides as before the change."""

from kingmaker.alerting.domain import AlertFired, Cause, ParametersRolledBack, State
from kingmaker.alerting.rules import CRITICAL, who

TYPE = "parameters_rolled_back"
PERSON = "person"


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell which values are in force again, and that the file still says otherwise."""
    if not isinstance(cause, ParametersRolledBack):
        return None
    values = ", ".join(f"{key} = {value}" for key, value in sorted(cause.values.items()))
    why = f"{who(cause)} took it back" if cause.trigger == PERSON else "its canary took it back"
    told = f"{why}, {cause.reason}{f' - {cause.notice}' if cause.notice else ''}"
    return AlertFired(
        key=f"{TYPE}:{cause.change}",
        type=TYPE,
        severity=CRITICAL,
        slot=cause.slot,
        message=(
            f"{values} again on {cause.slot} instead of {cause.change}: {told}. The settings file"
            f" still says otherwise: change it, or the next change applies all of it"
        ),
        cause=cause.change,
        occurred_at_ms=cause.time_ms,
    )


RULE = fire
