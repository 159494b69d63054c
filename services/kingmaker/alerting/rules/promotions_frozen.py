"""Nobody is crowned in a slot, or on a whole desk, until it is thawed."""

from kingmaker.alerting import undo
from kingmaker.alerting.domain import AlertFired, Cause, Frozen, State
from kingmaker.alerting.rules import CRITICAL, who

TYPE = "promotions_frozen"
DESK = "desk"


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell who froze what, and how to thaw it."""
    if not isinstance(cause, Frozen):
        return None
    scope = undo.desk_of_id(cause.last_promotion) if cause.scope == DESK else cause.scope
    return AlertFired(
        key=f"{TYPE}:{scope}/{cause.time_ms}",
        type=TYPE,
        severity=CRITICAL,
        slot=scope,
        message=f"No coronation on {scope}: {who(cause)} froze it ({cause.reason})",
        cause=cause.last_promotion,
        occurred_at_ms=cause.time_ms,
        undo=undo.thaw(scope),
    )


RULE = fire
