"""The performance guard lets the account open nothing, or does again."""

from kingmaker.alerting.domain import AlertFired, Cause, State
from kingmaker.alerting.guard import about
from kingmaker.alerting.rules import CRITICAL

TYPE = "guard_paused"


def fire(_state: State, cause: Cause) -> AlertFired | None:
    """Tell what the latest trades came to; resolved when the guard leaves this level."""
    return about(cause, TYPE, CRITICAL, "paused")


RULE = fire
