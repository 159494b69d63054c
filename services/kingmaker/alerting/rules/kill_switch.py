"""A desk was stopped, or trades again: the same alert, fired and resolved."""

from collections.abc import Mapping

from kingmaker.alerting import undo
from kingmaker.alerting.domain import RESOLVED, AlertFired, Cause, State
from kingmaker.alerting.heard import ModeChanged
from kingmaker.alerting.rules import CRITICAL, who

TYPE = "kill_switch"
KILLED = "killed"
OPEN: Mapping[bool, str] = {
    True: "what is open is closed at the next bar",
    False: "what is open runs to its own exits",
}


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell who stopped or started which desk, and what becomes of what is open."""
    if not isinstance(cause, ModeChanged):
        return None
    is_killed = cause.mode == KILLED
    by = f"{who(cause)} ({cause.reason})"
    return AlertFired(
        key=f"{TYPE}:kill-{cause.kill}@{cause.desk}/{cause.number}",
        type=TYPE,
        severity=CRITICAL,
        slot=cause.desk,
        message=(
            f"{cause.desk} is killed by {by}: no new position, no coronation; {OPEN[cause.flatten]}"
            if is_killed
            else f"{cause.desk} trades again: {by} ended the kill"
        ),
        n=cause.number,
        cause=f"kill-{cause.kill}@{cause.desk}",
        occurred_at_ms=cause.time_ms,
        undo=undo.resume(cause.desk) if is_killed else "",
        state="" if is_killed else RESOLVED,
    )


RULE = fire
